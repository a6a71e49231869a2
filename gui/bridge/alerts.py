"""The book of alerts of a session as the window keeps it: fed by the session, kept on disk, told by signals."""

from PySide6.QtCore import QObject, QTimer, Signal

from engine.alerts.alert import Alert, SavedAlerts
from engine.alerts.book import AlertBook
from engine.alerts.watch import SessionAlerts
from engine.contracts.flows import FlowRecord
from engine.contracts.orders import Order
from engine.ports.session import SessionStatus
from gui.bridge.host import SessionHost
from gui.bridge.vitals import Vital, Vitals
from gui.kept_file import KeptFile


class Alerts(QObject):
    """Raises alerts from what a session tells, and keeps each until a person has acknowledged it.

    Whoever listens first asks for `alerts`: those of an earlier session, and those that stood at the start, are in it.

    Args:
        host: The session.
        vitals: How market, engine and window keep up.
        kept: Where they are kept: everything that changed in one turn of the loop is written at its end.
        parent: Qt parent.
    """

    raised = Signal(object)  # Alert, new or once more
    changed = Signal(object)  # Alert, whatever changed of it
    failed = Signal(str)  # what a person should know of the file

    def __init__(
        self, host: SessionHost, vitals: Vitals, kept: KeptFile[SavedAlerts], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._kept = kept
        saved, self.problem = kept.read()
        self._has_failed = False
        self._book = AlertBook(saved.alerts, on_change=self._on_change)
        self._watch = SessionAlerts(self._book)
        self._writing = QTimer(self)
        self._writing.setSingleShot(True)
        self._writing.setInterval(0)
        self._writing.timeout.connect(self.keep)
        host.feed.status_changed.connect(self._on_status_changed)
        host.feed.order_changed.connect(self._on_order_changed)
        host.feed.flow_ended.connect(self._on_flow_ended)
        vitals.measured.connect(self._on_measured)
        self._on_status_changed(host.status)
        for order in host.exposure().orders:
            self._watch.on_order(order)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Everything that is kept, raised first first."""
        return self._book.alerts

    @property
    def unacknowledged(self) -> tuple[Alert, ...]:
        """What nobody has acknowledged, raised first first."""
        return self._book.unacknowledged

    def acknowledge(self, *seen: Alert) -> None:
        """Say that these were seen, as they were shown: what has happened again since stays open."""
        for alert in seen:
            self._book.acknowledge(alert)

    def keep(self) -> None:
        """Write the book to disk now."""
        self._writing.stop()
        problem = self._kept.write(SavedAlerts(alerts=self._book.alerts))
        if problem and not self._has_failed:
            self.failed.emit(problem)
        self._has_failed = bool(problem)

    def _on_change(self, alert: Alert, is_raised: bool) -> None:
        self._writing.start()
        self.changed.emit(alert)
        if is_raised:
            self.raised.emit(alert)

    def _on_status_changed(self, status: SessionStatus) -> None:
        self._watch.on_status(status)
        self._watch.on_flatten(self._host.flatten_job)

    def _on_order_changed(self, order: Order) -> None:
        self._watch.on_order(order)

    def _on_flow_ended(self, record: FlowRecord) -> None:
        self._watch.on_flow(record)

    def _on_measured(self, vital: Vital) -> None:
        self._watch.on_flatten(self._host.flatten_job)
        self._watch.on_pulse(market_age_s=vital.market_age_s, backlog=vital.backlog, late_ms=vital.late_ms)
