"""Reading from the venue what it has not told us: how an order stands, what was executed, what is held."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.contracts.orders import Order, OrderStatus, Trade
from engine.contracts.venue import (
    AccountStated,
    ExecutionsListed,
    FundingPaid,
    OpenOrdersListed,
    OrderCancelled,
    OrderExecuted,
    OrderExpired,
    OrderLookedUp,
    OrderStanding,
    VenueAnswer,
    VenuePosition,
)
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.questions import Questions
from engine.primitives.ids import OrderId
from engine.primitives.money import ZERO
from engine.primitives.timeframes import NS_PER_MS


@dataclass(frozen=True, slots=True)
class Reading:
    """What the venue's own books said at one time: positions and orders that work.

    A hedged account may hold a long and a short of one market.
    """

    positions: Sequence[VenuePosition]
    orders: Sequence[OrderStanding]

    def held(self, symbol: str, trades: Sequence[Trade]) -> Decimal:
        """Return a position of a market (base units, positive long): first one that these trades are part of; 0 for none."""
        held = [it.quantity for it in self.positions if it.symbol == symbol]
        ours = [quantity for quantity in held if any(trade.direction.sign * quantity > ZERO for trade in trades)]
        return next(iter((*ours, *held)), ZERO)


def book_listed(desk: OrderDesk, listed: ExecutionsListed) -> tuple[int, Sequence[OrderExecuted]]:
    """Book what the venue lists and our books miss; return how much that was, and the executions of nobody's order.

    The venue's own orders come first: executions and the cash of an account belong to them as well.
    """
    missed, strange = 0, list[OrderExecuted]()
    for forced in listed.forced:
        if not desk.knows(forced.order_id) and desk.knows_trade(forced.trade_id):
            desk.found(forced)
    reports: list[OrderExecuted | FundingPaid] = [*listed.executions, *listed.fundings]
    for report in reports:
        if isinstance(report, OrderExecuted) and not desk.knows(report.order_id):
            strange.append(report)
        elif not desk.ledger.has_booked(report):
            desk.found(report)
            missed += 1
    return missed, strange


class Evidence:
    """Asks the venue about orders of ours that have been silent for too long, and books what it answers.

    Args:
        desk: Orders, and the books.
        questions: Who is asked through.
        ask_again_ms: From one question about an order to the next.
    """

    def __init__(self, desk: OrderDesk, questions: Questions, *, ask_again_ms: int) -> None:
        self._desk = desk
        self._questions = questions
        self._again_ns = ask_again_ms * NS_PER_MS
        self._asked_ns: dict[OrderId, int] = {}
        self._executions_asked_ns = -self._again_ns

    def is_due(self, order_id: OrderId, now_ns: int) -> bool:
        """Tell whether it is time to ask about an order (again), and count from now if it is. The first look waits."""
        first = self._asked_ns.setdefault(order_id, now_ns)
        if now_ns - first < self._again_ns:
            return False
        self._asked_ns[order_id] = now_ns
        return True

    def look_up(self, order: Order) -> None:
        """Ask how one order stands; book its end, and what was executed, if we were not told."""
        self._questions.order(order.order_id, self._on_order)

    def catch_up(self, since: datetime, now_ns: int) -> bool:
        """Ask for all executions since an instant and book those that are missing; False when it was asked just now."""
        if now_ns - self._executions_asked_ns < self._again_ns:
            return False
        self._executions_asked_ns = now_ns
        self._questions.executions(since, self._on_executions)
        return True

    def read(self, then: Callable[[Reading | None], None]) -> None:
        """Read positions and working orders; `then` gets None when the venue did not answer both."""
        account: list[VenueAnswer] = []

        def on_orders(answer: VenueAnswer) -> None:
            stated = account[0] if account else None
            if isinstance(stated, AccountStated) and isinstance(answer, OpenOrdersListed):
                then(Reading(stated.positions, answer.orders))
            else:
                then(None)

        def on_account(answer: VenueAnswer) -> None:
            account.append(answer)
            self._questions.open_orders(on_orders)

        self._questions.account(on_account)

    def _on_order(self, answer: VenueAnswer) -> None:
        if not isinstance(answer, OrderLookedUp) or answer.standing is None:
            return
        standing, order = answer.standing, self._desk.order(answer.order_id)
        if standing.filled_quantity > order.filled_quantity:
            self._questions.executions(order.created_at, self._on_executions)
            return
        kind = {OrderStatus.CANCELLED: OrderCancelled, OrderStatus.EXPIRED: OrderExpired}.get(standing.status)
        if kind is not None and not order.is_terminal:
            self._desk.found(kind(order_id=order.order_id, at=standing.updated_at, reason=standing.reason))

    def _on_executions(self, answer: VenueAnswer) -> None:
        if not isinstance(answer, ExecutionsListed):
            return
        book_listed(self._desk, answer)
