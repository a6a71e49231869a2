"""Alerts: what has to be looked at, until a person says that it was."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from engine.alerts.alert import Alert
from gui.bridge.alerts import Alerts
from gui.models.alerts import advice_text, alert_columns
from gui.models.table import TableModel
from gui.panels.ledger import hint_of, lay_out
from gui.widgets.table_tools import TableTools
from gui.widgets.table_view import TableView


class AlertsPanel(QWidget):
    """Every alert, newest first, with what to do; acknowledged ones are kept for a while to look back at."""

    cause_asked = Signal(object)  # Alert

    def __init__(self, alerts: Alerts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alerts = alerts
        self.model: TableModel[Alert] = TableModel(alert_columns(), parent=self)
        self.table = TableView(
            self.model,
            name=self.tr("Alerts"),
            empty_text=self.tr(
                "Nothing to look at. An incomplete flatten, orders in doubt, a stale market, the daily loss and faults"
                " appear here, and stay until you acknowledge them."
            ),
            parent=self,
        )
        choices = ((self.tr("All"), None), (self.tr("Not acknowledged"), _is_open))
        self.tools = TableTools(self.table, choices, parent=self)
        self.cause_button = QPushButton(self.tr("Go to the cause"), self)
        self.cause_button.setToolTip(self.tr("Show what the chosen alert is about (Enter)"))
        self.kind_button = QPushButton(self.tr("Acknowledge all like it"), self)
        self.kind_button.setToolTip(self.tr("Say that every alert of the chosen kind was seen"))
        self.acknowledge_button = QPushButton(self.tr("Acknowledge"), self)
        self.acknowledge_button.setToolTip(self.tr("Say that the chosen alerts were seen"))
        self.hint = hint_of(self, self.tools)
        lay_out(
            self, self.table, self.hint, self.cause_button, self.kind_button, self.acknowledge_button, tools=self.tools
        )
        self.cause_button.clicked.connect(self.ask_cause)
        self.kind_button.clicked.connect(self.acknowledge_kind)
        self.acknowledge_button.clicked.connect(self.acknowledge_chosen)
        self.table.activated.connect(self.ask_cause)
        self.table.selectionModel().selectionChanged.connect(self._show_buttons)
        alerts.changed.connect(self._on_changed)
        for alert in alerts.alerts:
            self.model.put(alert.number, alert)
        self._show_buttons()

    def choose(self, alert: Alert) -> None:
        """Choose an alert in the list, if it is shown there."""
        self.refresh()
        place = self.model.place_of(alert.number)
        if place is not None:
            self.table.selectRow(place)

    def acknowledge_chosen(self) -> None:
        """Say that the chosen alerts were seen, as they are shown."""
        self._alerts.acknowledge(*self.table.chosen_rows())
        self._show_buttons()

    def acknowledge_kind(self) -> None:
        """Say that every alert of the chosen kinds was seen, as they are shown."""
        kinds = {alert.kind for alert in self.table.chosen_rows()}
        self._alerts.acknowledge(*(alert for alert in self.model.rows.values() if alert.kind in kinds))
        self._show_buttons()

    def ask_cause(self) -> None:
        """Ask for what the chosen alert is about."""
        alert = self.table.chosen()
        if alert is not None:
            self.cause_asked.emit(alert)

    def refresh(self) -> None:
        """Show at once what has arrived."""
        self.model.refresh()

    def _on_changed(self, alert: Alert) -> None:
        self.model.put(alert.number, alert)
        self._show_buttons()

    def _show_buttons(self) -> None:
        rows, waiting = self.table.chosen_rows(), self._alerts.unacknowledged
        self.cause_button.setEnabled(len(rows) == 1)
        self.acknowledge_button.setEnabled(not {row.number for row in rows}.isdisjoint(each.number for each in waiting))
        self.kind_button.setEnabled(not {row.kind for row in rows}.isdisjoint(each.kind for each in waiting))
        self.hint.setText(advice_text(rows[0].kind) if len(rows) == 1 else "")


def _is_open(alert: Alert) -> bool:
    return not alert.is_acknowledged
