"""Execution groups: one thing to watch, and one thing to cancel."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget

from engine.contracts.commands import CancelGroup, Command, CommandAnswer, CommandStatus
from engine.contracts.execution import ExecutionGroup
from engine.primitives.ids import GroupId
from gui.bridge.host import SessionHost
from gui.models.books import GroupRow
from gui.models.ledger import LedgerModels
from gui.panels.ledger import lay_out
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
        self.hint = QLabel(self)
        self.hint.setProperty("role", "hint")
        lay_out(self, self.table, self.hint, self.cancel_button)
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

    def _may_cancel(self, row: GroupRow | None) -> bool:
        return row is not None and row.may_be_cancelled and row.group.group_id not in self._pending

    def _on_menu_requested(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Cancel group"), self.cancel_chosen).setEnabled(self._may_cancel(self.table.chosen()))
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

    def _show_choice(self) -> None:
        row = self.table.chosen()
        self.cancel_button.setEnabled(self._may_cancel(row))
        if row is None:
            self.hint.setText(self.tr("Choose a group to cancel its working orders."))
        elif row.group.group_id in self._pending:
            self.hint.setText(self.tr("Cancelling {group}: waiting for the venue…").format(group=row.group.group_id))
        elif row.may_be_cancelled:
            text = counted(row.working, one=self.tr("{count} order works"), many=self.tr("{count} orders work"))
            self.hint.setText(self.tr("{orders} in this group.").format(orders=text))
        else:
            self.hint.setText(self.tr("Nothing works in this group any more."))
