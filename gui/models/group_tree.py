"""Execution groups as a tree: a group, its orders, their fills; each measured against the price at its arrival."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.orders import Fill, Order, OrderRole
from engine.contracts.schedules import GroupPlan, GroupProgress
from engine.primitives.money import ZERO, in_basis_points
from gui.models.books import NameOf, TickSizeOf, order_tone
from gui.models.column import Bars, Column, RowButton, greyed
from gui.models.pending import PendingActs
from gui.theme import formats
from gui.theme.tokens import Tone
from gui.translation import counted, translate

CANCEL, PAUSE, RESUME = "cancel", "pause", "resume"
"""What the buttons of a row are called."""


@dataclass(frozen=True, slots=True)
class FillRow:
    """An execution of an order, with the plan of its group. It is late when its order was over before it came."""

    fill: Fill
    plan: GroupPlan | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order with the plan of its group."""

    order: Order
    plan: GroupPlan | None = None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group together with its orders and fills, as far as the window has seen them."""

    group: ExecutionGroup
    orders: tuple[Order, ...]
    plan: GroupPlan | None = None
    fills: tuple[FillRow, ...] = ()

    @property
    def progress(self) -> GroupProgress | None:
        """Planned against done; None for a group that brought no entry."""
        fills = [row.fill for row in self.fills]
        return None if self.plan is None else GroupProgress(self.plan, orders=self.orders, fills=fills)

    @property
    def late_fills(self) -> int:
        """How many executions came when their order was thought to be over."""
        return sum(row.is_late for row in self.fills)

    @property
    def is_paused(self) -> bool:
        """Whether its slices wait for a person."""
        return self.may_be_cancelled and self.plan is not None and self.plan.pause is not None

    @property
    def may_be_paused(self) -> bool:
        """Whether slices of it are still to be sent, and nobody has paused it."""
        progress = self.progress
        return self.may_be_cancelled and not self.is_paused and progress is not None and progress.unsent > 0

    @property
    def leading(self) -> tuple[Order, ...]:
        """The orders that the group is there for: entries or closes, not what protects them."""
        main = tuple(order for order in self.orders if order.role in (OrderRole.ENTRY, OrderRole.CLOSE))
        return main or self.orders

    @property
    def quantity(self) -> Decimal:
        """What is to be filled, base units: of a plan what was asked, for its orders may have been planned again."""
        return self.plan.quantity if self.plan is not None else sum((order.quantity for order in self.leading), ZERO)

    @property
    def filled(self) -> Decimal:
        """What has been filled of it, base units."""
        return sum((order.filled_quantity for order in self.leading), ZERO)

    @property
    def average_price(self) -> Decimal | None:
        """What its leading orders were filled at on average, quote per base, from their fills; None before the first."""
        leading = {order.order_id for order in self.leading}
        fills = [row.fill for row in self.fills if row.fill.order_id in leading]
        quantity = sum((fill.quantity for fill in fills), ZERO)
        return sum((fill.price * fill.quantity for fill in fills), ZERO) / quantity if quantity else None

    @property
    def working(self) -> int:
        """How many of its orders are not done."""
        return sum(not order.is_terminal for order in self.orders)

    @property
    def may_be_cancelled(self) -> bool:
        """Whether something is still to come of it. Stop and target of a completed entry are not cancelled with it."""
        return not self.group.status.is_terminal and self.group.status is not ExecutionGroupStatus.CANCELLING


Row = GroupRow | OrderRow | FillRow
NowOf = Callable[[], datetime | None]
"""The session's time; None before its first tick."""


def id_of(row: Row) -> str:
    """Return by what a row is known: GroupId, OrderId or FillId."""
    match row:
        case GroupRow():
            return row.group.group_id
        case OrderRow():
            return row.order.order_id
    return row.fill.fill_id


def slippage_bps(row: Row) -> Decimal | None:
    """Return what was paid more than the arrival price of the group, in basis points of it; below zero it was cheaper.

    None before a fill, without a plan, and for what does not enter: a stop or a close has no arrival of its own.
    """
    plan = row.plan
    match row:
        case GroupRow():
            progress = row.progress
            return None if progress is None else progress.shortfall_bps
        case OrderRow():
            price, role = row.order.average_fill_price, row.order.role
        case _:
            price, role = row.fill.price, row.fill.role
    if plan is None or price is None or role is not OrderRole.ENTRY:
        return None
    return in_basis_points((price - plan.arrival_price) / plan.arrival_price) * plan.direction.sign


def bars_of(row: Row, now: datetime | None) -> Bars | None:
    """Return planned by now and executed, as ratios of the whole for drawing alone; None for a fill."""
    match row:
        case GroupRow():
            quantity, done, plan = row.quantity, row.filled, row.plan
            planned = None if plan is None or now is None else _share(plan.planned_by(now), plan.quantity)
        case OrderRow():
            quantity, done, planned = row.order.quantity, row.order.filled_quantity, None
        case _:
            return None
    return Bars(planned, _share(done, quantity)) if quantity else None


def group_columns(name_of: NameOf, tick_of: TickSizeOf, pending: PendingActs, now_of: NowOf) -> Sequence[Column[Row]]:
    """Return the columns of groups, orders and fills."""

    def price(value: Decimal | None, row: Row) -> str:
        symbol = _symbol_of(row)
        return formats.price_text(value, tick_of(symbol) if symbol else None)

    def status(row: Row) -> str:
        return pending.text_of(id_of(row)) or _state_of(row)

    columns: Sequence[Column[Row]] = (
        Column(
            translate("Groups", "Group, order, fill"),
            lambda row: _title_of(row, name_of),
            sort_key=id_of,
            tooltip=id_of,
            sample="▸ ▸ Demo momentum BTC  ▲ Buy BTC/USDT  Single order",
        ),
        Column(
            translate("Groups", "Status"), status, tone=_tone_of, tooltip=status, sample="Cancelling: waiting for the"
        ),
        Column(
            translate("Groups", "Act"),
            lambda _row: "",
            buttons=lambda row: _buttons_of(row, pending),
            sample="‖  ✕ ..",
        ),
        Column(
            translate("Groups", "Planned / done"),
            lambda row: _share_text(bars_of(row, now_of())),
            sort_key=lambda row: None if (bars := bars_of(row, now_of())) is None else bars.done,
            bars=lambda row: bars_of(row, now_of()),
            tooltip=lambda row: _share_tip(bars_of(row, now_of())),
            is_number=True,
            sample="100 % / 100 %  ....",
        ),
        Column(
            translate("Groups", "Filled / quantity"),
            _filled_text,
            sort_key=_filled_of,
            is_number=True,
            exact=_filled_of,
            sample="0.00000 / 0.00000",
        ),
        Column(
            translate("Groups", "Average price"),
            lambda row: price(_price_of(row), row),
            sort_key=_price_of,
            is_number=True,
            exact=_price_of,
            sample="100,000.00",
        ),
        Column(
            translate("Groups", "Arrival price"),
            lambda row: price(_arrival_of(row), row),
            sort_key=_arrival_of,
            is_number=True,
            exact=_arrival_of,
            sample="100,000.00",
        ),
        Column(
            translate("Groups", "Slippage (bps)"),
            lambda row: formats.decimal_text(slippage_bps(row), 1),
            sort_key=slippage_bps,
            is_number=True,
            exact=slippage_bps,
            tooltip=lambda _row: translate(
                "Groups", "What was paid more than the price the entry was planned against; below zero it was cheaper"
            ),
        ),
        Column(translate("Groups", "Next slice (UTC)"), _next_slice, sample="2026-01-05 12:00:00"),
        Column(
            translate("Groups", "Time (UTC)"),
            lambda row: formats.instant_text(_time_of(row)),
            exact=_time_of,
            sample="2026-01-05 12:00:00",
        ),
        Column(translate("Groups", "Id"), id_of, sample="ORD_20260105_120000_00000"),
    )
    return greyed(columns, lambda row: pending.is_pending(id_of(row)))


def _share(part: Decimal, whole: Decimal) -> float:
    """Return a ratio for drawing, at most 1: an execution can be more than was asked."""
    return float(min(part / whole, Decimal(1)))


def _title_of(row: Row, name_of: NameOf) -> str:
    match row:
        case GroupRow():
            order = next(iter(row.leading), None)
            side = "" if order is None else f"  {formats.side_text(order.direction)} {order.symbol}"
            return f"{name_of(row.group.strategy_id)}{side}  {formats.state_text(row.group.execution_strategy)}"
        case OrderRow():
            order = row.order
            return f"{formats.side_text(order.direction)}  {formats.state_text(order.role)}  {formats.state_text(order.order_type)}"
    late = translate("Groups", "⚠ Late fill") if row.is_late else translate("Groups", "Fill")
    return f"{late}  {formats.state_text(row.fill.liquidity)}"


def _state_of(row: Row) -> str:
    match row:
        case GroupRow():
            state = translate("Groups", "Paused") if row.is_paused else formats.state_text(row.group.status)
            if not row.late_fills:
                return state
            one, many = translate("Groups", "{count} late fill"), translate("Groups", "{count} late fills")
            return f"⚠ {state}, {counted(row.late_fills, one=one, many=many)}"
        case OrderRow():
            return formats.state_text(row.order.status)
    return translate("Groups", "After its order was over") if row.is_late else translate("Groups", "Booked")


def _tone_of(row: Row) -> Tone | None:
    match row:
        case GroupRow():
            return Tone.WARNING if row.is_paused or row.late_fills else _GROUP_TONES.get(row.group.status)
        case OrderRow():
            return order_tone(row.order)
    return Tone.WARNING if row.is_late else None


def _buttons_of(row: Row, pending: PendingActs) -> tuple[RowButton, ...]:
    if pending.is_cancelling(id_of(row)):
        return ()
    if isinstance(row, OrderRow):
        return (RowButton(CANCEL, "✕", translate("Groups", "Cancel order")),) if pending.may_cancel(row.order) else ()
    if not isinstance(row, GroupRow):
        return ()
    buttons = []
    waits = pending.is_pending(id_of(row))
    if row.may_be_paused and not waits:
        buttons.append(RowButton(PAUSE, "‖", translate("Groups", "Pause, keep orders")))
    if row.is_paused and not waits:
        buttons.append(RowButton(RESUME, "▶", translate("Groups", "Resume")))
    if row.may_be_cancelled:
        buttons.append(RowButton(CANCEL, "✕", translate("Groups", "Cancel group")))
    return tuple(buttons)


def _share_text(bars: Bars | None) -> str:
    if bars is None:
        return ""
    done = f"{bars.done:.0%}"
    return done if bars.planned is None else f"{bars.planned:.0%} / {done}"


def _share_tip(bars: Bars | None) -> str:
    if bars is None:
        return ""
    if bars.planned is None:
        return translate("Groups", "executed {done}").format(done=f"{bars.done:.0%}")
    text = translate("Groups", "planned by now {planned}, executed {done}")
    return text.format(done=f"{bars.done:.0%}", planned=f"{bars.planned:.0%}")


def _filled_of(row: Row) -> Decimal:
    match row:
        case GroupRow():
            return row.filled
        case OrderRow():
            return row.order.filled_quantity
    return row.fill.quantity


def _filled_text(row: Row) -> str:
    filled = formats.quantity_text(_filled_of(row))
    match row:
        case GroupRow():
            return f"{filled} / {formats.quantity_text(row.quantity)}"
        case OrderRow():
            return f"{filled} / {formats.quantity_text(row.order.quantity)}"
    return filled


def _price_of(row: Row) -> Decimal | None:
    match row:
        case GroupRow():
            return row.average_price
        case OrderRow():
            return row.order.average_fill_price
    return row.fill.price


def _arrival_of(row: Row) -> Decimal | None:
    return row.plan.arrival_price if isinstance(row, GroupRow) and row.plan is not None else None


def _symbol_of(row: Row) -> str:
    match row:
        case GroupRow():
            return row.orders[0].symbol if row.orders else row.plan.symbol if row.plan is not None else ""
        case OrderRow():
            return row.order.symbol
    return row.fill.symbol


def _time_of(row: Row) -> datetime:
    match row:
        case GroupRow():
            return row.group.created_at
        case OrderRow():
            return row.order.created_at
    return row.fill.filled_at


def _next_slice(row: Row) -> str:
    if not isinstance(row, GroupRow):
        return ""
    if row.is_paused:
        return translate("Groups", "when resumed")
    progress = row.progress
    return "" if progress is None or progress.next_due_at is None else formats.instant_text(progress.next_due_at)


_GROUP_TONES: Final = {
    ExecutionGroupStatus.ACTIVE: Tone.ACCENT,
    ExecutionGroupStatus.PARTIALLY_FILLED: Tone.ACCENT,
    ExecutionGroupStatus.COMPLETED: Tone.RISE,
    ExecutionGroupStatus.CANCELLING: Tone.WARNING,
    ExecutionGroupStatus.FAILED: Tone.FALL,
    ExecutionGroupStatus.CANCELLED: Tone.MUTED,
}
