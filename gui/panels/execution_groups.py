"""Execution groups: one thing to watch, and one thing to cancel."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QMessageBox, QProgressBar, QPushButton, QWidget

from engine.contracts.commands import (
    CancelGroup,
    CancelOrder,
    Command,
    CommandAnswer,
    PauseGroupCancelOrders,
    PauseGroupKeepOrders,
    ResumeGroup,
)
from engine.contracts.execution import ExecutionGroup
from engine.contracts.orders import Order
from gui.bridge.focus import Chosen
from gui.bridge.host import SessionHost
from gui.dialogs.confirm import ask_first
from gui.models.group_tree import CANCEL, PAUSE, RESUME, FillRow, GroupRow, OrderRow, Row, id_of
from gui.models.ledger import LedgerModels
from gui.panels.ledger import chosen_order, hint_of, lay_out
from gui.theme import formats
from gui.translation import counted
from gui.widgets.table_tools import TableTools
from gui.widgets.tree_view import TreeView

_KEYS = {"Delete": CANCEL, "P": PAUSE, "R": RESUME}


class ExecutionGroupsPanel(QWidget):
    """Groups with their orders and fills: how far they are, at what price, and what can be done with them.

    Whatever is asked stays pending until the books say what became of it. What is done to an order or a fill's group is
    done by its row, its menu, its keys (Delete, P, R) or the buttons below, all in the same way.
    """

    def __init__(self, host: SessionHost, models: LedgerModels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._pending = models.pending
        self._model = models.groups
        self.table = TreeView(
            models.groups,
            name=self.tr("Execution groups"),
            empty_text=self.tr("No groups here. The orders of one decision appear as one group."),
            parent=self,
        )
        choices = ((self.tr("All"), None), (self.tr("Open"), is_open_group))
        self.tools = TableTools(self.table, choices, parent=self)
        self.cancel_button = self._button(
            self.tr("Cancel group"),
            self.tr("Cancel the chosen order, or all working orders of the chosen group (Delete)"),
        )
        self.cancel_button.clicked.connect(self.cancel_row)
        self.keep_button = self._button(
            self.tr("Pause, keep orders"),
            self.tr("Send no more slices of the chosen group. Its orders at the venue go on working. (P)"),
        )
        self.keep_button.clicked.connect(self.pause_keeping_orders)
        self.take_back_button = self._button(
            self.tr("Pause, cancel orders"),
            self.tr("Send no more slices of the chosen group and cancel its entries at the venue. The rest is kept."),
        )
        self.take_back_button.clicked.connect(self.pause_cancelling_orders)
        self.resume_button = self._button(
            self.tr("Resume"),
            self.tr("Go on with the chosen group. What was missed is not sent all at once. (R)"),
        )
        self.resume_button.clicked.connect(self.resume_chosen)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(self.tr("Executed of the chosen group"))
        self.bar.setToolTip(self.tr("How much of the chosen group is executed, of all that was asked"))
        self.bar.setRange(0, 100)
        self.bar.setFixedWidth(120)
        self.hint = hint_of(self, self.tools)
        buttons = (self.keep_button, self.take_back_button, self.resume_button, self.cancel_button)
        lay_out(self, self.table, self.hint, self.bar, *buttons, tools=self.tools)
        self._act_of = {CANCEL: self.cancel_row, PAUSE: self.pause_keeping_orders, RESUME: self.resume_chosen}
        for keys, act in _KEYS.items():
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._act_of[act])
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu_requested)
        self.table.row_chosen.connect(self._on_row_chosen)
        self.table.button_pressed.connect(self._on_button_pressed)
        models.groups.dataChanged.connect(self._show_choice)
        host.feed.group_changed.connect(self._on_group_changed)
        host.commands.answered.connect(self._on_answered)
        self._show_choice()

    def chosen_group(self) -> GroupRow | None:
        """Return the group that is chosen, or that of the chosen order or fill."""
        row = self.table.chosen()
        match row:
            case OrderRow():
                group_id = row.order.group_id
            case FillRow():
                group_id = row.fill.group_id
            case _:
                return row if isinstance(row, GroupRow) else None
        index = self._model.index_of(group_id)
        group = self._model.row_of(index) if index.isValid() else None
        return group if isinstance(group, GroupRow) else None

    def chosen_order(self) -> Order | None:
        """Return the order that is chosen; None when a group or a fill is."""
        row = self.table.chosen()
        return row.order if isinstance(row, OrderRow) else None

    def cancel_row(self) -> None:
        """Ask to cancel the chosen order, or the group when a group or fill is chosen."""
        if self.chosen_order() is not None:
            self.cancel_chosen_order()
        else:
            self.cancel_chosen()

    def cancel_chosen(self) -> None:
        """Ask to cancel the group of the chosen row; does nothing when there is nothing to cancel."""
        row = self.chosen_group()
        if row is not None and self._may_cancel(row):
            self._host.commands.cancel_group(row.group.group_id)

    def cancel_chosen_order(self) -> None:
        """Ask to cancel the chosen order alone; does nothing when it does not work."""
        order = self.chosen_order()
        if order is not None and self._pending.may_cancel(order):
            self._host.commands.cancel_order(order.order_id)

    def pause_keeping_orders(self) -> None:
        """Ask to send no more slices of the chosen group; does nothing when there are none."""
        row = self.chosen_group()
        if row is not None and row.may_be_paused and not self._waits(row):
            self._host.commands.pause_group_keep_orders(row.group.group_id)

    def pause_cancelling_orders(self) -> None:
        """Ask for the same, and to cancel what works of it at the venue."""
        row = self.chosen_group()
        if row is not None and (row.may_be_paused or row.is_paused) and not self._waits(row):
            self._host.commands.pause_group_cancel_orders(row.group.group_id)

    def resume_chosen(self) -> None:
        """Ask to go on with the chosen group; does nothing when it is not paused."""
        row = self.chosen_group()
        if row is not None and row.is_paused and not self._waits(row):
            self._host.commands.resume_group(row.group.group_id)

    def ask_to_flatten(self) -> None:
        """Ask whether to cancel and close what came of the chosen group alone."""
        row = self.chosen_group()
        if row is not None:
            group_id = row.group.group_id
            self._ask_first(group_id, partial(self._host.commands.flatten_group, group_id))

    def ask_to_flatten_strategy(self) -> None:
        """Ask whether to cancel and close all of the strategy of the chosen group, and nothing else."""
        row = self.chosen_group()
        if row is not None:
            strategy_id = row.group.strategy_id
            self._ask_first(strategy_id, partial(self._host.commands.flatten_strategy, strategy_id))

    def _ask_first(self, what: str, flatten: Callable[[], object]) -> None:
        ask_first(
            self,
            title=self.tr("Flatten"),
            text=self.tr("Cancel and close all of {what}?").format(what=what),
            details=self.tr("Nothing else is touched, but no new trade is opened until you choose Resume trading."),
            accept=self.tr("Flatten"),
            icon=QMessageBox.Icon.Warning,
            on_accepted=partial(self._flatten, flatten),
        )

    def _flatten(self, flatten: Callable[[], object]) -> None:
        flatten()

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        return button

    def _waits(self, row: GroupRow) -> bool:
        return self._pending.is_pending(row.group.group_id)

    def _may_cancel(self, row: GroupRow | None) -> bool:
        return row is not None and row.may_be_cancelled and not self._is_being_cancelled(row)

    def _is_being_cancelled(self, row: GroupRow) -> bool:
        """A pause that waits does not stand in the way of a cancel: what reduces risk may always be asked."""
        return self._pending.is_cancelling(row.group.group_id)

    def _on_button_pressed(self, row: Row, name: str) -> None:
        # Pressing has chosen the row. Were it not so, an order's button could cancel something else.
        chosen = self.table.chosen()
        if chosen is not None and id_of(chosen) == id_of(row):
            self._act_of[name]()

    def _on_menu_requested(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row, order = self.chosen_group(), self.chosen_order()
        if order is not None:
            cancel = menu.addAction(self.tr("Cancel order"), self.cancel_chosen_order)
            cancel.setEnabled(self._pending.may_cancel(order))
            menu.addSeparator()
        menu.addAction(self.keep_button.text(), self.pause_keeping_orders).setEnabled(self.keep_button.isEnabled())
        menu.addAction(self.take_back_button.text(), self.pause_cancelling_orders).setEnabled(
            self.take_back_button.isEnabled()
        )
        menu.addAction(self.resume_button.text(), self.resume_chosen).setEnabled(self.resume_button.isEnabled())
        menu.addAction(self.tr("Cancel group"), self.cancel_chosen).setEnabled(self._may_cancel(row))
        menu.addSeparator()
        menu.addAction(self.tr("Flatten group…"), self.ask_to_flatten).setEnabled(row is not None)
        if row is not None:
            name = row.group.strategy_id
            menu.addAction(self.tr("Flatten strategy {name}…").format(name=name), self.ask_to_flatten_strategy)
        menu.addSeparator()
        menu.addAction(self.tr("Copy chosen rows"), self.table.copy_rows)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _on_row_chosen(self, row: Row | None) -> None:
        self._show_choice()
        focus = self._host.focus
        match row:
            case GroupRow():
                focus.choose(Chosen(strategy_id=row.group.strategy_id))
            case OrderRow():
                focus.choose(chosen_order(row.order))
            case FillRow():
                fill = row.fill
                focus.choose(Chosen(symbol=fill.symbol, trade_id=fill.trade_id, order_id=fill.order_id))

    def _on_group_changed(self, _group: ExecutionGroup) -> None:
        self._show_choice()

    def _on_answered(self, command: Command, answer: CommandAnswer) -> None:
        if isinstance(command, CancelGroup | CancelOrder | PauseGroupKeepOrders | PauseGroupCancelOrders | ResumeGroup):
            self._show_choice()
            self.hint.setText(answer.text)
            self.hint.setToolTip(answer.text)

    def _show_choice(self) -> None:
        row, order = self.chosen_group(), self.chosen_order()
        self.cancel_button.setText(self.tr("Cancel group") if order is None else self.tr("Cancel order"))
        self.cancel_button.setEnabled(self._may_cancel(row) if order is None else self._pending.may_cancel(order))
        waits = row is not None and self._waits(row)
        may_pause = row is not None and row.may_be_paused and not waits
        is_paused = row is not None and row.is_paused and not waits
        self.keep_button.setEnabled(may_pause)
        self.take_back_button.setEnabled(may_pause or is_paused)
        self.resume_button.setEnabled(is_paused)
        self._show_progress(row)
        self._show_hint(row, order)

    def _show_hint(self, row: GroupRow | None, order: Order | None) -> None:
        if row is None:
            self.hint.setText(self.tr("Choose a group or an order to cancel or pause it."))
        elif order is not None and self._pending.is_pending(order.order_id):
            self.hint.setText(self.tr("Cancelling {order}: waiting for the venue…").format(order=order.order_id))
        elif order is not None and self._pending.why_kept(order):
            self.hint.setText(self._pending.why_kept(order))
        elif self._is_being_cancelled(row):
            self.hint.setText(self.tr("Cancelling {group}: waiting for the venue…").format(group=row.group.group_id))
        elif self._waits(row):
            self.hint.setText(self.tr("{group}: waiting for an answer…").format(group=row.group.group_id))
        elif row.is_paused and row.plan is not None and row.plan.pause is not None:
            self.hint.setText(self.tr("Paused: {reason}").format(reason=row.plan.pause.reason))
        elif row.may_be_cancelled:
            text = counted(row.working, one=self.tr("{count} order works"), many=self.tr("{count} orders work"))
            self.hint.setText(self.tr("{orders} in this group.").format(orders=text))
        else:
            self.hint.setText(self.tr("Nothing works in this group any more."))
        self.hint.setToolTip(self.hint.text())  # four buttons leave a long sentence no room in a narrow window

    def _show_progress(self, row: GroupRow | None) -> None:
        progress = None if row is None else row.progress
        self.bar.setVisible(progress is not None)
        if progress is None:
            return
        self.bar.setValue(int(progress.share_done * 100))
        now = self._host.status.now
        if now is not None:
            planned = progress.plan.planned_by(now) / progress.plan.quantity
            text = self.tr("executed {done}, planned by now {planned}")
            done = formats.percent_text(progress.share_done, 0)
            self.bar.setToolTip(text.format(done=done, planned=formats.percent_text(planned, 0)))


def is_open_group(row: Row) -> bool:
    """Whether something is still to come of a group."""
    return isinstance(row, GroupRow) and not row.group.status.is_terminal
