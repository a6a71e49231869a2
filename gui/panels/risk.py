"""Risk: how much of each limit is used, and what the guard and the strategies' own limits refused."""

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from engine.contracts.flows import FlowRecord, OutcomeKind
from engine.contracts.limits import LimitUse
from gui.bridge.focus import Chosen
from gui.bridge.host import SessionHost
from gui.models.risk import limit_columns, refusal_columns
from gui.models.table import TableModel
from gui.panels.ledger import hint_of, lay_out
from gui.widgets.looking_panel import LookingPanel
from gui.widgets.table_tools import TableTools
from gui.widgets.table_view import TableView


class RiskPanel(LookingPanel):
    """Limits as the guard reckons them at this moment, and refusals, each of which leads to its flow."""

    def __init__(self, host: SessionHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = QTabWidget(self)
        self.pages.setAccessibleName(self.tr("Pages of the risk panel"))
        self._host = host
        names = {strategy.strategy_id: strategy.name for strategy in host.status.strategies}
        self.limits: TableModel[LimitUse] = TableModel(
            limit_columns(lambda subject: names.get(subject, subject)), parent=self
        )
        self.limits_table = TableView(
            self.limits,
            name=self.tr("Limits"),
            empty_text=self.tr("The limits of the risk guard appear here, with what is used of each."),
            parent=self,
        )
        self.refusals: TableModel[FlowRecord] = TableModel(
            refusal_columns(lambda strategy_id: names.get(strategy_id, strategy_id)), parent=self
        )
        self.refusals_table = TableView(
            self.refusals,
            name=self.tr("Refusals"),
            empty_text=self.tr(
                "Nothing was refused yet. What a rule refuses appears here, with the rule and its numbers."
            ),
            parent=self,
        )
        self.tools = TableTools(self.refusals_table, ((self.tr("All"), None),), parent=self)
        hint = hint_of(self, self.tools)
        hint.setText(
            self.tr("Choose a refusal to open its flow. Limits are set in `platform.yaml`, under `execution.limits`.")
        )
        right = QWidget(self)
        lay_out(right, self.refusals_table, hint, tools=self.tools)
        self.pages.addTab(self.limits_table, self.tr("Limits"))
        self.pages.addTab(right, self.tr("Refusals"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.pages)
        self.refusals_table.row_chosen.connect(self._on_row_chosen)
        host.feed.flow_ended.connect(self._on_flow_ended)
        self.look()

    def look(self) -> None:
        """Read the limits as they are used now."""
        uses = {(use.rule, use.subject): use for use in self._host.limit_uses()}
        for key in [key for key in self.limits.rows if key not in uses]:
            self.limits.drop(key)
        # The newest row of a list is on top: the first of the guard goes in last.
        for key, use in reversed(uses.items()):
            if self.limits.rows.get(key) != use:
                self.limits.put(key, use)

    def refresh(self) -> None:
        """Show at once what has arrived."""
        self.look()
        self.limits.refresh()
        self.refusals.refresh()

    def _on_flow_ended(self, record: FlowRecord) -> None:
        if record.outcome.kind is OutcomeKind.REJECTED:
            self.refusals.put(record.flow_id, record)

    def _on_row_chosen(self, record: FlowRecord | None) -> None:
        if record is not None:
            self._host.focus.choose(Chosen(strategy_id=record.strategy_id, flow_id=record.flow_id))
