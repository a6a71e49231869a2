"""A venue that is not heard is said so in the status, and no longer when it is."""

from pathlib import Path

import pytest

from engine.alerts.alert import Alert, AlertKind
from engine.alerts.book import AlertBook
from engine.alerts.watch import SessionAlerts
from engine.ports.session import SessionStatus
from tests.support.sessions import Witness, a_demo_session_with, run_to_the_end

pytestmark = [pytest.mark.flow, pytest.mark.allow_warnings]

BARS = 30
PARTITION = {"partition_every_s": 600, "partition_s": 90}


class _Watching(Witness):
    """Hands each status on to a watch, as the window does."""

    def __init__(self, watch: SessionAlerts) -> None:
        super().__init__()
        self._watch = watch

    def on_status(self, status: SessionStatus) -> None:
        super().on_status(status)
        self._watch.on_status(status)


def test_each_time_the_line_is_cut_it_is_an_alert_that_ends_when_the_venue_is_heard(tmp_path: Path) -> None:
    changes: list[tuple[Alert, bool]] = []
    book = AlertBook(on_change=lambda alert, is_raised: changes.append((alert, is_raised)))
    session = a_demo_session_with(tmp_path, {"faults": PARTITION}, bars=BARS)
    run_to_the_end(session, _Watching(SessionAlerts(book)))

    told = [
        (alert.times, is_raised, alert.stands) for alert, is_raised in changes if alert.kind is AlertKind.VENUE_SILENT
    ]
    assert told[:4] == [(1, True, True), (1, False, False), (2, True, True), (2, False, False)]
