"""Entries at work: their schedules, and how they are stopped."""

from collections.abc import Sequence
from decimal import Decimal

from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.orders import Order, OrderRole, Trade
from engine.contracts.plans import EntryPlan
from engine.contracts.specs import ConnectorExecutionSpec
from engine.phase5_execution.entries import EntryChildren, children_of
from engine.phase5_execution.guard import EntryRequest
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.slicing import Slice, SliceSchedule
from engine.primitives.ids import GroupId, TradeId
from engine.primitives.timeframes import ns_from_datetime


class WorkingEntries:
    """Places entries, sends their children when they are due, and stops them.

    All children of an entry are in the ledger as NEW before the first is sent: a restart knows the whole plan.
    """

    def __init__(self, desk: OrderDesk) -> None:
        self._desk = desk
        self._schedules: dict[GroupId, SliceSchedule] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether any schedule has children that are still to be sent."""
        return bool(self._schedules)

    def plan(
        self, spec: ConnectorExecutionSpec, *, entry: EntryPlan, quantity: Decimal, strategy_id: str
    ) -> EntryChildren:
        """Return the children of an entry, if it is allowed.

        Raises:
            VenueRejected: the guard says no, or the market is unknown.
        """
        desk = self._desk
        instrument = desk.instrument(entry.symbol)
        children = children_of(spec, entry=entry, quantity=quantity, instrument=instrument, now=desk.now)
        desk.guard.require_entry(EntryRequest(strategy_id, instrument, entry.direction, quantity, children.worst_price))
        return children

    def start(self, children: EntryChildren, *, spec: ConnectorExecutionSpec, trade: Trade, group_id: GroupId) -> None:
        """Write all children down, then send those that are due now."""
        desk = self._desk
        now_ns = ns_from_datetime(desk.now)
        orders = [desk.record(draft, trade=trade, group_id=group_id) for draft in children.drafts]
        slices = [
            Slice(order.order_id, now_ns + after_ns)
            for order, after_ns in zip(orders, children.due_after_ns, strict=True)
        ]
        self._schedules[group_id] = SliceSchedule(group_id, spec, slices, one_at_a_time=children.one_at_a_time)
        self.release(now_ns, group_ids=(group_id,))

    def release(self, now_ns: int, *, group_ids: Sequence[GroupId] | None = None) -> None:
        """Send what is due, of these groups or of all. While no new risk is allowed, what falls due is dropped."""
        for group_id in tuple(self._schedules) if group_ids is None else group_ids:
            schedule = self._schedules.get(group_id)
            if schedule is None:
                continue
            for order_id in schedule.take_due(now_ns, is_working=self._is_working(schedule)):
                self._desk.send(self._desk.order(order_id), schedule.spec)
            if schedule.is_empty:
                del self._schedules[group_id]

    def _is_working(self, schedule: SliceSchedule) -> bool:
        waiting = set(schedule.waiting)
        entries = self._desk.working(role=OrderRole.ENTRY, group_id=schedule.group_id)
        return any(order.order_id not in waiting for order in entries)

    def stop_group(self, group_id: GroupId, *, reason: str) -> list[Order]:
        """Stop a group: its schedule first, then its entries; return those that were still working (decisions 6.3)."""
        self._schedules.pop(group_id, None)
        entries = self._desk.working(role=OrderRole.ENTRY, group_id=group_id)
        group: ExecutionGroup = self._desk.ledger.get_group(group_id)
        if entries and not group.status.is_terminal and group.status is not ExecutionGroupStatus.CANCELLING:
            self._desk.note(self._desk.ledger.move_group(group_id, ExecutionGroupStatus.CANCELLING))
        return [order for order in entries if self._desk.cancel(order, reason=reason)]

    def stop_trade(self, trade_id: TradeId, *, reason: str) -> list[Order]:
        """Stop every entry of a trade; return those that were still working."""
        groups = {order.group_id: None for order in self._desk.working(trade_id, role=OrderRole.ENTRY)}
        return [order for group_id in groups for order in self.stop_group(group_id, reason=reason)]
