"""How market, engine and window keep up, measured twice a second for whoever shows it or watches it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QDateTime, QObject, QTimer, Signal

from engine.ports.session import SessionState, SessionStatus
from gui.bridge.host import SessionHost

_TICK_MS: Final = 500
_OWN_TIME_S: Final = 86_400
"""A market whose time is further from today's than this is recorded or made."""


@dataclass(frozen=True, slots=True)
class Vital:
    """One measurement.

    Attributes:
        market_age_s: Wall seconds since the market last moved the session's time; None while the session does not run.
        behind_s: By how many seconds the market's time is behind the wall's; None when it is recorded or made.
        backlog: Facts that wait to be shown.
        late_ms: By how many milliseconds the worst beat of the window was late since the measurement before.
    """

    market_age_s: float | None
    behind_s: float | None
    backlog: int
    late_ms: float


class Vitals(QObject):
    """Measures a session from the window's side.

    Args:
        host: The session.
        parent: Qt parent.
    """

    measured = Signal(object)  # Vital

    def __init__(self, host: SessionHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._now: datetime | None = None
        self._moved_ms = QDateTime.currentMSecsSinceEpoch()
        self._worst_ms = 0.0
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._tick.start()
        host.feed.status_changed.connect(self._on_status_changed)
        self._on_status_changed(host.status)

    def take_lag(self, late_ms: float) -> None:
        """Take by how many milliseconds a beat of the window was late; the worst of half a second counts."""
        self._worst_ms = max(self._worst_ms, late_ms)

    def measure(self) -> Vital:
        """Return how things stand, and begin to look for the next worst beat."""
        late_ms, self._worst_ms = self._worst_ms, 0.0
        status, now_ms = self._host.status, QDateTime.currentMSecsSinceEpoch()
        runs = status.state is SessionState.RUNNING
        behind_s = None if status.now is None else now_ms / 1000 - status.now.timestamp()
        return Vital(
            market_age_s=(now_ms - self._moved_ms) / 1000 if runs else None,
            behind_s=behind_s if behind_s is not None and 0 <= behind_s < _OWN_TIME_S else None,
            backlog=self._host.feed.backlog,
            late_ms=late_ms,
        )

    def _on_status_changed(self, status: SessionStatus) -> None:
        if status.now != self._now or status.state is not SessionState.RUNNING:
            self._now = status.now
            self._moved_ms = QDateTime.currentMSecsSinceEpoch()

    def _on_tick(self) -> None:
        self.measured.emit(self.measure())
