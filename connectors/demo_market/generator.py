"""A made-up market: a pure function of seed, symbol and minute.

A day is made on its own, from the seed and the day's number. It opens at the day's level and is bent so that it closes at
the next day's level; levels are smooth noise on seven scales (1 to 64 days) around a base price, so they wander and come
back, and any day can be asked for without those before it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from connectors.demo_market.books import BookShape, books_of
from connectors.demo_market.draws import Draws
from connectors.demo_market.prints import prints_of
from connectors.demo_market.shape import MINUTES, DayShape, FlashCrash, crash_of, shape_of
from engine.sdk.connector import (
    NS_PER_MINUTE,
    BarSeries,
    BookSnapshot,
    DataError,
    FloatColumn,
    Instrument,
    IntColumn,
    MarketBar,
    TradePrint,
    from_float,
)

TIMEFRAME: Final = "1m"
DAY_NS: Final = MINUTES * NS_PER_MINUTE

_LEVEL, _OWN, _RANGE, _VOLUME, _BOOKS = 11, 12, 13, 14, 15  # which draws
_SCALES_DAYS: Final = (1, 2, 4, 8, 16, 32, 64)
_LEVEL_STEP: Final = 0.008  # a day's level moves by about two of these
_DEVIATION: Final = 4.5e-4  # of a minute's return, before turbulence: 1.7 % a day
# Six minutes at these limits fall less than 6 %, so that nothing but the crash looks like one.
_RETURN_MAX: Final = 0.009
_WICK_MAX: Final = 0.003
_DAYS_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class DemoSymbol:
    """One made-up market and its character.

    `number` seeds its own noise. `beta` is how strongly it follows the common move, `own` how much noise it adds, both
    in minute deviations. `volume_base` is the usual volume of a minute in base units. `crash_beta` scales the crash.
    """

    instrument: Instrument
    number: int
    base_price: float
    beta: float
    own: float
    own_level: float
    volume_base: float
    crash_beta: float

    @property
    def ticks_per_unit(self) -> int:
        """How many ticks make one quote unit."""
        return int(1 / self.instrument.tick_size)

    @property
    def lots_per_unit(self) -> int:
        """How many lots make one base unit."""
        return int(1 / self.instrument.lot_step)


def demo_symbols(*, may_short: bool) -> tuple[DemoSymbol, ...]:
    """Return the markets that can be made, with or without the right to sell short."""
    btc = Instrument(
        symbol="BTC/USDT",
        base="BTC",
        quote="USDT",
        tick_size=Decimal("0.01"),
        lot_step=Decimal("0.00001"),
        min_quantity=Decimal("0.00001"),
        min_notional=Decimal(5),
        may_short=may_short,
    )
    eth = Instrument(
        symbol="ETH/USDT",
        base="ETH",
        quote="USDT",
        tick_size=Decimal("0.01"),
        lot_step=Decimal("0.0001"),
        min_quantity=Decimal("0.0001"),
        min_notional=Decimal(5),
        may_short=may_short,
    )
    return (
        DemoSymbol(btc, 1, base_price=60_000, beta=1.0, own=0.4, own_level=0.3, volume_base=9.0, crash_beta=1.0),
        DemoSymbol(eth, 2, base_price=2_500, beta=1.1, own=0.6, own_level=0.6, volume_base=150.0, crash_beta=1.1),
    )


class DemoMarket:
    """Bars and prints of the made-up markets, for any minute since 1970.

    Not for several threads: it keeps the last few days that it made.

    Args:
        seed: A non-negative integer; the same seed gives the same market, byte for byte.
        with_crash: Whether each UTC day has its flash crash.
        may_short: Whether the instruments may be sold short.
    """

    def __init__(self, *, seed: int, with_crash: bool = True, may_short: bool = True) -> None:
        self._seed = seed
        self._with_crash = with_crash
        self._symbols = {each.instrument.symbol: each for each in demo_symbols(may_short=may_short)}
        self._shapes: dict[int, DayShape] = {}
        self._days: dict[tuple[str, int], BarSeries] = {}

    def instruments(self) -> Sequence[Instrument]:
        """Return every market that can be made."""
        return tuple(each.instrument for each in self._symbols.values())

    def crash(self, day: int) -> FlashCrash | None:
        """Return when a day crashes (days since the epoch, UTC); None when the market is made without crashes."""
        return crash_of(self._seed, day) if self._with_crash else None

    def day(self, symbol: str, day: int) -> BarSeries:
        """Return the 1,440 one-minute bars of a UTC day (days since the epoch).

        Raises:
            DataError: there is no such market.
        """
        character = self._character(symbol)
        made = self._days.get((symbol, day))
        if made is None:
            made = self._make(character, day)
            while len(self._days) >= _DAYS_KEPT:
                del self._days[next(iter(self._days))]
            self._days[symbol, day] = made
        return made

    def bars(self, symbol: str, *, from_ns: int, to_ns: int) -> BarSeries:
        """Return the bars whose open time is in ``[from_ns, to_ns)``.

        Raises:
            DataError: there is no such market.
        """
        self._character(symbol)
        first = -(-from_ns // NS_PER_MINUTE)
        after = max(first, -(-to_ns // NS_PER_MINUTE))
        days = [self.day(symbol, day) for day in range(first // MINUTES, -(-after // MINUTES))]
        start = first - first // MINUTES * MINUTES
        chosen = slice(start, start + after - first)

        def cut(columns: Sequence[FloatColumn]) -> FloatColumn:
            return np.concatenate([np.empty(0), *columns])[chosen]

        return BarSeries(
            symbol=symbol,
            timeframe=TIMEFRAME,
            opened_ns=_opens(first, after - first),
            open=cut([day.open for day in days]),
            high=cut([day.high for day in days]),
            low=cut([day.low for day in days]),
            close=cut([day.close for day in days]),
            volume=cut([day.volume for day in days]),
        )

    def bar(self, symbol: str, opened_ns: int) -> MarketBar:
        """Return the bar that opens at a whole minute.

        Raises:
            DataError: there is no such market.
        """
        day, rest_ns = divmod(opened_ns, DAY_NS)
        series = self.day(symbol, day)
        minute = rest_ns // NS_PER_MINUTE
        return MarketBar(
            symbol=symbol,
            timeframe=TIMEFRAME,
            opened_ns=opened_ns,
            closed_ns=opened_ns + NS_PER_MINUTE,
            open=float(series.open[minute]),
            high=float(series.high[minute]),
            low=float(series.low[minute]),
            close=float(series.close[minute]),
            volume=float(series.volume[minute]),
        )

    def prints(self, bar: MarketBar) -> tuple[TradePrint, ...]:
        """Return the trades that make up a bar of this market, in time order."""
        character = self._character(bar.symbol)
        return prints_of(bar, character.instrument, Draws(self._seed, character.number, bar.opened_ns // NS_PER_MINUTE))

    def books(
        self, bar: MarketBar, prints: Sequence[TradePrint], *, every_s: int, levels: int
    ) -> Sequence[BookSnapshot]:
        """Return the order books of a bar of this market, in time order, the last one at its close.

        Args:
            bar: Of this market.
            prints: The trades of the same bar.
            every_s: Seconds between books, 1 to 60.
            levels: How many prices on each side.
        """
        character = self._character(bar.symbol)
        tick_size = character.instrument.tick_size
        return books_of(
            opened_ns=bar.opened_ns,
            open_price=from_float(bar.open, tick_size),
            prints=prints,
            every_s=every_s,
            shape=BookShape(bar.symbol, tick_size, character.instrument.lot_step, character.volume_base, levels),
            draws=Draws(self._seed, character.number, bar.opened_ns // NS_PER_MINUTE, _BOOKS),
        )

    def _character(self, symbol: str) -> DemoSymbol:
        character = self._symbols.get(symbol)
        if character is None:
            raise DataError(
                "The demo market does not make this symbol; use one of those it makes.",
                symbol=symbol,
                available=", ".join(self._symbols),
            )
        return character

    def _shape(self, day: int) -> DayShape:
        shape = self._shapes.get(day)
        if shape is None:
            shape = shape_of(self._seed, day, with_crash=self._with_crash)
            while len(self._shapes) >= _DAYS_KEPT:
                del self._shapes[next(iter(self._shapes))]
            self._shapes[day] = shape
        return shape

    def _make(self, character: DemoSymbol, day: int) -> BarSeries:
        shape = self._shape(day)
        opens_at = self._level_ticks(character, day)
        closes_at = self._level_ticks(character, day + 1)
        own = Draws(self._seed, day, _OWN, character.number).heavy_tailed(MINUTES)
        returns = _DEVIATION * (character.beta * shape.common + character.own * own * shape.turbulence * shape.calm)
        np.clip(returns, -_RETURN_MAX, _RETURN_MAX, out=returns)
        if self._with_crash:
            _crash_into(returns, shape.crash, character.crash_beta)
        path = np.multiply.accumulate(1 + returns) * float(opens_at)
        # Bent in a straight line over the day: about a tenth of a minute's deviation per minute.
        missing = float(closes_at) / float(path[-1]) - 1
        close = np.rint(path * (1 + missing * (np.arange(1, MINUTES + 1) / MINUTES)))
        close[-1] = closes_at
        open_ = np.concatenate([[float(opens_at)], close[:-1]])
        high, low = self._range(character, day, shape, open_, close)
        lots = self._lots(character, day, shape, returns)
        return BarSeries(
            symbol=character.instrument.symbol,
            timeframe=TIMEFRAME,
            opened_ns=_opens(day * MINUTES, MINUTES),
            open=open_ / character.ticks_per_unit,
            high=high / character.ticks_per_unit,
            low=low / character.ticks_per_unit,
            close=close / character.ticks_per_unit,
            volume=lots / character.lots_per_unit,
        )

    def _level_ticks(self, character: DemoSymbol, day: int) -> int:
        """Return the price at which a day opens, in ticks."""
        wander = character.beta * self._noise(0, day) + character.own_level * self._noise(character.number, day)
        return round(character.base_price * (1 + _LEVEL_STEP * wander) * character.ticks_per_unit)

    def _noise(self, number: int, day: int) -> float:
        """Return smooth noise on all scales, within plus or minus 25; a scale of n days weighs sqrt(n)."""
        total = 0.0
        for scale in _SCALES_DAYS:
            cell, within = divmod(day, scale)
            before, after = (2 * Draws(self._seed, _LEVEL, number, scale, at).uniform() - 1 for at in (cell, cell + 1))
            share = within / scale
            total += math.sqrt(scale) * (before + (after - before) * (share * share * (3 - 2 * share)))
        return total

    def _range(
        self, character: DemoSymbol, day: int, shape: DayShape, open_: FloatColumn, close: FloatColumn
    ) -> tuple[FloatColumn, FloatColumn]:
        """Return highs and lows in ticks: wicks beyond the body, short ones more often than long ones."""
        draws = Draws(self._seed, day, _RANGE, character.number)
        deviation = _DEVIATION * shape.turbulence * shape.calm
        up = np.minimum(deviation * draws.uniforms(MINUTES) * draws.uniforms(MINUTES) * 2, _WICK_MAX)
        down = np.minimum(deviation * draws.uniforms(MINUTES) * draws.uniforms(MINUTES) * 2, _WICK_MAX)
        high = np.maximum(open_, close)
        low = np.minimum(open_, close)
        return high + np.rint(high * up), low - np.rint(low * down)

    def _lots(self, character: DemoSymbol, day: int, shape: DayShape, returns: FloatColumn) -> FloatColumn:
        """Return volumes in lots: larger in busy hours, on large moves and in a crash; always enough for the prints."""
        draws = Draws(self._seed, day, _VOLUME, character.number)
        chance = 0.3 + draws.uniforms(MINUTES) + draws.uniforms(MINUTES) * draws.uniforms(MINUTES)
        moved = 0.5 + 0.5 * np.minimum(np.abs(returns) / _DEVIATION, 6.0)
        base_lots = character.volume_base * character.lots_per_unit
        return np.rint(np.maximum(base_lots * shape.activity * chance * moved, 100.0))


def _crash_into(returns: FloatColumn, crash: FlashCrash, beta: float) -> None:
    """Put the crash in: a fall without noise, then a recovery that is fast at first, on top of the noise."""
    drop = crash.drop * beta
    falling = np.arange(crash.falling + 1) / crash.falling
    left = 1 - drop * (falling * falling * (3 - 2 * falling))
    bottom = crash.minute + crash.falling
    returns[crash.minute : bottom] = left[1:] / left[:-1] - 1
    recovering = np.arange(crash.recovering + 1) / crash.recovering
    regained = 1 - drop * (1 - crash.recovered * (recovering * (2 - recovering)))
    returns[bottom : bottom + crash.recovering] += regained[1:] / regained[:-1] - 1


def _opens(first_minute: int, count: int) -> IntColumn:
    return (np.arange(count, dtype=np.int64) + first_minute) * NS_PER_MINUTE
