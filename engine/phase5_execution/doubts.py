"""Orders of which we do not know how they stand, and how the venue's books settle it (live-execution.md 1.4).

FOUND is believed at once, from any answer. ABSENT is believed on proof alone: two complete answers in a row that miss
the order, read after the venue cannot take it any more. Nothing is ever sent a second time under the same id.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from engine.config.reconciling import ReconciliationSettings
from engine.contracts.commands import OrderClaim, ResolveOrderRequest
from engine.contracts.orders import TERMINAL_ORDER_STATUSES, Liquidity, Order, OrderStatus
from engine.contracts.venue import (
    OrderAccepted,
    OrderCancelled,
    OrderExecuted,
    OrderExpired,
    OrderLookedUp,
    OrderRefused,
    OrderReport,
    OrderStanding,
    Refusal,
    VenueAnswer,
)
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.questions import Questions
from engine.primitives.errors import InvariantBroken
from engine.primitives.ids import OrderId
from engine.primitives.timeframes import NS_PER_MS

MISSES_THAT_PROVE: Final = 2
"""Complete answers in a row, after the fence; one alone may have been read from a replica that is behind."""

_HAS_ARRIVED: Final = frozenset({OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED})

Note = Callable[[str, str], None]
"""Takes a level (INFO, WARNING, ERROR) and a text for people."""


@dataclass(slots=True)
class _Doubt:
    """One order that is looked up until it is settled. `arrival`: it is not even known whether the venue has it."""

    order_id: OrderId
    arrival: bool
    not_after: datetime | None = None
    misses: int = 0
    is_asked: bool = False
    next_ns: int = 0
    is_shown_to_a_person: bool = False


class Doubts:
    """Looks orders up, one question at a time for each, until the venue's books say how they stand.

    Args:
        desk: Books what is found, and repeats a cancel that is still wanted.
        questions: To the venue.
        settings: The pace, and the margin behind the fence.
        note: Tells a person.
        want_executions: Called when the venue counts more fills of an order than our books, with the instant from which on
            its executions are to be read.
    """

    def __init__(
        self,
        desk: OrderDesk,
        questions: Questions,
        settings: ReconciliationSettings,
        *,
        note: Note,
        want_executions: Callable[[datetime], None],
    ) -> None:
        self._desk = desk
        self._questions = questions
        self._note = note
        self._want_executions = want_executions
        self._again_ns = settings.ask_again_ms * NS_PER_MS
        self._patience_ns = settings.interval_s * 1000 * NS_PER_MS
        self._lag = timedelta(milliseconds=settings.lag_ms)
        self._open: dict[OrderId, _Doubt] = {}
        self._arrived: set[OrderId] = set()
        """Orders that the venue has spoken of as its own, until they have ended."""

    @property
    def is_empty(self) -> bool:
        """Whether every order that was ever in doubt is settled."""
        return not self._open

    def is_about(self, order_id: OrderId) -> bool:
        """Tell whether an order is in doubt."""
        return order_id in self._open

    def is_shown_to_a_person(self, order_id: OrderId) -> bool:
        """Tell whether an order is in doubt that the venue's books do not settle."""
        return order_id in self._open and self._open[order_id].is_shown_to_a_person

    def believe(self, asked: ResolveOrderRequest) -> str:
        """End a doubt by a person's word, where the venue's books do not settle it; return why not, or nothing."""
        no = self._why_not(asked)
        if no:
            return no
        order = self._desk.order(asked.order_id)
        reason = f"by the word of {asked.asked_by}: {asked.reason}"
        told = self._as_told(order, asked, reason)
        if isinstance(told, OrderExecuted) and self._desk.ledger.has_booked(told):
            return f"the execution {told.venue_trade_id} is booked already: name the one that is missing"
        self._desk.found(told)
        self._note("WARNING", f"{order.order_id} is {asked.claim} {reason}")
        del self._open[order.order_id]
        return ""

    def _why_not(self, asked: ResolveOrderRequest) -> str:
        order = self._desk.order(asked.order_id)
        if order.is_terminal:
            return f"{order.order_id} is {order.status} already, by the venue's word ({order.reason})".removesuffix(
                " ()"
            )
        if not self.is_about(order.order_id):
            return f"{order.order_id} is {order.status} and not in doubt: cancel it instead"
        if not self.is_shown_to_a_person(order.order_id):
            return (
                f"the venue is still being asked about {order.order_id}: a person decides what its books do not settle"
            )
        has_arrived = order.order_id in self._arrived or order.status in _HAS_ARRIVED or order.filled_quantity
        if asked.claim is OrderClaim.REJECTED and has_arrived:
            return (
                f"{order.order_id} cannot have been refused: the venue has spoken of it as its own, and"
                f" {order.filled_quantity} of it executed; say cancelled, expired or filled"
            )
        return ""

    def _as_told(self, order: Order, asked: ResolveOrderRequest, reason: str) -> OrderReport:
        order_id, at = order.order_id, self._desk.clock.now()
        match asked.claim:
            case OrderClaim.REJECTED:
                return OrderRefused(order_id=order_id, at=at, reason=reason, why=Refusal.ABSENT)
            case OrderClaim.CANCELLED:
                return OrderCancelled(order_id=order_id, at=at, reason=reason)
            case OrderClaim.EXPIRED:
                return OrderExpired(order_id=order_id, at=at, reason=reason)
            case OrderClaim.FILLED:
                if asked.price is None or asked.venue_trade_id is None:
                    raise InvariantBroken("a fill was claimed without its execution", order_id=order_id)
                left = order.remaining_quantity
                return OrderExecuted(
                    order_id=order_id,
                    at=at,
                    price=asked.price,
                    quantity=left,
                    # The dearer of the two: what the fee really was is in the venue's next statement of cash.
                    fee=asked.price * left * self._desk.instrument(order.symbol).taker_fee,
                    liquidity=Liquidity.TAKER,
                    venue_trade_id=asked.venue_trade_id,
                )

    def hear(self, report: OrderReport, order: Order) -> None:
        """Take notice of a report about one of our orders: some prove that it arrived."""
        if order.is_terminal:
            self._arrived.discard(order.order_id)
        elif isinstance(report, OrderAccepted | OrderExecuted):
            self._arrived.add(order.order_id)

    def of_arrival(self, order_id: OrderId, not_after: datetime | None) -> None:
        """Find out whether an order arrived; `not_after` is its fence in the venue's time, None if there is no end."""
        self._open[order_id] = _Doubt(order_id, arrival=True, not_after=not_after)

    def look_up(self, order_id: OrderId) -> None:
        """Find out how an order stands that the venue has, or may have had; one that is in doubt already stays so."""
        self._open.setdefault(order_id, _Doubt(order_id, arrival=False))

    def advance(self, now_ns: int) -> None:
        """Ask about every order whose turn it is (UTC nanoseconds)."""
        for doubt in tuple(self._open.values()):
            if self._desk.order(doubt.order_id).is_terminal:
                del self._open[doubt.order_id]
            elif not doubt.is_asked and now_ns >= doubt.next_ns:
                doubt.is_asked = True
                self._questions.order(doubt.order_id, partial(self._hear, doubt))

    def _hear(self, doubt: _Doubt, answer: VenueAnswer) -> None:
        doubt.is_asked = False
        doubt.next_ns = self._desk.clock.now_ns() + self._again_ns
        order = self._desk.order(doubt.order_id)
        if self._open.get(doubt.order_id) is not doubt or order.is_terminal or not isinstance(answer, OrderLookedUp):
            return
        if answer.standing is None:
            self._on_missing(doubt, order, answer)
        else:
            self._on_shown(doubt, order, answer.standing)

    def _on_missing(self, doubt: _Doubt, order: Order, answer: OrderLookedUp) -> None:
        if order.updated_at >= answer.as_of:
            # News that overtook the answer: it says nothing about them.
            doubt.misses = 0
        elif order.order_id in self._arrived or order.status in _HAS_ARRIVED or order.filled_quantity:
            self._ask_a_person(doubt, f"{order.order_id} is {order.status} in our books and unknown to the venue")
        elif not doubt.arrival:
            # A cancel that was faster than its order: the word about the order itself is still to come.
            return
        elif doubt.not_after is None:
            self._ask_a_person(
                doubt, f"nobody can prove that {order.order_id} never arrived: the venue takes requests without an end"
            )
        elif answer.as_of > doubt.not_after + self._lag:
            doubt.misses += 1
            if doubt.misses >= MISSES_THAT_PROVE:
                self._believe_absence(doubt, answer)
        else:
            doubt.misses = 0

    def _believe_absence(self, doubt: _Doubt, answer: OrderLookedUp) -> None:
        reason = (
            f"absent: {doubt.misses} complete answers in a row do not show it, the last (number {answer.ask_id}) as of "
            f"{answer.as_of:%H:%M:%S}; it could arrive until {doubt.not_after:%H:%M:%S}"
        )
        absent = OrderRefused(order_id=doubt.order_id, at=answer.as_of, reason=reason, why=Refusal.ABSENT)
        self._desk.found(absent)
        self._note("WARNING", f"{doubt.order_id} is {reason}")
        del self._open[doubt.order_id]

    def _on_shown(self, doubt: _Doubt, order: Order, standing: OrderStanding) -> None:
        doubt.arrival, doubt.misses = False, 0
        if standing.filled_quantity > order.filled_quantity:
            self._want_executions(order.created_at)
        if standing.status in TERMINAL_ORDER_STATUSES:
            self._on_ended(doubt, order, standing)
            return
        if order.status in (OrderStatus.UNKNOWN, OrderStatus.SUBMITTED):
            found = OrderAccepted(
                order_id=order.order_id, at=standing.updated_at, venue_order_id=standing.venue_order_id
            )
            self._desk.found(found)
            self._note("INFO", f"{order.order_id} is found: it works at the venue as {standing.venue_order_id}")
        del self._open[doubt.order_id]
        if self._desk.is_to_be_cancelled(order.order_id):
            self._desk.cancel_again(self._desk.order(order.order_id), reason="its cancel did not go through")

    def _on_ended(self, doubt: _Doubt, order: Order, standing: OrderStanding) -> None:
        """Book an end, but only when every execution before it is booked: until then it is looked up again."""
        if standing.filled_quantity > order.filled_quantity:
            return
        if standing.filled_quantity < order.filled_quantity:
            text = f"the venue counts {standing.filled_quantity} filled of {order.order_id}, our books "
            self._ask_a_person(doubt, f"{text}{order.filled_quantity}")
        ended = OrderCancelled if standing.status is OrderStatus.CANCELLED else OrderExpired
        reason = f"{standing.reason or standing.status}; read at the venue as {standing.venue_order_id}"
        self._desk.found(ended(order_id=order.order_id, at=standing.updated_at, reason=reason))
        self._note("INFO", f"the end of {order.order_id} was never told: {reason}")
        del self._open[doubt.order_id]

    def _ask_a_person(self, doubt: _Doubt, text: str) -> None:
        """Say it once, and go on asking at the pace of readings: it may show up still."""
        doubt.next_ns = self._desk.clock.now_ns() + self._patience_ns
        if not doubt.is_shown_to_a_person:
            doubt.is_shown_to_a_person = True
            self._note("ERROR", f"NEEDS_OPERATOR: {text}; look at the venue")
