"""Alerts that were raised, and which of them nobody has acknowledged."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from engine.alerts.alert import Alert, AlertKind

ACKNOWLEDGED_MAX: Final = 200
"""So many that were acknowledged are kept to look back at; the oldest are forgotten first."""
SUBJECTS_MAX: Final = 100
"""So many open ones of a kind are listed one by one; what comes beyond is counted in one that has no subject."""

OnChange = Callable[[Alert, bool], None]
"""Is told of an alert as it is now, and whether that was raised (or happened again) just now."""


class AlertBook:
    """Keeps every alert until a person has acknowledged it, whatever else happens.

    Args:
        before: What an earlier session kept; nothing of it counts as standing until it is raised again.
        on_change: Called with each alert that changes.
    """

    def __init__(self, before: Iterable[Alert] = (), *, on_change: OnChange) -> None:
        self._on_change = on_change
        self._open: dict[tuple[AlertKind, str], Alert] = {}
        self._acknowledged: dict[int, Alert] = {}
        self._raised = 0
        for each in before:
            alert = each.model_copy(update={"stands": False, "ended_at": each.ended_at or each.at})
            self._raised = max(self._raised, alert.number)
            if alert.is_acknowledged:
                self._acknowledged[alert.number] = alert
            else:
                self._open[alert.kind, alert.subject] = alert

    @property
    def unacknowledged(self) -> tuple[Alert, ...]:
        """What nobody has acknowledged, raised first first."""
        return tuple(self._open.values())

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Everything that is kept, raised first first."""
        return tuple(sorted((*self._acknowledged.values(), *self._open.values()), key=lambda alert: alert.number))

    def was_acknowledged(self, kind: AlertKind, *, subject: str, detail: str) -> bool:
        """Return whether a person has acknowledged just this before, in this session or an earlier one."""
        known = (kind, subject, detail)
        return any((each.kind, each.subject, each.detail) == known for each in self._acknowledged.values())

    def add(self, kind: AlertKind, at: datetime | None, *, subject: str = "", detail: str = "") -> None:
        """Raise an alert, or count one that is open once more; the newest detail is kept."""
        if (kind, subject) not in self._open and self._open_of(kind) >= SUBJECTS_MAX:
            subject, detail = "", f"{subject} {detail}".strip()
        before = self._open.get((kind, subject))
        if before is None:
            self._raised += 1
            alert = Alert(number=self._raised, kind=kind, subject=subject, detail=detail, first_at=at, at=at)
        else:
            again = {"at": at, "detail": detail, "times": before.times + 1, "stands": True, "ended_at": None}
            alert = before.model_copy(update=again)
        self._open[kind, subject] = alert
        self._on_change(alert, True)

    def end(self, kind: AlertKind, at: datetime | None, *, subject: str = "") -> None:
        """Note that it is over; it still waits for a person. Nothing happens when it is acknowledged already."""
        alert = self._open.get((kind, subject))
        if alert is None or not alert.stands:
            return
        ended = alert.model_copy(update={"stands": False, "ended_at": at})
        self._open[kind, subject] = ended
        self._on_change(ended, False)

    def acknowledge(self, seen: Alert) -> bool:
        """Close an alert as a person has seen it.

        False, and it stays open, when it is closed already or has happened again since it was shown: that was not seen.
        """
        alert = self._open.get((seen.kind, seen.subject))
        if alert is None or (alert.number, alert.times) != (seen.number, seen.times):
            return False
        del self._open[alert.kind, alert.subject]
        closed = alert.model_copy(update={"is_acknowledged": True})
        self._acknowledged[closed.number] = closed
        while len(self._acknowledged) > ACKNOWLEDGED_MAX:
            del self._acknowledged[min(self._acknowledged)]
        self._on_change(closed, False)
        return True

    def _open_of(self, kind: AlertKind) -> int:
        return sum(each is kind for each, _ in self._open)
