"""Where orders are written down, sent and cancelled: nothing else in this room touches the venue."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from engine.contracts.base import Direction, trusted
from engine.contracts.execution import ExecutionGroup
from engine.contracts.market import Instrument
from engine.contracts.orders import Order, OrderRole, OrderStatus, TimeInForce, Trade
from engine.contracts.plans import OrderType
from engine.contracts.specs import ConnectorExecutionSpec
from engine.contracts.venue import (
    FundingPaid,
    OrderForced,
    OrderRefused,
    OrderReport,
    Refusal,
    VenueReport,
    VenueRequest,
)
from engine.phase5_execution.guard import OrderGuard
from engine.phase5_execution.outbox import Outbox, Outgoing
from engine.ports.clock import Clock
from engine.ports.intents import IntentLog
from engine.ports.ledger import LedgerChange, StrategyLedger
from engine.ports.venue import ExecutionVenue
from engine.primitives.errors import InvariantBroken, LedgerMismatch
from engine.primitives.ids import ORDER, TRADE, GroupId, IdSource, OrderId, TradeId
from engine.primitives.timeframes import ns_from_datetime

_ORDER: Final = trusted(Order)


class OrderDraft(NamedTuple):
    """What an order is to be. Quantity in base units, prices quote per base."""

    role: OrderRole
    direction: Direction
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: Decimal
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    expires_at: datetime | None = None


class OrderDesk:
    """Writes an order into the ledger as NEW before it is sent, and collects what changed.

    What is sent waits in the outbox until `dispatch`: the requests of one flow share one commit of the journal.
    SUBMITTED is on disk before an order leaves, so an order that is NEW after a crash was never sent.

    Args:
        ledger: The books; the desk is their one writer in this room.
        venue: Where orders go.
        ids: For orders and trades.
        clock: Engine time.
        instrument: Finds a market by its symbol.
        guard: Says no before the venue can.
        intents: What must be on disk before anything leaves; None where a run can be made again.
    """

    def __init__(
        self,
        *,
        ledger: StrategyLedger,
        venue: ExecutionVenue,
        ids: IdSource,
        clock: Clock,
        instrument: Callable[[str], Instrument],
        guard: OrderGuard,
        intents: IntentLog | None = None,
    ) -> None:
        self.ledger = ledger
        self.guard = guard
        self.instrument = instrument
        self.clock = clock
        self._venue = venue
        self._ids = ids
        self._outbox = Outbox(venue, intents)
        self._heed: Callable[[VenueReport, LedgerChange], None] | None = None
        self._strange: Callable[[OrderReport], None] | None = None
        self._changes: list[LedgerChange] = []
        self._booked: list[LedgerChange] = []
        self._refused: dict[OrderId, Refusal] = {}
        self._to_be_cancelled: set[OrderId] = set()
        self._as_of: datetime | None = None
        self._home: dict[TradeId, GroupId] = {}
        self._recorded: set[GroupId] = set()

    @property
    def now(self) -> datetime:
        """The instant that orders are dated with: that of the report we answer to, or else now."""
        return self._as_of or self.clock.now()

    def answer_to(self, at: datetime | None) -> None:
        """Date what is ordered from now on as an answer to something that happened at `at`; None ends that."""
        self._as_of = None if at is None else min(at, self.clock.now())

    def take_changes(self) -> tuple[LedgerChange, ...]:
        """Return what changed since the last call."""
        if not self._changes:
            return ()
        changes, self._changes = tuple(self._changes), []
        return changes

    def note(self, change: LedgerChange) -> LedgerChange:
        """Keep a change for `take_changes`."""
        self._changes.append(change)
        return change

    def heed(self, heed: Callable[[VenueReport, LedgerChange], None], strange: Callable[[OrderReport], None]) -> None:
        """Tell `heed` of every report and of what it did to the books, and `strange` of those about no order of ours."""
        self._heed, self._strange = heed, strange

    def collect(self) -> None:
        """Book what the venue reports, in its order. What is about no order of ours is only told to who heeds it."""
        self._take(self._venue.take_reports())

    def hears_nothing(self) -> bool:
        """Book what the venue reports, and tell whether nothing came of it and nothing else waits here."""
        reports = self._venue.take_reports()
        if reports:
            self._take(reports)
        return not (self._booked or self._changes or self._outbox.waiting)

    def _take(self, reports: Sequence[VenueReport]) -> None:
        for report in reports:
            if self._strange is not None and not isinstance(report, FundingPaid) and not self._is_ours(report):
                self._strange(report)
            else:
                self._booked.append(self._book(report))

    def found(self, report: VenueReport) -> LedgerChange:
        """Book what an answer of the venue proves. Whoever reacts to it does so now, however long ago it happened."""
        change = self._book(report)
        self._booked.append(change._replace(at=self.clock.now()))
        return change

    def _book(self, report: VenueReport) -> LedgerChange:
        change = self.note(self.ledger.book(report))
        if isinstance(report, OrderRefused) and not change.refused:
            self._refused[report.order_id] = report.why
        if change.order is not None and change.order.is_terminal:
            self._to_be_cancelled.discard(change.order.order_id)
        if self._heed is not None:
            self._heed(report, change)
        return change

    def take_booked(self) -> Sequence[LedgerChange]:
        """Return what was booked since the last call: what has to be reacted to."""
        if not self._booked:
            return ()
        booked, self._booked = self._booked, []
        return booked

    def why_refused(self, order_id: OrderId) -> Refusal:
        """Return what the refusal of an order means for the next step; it is told once."""
        return self._refused.pop(order_id, Refusal.OTHER)

    def dispatch(self) -> None:
        """Send what waits, once it is on disk. What adds risk and is not on disk is closed as never sent."""
        if not self._outbox.waiting:
            return
        for order in self._outbox.send():
            reason = f"never sent, because it could not be written down: {self._outbox.trouble}"
            at, why = self.clock.now(), Refusal.NOT_SENT
            self.found(OrderRefused(order_id=order.order_id, at=at, reason=reason, why=why))

    @property
    def journal_trouble(self) -> str:
        """Why nothing that adds risk may be sent: the journal cannot be written. Empty while it can."""
        return self._outbox.trouble

    def open_trade(self, trade: Trade, group: ExecutionGroup) -> None:
        """Open the books of a trade and of the group that brings it in."""
        self.note(self.ledger.open_trade(trade))
        self._home[trade.trade_id] = self.ensure_group(group)

    def ensure_group(self, group: ExecutionGroup) -> GroupId:
        """Record a group before its first order; later orders find it there."""
        if not self.is_recorded(group.group_id):
            self._recorded.add(group.group_id)
            self.note(self.ledger.register_execution_group(group))
        return group.group_id

    def is_recorded(self, group_id: GroupId) -> bool:
        """Tell whether a group is in the books, also in those of an earlier session: whether it got an order."""
        if group_id in self._recorded:
            return True
        try:
            self.ledger.get_group(group_id)
        except LedgerMismatch:
            return False
        return True

    def next_trade_id(self) -> TradeId:
        """Return the id for a new trade."""
        return self._ids.next(TRADE)

    def home_of(self, trade_id: TradeId) -> GroupId:
        """Return the group that brought a trade in: its stops, targets and closes belong there."""
        if trade_id not in self._home:
            self._home[trade_id] = self._find_home(trade_id)
        return self._home[trade_id]

    def _find_home(self, trade_id: TradeId) -> GroupId:
        """Look for it in the books: after a restart the desk remembers nothing."""
        for group in self.ledger.get_execution_groups():
            if any(self.ledger.get_order(order_id).trade_id == trade_id for order_id in group.order_ids):
                return group.group_id
        raise InvariantBroken("a trade has no order in any group", trade_id=trade_id)

    def record(self, draft: OrderDraft, *, trade: Trade, group_id: GroupId) -> Order:
        """Write an order down as NEW and return it; nothing is sent."""
        now = self.now
        order = _ORDER(
            order_id=self._ids.next(ORDER),
            group_id=group_id,
            trade_id=trade.trade_id,
            strategy_id=trade.strategy_id,
            symbol=trade.symbol,
            direction=draft.direction,
            role=draft.role,
            order_type=draft.order_type,
            time_in_force=draft.time_in_force,
            quantity=draft.quantity,
            limit_price=draft.limit_price,
            stop_price=draft.stop_price,
            reduce_only=draft.role is not OrderRole.ENTRY,
            created_at=now,
            updated_at=now,
            expires_at=draft.expires_at,
        )
        self.note(self.ledger.register_order(order))
        return order

    def send(self, order: Order, spec: ConnectorExecutionSpec | None = None) -> None:
        """Send a recorded order, once. What the guard does not let pass is closed as REJECTED instead, and says why."""
        no = self.guard.refusal_of(order, ns_from_datetime(self.now), market=self.instrument(order.symbol))
        if no:
            self.note(self.ledger.move_order(order.order_id, OrderStatus.REJECTED, reason=no))
            return
        change = self.note(self.ledger.move_order(order.order_id, OrderStatus.SUBMITTED))
        if not change.refused:
            # A child of a schedule goes out later than it was written down: the venue counts from now.
            now = self.now
            sent = order if order.created_at == now else order.model_copy(update={"created_at": now})
            self._outbox.put(Outgoing(VenueRequest.PLACE, sent, spec))

    def place(self, draft: OrderDraft, *, trade: Trade, group_id: GroupId) -> Order:
        """Write an order down and send it on the venue's default terms."""
        order = self.record(draft, trade=trade, group_id=group_id)
        self.send(order)
        return order

    def cancel(self, order: Order, *, reason: str) -> bool:
        """Cancel an order; False when there is nothing to cancel. What was never sent is dropped at once."""
        if order.is_terminal or order.status is OrderStatus.CANCEL_PENDING:
            return False
        if order.status is OrderStatus.NEW:
            self.note(self.ledger.move_order(order.order_id, OrderStatus.CANCELLED, reason=f"never sent: {reason}"))
            return True
        change = self.note(self.ledger.move_order(order.order_id, OrderStatus.CANCEL_PENDING, reason=reason))
        if not change.refused:
            self.cancel_at_venue(order)
        return not change.refused

    def leave_dust(self, trade_id: TradeId) -> None:
        """Count a trade as closed with what it still holds: too little for any order."""
        self.note(self.ledger.leave_dust(trade_id))

    def cancel_again(self, order: Order, *, reason: str) -> None:
        """Ask once more for a cancel that was not confirmed; a first one if none was asked for. It may be repeated."""
        if order.status is OrderStatus.CANCEL_PENDING:
            self.cancel_at_venue(order)
        else:
            self.cancel(order, reason=reason)

    def cancel_at_venue(self, order: Order) -> None:
        """Ask the venue to cancel, whatever our books say of the order: it can only reduce what may happen."""
        self.remember_cancel(order.order_id)
        self._outbox.put(Outgoing(VenueRequest.CANCEL, order))

    def remember_cancel(self, order_id: OrderId) -> None:
        """Remember that an order is to be cancelled, also when its cancel is lost or comes before the order itself."""
        self._to_be_cancelled.add(order_id)

    def is_to_be_cancelled(self, order_id: OrderId) -> bool:
        """Tell whether somebody asked for an order's cancel, and it has not ended since."""
        return order_id in self._to_be_cancelled

    def working(
        self, trade_id: TradeId | None = None, *, role: OrderRole | None = None, group_id: GroupId | None = None
    ) -> list[Order]:
        """Return the orders that are not terminal, oldest first, of a trade, a role or a group."""
        orders = self.ledger.get_open_orders(trade_id=trade_id, group_id=group_id)
        return list(orders) if role is None else [order for order in orders if order.role is role]

    def _is_ours(self, report: OrderReport) -> bool:
        return self.knows(report.order_id) or (isinstance(report, OrderForced) and self.knows_trade(report.trade_id))

    def knows_trade(self, trade_id: TradeId) -> bool:
        """Tell whether a trade is in the books."""
        try:
            self.ledger.get_trade(trade_id)
        except LedgerMismatch:
            return False
        return True

    def knows(self, order_id: OrderId) -> bool:
        """Tell whether an order is in the books."""
        try:
            self.ledger.get_order(order_id)
        except LedgerMismatch:
            return False
        return True

    def order(self, order_id: OrderId) -> Order:
        """Return an order as the books have it."""
        return self.ledger.get_order(order_id)
