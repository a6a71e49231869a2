"""What the outside world tells: instruments, bars, prints, quotes and order books."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from engine.contracts.base import Contract, Direction, Price, Symbol, UtcDatetime, Word
from engine.primitives.money import ZERO, round_up_to_step
from engine.primitives.ratios import Ratio
from engine.primitives.timeframes import datetime_from_ns

FloatColumn = NDArray[np.float64]
FloatMatrix = NDArray[np.float64]
IntColumn = NDArray[np.int64]

BAR_COLUMNS: Final = ("open", "high", "low", "close", "volume")
"""The columns that every bar has, in this order."""


class InstrumentKind(Word):
    """What is traded."""

    SPOT = "SPOT"
    PERPETUAL = "PERPETUAL"


class Instrument(Contract):
    """One market: how it is named, and in which steps it moves.

    `tick_size` is the price step (quote per base), `lot_step` and `min_quantity` are base units, `min_notional` is in
    quote units. Fee rates are ratios of the traded quote value (0.001 = 0.1 %); a fee is charged in quote.
    """

    symbol: Symbol
    base: str
    quote: str
    kind: InstrumentKind = InstrumentKind.SPOT
    tick_size: Price
    lot_step: Price
    min_quantity: Decimal = Field(default=Decimal(0), ge=0)
    min_notional: Decimal = Field(default=Decimal(0), ge=0)
    maker_fee: Ratio = Decimal("0.001")
    taker_fee: Ratio = Decimal("0.001")
    may_short: bool = False

    def least_quantity(self, price: Decimal | None) -> Decimal:
        """Return the smallest order that the venue takes at a price (quote per base): base units, in whole lots, rounded up.

        Without a price the value of an order is not looked at.
        """
        by_value = Decimal(0) if price is None else self.min_notional / price
        return round_up_to_step(max(by_value, self.min_quantity, self.lot_step), self.lot_step)


class Bar(Contract):
    """One closed bar in money terms: prices in quote per base, volume in base units."""

    symbol: Symbol
    timeframe: str
    opened_at: UtcDatetime
    open: Price
    high: Price
    low: Price
    close: Price
    volume: Decimal = Field(ge=0)

    @model_validator(mode="after")
    def _is_a_bar(self) -> "Bar":
        if not self.low <= min(self.open, self.close) <= max(self.open, self.close) <= self.high:
            raise ValueError("low and high must enclose open and close")
        return self


class TradePrint(Contract):
    """One trade that happened in the market; `taker` is the side that crossed the spread."""

    symbol: Symbol
    traded_at: UtcDatetime
    price: Price
    quantity: Decimal = Field(gt=0)
    taker: Direction


class Quote(Contract):
    """The best bid and ask, with the base quantity that stands there."""

    symbol: Symbol
    quoted_at: UtcDatetime
    bid: Price
    ask: Price
    bid_quantity: Decimal = Field(ge=0)
    ask_quantity: Decimal = Field(ge=0)

    @model_validator(mode="after")
    def _is_not_crossed(self) -> "Quote":
        if self.bid > self.ask:
            raise ValueError("the bid must not be above the ask")
        return self


class BookLevel(NamedTuple):
    """What stands at one price of an order book: `price` in quote per base, `quantity` in base units."""

    price: Decimal
    quantity: Decimal


class BookSnapshot(NamedTuple):
    """The waiting orders of one market at one instant, the best price of each side first.

    A side may be empty: in a crash nobody bids. It is a plain fast type like `MarketBar`, because there are many in a
    second: nothing is checked when it is made, and the engine takes in none that has a `fault`.

    `taken_ns` is UTC nanoseconds.
    """

    symbol: str
    taken_ns: int
    bids: tuple[BookLevel, ...]
    asks: tuple[BookLevel, ...]

    @property
    def taken_at(self) -> datetime:
        """When it stood so: aware UTC, cut down to microseconds."""
        return datetime_from_ns(self.taken_ns)

    @property
    def fault(self) -> str:
        """Why no market can have stood so, as half a sentence; empty for a sound book."""
        levels = (*self.bids, *self.asks)
        if not all(price.is_finite() and quantity.is_finite() for price, quantity in levels):
            return "a price or quantity is not a finite number"
        if not all(price > ZERO and quantity > ZERO for price, quantity in levels):
            return "a price or quantity is not above zero"
        if not all(better.price > worse.price for better, worse in pairwise(self.bids)):
            return "the bids do not fall from level to level"
        if not all(better.price < worse.price for better, worse in pairwise(self.asks)):
            return "the asks do not rise from level to level"
        if self.bids and self.asks and self.bids[0].price >= self.asks[0].price:
            return "the best bid is not below the best ask"
        return ""

    def quote(self) -> Quote | None:
        """Return the top of the book; None while a side is empty."""
        if not (self.bids and self.asks):
            return None
        bid, ask = self.bids[0], self.asks[0]
        return Quote(
            symbol=self.symbol,
            quoted_at=self.taken_at,
            bid=bid.price,
            ask=ask.price,
            bid_quantity=bid.quantity,
            ask_quantity=ask.quantity,
        )


class MarketBar(NamedTuple):
    """A closed bar on the hot path: floats, because indicators are not money.

    A tuple, because one is made of every bar there is.

    `opened_ns` and `closed_ns` are UTC nanoseconds; `closed_ns` is the first instant after the bar.
    """

    symbol: str
    timeframe: str
    opened_ns: int
    closed_ns: int
    open: float
    high: float
    low: float
    close: float
    volume: float


@dataclass(frozen=True, slots=True)
class BarSeries:
    """Many bars of one symbol and timeframe as read-only columns, oldest first.

    Every array has shape ``(n_bars,)``. `opened_ns` is UTC nanoseconds, strictly increasing; prices are quote per
    base, volume is in base units.
    """

    symbol: str
    timeframe: str
    opened_ns: IntColumn
    open: FloatColumn
    high: FloatColumn
    low: FloatColumn
    close: FloatColumn
    volume: FloatColumn

    def __post_init__(self) -> None:
        for column in (self.opened_ns, self.open, self.high, self.low, self.close, self.volume):
            if column.shape != self.opened_ns.shape:
                raise ValueError("all columns of a bar series have the same length")
            column.flags.writeable = False

    def __len__(self) -> int:
        return int(self.opened_ns.shape[0])


MarketEvent = MarketBar | TradePrint | Quote | BookSnapshot
"""What a feed may deliver."""
