"""What a person has asked for and no venue has confirmed yet: seen from the click until the books say so."""

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from engine.contracts.commands import (
    CancelGroup,
    CancelOrder,
    Command,
    CommandAnswer,
    CommandStatus,
    PauseGroupCancelOrders,
    PauseGroupKeepOrders,
    ResumeGroup,
)
from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.orders import Order, OrderRole, OrderStatus
from engine.contracts.schedules import GroupPlan
from gui.bridge.host import SessionHost
from gui.theme import formats

_SPINNER: Final = "◐◓◑◒"
_SPIN_MS: Final = 250
_ABOUT_A_GROUP = CancelGroup | PauseGroupKeepOrders | PauseGroupCancelOrders | ResumeGroup


@dataclass(frozen=True, slots=True)
class _Asked:
    command: Command
    is_under_way: bool = False  # the books have shown it on its way, so that they can show that it came to nothing


class PendingActs(QObject):
    """The orders and groups about which something is asked, by their id.

    A refusal ends it at once. Otherwise the books do: a cancel is over when the order or group is, or when the venue
    has said no and it works on; a pause when the plan says that it is paused and, where the orders go as well, no
    entry works any more; a resume when the plan goes on.

    Args:
        host: Whose commands and feed are listened to.
        parent: Qt parent.
    """

    changed = Signal(str)  # OrderId or GroupId: it has begun or ended to wait, or its spinner has turned

    def __init__(self, host: SessionHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: dict[str, _Asked] = {}
        self._plans: dict[str, GroupPlan] = {}
        self._working: dict[str, set[str]] = {}
        self._turn = 0
        self._spin = QTimer(self)
        self._spin.setInterval(_SPIN_MS)
        self._spin.timeout.connect(self._on_turned)
        host.commands.asked.connect(self._on_asked)
        host.commands.answered.connect(self._on_answered)
        host.feed.order_changed.connect(self._on_order_changed)
        host.feed.group_changed.connect(self._on_group_changed)
        host.feed.plan_changed.connect(self._on_plan_changed)
        for plan in host.group_plans():
            self._on_plan_changed(plan)
        for order in host.exposure().orders:
            self._on_order_changed(order)

    def is_pending(self, key: str) -> bool:
        """Whether something about an order or a group waits for its venue."""
        return key in self._asked

    def is_cancelling(self, key: str) -> bool:
        """Whether it is a cancel of an order or a group that waits."""
        return key in self._asked and isinstance(self._asked[key].command, CancelGroup | CancelOrder)

    def text_of(self, key: str) -> str:
        """Return what is waited for, with a spinner; nothing if nothing is."""
        asked = self._asked.get(key)
        return "" if asked is None else f"{_SPINNER[self._turn % len(_SPINNER)]} {self._what(asked.command)}"

    def may_cancel(self, order: Order) -> bool:
        """Whether a person can ask to cancel an order now: an entry that works. The session keeps what protects or closes."""
        return (
            order.role is OrderRole.ENTRY
            and not order.is_terminal
            and order.status is not OrderStatus.CANCEL_PENDING
            and not self.is_pending(order.order_id)
        )

    def why_kept(self, order: Order) -> str:
        """Return which position would be left naked without an order that works, and how large, and what to do instead.

        Nothing for an entry, and for an order that is over.
        """
        text = "" if order.is_terminal else self._why_kept(order.role)
        return text.format(quantity=formats.quantity_text(order.remaining_quantity), symbol=order.symbol)

    def _why_kept(self, role: OrderRole) -> str:
        match role:
            case OrderRole.ENTRY:
                return ""
            case OrderRole.STOP_LOSS:
                return self.tr(
                    "This stop stays: without it {quantity} {symbol} would be naked. Close the trade instead."
                )
            case OrderRole.TAKE_PROFIT:
                return self.tr("This target stays: it is the way out of {quantity} {symbol}. Close the trade instead.")
            case OrderRole.CLOSE | OrderRole.LIQUIDATION:
                return self.tr("This order stays: it closes {quantity} {symbol}.")

    def _on_order_changed(self, order: Order) -> None:
        """Take an order as the books have it now."""
        working = self._working.setdefault(order.group_id, set())
        works = order.role is OrderRole.ENTRY and not order.is_terminal and order.status is not OrderStatus.NEW
        (working.add if works else working.discard)(order.order_id)
        if not working:
            del self._working[order.group_id]
        asked = self._asked.get(order.order_id)
        if asked is not None:
            self._follow(order.order_id, asked, order.is_terminal, order.status is OrderStatus.CANCEL_PENDING)
        self._look_at_plan(order.group_id)

    def _what(self, command: Command) -> str:
        match command:
            case PauseGroupKeepOrders():
                return self.tr("Pausing…")
            case PauseGroupCancelOrders():
                return self.tr("Pausing, cancelling orders…")
            case ResumeGroup():
                return self.tr("Resuming…")
        return self.tr("Cancelling: waiting for the venue…")

    def _on_asked(self, command: Command) -> None:
        key = _key_of(command)
        if key is not None:
            self._asked[key] = _Asked(command)
            self._spin.start()
            self.changed.emit(key)

    def _on_answered(self, command: Command, answer: CommandAnswer) -> None:
        key = _key_of(command)
        asked = None if key is None else self._asked.get(key)
        if key is None or asked is None or asked.command.command_id != command.command_id:
            return
        if (
            answer.status is not CommandStatus.ACCEPTED and isinstance(command, CancelGroup | CancelOrder)
        ) or answer.status is CommandStatus.REFUSED:
            self._end(key)

    def _on_group_changed(self, group: ExecutionGroup) -> None:
        asked = self._asked.get(group.group_id)
        if group.status.is_terminal:
            self._plans.pop(group.group_id, None)
        if asked is None:
            return
        if isinstance(asked.command, CancelGroup):
            is_cancelling = group.status is ExecutionGroupStatus.CANCELLING
            self._follow(group.group_id, asked, group.status.is_terminal, is_cancelling)
        elif group.status.is_terminal:
            self._end(group.group_id)

    def _on_plan_changed(self, plan: GroupPlan) -> None:
        self._plans[plan.group_id] = plan
        self._look_at_plan(plan.group_id)

    def _look_at_plan(self, group_id: str) -> None:
        asked, plan = self._asked.get(group_id), self._plans.get(group_id)
        if asked is None or plan is None:
            return
        match asked.command:
            case PauseGroupKeepOrders():
                is_done = plan.pause is not None
            case PauseGroupCancelOrders():
                is_done = plan.pause is not None and not self._working.get(group_id)
            case ResumeGroup():
                is_done = plan.pause is None
            case _:
                is_done = False
        if is_done:
            self._end(group_id)

    def _follow(self, key: str, asked: _Asked, is_over: bool, is_under_way: bool) -> None:
        if is_over or (asked.is_under_way and not is_under_way):
            self._end(key)
        elif is_under_way and not asked.is_under_way:
            self._asked[key] = replace(asked, is_under_way=True)

    def _end(self, key: str) -> None:
        del self._asked[key]
        if not self._asked:
            self._spin.stop()
        self.changed.emit(key)

    def _on_turned(self) -> None:
        self._turn += 1
        for key in tuple(self._asked):
            self.changed.emit(key)


def _key_of(command: Command) -> str | None:
    if isinstance(command, CancelOrder):
        return command.order_id
    return command.group_id if isinstance(command, _ABOUT_A_GROUP) else None
