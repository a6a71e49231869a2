"""A fault in the window: contained, told without standing in the way, and handed on in one file."""

import asyncio
from pathlib import Path
from zipfile import ZipFile

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from engine.config.places import Places
from engine.ports.session import SessionState
from gui.actions.catalogue import ActionName
from gui.app import EXIT_FAILED, EXIT_OK, Workstation
from gui.incident.report import FaultReport
from gui.workspace.desk import Desk
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until

pytestmark = [pytest.mark.gui, pytest.mark.allow_warnings]


def reports(workstation: Workstation) -> list[FaultReport]:
    return workstation.window.findChildren(FaultReport)


def notes_of(desk: Desk) -> str:
    desk.refresh()
    model = desk.notes.model()
    return "\n".join(str(model.index(row, 2).data()) for row in range(model.rowCount()))


def places_in(folder: Path) -> Places:
    return Places(data=folder / "data", config=folder / "config", state=folder / "state")


def failing_slot() -> None:
    raise RuntimeError("a panel is on fire")


@pytest.mark.qt_no_exception_capture
def test_a_slot_that_fails_is_contained_and_told_and_the_session_goes_on(play: Play, tmp_path: Path) -> None:
    session = ScriptedSession(bars=100_000, pace_s=0.002)

    async def story(workstation: Workstation) -> None:
        loop = asyncio.get_running_loop()
        await until(lambda: workstation.desk is not None)
        desk = workstation.desk
        assert desk is not None
        workstation.incidents.faults._folder = None  # Python's own watch over this process is left alone
        workstation.incidents.begin(loop)
        try:
            QTimer.singleShot(0, failing_slot)
            await until(lambda: bool(reports(workstation)))
            QTimer.singleShot(0, failing_slot)
            before = session._bar
            await until(lambda: session._bar > before + 5)

            (report,) = reports(workstation)
            assert report.windowModality() is Qt.WindowModality.NonModal
            assert report.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
            assert "a panel is on fire" in report.text.text()
            assert "PAPER, running" in report.text.text()
            assert "failing_slot" in report.details.toPlainText()
            assert "a panel is on fire" in notes_of(desk)
            assert session.status.state is SessionState.RUNNING

            desk.session_bar.flatten_button.click()
            await until(lambda: any(box.isVisible() for box in workstation.window.findChildren(QMessageBox)))
            next(box for box in workstation.window.findChildren(QMessageBox) if box.isVisible()).reject()
            report.copy_button.click()
            assert "failing_slot" in QApplication.clipboard().text()
            report.close_button.click()
            await until(lambda: not reports(workstation))
        finally:
            workstation.incidents.end(loop)

    assert play(session, story) == EXIT_FAILED


def test_a_task_that_fails_is_told_in_a_report_with_the_file_that_it_is_written_in(play: Play, tmp_path: Path) -> None:
    async def failing() -> None:
        raise KeyError("no such thing")

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        workstation.tasks.start(failing(), name="look for it")
        await until(lambda: bool(reports(workstation)))

        (report,) = reports(workstation)
        (file,) = (tmp_path / "state" / "reports").iterdir()
        assert str(file) in report.text.text()
        assert "look for it" in report.text.text()

    assert play(ScriptedSession(bars=3), story, places=places_in(tmp_path)) == EXIT_FAILED


def test_one_click_makes_a_bundle_and_says_where_it_is(play: Play, tmp_path: Path) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        desk = workstation.desk
        assert desk is not None
        workstation.window.action(ActionName.INCIDENT_BUNDLE).trigger()
        await until(lambda: "incident bundle is written" in notes_of(desk))

        (path,) = (tmp_path / "data" / "incidents").iterdir()
        assert str(path) in notes_of(desk)
        with ZipFile(path) as bundle:
            assert {"about.json", "window.png", "left_out.txt"} <= set(bundle.namelist())
            assert bundle.read("window.png").startswith(b"\x89PNG")
            assert b'"mode": "PAPER"' in bundle.read("about.json")

    assert play(ScriptedSession(bars=3), story, places=places_in(tmp_path)) == EXIT_OK


def test_a_bundle_that_cannot_be_written_says_why(play: Play, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        desk = workstation.desk
        assert desk is not None
        workstation.incidents.make_bundle()
        await until(lambda: "was not written" in notes_of(desk))

    assert play(ScriptedSession(bars=3), story, places=places_in(tmp_path)) == EXIT_OK
