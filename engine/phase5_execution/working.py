"""Entries at work: their schedules, and how they are paused, taken up again and stopped."""

from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from typing import Final

from engine.config.policies import AfterPause
from engine.contracts.base import trusted
from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.orders import Fill, Order, OrderRole, OrderStatus, Trade
from engine.contracts.plans import EntryPlan
from engine.contracts.schedules import GroupPause, GroupPlan, GroupProgress, PlannedSlice
from engine.contracts.specs import ConnectorExecutionSpec, DexExecutionSpec
from engine.phase5_execution.doubts import Note
from engine.phase5_execution.entries import EntryChildren, children_of
from engine.phase5_execution.guard import EntryRequest
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.replanning import Again, give_up_missed, needs_evidence, plan_again
from engine.phase5_execution.slicing import SliceSchedule
from engine.primitives.errors import VenueRejected
from engine.primitives.ids import GroupId, OrderId, TradeId
from engine.primitives.timeframes import datetime_from_ns, ns_from_datetime

_HELD_BACK: Final = "its batch is in doubt"


_PLAN: Final = trusted(GroupPlan)
_SLICE: Final = trusted(PlannedSlice)


class WorkingEntries:
    """Places entries, sends their children when they are due, pauses, resumes and stops them.

    All children of an entry are in the ledger as NEW, and its plan is handed to `on_plan`, before the first is sent: a
    restart knows the whole plan. A group that was paused sends nothing until a person resumes it.

    Args:
        desk: Orders.
        on_plan: Takes every plan, also each time that it changes, to write it down.
        after_pause: What becomes of slices whose time passed while their group was paused, or held up.
        note: Takes a level (INFO, WARNING, ERROR) and a text for people.
    """

    def __init__(
        self,
        desk: OrderDesk,
        *,
        on_plan: Callable[[GroupPlan], None] | None = None,
        after_pause: AfterPause = AfterPause.RESPREAD,
        note: Note | None = None,
    ) -> None:
        self._desk = desk
        self._on_plan = on_plan
        self._after_pause = after_pause
        self._schedules: dict[GroupId, SliceSchedule] = {}
        self._plans: dict[GroupId, GroupPlan] = {}
        self._fills: dict[GroupId, list[Fill]] = {}
        self._held_back: frozenset[GroupId] = frozenset()
        self._held_up: dict[GroupId, str] = {}
        """Groups with slices that could not be sent when they were due, and why."""
        self._note = note

    @property
    def is_waiting(self) -> bool:
        """Whether any schedule has children that are to be sent when their time comes."""
        return bool(self._schedules) and any(schedule.plan.pause is None for schedule in self._schedules.values())

    @property
    def next_due_ns(self) -> int | None:
        """When the next child of any schedule that is not paused is to be sent (UTC nanoseconds); None without one."""
        running = (schedule for schedule in self._schedules.values() if schedule.plan.pause is None)
        return min((due_ns for each in running if (due_ns := each.next_due_ns) is not None), default=None)

    @property
    def plans(self) -> Sequence[GroupPlan]:
        """The plans of all groups that were started or taken up here, oldest first."""
        return tuple(self._plans.values())

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
        """Write all children and the plan down, then send those that are due now."""
        desk = self._desk
        now_ns = ns_from_datetime(desk.now)
        slices = tuple(
            _SLICE(
                order_id=desk.record(draft, trade=trade, group_id=group_id).order_id,
                quantity=draft.quantity,
                due_at=datetime_from_ns(now_ns + after_ns),
            )
            for draft, after_ns in zip(children.drafts, children.due_after_ns, strict=True)
        )
        before = self._plans.get(group_id)
        if before is None:
            plan = self._first_plan(children, slices, spec=spec, trade=trade, group_id=group_id)
        else:  # one directive that adds to several trades
            added = sum((each.quantity for each in slices), before.quantity)
            plan = before.model_copy(update={"slices": (*before.slices, *slices), "quantity": added})
        self._keep(plan)
        self._schedules[group_id] = SliceSchedule(plan, self._unsent(plan))
        self.release(now_ns, group_ids=(group_id,))

    def _first_plan(
        self,
        children: EntryChildren,
        slices: tuple[PlannedSlice, ...],
        *,
        spec: ConnectorExecutionSpec,
        trade: Trade,
        group_id: GroupId,
    ) -> GroupPlan:
        now, ends_ns = self._desk.now, children.ends_after_ns
        return _PLAN(
            group_id=group_id,
            strategy_id=trade.strategy_id,
            symbol=trade.symbol,
            direction=trade.direction,
            style=self._desk.ledger.get_group(group_id).execution_strategy,
            distribution=children.distribution,
            quantity=sum((each.quantity for each in slices), Decimal(0)),
            arrival_price=children.arrival_price,
            started_at=now,
            ends_at=None if ends_ns is None else datetime_from_ns(ns_from_datetime(now) + ends_ns),
            one_at_a_time=children.one_at_a_time,
            spec=spec,
            slices=slices,
            note="" if isinstance(spec, DexExecutionSpec) else spec.schedule_note or "",
        )

    def release(self, now_ns: int, *, group_ids: Sequence[GroupId] | None = None) -> None:
        """Send what is due, of these groups or of all. While no new risk is allowed, a schedule is paused instead.

        What is only in doubt is cleared up without a person: until then nothing new is sent, and what was missed by then
        is not sent in one burst.
        """
        for group_id in tuple(self._schedules) if group_ids is None else group_ids:
            schedule = self._schedules.get(group_id)
            if schedule is None or schedule.plan.pause is not None:
                continue
            plan = schedule.plan
            stopped = self._desk.guard.why_no_risk(plan.strategy_id)
            wait = _HELD_BACK if group_id in self._held_back else self._desk.guard.why_wait(plan.symbol)
            if stopped and group_id not in self._held_back:
                self._pause(plan, reason=stopped, is_asked=False)
            elif wait:
                if schedule.due(now_ns):
                    self._held_up[group_id] = wait
            elif group_id not in self._held_up or not self._catch_up(schedule, now_ns):
                self._send(schedule.take_due(now_ns, is_working=self._is_working(schedule)), plan)

    def _catch_up(self, schedule: SliceSchedule, now_ns: int) -> bool:
        """Plan a group again whose slices were held up, unless only one is due; tell whether that settles it for now."""
        plan = schedule.plan
        if schedule.due(now_ns) <= 1 or plan.one_at_a_time:
            del self._held_up[plan.group_id]
            return False
        orders = self._orders_of(plan)
        if needs_evidence(orders):
            return True
        why = f"{schedule.due(now_ns)} slices were missed ({self._held_up.pop(plan.group_id)})"
        if plan.ends_at is not None and plan.ends_at <= self._desk.now:
            self._pause(plan, reason=f"{why}, and its window is over", is_asked=False)
            return True
        text = self._take_up(plan, orders)
        if self._note is not None:
            self._note("WARNING", f"{text}: {why}")
        return True

    def hold_back(self, group_ids: Iterable[GroupId]) -> None:
        """Send nothing of these groups until another call leaves them out: something that they belong to is in doubt."""
        self._held_back = frozenset(group_ids)

    def pause_groups(self, group_ids: Iterable[GroupId], *, reason: str) -> None:
        """Pause the schedules of these groups until a person resumes them; what works at the venue goes on working."""
        for group_id in group_ids:
            schedule = self._schedules.get(group_id)
            if schedule is not None and schedule.plan.pause is None:
                self._pause(schedule.plan, reason=reason, is_asked=False)

    def _send(self, due: Sequence[OrderId], plan: GroupPlan) -> None:
        """Send slices; the first that may not leave pauses the group, and those after it wait as well."""
        for order_id in due:
            self._desk.send(self._desk.order(order_id), plan.spec)
            order = self._desk.order(order_id)
            if order.status is OrderStatus.REJECTED:
                self._pause(plan, reason=f"a slice may not leave: {order.reason}", is_asked=False)
                return
        if self._schedules[plan.group_id].is_empty:
            del self._schedules[plan.group_id]

    def _is_working(self, schedule: SliceSchedule) -> bool:
        if not schedule.plan.one_at_a_time:
            return False
        waiting = set(schedule.waiting)
        entries = self._desk.working(role=OrderRole.ENTRY, group_id=schedule.plan.group_id)
        return any(order.order_id not in waiting for order in entries)

    def pause(self, group_id: GroupId, *, cancels: bool) -> str:
        """Send no more slices until `resume`, and say so; `cancels` takes back what works at the venue as well.

        Raises:
            VenueRejected: nothing waits that could be paused, or it is paused already; the message says so.
        """
        schedule = self._schedules.get(group_id)
        if schedule is None:
            raise VenueRejected(
                f"every order of {group_id} has been sent: there is no schedule to pause, only orders to cancel"
            )
        working = [order for order in self._entries_of(group_id) if order.order_id not in schedule.waiting]
        if schedule.plan.pause is not None and not (cancels and working):
            raise VenueRejected(f"{group_id} is paused already: {schedule.plan.pause.reason}")
        if schedule.plan.pause is None:
            self._pause(schedule.plan, reason="asked by the user", is_asked=True)
        if not cancels:
            stays = f"{len(working)} orders go on working" if working else "no order of it works"
            return f"{group_id} is paused: {len(schedule.waiting)} slices wait, {stays}"
        taken_back = [order for order in working if self._desk.cancel(order, reason="its group is paused")]
        return (
            f"{group_id} is paused: {len(schedule.waiting)} slices wait, {len(taken_back)} orders are being cancelled"
        )

    def resume(self, group_id: GroupId) -> str:
        """Go on with a paused group, and say how. What was missed is never burst (`AfterPause`).

        Raises:
            VenueRejected: it is not paused, no new risk is allowed, its window is over, or the venue has not yet said what
                became of an order of it; the message says which, and what to do.
        """
        schedule = self._schedules.get(group_id)
        if schedule is None or schedule.plan.pause is None:
            raise VenueRejected(f"{group_id} is not paused")
        plan = schedule.plan
        no = self._desk.guard.why_no_risk(plan.strategy_id) or self._desk.guard.why_wait(plan.symbol)
        if no:
            raise VenueRejected(f"{group_id} stays paused, because no new risk is allowed: {no}")
        orders = self._orders_of(plan)
        unclear = needs_evidence(orders)
        if unclear:
            raise VenueRejected(
                f"{group_id} stays paused: the venue has not said yet what became of {', '.join(unclear)}. Resume it when it has"
            )
        if plan.ends_at is not None and plan.ends_at <= self._desk.now:
            raise VenueRejected(
                f"{group_id} stays paused: its window ended at {plan.ends_at:%H:%M} UTC. Cancel it and decide anew"
            )
        return self._take_up(plan, orders)

    def _take_up(self, plan: GroupPlan, orders: Sequence[Order]) -> str:
        desk = self._desk
        dropped = [order for order in orders if order.status is OrderStatus.NEW]
        if not dropped:  # a person cancelled them one by one
            del self._schedules[plan.group_id]
            self._keep(plan.model_copy(update={"pause": None}))
            return f"{plan.group_id} is no longer paused, and has nothing left to send: no slice of it waits"
        if self._after_pause is AfterPause.RESPREAD:
            again: Again = plan_again(plan, orders, instrument=desk.instrument(plan.symbol), now=desk.now)
            trade = desk.ledger.get_trade(dropped[-1].trade_id)
            fresh = tuple(
                _SLICE(
                    order_id=desk.record(draft, trade=trade, group_id=plan.group_id).order_id,
                    quantity=draft.quantity,
                    due_at=due_at,
                )
                for draft, due_at in again.children
            )
            left_out = {"given_up": again.given_up, "taken_out": ()}
            taken_up = plan.model_copy(update={"slices": (*again.done, *fresh), "pause": None, **left_out})
            reason = "planned again"
        else:
            taken_up = give_up_missed(plan, orders, now=desk.now)
            kept = {each.order_id for each in taken_up.slices}
            dropped = [order for order in dropped if order.order_id not in kept]
            reason = "its time passed before it could be sent"
        # The new plan stands on disk before the old slices go: what is in no plan is never sent.
        self._keep(taken_up)
        for order in dropped:
            desk.cancel(order, reason=reason)
        schedule = SliceSchedule(taken_up, self._unsent(taken_up))
        left = len(schedule.waiting)
        if schedule.is_empty:
            del self._schedules[plan.group_id]
        else:
            self._schedules[plan.group_id] = schedule
            self.release(ns_from_datetime(desk.now), group_ids=(plan.group_id,))
        until = "" if plan.ends_at is None else f" until {plan.ends_at:%H:%M} UTC"
        lost = f"; {_plain(taken_up)} are given up: cancelled, or their time has passed" if taken_up.given_up else ""
        return f"{plan.group_id} goes on: {left} slices{until}{lost}"

    def note_fill(self, fill: Fill) -> None:
        """Remember an execution of a planned entry: planned is compared with done."""
        if fill.role is OrderRole.ENTRY and fill.group_id in self._plans:
            self._fills.setdefault(fill.group_id, []).append(fill)

    def note_refusal(self, order: Order) -> None:
        """Pause the group of a slice that the venue refused: what was refused now would be refused again."""
        schedule = self._schedules.get(order.group_id)
        if schedule is not None and schedule.plan.pause is None:
            self._pause(schedule.plan, reason=f"the venue refused a slice: {order.reason}", is_asked=False)

    def progress(self, group_id: GroupId) -> GroupProgress | None:
        """Return planned against done; None for a group that brought no entry."""
        plan = self._plans.get(group_id)
        if plan is None:
            return None
        return GroupProgress(plan, orders=self._orders_of(plan), fills=self._fills.get(group_id, ()))

    def restore(self, plans: Iterable[GroupPlan], *, fills: Iterable[Fill], reason: str) -> Sequence[GroupId]:
        """Take up the plans of an earlier process: what is still to be sent waits, paused, until a person resumes it.

        Args:
            plans: As they were written down last; the books must hold their groups and orders already.
            fills: Of those groups.
            reason: Why they are paused, for people.

        Returns:
            The groups that wait. A child that is recorded and in no plan was never sent, and is dropped; so is what was
            not sent of a group whose cancelling was cut short.
        """
        held_back = []
        for plan in plans:
            self._plans[plan.group_id] = plan
            planned = {each.order_id for each in plan.slices}
            for order in self._entries_of(plan.group_id):
                if order.status is OrderStatus.NEW and order.order_id not in planned.difference(plan.taken_out):
                    self._desk.cancel(order, reason="not in the plan of its group")
            schedule = SliceSchedule(plan, self._unsent(plan))
            if schedule.is_empty:
                continue
            self._schedules[plan.group_id] = schedule
            if self._desk.ledger.get_group(plan.group_id).status is ExecutionGroupStatus.CANCELLING:
                self.stop_group(plan.group_id, reason="its group was being cancelled when the program ended")
                continue
            held_back.append(plan.group_id)
            if plan.pause is None:
                self._pause(plan, reason=reason, is_asked=False)
            else:
                self._keep(plan)  # a new journal does not have it yet
        self._drop_unplanned()
        for fill in fills:
            self.note_fill(fill)
        return held_back

    def _drop_unplanned(self) -> None:
        """Take back entries whose process died before their plan was on disk: no order is sent before that, so none was."""
        unplanned = [
            order
            for order in self._desk.working(role=OrderRole.ENTRY)
            if order.status is OrderStatus.NEW and order.group_id not in self._plans
        ]
        for group_id in {order.group_id: None for order in unplanned}:
            self.stop_group(group_id, reason="never sent: the program ended before its plan was written down")

    def take_out(self, order: Order, *, reason: str) -> bool:
        """Cancel one entry for good: no resume sends again what it has not filled. False when there is nothing to cancel.

        Its plan says so on disk before it is cancelled.
        """
        plan = self._plans.get(order.group_id)
        is_planned = plan is not None and any(each.order_id == order.order_id for each in plan.slices)
        if plan is None or not is_planned or order.is_terminal or order.order_id in plan.taken_out:
            return self._desk.cancel(order, reason=reason)
        without = plan.model_copy(update={"taken_out": (*plan.taken_out, order.order_id)})
        self._keep(without)
        is_cancelled = self._desk.cancel(order, reason=reason)
        if order.group_id in self._schedules:
            schedule = SliceSchedule(without, self._unsent(without))
            self._schedules[order.group_id] = schedule
            if schedule.is_empty and without.pause is None:
                del self._schedules[order.group_id]
        return is_cancelled or order.status is OrderStatus.CANCEL_PENDING

    def stop_group(self, group_id: GroupId, *, reason: str) -> list[Order]:
        """Stop a group: its schedule first, then its entries; return those that were still working (decisions 6.3).

        Its plan is paused on disk until its slices are cancelled there: what a restart finds in between is never sent.
        """
        schedule = self._schedules.pop(group_id, None)
        self._held_up.pop(group_id, None)
        entries = self._entries_of(group_id)
        group: ExecutionGroup = self._desk.ledger.get_group(group_id)
        if entries and not group.status.is_terminal and group.status is not ExecutionGroupStatus.CANCELLING:
            self._desk.note(self._desk.ledger.move_group(group_id, ExecutionGroupStatus.CANCELLING))
        stopped = [order for order in entries if self._desk.cancel(order, reason=reason)]
        if schedule is not None and schedule.plan.pause is not None:
            self._keep(schedule.plan.model_copy(update={"pause": None}))
        return stopped

    def stop_trade(self, trade_id: TradeId, *, reason: str) -> list[Order]:
        """Stop every entry of a trade; return those that were still working."""
        groups = {order.group_id: None for order in self._desk.working(trade_id, role=OrderRole.ENTRY)}
        return [order for group_id in groups for order in self.stop_group(group_id, reason=reason)]

    def _pause(self, plan: GroupPlan, *, reason: str, is_asked: bool) -> None:
        self._held_up.pop(plan.group_id, None)
        paused = plan.model_copy(update={"pause": GroupPause(at=self._desk.now, reason=reason, is_asked=is_asked)})
        schedule = SliceSchedule(paused, self._unsent(plan))
        if schedule.is_empty:
            self._schedules.pop(plan.group_id, None)
            return
        self._schedules[plan.group_id] = schedule
        self._keep(paused)

    def _keep(self, plan: GroupPlan) -> None:
        self._plans[plan.group_id] = plan
        if self._on_plan is not None:
            self._on_plan(plan)

    def _unsent(self, plan: GroupPlan) -> Collection[OrderId]:
        return {order.order_id for order in self._orders_of(plan) if order.status is OrderStatus.NEW}

    def _orders_of(self, plan: GroupPlan) -> Sequence[Order]:
        return [self._desk.order(each.order_id) for each in plan.slices]

    def _entries_of(self, group_id: GroupId) -> Sequence[Order]:
        return self._desk.working(role=OrderRole.ENTRY, group_id=group_id)


def _plain(plan: GroupPlan) -> str:
    return f"{plan.given_up.normalize():f} {plan.symbol.partition('/')[0]}"
