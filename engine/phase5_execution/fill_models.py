"""How a simulated order meets a bar or a print: pure arithmetic in Decimal, nothing remembered.

Three rules hold everywhere. Nobody gets a better price than the market showed after the order was live. What cannot be
known from a bar (which came first inside it) is decided against us. Rounding goes against us, onto the tick.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from engine.config.policies import FillParameters
from engine.contracts.base import Direction
from engine.contracts.market import Instrument, MarketBar, TradePrint
from engine.contracts.orders import Liquidity
from engine.contracts.plans import OrderType
from engine.contracts.specs import FillModel
from engine.primitives.money import (
    BASIS_POINT,
    ONE,
    ZERO,
    from_float,
    round_down_to_step,
    round_up_to_step,
)
from engine.primitives.timeframes import ns_from_datetime

FEE_STEP: Final = Decimal("1E-8")
"""Fees are kept to this step of the quote currency, as venues book them."""

_PARKINSON: Final = Decimal("1.665109222315395")
"""2 * sqrt(ln 2): range over volatility of a driftless walk (Parkinson 1980, Journal of Business 53, eq. 3)."""


@dataclass(frozen=True, slots=True)
class FillTerms:
    """What the spec asks of the simulation for one order. `price_bound` is the worst price, quote per base."""

    model: FillModel
    latency_ms: int
    impact_multiplier: Decimal = ONE
    price_bound: Decimal | None = None


class MoneyBar(NamedTuple):
    """A stretch of market in money terms. `volatility` is a ratio of the price; volume is in base units."""

    opened_ns: int
    closed_ns: int
    open: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal
    volatility: Decimal

    def since(self, at_ns: int, price: Decimal) -> "MoneyBar":
        """Return what is left of it after an instant at which `price` was traded.

        High and low stay, because nobody can tell which part of the bar they belong to.
        """
        opened_ns = max(at_ns, self.opened_ns)
        return MoneyBar(opened_ns, self.closed_ns, price, self.high, self.low, self.volume, self.volatility)


@dataclass(frozen=True, slots=True)
class OrderAtVenue:
    """An order as the simulation sees it. `remaining` in base units, `live_ns` is when it reached the venue."""

    direction: Direction
    order_type: OrderType
    remaining: Decimal
    live_ns: int
    terms: FillTerms
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    is_triggered: bool = False
    has_rested: bool = False
    """It stood in the book once: from then on it is hit at its own price, and takes no more."""


class Moment(StrEnum):
    """When inside a bar something happens, in the order in which it is played."""

    OPEN = "OPEN"
    STOP = "STOP"
    TOUCH = "TOUCH"
    NEVER = "NEVER"


class Meeting(NamedTuple):
    """What came of an order and a bar. Nothing is filled when `quantity` is zero; `breach` then may say why."""

    moment: Moment
    at_ns: int = 0
    price: Decimal = ZERO
    quantity: Decimal = ZERO
    liquidity: Liquidity = Liquidity.TAKER
    is_triggered: bool = False
    rests: bool = False
    """The order stands in the book from here on."""
    breach: str = ""


class Depth(NamedTuple):
    """How much of the market is ours to have now, base units: by taking, and by standing in the book."""

    taking: Decimal
    resting: Decimal


def money_bar(bar: MarketBar, instrument: Instrument) -> MoneyBar:
    """Cross from the float bar to money: prices on the nearest tick, volume on the nearest lot."""
    tick = instrument.tick_size
    open_, high, low = (from_float(price, tick) for price in (bar.open, bar.high, bar.low))
    volatility = (high - low) / open_ / _PARKINSON if open_ else ZERO
    volume = from_float(bar.volume, instrument.lot_step)
    return MoneyBar(bar.opened_ns, bar.closed_ns, open_, high, low, volume, volatility)


def money_print(print_: TradePrint, ruler: MoneyBar | None) -> MoneyBar:
    """Return a print as a bar of one instant; the last closed bar, if any, says how deep and how wild the market is."""
    at_ns = ns_from_datetime(print_.traded_at)
    volume, volatility = (print_.quantity, ZERO) if ruler is None else (ruler.volume, ruler.volatility)
    return MoneyBar(at_ns, at_ns + 1, print_.price, print_.price, print_.price, volume, volatility)


def impact_ratio(
    *, quantity: Decimal, volume: Decimal, volatility: Decimal, coefficient: Decimal, multiplier: Decimal
) -> Decimal:
    """Return how far our own size moves the price, as a ratio of it: Y * volatility * sqrt(quantity / volume).

    The square-root law: Almgren, Thum, Hauptmann, Li, "Direct estimation of equity market impact" (2005) measure an
    exponent of 0.6; Toth et al., "Anomalous price impact" (2011), eq. 1, have 0.5 and Y of order one. `quantity` and
    `volume` are base units of the same stretch of time, `volatility` is a ratio over it.
    """
    if volume <= 0 or quantity <= 0:
        return ZERO
    return coefficient * multiplier * volatility * (quantity / volume).sqrt()


def taker_price(price: Decimal, direction: Direction, *, cost_ratio: Decimal, tick_size: Decimal) -> Decimal:
    """Return what taking costs: `price` moved against us by a ratio, rounded against us, at least one tick above zero."""
    if direction is Direction.BUY:
        return round_up_to_step(price * (1 + cost_ratio), tick_size)
    return max(round_down_to_step(price * (1 - cost_ratio), tick_size), tick_size)


def fee_of(*, price: Decimal, quantity: Decimal, rate: Decimal) -> Decimal:
    """Return the fee in quote: a ratio of the traded value, half up to `FEE_STEP`. At a price of 1 it is the fee in base."""
    return (price * quantity * rate).quantize(FEE_STEP, rounding=ROUND_HALF_UP)


def is_worse(price: Decimal, bound: Decimal | None, direction: Direction) -> bool:
    """Tell whether a price is beyond a bound for this direction; no bound is never beyond."""
    return bound is not None and (price - bound) * direction.sign > 0


def meet(
    order: OrderAtVenue,
    bar: MoneyBar,
    *,
    depth: Depth,
    instrument: Instrument,
    parameters: FillParameters,
    may_touch: bool = True,
) -> Meeting:
    """Return what happens to an order in a stretch of market; at most one fill.

    `may_touch` False keeps a resting limit from being filled inside the bar (it was not live for the whole of it).
    """
    if order.live_ns >= bar.closed_ns:
        return Meeting(Moment.NEVER)
    arrival = _Arrival(order, bar, depth, instrument, parameters)
    match order.order_type:
        case OrderType.MARKET:
            return arrival.take(arrival.price, Moment.OPEN)
        case OrderType.LIMIT:
            return arrival.limit(may_touch=may_touch)
        case OrderType.STOP_MARKET | OrderType.STOP_LIMIT:
            return arrival.stop(may_touch=may_touch)


class _Arrival:
    """One order in front of one stretch of market."""

    def __init__(
        self, order: OrderAtVenue, bar: MoneyBar, depth: Depth, instrument: Instrument, parameters: FillParameters
    ) -> None:
        self._order = order
        self._bar = bar
        self._depth = depth
        self._instrument = instrument
        self._parameters = parameters
        self._from_ns = max(order.live_ns, bar.opened_ns)

    @property
    def price(self) -> Decimal:
        """Where the market is assumed to be when the order arrives: on its way from the open to the worse end.

        Latency cannot win anything this way. An order that is live at the open meets the open.
        """
        bar, late_ns = self._bar, self._from_ns - self._bar.opened_ns
        if late_ns <= 0:
            return bar.open
        worst = bar.high if self._order.direction is Direction.BUY else bar.low
        return bar.open + (worst - bar.open) * late_ns / (bar.closed_ns - bar.opened_ns)

    @property
    def _somewhere_inside_ns(self) -> int:
        """The middle of what is left of the bar: the instant is unknown, and this is as good as any."""
        return self._from_ns + (self._bar.closed_ns - self._from_ns) // 2

    def _impact(self, quantity: Decimal) -> Decimal:
        return impact_ratio(
            quantity=quantity,
            volume=self._bar.volume,
            volatility=self._bar.volatility,
            coefficient=self._parameters.impact_coefficient,
            multiplier=self._order.terms.impact_multiplier,
        )

    def _taken_at(self, price: Decimal, quantity: Decimal) -> Decimal:
        costs = (self._parameters.half_spread_bps + self._parameters.slippage_bps) * BASIS_POINT
        return taker_price(
            price,
            self._order.direction,
            cost_ratio=costs + self._impact(quantity),
            tick_size=self._instrument.tick_size,
        )

    def take(self, price: Decimal, moment: Moment, *, at_ns: int | None = None) -> Meeting:
        """Take what there is at a price and the costs of taking, unless that breaks the bound."""
        quantity = min(self._order.remaining, self._depth.taking)
        at_ns = self._from_ns if at_ns is None else at_ns
        taken_at = self._taken_at(price, quantity)
        bound = self._order.terms.price_bound
        if is_worse(taken_at, bound, self._order.direction):
            breach = f"a fill at {taken_at} would break the price bound {bound}"
            return Meeting(moment, at_ns, is_triggered=True, breach=breach)
        return Meeting(moment, at_ns, taken_at, quantity, is_triggered=True)

    def limit(self, *, may_touch: bool) -> Meeting:
        """Take if the limit allows it on arrival; else stand in the book until the market trades through."""
        quantity = min(self._order.remaining, self._depth.taking)
        if not self._order.has_rested and self._allows(self._taken_at(self.price, quantity)):
            return self.take(self.price, Moment.OPEN)
        if may_touch and self._is_traded_through():
            return self._hit()
        return Meeting(Moment.NEVER, is_triggered=self._order.is_triggered, rests=True)

    def _allows(self, price: Decimal) -> bool:
        return not is_worse(price, self._order.limit_price, self._order.direction)

    def _is_traded_through(self) -> bool:
        """Tell whether the market went past our price; a MARKET_IMPACT order also pushes it away by its own size."""
        order, limit = self._order, self._order.limit_price
        if limit is None:
            return False
        margin = self._instrument.tick_size * self._parameters.ticks_through
        if order.terms.model is FillModel.MARKET_IMPACT:
            margin += limit * self._impact(min(order.remaining, self._depth.resting))
        if order.direction is Direction.BUY:
            return self._bar.low <= limit - margin
        return self._bar.high >= limit + margin

    def _hit(self) -> Meeting:
        quantity = min(self._order.remaining, self._depth.resting)
        limit = self._order.limit_price or ZERO
        return Meeting(
            Moment.TOUCH, self._somewhere_inside_ns, limit, quantity, Liquidity.MAKER, is_triggered=True, rests=True
        )

    def stop(self, *, may_touch: bool) -> Meeting:
        """Sleep until the stop price is touched, then take (STOP_MARKET) or act as a limit (STOP_LIMIT)."""
        order = self._order
        if order.is_triggered:
            is_limit = order.order_type is OrderType.STOP_LIMIT
            return self.limit(may_touch=may_touch) if is_limit else self.take(self._not_better_than_stop, Moment.OPEN)
        stop = order.stop_price or ZERO
        if not is_worse(stop, self.price, order.direction):
            return self._trigger(self.price, Moment.OPEN, self._from_ns)
        reach = self._bar.high if order.direction is Direction.BUY else self._bar.low
        if not is_worse(stop, reach, order.direction):
            return self._trigger(stop, Moment.STOP, self._somewhere_inside_ns)
        return Meeting(Moment.NEVER)

    @property
    def _not_better_than_stop(self) -> Decimal:
        """Where what is left of a triggered stop trades: at the market, and never better than at its own price."""
        stop, market = self._order.stop_price or ZERO, self.price
        return market if is_worse(market, stop, self._order.direction) else stop

    def _trigger(self, price: Decimal, moment: Moment, at_ns: int) -> Meeting:
        quantity = min(self._order.remaining, self._depth.taking)
        if self._order.order_type is OrderType.STOP_LIMIT and not self._allows(self._taken_at(price, quantity)):
            # It stands in the book from here on; what else this bar did to it cannot be known.
            return Meeting(moment, at_ns, is_triggered=True, rests=True)
        return self.take(price, moment, at_ns=at_ns)
