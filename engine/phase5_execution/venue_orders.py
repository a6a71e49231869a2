"""What works at the simulated venue, and which bars leave all of it alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final, NamedTuple

import numpy as np

from engine.contracts.base import Direction
from engine.contracts.market import BarSeries, MarketBar
from engine.contracts.orders import Order, OrderRole
from engine.phase5_execution.fill_models import Meeting, MoneyBar, OrderAtVenue
from engine.primitives.ids import OrderId

_NEVER_NS: Final = 2**63
_LOOK_AHEAD: Final = 128
"""Bars that are looked at first when an order's next one is sought; most trades end within them."""

Edge = tuple[float, bool]
"""A price, quote per base, and whether something wakes from there upwards rather than downwards."""


class Foreseen(NamedTuple):
    """What comes of an order and a bar as long as the order is as it was, and nothing was executed since.

    `executed` counts the executions of the venue before it was worked out.
    """

    bar: MoneyBar
    at_venue: OrderAtVenue
    executed: int
    meeting: Meeting


@dataclass(slots=True)
class OrderAtWork:
    """An order at the venue. Both times are UTC nanoseconds; `met_ns` is the open of the stretch that it last met.

    `side` is the position that it is about, None where the market has one; `tick` is that of its market.
    """

    order: Order
    at_venue: OrderAtVenue
    expires_ns: int | None
    side: Direction | None
    tick: float
    met_ns: int = -1
    is_working: bool = True
    foreseen: Foreseen | None = None
    _wakes: Edge | None = None
    _wakes_as: OrderAtVenue | None = None

    @property
    def wakes(self) -> Edge | None:
        """The price that wakes it; None if anything may. A tick of margin covers the rounding of a bar."""
        if self._wakes_as is not self.at_venue:
            self._wakes_as, self._wakes = self.at_venue, self._edge()
        return self._wakes

    def sleeps_through(self, bar: MarketBar) -> bool:
        """Tell whether a bar does nothing to it, but for the end of its time."""
        edge = self.wakes
        if edge is None:
            return False
        price, wakes_above = edge
        return bar.high < price if wakes_above else bar.low > price

    def _edge(self) -> Edge | None:
        at_venue, is_buy = self.at_venue, self.order.direction is Direction.BUY
        if at_venue.stop_price is not None and not at_venue.is_triggered:
            price, wakes_above = at_venue.stop_price, is_buy
        elif at_venue.limit_price is not None and at_venue.has_rested:
            price, wakes_above = at_venue.limit_price, not is_buy
        else:
            return None
        return (float(price) - self.tick if wakes_above else float(price) + self.tick), wakes_above


class VenueOrders:
    """The orders that work, by id and by market."""

    def __init__(self) -> None:
        self._by_id: dict[OrderId, OrderAtWork] = {}
        self._in_market: dict[str, dict[OrderId, OrderAtWork]] = defaultdict(dict)
        self._forced: set[OrderId] = set()

    def put(self, working: OrderAtWork) -> None:
        """Let an order work."""
        order = working.order
        self._by_id[order.order_id] = self._in_market[order.symbol][order.order_id] = working
        if order.role is OrderRole.LIQUIDATION:
            self._forced.add(order.order_id)

    def take_out(self, order_id: OrderId) -> None:
        """Let an order work no more; KeyError if it does not."""
        working = self._by_id.pop(order_id)
        del self._in_market[working.order.symbol][order_id]
        self._forced.discard(order_id)
        working.is_working = False

    def get(self, order_id: OrderId) -> OrderAtWork | None:
        """Return an order that works; None for any other."""
        return self._by_id.get(order_id)

    def all(self) -> Sequence[OrderAtWork]:
        """Return all that work, oldest first."""
        return list(self._by_id.values())

    def of(self, symbol: str) -> list[OrderAtWork]:
        """Return what works in a market, oldest first, but the venue's own orders before all others."""
        ours = list(self._in_market[symbol].values())
        if self._forced:
            ours.sort(key=lambda working: working.order.role is not OrderRole.LIQUIDATION)
        return ours


@dataclass(frozen=True, slots=True)
class Calm:
    """Between two prices (floats) a bar does nothing to any order, if it closes before an instant (UTC nanoseconds)."""

    above: float
    below: float
    until_ns: int

    def holds(self, bar: MarketBar) -> bool:
        """Tell whether a bar is such a one."""
        return bar.high < self.above and bar.low > self.below and bar.closed_ns < self.until_ns


def calm_of(orders: Iterable[OrderAtWork], edges: Iterable[Edge]) -> Calm | None:
    """Return which bars do nothing to any of these orders, nor at an edge: most do nothing to stops and targets.

    None if any bar may do something to one of them. A bar that may is looked at in money.
    """
    above, below, until_ns = inf, 0.0, _NEVER_NS
    for working in orders:
        edge = working.wakes
        if edge is None:
            return None
        price, wakes_above = edge
        if wakes_above:
            above = price if price < above else above
        elif price > below:
            below = price
        if working.expires_ns is not None and working.expires_ns < until_ns:
            until_ns = working.expires_ns
    for price, wakes_above in edges:
        above, below = (min(above, price), below) if wakes_above else (above, max(below, price))
    return Calm(above, below, until_ns)


def bars_before(edge: Edge, *, series: BarSeries, first: int, most: int) -> int:
    """Return how many bars come before the first that reaches a price; `most` if none of so many does."""
    price, wakes_above = edge
    worst = series.high if wakes_above else series.low
    seen, step = 0, _LOOK_AHEAD
    while seen < most:
        part = worst[first + seen : first + min(seen + step, most)]
        reached = np.flatnonzero(part >= price if wakes_above else part <= price)
        if len(reached):
            return seen + int(reached[0])
        seen, step = seen + step, 2 * step
    return most
