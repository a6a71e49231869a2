"""A window that hangs is noticed, and what it hangs in is written down."""

import logging
import threading

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from gui.bridge.watchdog import LagWatchdog

pytestmark = [pytest.mark.gui, pytest.mark.allow_warnings]


def hang_until(told: threading.Event) -> None:
    assert told.wait(10), "nobody noticed that the loop hangs"


class _Told(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.told = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        self.told.set()


def test_a_loop_that_hangs_is_logged_once_with_the_place_where_it_hangs(qtbot: QtBot) -> None:
    log, handler = logging.getLogger("gui.watchdog"), _Told()
    log.addHandler(handler)
    watchdog = LagWatchdog(stall_s=0.2)
    late: list[float] = []
    watchdog.lag_measured.connect(late.append)
    watchdog.start()
    try:
        QTimer.singleShot(0, lambda: hang_until(handler.told))
        qtbot.waitUntil(lambda: bool(late) and max(late) > 50)

        assert len(handler.lines) == 1
        assert "in hang_until" in handler.lines[0]
        assert "MainThread" in handler.lines[0].splitlines()[1]
    finally:
        watchdog.stop()
        log.removeHandler(handler)
        watchdog.deleteLater()


def test_a_loop_that_turns_is_not_mentioned(qtbot: QtBot) -> None:
    handler = _Told()
    log = logging.getLogger("gui.watchdog")
    log.addHandler(handler)
    watchdog = LagWatchdog(stall_s=5)
    watchdog.start()
    try:
        with qtbot.waitSignals([watchdog.lag_measured] * 3):
            pass
        assert handler.lines == []
    finally:
        watchdog.stop()
        log.removeHandler(handler)
        watchdog.deleteLater()
