"""The two doors of the window: with a screen and without."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from engine.ports.session import SessionState, TradingSession
from engine.primitives.errors import DataError
from gui.app import EXIT_FAILED, EXIT_OK, run_offscreen, run_window
from gui.theme.look import has_fonts
from gui.theme.tokens import DARK, Tone
from tests.support.gui import ScriptedSession

pytestmark = pytest.mark.gui


def test_without_a_screen_a_session_leaves_a_picture_of_its_window(qapp: QApplication, tmp_path: Path) -> None:
    session, path = ScriptedSession(bars=40), tmp_path / "pictures" / "demo.png"

    assert run_offscreen(session, path, size=(1400, 900)) == EXIT_OK

    picture = QImage(str(path))
    assert (picture.width(), picture.height()) == (1400, 900)
    seen = {picture.pixelColor(x, y).name() for x in range(0, 1400, 2) for y in range(0, 900, 2)}
    assert {DARK[Tone.PAPER], DARK[Tone.DEMO], DARK[Tone.RISE], DARK[Tone.FALL], DARK[Tone.PANEL]} <= seen
    assert session.status.state is SessionState.STOPPED


@pytest.mark.allow_warnings  # the story has a worker that fails, and the log of the session says so
def test_a_window_may_close_itself_after_some_flows_and_leave_a_picture(qapp: QApplication, tmp_path: Path) -> None:
    session, path = ScriptedSession(bars=100_000, pace_s=0.001), tmp_path / "window.png"

    assert run_window(lambda: session, screenshot=path, quit_after_flows=30) == EXIT_OK

    assert path.is_file()
    assert session.status.state is SessionState.STOPPED
    assert 30 <= sum(session.status.flows.values()) < 1_000


@pytest.mark.allow_warnings
def test_a_session_that_cannot_be_opened_leaves_its_reason_in_the_picture(qapp: QApplication, tmp_path: Path) -> None:
    class Refused(ScriptedSession):
        def watch(self, observer: object) -> None:
            raise DataError("There is not the history that the strategy needs", bars=3)

    session: TradingSession = Refused()

    assert run_offscreen(session, tmp_path / "refused.png") == EXIT_FAILED
    assert (tmp_path / "refused.png").is_file()


def test_qt_finds_fonts_here(qapp: QApplication) -> None:
    assert has_fonts()
