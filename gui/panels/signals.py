"""What phase 2 said: chances in one list, dangers in another, and what came of each."""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtWidgets import QWidget

from engine.contracts.flows import FlowRecord, OutcomeKind
from gui.bridge.focus import Chosen
from gui.bridge.host import SessionHost
from gui.models.signals import Noticed, signal_columns, signals_in, threat_columns, threats_in
from gui.models.table import TableModel
from gui.panels.ledger import hint_of, lay_out
from gui.translation import translate
from gui.widgets.table_tools import TableTools
from gui.widgets.table_view import TableView

# Any: a list of signals or of threats; the rows are read by the columns that came with them.
NoticedIn = Callable[[FlowRecord], Iterator[tuple[str, Noticed[Any]]]]


class NoticedPanel(QWidget):
    """A list of what workers noticed, newest first; choosing a row opens the flow in which it was said.

    Args:
        host: Whose flows are listened to.
        model: Empty, with the columns of what is shown.
        noticed_in: Gives what a flow adds to the list, each with its id.
        name: For screen readers.
        empty_text: What will appear here.
        parent: Qt parent.
    """

    def __init__(
        self,
        host: SessionHost,
        model: TableModel[Noticed[Any]],
        noticed_in: NoticedIn,
        *,
        name: str,
        empty_text: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._noticed_in = noticed_in
        self.model = model
        model.setParent(self)
        self.table = TableView(model, name=name, empty_text=empty_text, parent=self)
        choices = (
            (self.tr("All"), None),
            (self.tr("Named by a directive"), _has_directive),
            (self.tr("Refused"), _is_refused),
        )
        self.tools = TableTools(self.table, choices, parent=self)
        hint = hint_of(self, self.tools)
        hint.setText(self.tr("Choose a row to open the flow in which it was said."))
        lay_out(self, self.table, hint, tools=self.tools)
        self.table.row_chosen.connect(self._on_row_chosen)
        host.feed.flow_ended.connect(self._on_flow_ended)

    def _on_flow_ended(self, record: FlowRecord) -> None:
        for noticed_id, row in self._noticed_in(record):
            self.model.put(noticed_id, row)

    def _on_row_chosen(self, row: Noticed[Any] | None) -> None:
        if row is not None:
            symbol = row.signal.asset or ""
            chosen = Chosen(strategy_id=row.record.strategy_id, symbol=symbol, flow_id=row.record.flow_id)
            self._host.focus.choose(chosen)


def signals_panel(host: SessionHost, parent: QWidget | None = None) -> NoticedPanel:
    """Return the list of every opportunity of the session."""
    return NoticedPanel(
        host,
        TableModel(signal_columns(_namer(host))),
        signals_in,
        name=translate("Signals", "Signals"),
        empty_text=translate("Signals", "No signals yet. Every opportunity that a worker sees appears here."),
        parent=parent,
    )


def threats_panel(host: SessionHost, parent: QWidget | None = None) -> NoticedPanel:
    """Return the list of every threat of the session."""
    return NoticedPanel(
        host,
        TableModel(threat_columns(_namer(host))),
        threats_in,
        name=translate("Signals", "Threats"),
        empty_text=translate("Signals", "No threats yet. Every danger that a worker warns of appears here."),
        parent=parent,
    )


def _namer(host: SessionHost) -> Callable[[str], str]:
    names = {strategy.strategy_id: strategy.name for strategy in host.status.strategies}
    return lambda strategy_id: names.get(strategy_id, strategy_id)


def _has_directive(row: Noticed[Any]) -> bool:
    return bool(row.directives)


def _is_refused(row: Noticed[Any]) -> bool:
    return row.record.outcome.kind is OutcomeKind.REJECTED
