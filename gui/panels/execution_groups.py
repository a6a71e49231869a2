"""Execution groups: one thing to watch, and one thing to cancel."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QMenu, QMessageBox, QProgressBar, QPushButton, QWidget

from engine.contracts.commands import (
    CancelGroup,
    Command,
    CommandAnswer,
    CommandStatus,
    PauseGroupCancelOrders,
    PauseGroupKeepOrders,
    ResumeGroup,
)
from engine.contracts.execution import ExecutionGroup
from engine.primitives.ids import GroupId
from gui.bridge.host import SessionHost
from gui.dialogs.confirm import ask_first
from gui.models.books import GroupRow
from gui.models.ledger import LedgerModels
from gui.panels.ledger import lay_out
from gui.theme import formats
from gui.translation import counted
from gui.widgets.table_view import TableView


class ExecutionGroupsPanel(QWidget):
    """Groups with how far they are filled; *Cancel group* stays pending until the ledger says what became of it."""

    def __init__(self, host: SessionHost, models: LedgerModels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._pending: set[GroupId] = set()
        self.table = TableView(
            models.groups,
            name=self.tr("Execution groups"),
            empty_text=self.tr("No groups yet. The orders of one decision appear here as one group."),
            parent=self,
        )
        self.cancel_button = QPushButton(self.tr("Cancel group"), self)
        self.cancel_button.setToolTip(self.tr("Cancel all working orders of the chosen group (Delete)"))
        self.cancel_button.clicked.connect(self.cancel_chosen)
        self.keep_button = self._button(
            self.tr("Pause, keep orders"),
            self.tr("Send no more slices of the chosen group. Its orders at the venue go on working."),
        )
        self.keep_button.clicked.connect(self.pause_keeping_orders)
        self.take_back_button = self._button(
            self.tr("Pause, cancel orders"),
            self.tr("Send no more slices of the chosen group and cancel its entries at the venue. The rest is kept."),
        )
        self.take_back_button.clicked.connect(self.pause_cancelling_orders)
        self.resume_button = self._button(
            self.tr("Resume"),
            self.tr("Go on with the chosen group. What was missed is not sent all at once."),
        )
        self.resume_button.clicked.connect(self.resume_chosen)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(self.tr("Executed of the chosen group"))
        self.bar.setToolTip(self.tr("How much of the chosen group is executed, of all that was asked"))
        self.bar.setRange(0, 100)
        self.bar.setFixedWidth(160)
        self.hint = QLabel(self)
        self.hint.setProperty("role", "hint")
        buttons = (self.keep_button, self.take_back_button, self.resume_button, self.cancel_button)
        lay_out(self, self.table, self.hint, self.bar, *buttons)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu_requested)
        self.table.row_chosen.connect(self._on_row_chosen)
        models.groups.dataChanged.connect(self._on_rows_changed)
        host.feed.group_changed.connect(self._on_group_changed)
        host.commands.answered.connect(self._on_answered)
        self._show_choice()

    def cancel_chosen(self) -> None:
        """Ask to cancel the chosen group; does nothing when there is nothing to cancel."""
        row = self.table.chosen()
        if self._may_cancel(row):
            self._pending.add(row.group.group_id)
            self._host.commands.cancel_group(row.group.group_id)
            self._show_choice()

    def pause_keeping_orders(self) -> None:
        """Ask to send no more slices of the chosen group; does nothing when there are none."""
        row = self.table.chosen()
        if row is not None and row.may_be_paused:
            self._host.commands.pause_group_keep_orders(row.group.group_id)

    def pause_cancelling_orders(self) -> None:
        """Ask for the same, and to cancel what works of it at the venue."""
        row = self.table.chosen()
        if row is not None and (row.may_be_paused or row.is_paused):
            self._host.commands.pause_group_cancel_orders(row.group.group_id)

    def resume_chosen(self) -> None:
        """Ask to go on with the chosen group; does nothing when it is not paused."""
        row = self.table.chosen()
        if row is not None and row.is_paused:
            self._host.commands.resume_group(row.group.group_id)

    def ask_to_flatten(self) -> None:
        """Ask whether to cancel and close what came of the chosen group alone."""
        row = self.table.chosen()
        if row is not None:
            group_id = row.group.group_id
            self._ask_first(group_id, partial(self._host.commands.flatten_group, group_id))

    def ask_to_flatten_strategy(self) -> None:
        """Ask whether to cancel and close all of the strategy of the chosen group, and nothing else."""
        row = self.table.chosen()
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

    def _may_cancel(self, row: GroupRow | None) -> bool:
        return row is not None and row.may_be_cancelled and row.group.group_id not in self._pending

    def _on_menu_requested(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = self.table.chosen()
        may_pause = row is not None and row.may_be_paused
        is_paused = row is not None and row.is_paused
        menu.addAction(self.keep_button.text(), self.pause_keeping_orders).setEnabled(may_pause)
        menu.addAction(self.take_back_button.text(), self.pause_cancelling_orders).setEnabled(may_pause or is_paused)
        menu.addAction(self.resume_button.text(), self.resume_chosen).setEnabled(is_paused)
        menu.addAction(self.tr("Cancel group"), self.cancel_chosen).setEnabled(self._may_cancel(self.table.chosen()))
        menu.addSeparator()
        menu.addAction(self.tr("Flatten group…"), self.ask_to_flatten).setEnabled(row is not None)
        if row is not None:
            name = row.group.strategy_id
            menu.addAction(self.tr("Flatten strategy {name}…").format(name=name), self.ask_to_flatten_strategy)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _on_row_chosen(self, _row: GroupRow | None) -> None:
        self._show_choice()

    def _on_rows_changed(self) -> None:
        self._show_choice()

    def _on_group_changed(self, group: ExecutionGroup) -> None:
        if group.status.is_terminal:
            self._pending.discard(group.group_id)
        self._show_choice()

    def _on_answered(self, command: Command, answer: CommandAnswer) -> None:
        if isinstance(command, CancelGroup):
            if answer.status is not CommandStatus.ACCEPTED:
                self._pending.discard(command.group_id)
            self._show_choice()
            self.hint.setText(answer.text)
        elif isinstance(command, PauseGroupKeepOrders | PauseGroupCancelOrders | ResumeGroup):
            self._show_choice()
            self.hint.setText(answer.text)

    def _show_choice(self) -> None:
        row = self.table.chosen()
        self.cancel_button.setEnabled(self._may_cancel(row))
        may_pause, is_paused = row is not None and row.may_be_paused, row is not None and row.is_paused
        self.keep_button.setEnabled(may_pause)
        self.take_back_button.setEnabled(may_pause or is_paused)
        self.resume_button.setEnabled(is_paused)
        self._show_progress(row)
        if row is None:
            self.hint.setText(self.tr("Choose a group to cancel its working orders."))
        elif row.group.group_id in self._pending:
            self.hint.setText(self.tr("Cancelling {group}: waiting for the venue…").format(group=row.group.group_id))
        elif row.is_paused and row.plan is not None and row.plan.pause is not None:
            self.hint.setText(self.tr("Paused: {reason}").format(reason=row.plan.pause.reason))
        elif row.may_be_cancelled:
            text = counted(row.working, one=self.tr("{count} order works"), many=self.tr("{count} orders work"))
            self.hint.setText(self.tr("{orders} in this group.").format(orders=text))
        else:
            self.hint.setText(self.tr("Nothing works in this group any more."))

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
