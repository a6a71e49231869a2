"""What taking from an order book costs: level by level, best price first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.contracts.base import Direction
from engine.contracts.market import BookSnapshot
from engine.contracts.orders import Liquidity, TimeInForce
from engine.phase5_execution.fill_models import OrderAtVenue, is_worse
from engine.primitives.money import ZERO, round_down_to_step, round_up_to_step


@dataclass(frozen=True, slots=True)
class Taking:
    """So much at one price: quote per base, base units."""

    price: Decimal
    quantity: Decimal


def walk(levels: Iterable[tuple[Decimal, Decimal]], quantity: Decimal) -> tuple[Taking, ...]:
    """Return what an order of `quantity` takes from levels of (price, quantity), best price first.

    It takes whole levels and a part of the last; less than `quantity` when the levels end before.
    """
    return tuple(_taken(levels, quantity))


def _taken(levels: Iterable[tuple[Decimal, Decimal]], quantity: Decimal) -> Iterator[Taking]:
    for price, there in levels:
        if quantity <= ZERO:
            return
        taken = min(there, quantity)
        if taken > ZERO:
            yield Taking(price, taken)
        quantity -= taken


def total_of(takings: Iterable[Taking]) -> Decimal:
    """Return the base quantity of all takings together."""
    return sum((taking.quantity for taking in takings), ZERO)


def average_price(takings: Sequence[Taking]) -> Decimal | None:
    """Return the price of all takings together, by quantity; None for none. For display: not on any tick."""
    quantity = total_of(takings)
    return sum((taking.price * taking.quantity for taking in takings), ZERO) / quantity if quantity else None


class StandingBook:
    """A book snapshot, less what our own orders took of it: nobody takes the same level twice.

    A recorded or public book does not know of us: it goes on showing what we took. So what was taken at a price stays
    taken in the snapshots that follow, until the feed tells another quantity at that price, or none.

    Args:
        snapshot: The book as the feed told it.
        tick_size: Prices are put onto it, against the taker.
        lot_step: Quantities are cut down to it, level by level.
        before: The book that this one follows; None for the first of a market.
    """

    def __init__(
        self, snapshot: BookSnapshot, *, tick_size: Decimal, lot_step: Decimal, before: "StandingBook | None" = None
    ) -> None:
        self.taken_ns = snapshot.taken_ns
        self._snapshot = snapshot
        self._steps = (tick_size, lot_step)
        self._gone: dict[tuple[Direction, Decimal], Decimal] = {} if before is None else before.still_gone(self)

    @property
    def middle(self) -> Decimal | None:
        """The middle of the book as the feed told it; its one side where the other is empty, None where both are."""
        sides = [next((price for price, _ in self._told(side)), None) for side in Direction]
        there = [price for price in sides if price is not None]
        return sum(there, ZERO) / len(there) if there else None

    def best(self, taker: Direction) -> Decimal | None:
        """Return the best price that a taker of this direction finds; None when nobody stands there."""
        return next((price for price, _ in self._levels(taker)), None)

    def look(self, taker: Direction, quantity: Decimal, *, bound: Decimal | None = None) -> tuple[Taking, ...]:
        """Return what a taker would get, at prices that are not worse than `bound`; nothing is taken."""
        within = ((price, there) for price, there in self._levels(taker) if not is_worse(price, bound, taker))
        return walk(within, quantity)

    def take(self, taker: Direction, takings: Iterable[Taking]) -> None:
        """Take away what `look` found."""
        for taking in takings:
            key = (taker, taking.price)
            self._gone[key] = self._gone.get(key, ZERO) + taking.quantity

    def still_gone(self, after: "StandingBook") -> dict[tuple[Direction, Decimal], Decimal]:
        """Return what was taken, by taker and price, where a later book tells the same quantity as this one."""
        return {key: gone for key, gone in self._gone.items() if after.shows(*key) == self.shows(*key)}

    def shows(self, taker: Direction, at: Decimal) -> Decimal:
        """Return what the feed tells at a price for a taker, base units, whoever took of it."""
        total = ZERO
        for price, there in self._told(taker):
            if is_worse(price, at, taker):
                break
            if price == at:
                total += there
        return total

    def _told(self, taker: Direction) -> Iterator[tuple[Decimal, Decimal]]:
        tick, lot = self._steps
        is_buy = taker is Direction.BUY
        for price, there in self._snapshot.asks if is_buy else self._snapshot.bids:
            rest = round_down_to_step(there, lot)
            if rest:
                yield round_up_to_step(price, tick) if is_buy else max(round_down_to_step(price, tick), tick), rest

    def _levels(self, taker: Direction) -> Iterator[tuple[Decimal, Decimal]]:
        gone = dict(self._gone)
        for on_tick, rest in self._told(taker):
            key = (taker, on_tick)
            # Levels of a finer tick may meet on one of ours: what was taken there is taken from the first of them.
            used = min(gone.get(key, ZERO), rest)
            if used:
                gone[key] -= used
            if rest > used:
                yield on_tick, rest - used


@dataclass(frozen=True, slots=True)
class BookMeeting:
    """What came of an order and a book. `ended` says why nothing of it works any more; empty when the rest does."""

    takings: tuple[Taking, ...] = ()
    """What goes out of the book."""
    made_at: Decimal | None = None
    """The order stood in the book and is filled at this, its own price; None when it takes at the book's prices."""
    is_triggered: bool = False
    rests: bool = False
    """The order stands in the book from here on."""
    ended: str = ""


def meet_book(
    order: OrderAtVenue, book: StandingBook, *, wanted: Decimal, time_in_force: TimeInForce, margin: Decimal
) -> BookMeeting:
    """Return what happens to a live order in front of a book; nothing is taken from it yet.

    Args:
        order: As it stands at the venue.
        book: What stands there.
        wanted: How much of the order may trade now, base units; less than its rest when it only reduces.
        time_in_force: IOC and FOK end here, filled or not.
        margin: How far the other side must have come through the price of a resting order (quote per base).
    """
    side = order.direction
    best = book.best(side)
    if order.stop_price is not None and not order.is_triggered and not _sets_off(order.stop_price, best, side):
        return BookMeeting()
    if order.has_rested and order.limit_price is not None:
        through = book.look(side, wanted, bound=order.limit_price - margin * side.sign)
        return BookMeeting(through, made_at=order.limit_price, is_triggered=True, rests=True)
    takings = book.look(side, wanted, bound=_worst_price(order))
    there = total_of(takings)
    if time_in_force is TimeInForce.FOK and there < order.remaining:
        return BookMeeting(is_triggered=True, ended=f"only {there} of {order.remaining} were there")
    ended = ""
    if there < order.remaining:
        ended = _why_it_ends(order, best, left=order.remaining - there, time_in_force=time_in_force)
    return BookMeeting(takings, is_triggered=True, rests=order.limit_price is not None, ended=ended)


def fills_of(meeting: BookMeeting) -> tuple[tuple[Taking, Liquidity], ...]:
    """Return the executions of a meeting: one for each level that is taken, or one at the order's own price."""
    if meeting.made_at is None:
        return tuple((taking, Liquidity.TAKER) for taking in meeting.takings)
    quantity = total_of(meeting.takings)
    return ((Taking(meeting.made_at, quantity), Liquidity.MAKER),) if quantity else ()


def _sets_off(stop: Decimal, best: Decimal | None, side: Direction) -> bool:
    return best is not None and not is_worse(stop, best, side)


def _worst_price(order: OrderAtVenue) -> Decimal | None:
    """The worst price that an order takes at: its limit and the bound of its terms, whichever is tighter."""
    bounds = [price for price in (order.limit_price, order.terms.price_bound) if price is not None]
    if not bounds:
        return None
    return min(bounds) if order.direction is Direction.BUY else max(bounds)


def _why_it_ends(order: OrderAtVenue, best: Decimal | None, *, left: Decimal, time_in_force: TimeInForce) -> str:
    if time_in_force is not TimeInForce.GTC:
        return f"{left} of {order.remaining} were not there at once"
    bound = order.terms.price_bound
    if order.limit_price is None and best is not None and is_worse(best, bound, order.direction):
        return f"a fill at {best} would break the price bound {bound}"
    return ""
