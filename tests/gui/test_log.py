"""The log in the window: bounded, filtered, paused, and leading to what it is about."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.config.places import Places
from gui.app import Workstation
from gui.log.collector import LINES_MAX, LogCollector
from gui.panels.log import LogPanel
from gui.workspace.panel_names import PanelName
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until

pytestmark = [pytest.mark.gui, pytest.mark.allow_warnings]

logger = logging.getLogger("gui.session")
ORDER = "ORD_20260105_120000_00000"


@pytest.fixture
def log(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[LogCollector]:
    monkeypatch.setattr(logger, "level", logging.DEBUG)
    root = QWidget()
    qtbot.addWidget(root)
    collector = LogCollector(root)
    collector.start()
    yield collector
    collector.stop()


@pytest.fixture
def panel(qtbot: QtBot, log: LogCollector) -> LogPanel:
    panel = LogPanel(log)
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal, panel.model)

    def rest(_panel: QWidget) -> None:
        qtbot.waitUntil(lambda: not any(timer.isActive() for timer in panel.findChildren(QTimer)))

    qtbot.addWidget(panel, before_close_func=rest)
    return panel


def shown(panel: LogPanel) -> list[str]:
    panel.refresh()
    return [panel.model.row_at(place).text for place in range(panel.model.rowCount())]


def test_the_newest_line_is_on_top(log: LogCollector, panel: LogPanel) -> None:
    logger.info("first")
    logger.info("second")
    log.flush()

    assert shown(panel) == ["second", "first"]


def test_lines_of_other_threads_arrive_on_the_window_s_own(log: LogCollector, panel: LogPanel, qtbot: QtBot) -> None:
    thread = threading.Thread(target=lambda: logger.warning("from elsewhere"))
    with qtbot.waitSignal(log.lines_arrived):
        thread.start()
    thread.join()

    assert shown(panel) == ["from elsewhere"]


def test_levels_and_words_narrow_the_list(log: LogCollector, panel: LogPanel) -> None:
    logger.debug("a detail")
    logger.info("an order changed", extra={"order": ORDER})
    logger.warning("a warning")
    logger.error("an error")
    log.flush()
    assert shown(panel) == ["an error", "a warning", "an order changed"]

    panel.tools.choice.setCurrentIndex(1)
    assert shown(panel) == ["an error", "a warning"]
    panel.tools.choice.setCurrentIndex(3)
    panel.tools.search.setText(ORDER)
    panel.tools.apply()
    assert shown(panel) == ["an order changed"]


def test_while_paused_nothing_moves_and_nothing_is_lost(log: LogCollector, panel: LogPanel) -> None:
    logger.info("before")
    log.flush()
    panel.pause_button.click()
    logger.info("meanwhile")
    log.flush()
    assert shown(panel) == ["before"]
    assert panel.pause_button.text() == "Go on (1 new)"

    panel.pause_button.click()
    assert shown(panel) == ["meanwhile", "before"]
    assert panel.pause_button.text() == "Pause"


def test_never_more_lines_than_allowed_are_kept(log: LogCollector, panel: LogPanel) -> None:
    for number in range(LINES_MAX + 300):
        logger.info("line", extra={"number": number})
    log.flush()
    for _ in range(300):
        logger.info("late")
    log.flush()
    panel.refresh()

    assert len(log.lines) == LINES_MAX
    assert panel.model.count <= LINES_MAX


def test_a_list_that_opens_later_begins_with_what_was_said_before(log: LogCollector, qtbot: QtBot) -> None:
    logger.info("early")
    log.flush()
    panel = LogPanel(log)
    qtbot.addWidget(panel)

    assert shown(panel) == ["early"]


def test_a_line_leads_to_its_order_and_can_be_copied(log: LogCollector, panel: LogPanel, qtbot: QtBot) -> None:
    logger.info("no id at all")
    logger.info("an order changed", extra={"order": ORDER})
    log.flush()
    panel.refresh()

    panel.table.selectRow(1)
    assert not panel.cause_button.isEnabled()
    panel.table.selectRow(0)
    with qtbot.waitSignal(panel.cause_asked) as asked:
        panel.cause_button.click()
    assert asked.args[0].order_id == ORDER
    panel.table.copy_rows()
    assert ORDER in QApplication.clipboard().text()


def test_after_the_end_nothing_is_collected_and_the_terminal_is_as_loud_as_before(qtbot: QtBot) -> None:
    terminal = logging.StreamHandler()
    logging.getLogger().addHandler(terminal)
    root = QWidget()
    qtbot.addWidget(root)
    collector = LogCollector(root)
    try:
        collector.start()
        assert terminal.level == logging.WARNING
        collector.stop()
        assert terminal.level == logging.NOTSET
    finally:
        logging.getLogger().removeHandler(terminal)
    logger.warning("nobody listens")
    collector.flush()
    assert collector.lines == ()


def test_the_day_of_a_session_is_logged_and_written_and_a_line_opens_its_order(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("gui"), "level", logging.INFO)
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")

    async def story(workstation: Workstation) -> None:
        end = workstation.keep_log()
        try:
            await until(lambda: workstation.desk is not None)
            desk = workstation.desk
            assert desk is not None
            await until(lambda: any("fill" in line.text for line in workstation.log.lines))
            workstation.log.flush()
            desk.refresh()
            place = next(p for p in range(desk.log.model.rowCount()) if "fill" in desk.log.model.row_at(p).text)
            desk.show_panel(PanelName.LOG)
            desk.log.table.selectRow(place)
            desk.log.cause_button.click()
            await until(desk.orders.table.isVisible)
            assert desk.orders.table.chosen().order_id == desk.log.table.chosen().facts["order"]
        finally:
            end()

    play(ScriptedSession(bars=60), story, places=places)

    (file,) = (tmp_path / "state" / "logs").glob("*.jsonl")
    text = file.read_text(encoding="utf-8")
    assert "A fill was booked." in text
    assert "A flow failed." in text
