"""Batches: several directives in one move, and what became of each of their parts."""

from PySide6.QtWidgets import QWidget

from gui.bridge.focus import Chosen
from gui.bridge.host import SessionHost
from gui.models.batches import BatchPart, batch_columns, is_open, needs_a_look, parts_of
from gui.models.table import TableModel
from gui.panels.ledger import hint_of, lay_out
from gui.widgets.looking_panel import LookingPanel
from gui.widgets.table_tools import TableTools
from gui.widgets.table_view import TableView


class BatchesPanel(LookingPanel):
    """Every part of every batch of the session, the newest batch on top."""

    def __init__(self, host: SessionHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.model: TableModel[BatchPart] = TableModel(batch_columns(), parent=self)
        self.table = TableView(
            self.model,
            name=self.tr("Batches"),
            empty_text=self.tr(
                "No batches yet. A batch appears here when several trades are opened, changed or closed in one move."
            ),
            parent=self,
        )
        choices = (
            (self.tr("All"), None),
            (self.tr("Under way"), is_open),
            (self.tr("Not as asked"), needs_a_look),
        )
        self.tools = TableTools(self.table, choices, parent=self)
        hint = hint_of(self, self.tools)
        hint.setText(self.tr("Choose a part to see its orders in the other panels."))
        lay_out(self, self.table, hint, tools=self.tools)
        self.table.row_chosen.connect(self._on_row_chosen)
        self.look()

    def look(self) -> None:
        """Read how the batches stand now."""
        rows = self.model.rows
        for report in self._host.batch_reports():
            # The newest row of a list is on top: of one batch the first part goes in last.
            for key, part in reversed(list(parts_of(report))):
                known = rows.get(key)
                if known is None or known.report is not report:
                    self.model.put(key, part)

    def refresh(self) -> None:
        """Show at once what has arrived."""
        self.look()
        self.model.refresh()

    def _on_row_chosen(self, row: BatchPart | None) -> None:
        if row is not None and row.leg.trades:
            self._host.focus.choose(Chosen(symbol=row.leg.symbol or "", trade_id=row.leg.trades[0]))
