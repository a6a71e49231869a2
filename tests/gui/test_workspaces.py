"""Every workspace is found as it was left: by the next start, by a later version, on fewer screens, or told otherwise."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from engine.config.places import Places
from engine.contracts.flatten import FlattenResult
from engine.ports.session import Mode, SessionState
from gui.app import Workstation
from gui.kept_file import KeptFile
from gui.workspace.dock_host import DockHost
from gui.workspace.layouts import LAYOUTS, Workspace, panels_in
from gui.workspace.panel_names import PanelName, title_of
from gui.workspace.workspaces import SavedWorkspaces, Workspaces
from tests.gui.conftest import Play
from tests.support import notes
from tests.support.gui import ScriptedSession, until

pytestmark = pytest.mark.gui

Told = list[str]


def docks_of(qtbot: QtBot, panels: list[PanelName]) -> DockHost:
    """A version of the program that has these panels."""
    docks = DockHost()
    qtbot.addWidget(docks)
    docks.resize(1200, 800)
    for name in panels:
        docks.add(name, title_of(name), QLabel(name.value))
    docks.show()
    return docks


def taken_up(docks: DockHost, path: Path, workspace: Workspace, told: Told | None = None) -> Workspaces:
    say = (told if told is not None else []).append
    return Workspaces(docks, KeptFile(path, SavedWorkspaces), say=say, first=workspace, parent=docks)


@pytest.mark.parametrize("workspace", list(Workspace))
def test_a_workspace_survives_a_version_with_other_panels(qtbot: QtBot, tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "workspaces.json"
    usual = list(panels_in(LAYOUTS[workspace]))
    new, gone, closed = usual[-1], usual[1], usual[0]
    old_docks = docks_of(qtbot, [name for name in PanelName if name is not new])
    old = taken_up(old_docks, path, workspace)
    old_docks.close_panel(closed)
    old.remember()
    left = set(old_docks.open_panels)
    told: Told = []

    docks = docks_of(qtbot, [name for name in PanelName if name is not gone])
    taken_up(docks, path, workspace, told)

    assert not told
    assert set(docks.open_panels) == left - {gone} | {new}
    assert not docks.floating_panels
    for name in docks.names:
        docks.show_panel(name)
        qtbot.waitUntil(lambda name=name: docks._docks[name].widget().isVisible())
    assert not docks.floating_panels, "a closed one comes back into the window too"


def test_each_workspace_is_remembered_for_itself(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "workspaces.json"
    workspaces = taken_up(docks := docks_of(qtbot, list(PanelName)), path, Workspace.PAPER)
    left: dict[Workspace, tuple[PanelName, ...]] = {}
    for place, workspace in enumerate(Workspace):
        workspaces.enter(workspace)
        docks.close_panel(docks.open_panels[place])
        left[workspace] = docks.open_panels
    workspaces.remember()

    again = taken_up(docks := docks_of(qtbot, list(PanelName)), path, Workspace.PAPER)

    for workspace in reversed(Workspace):
        again.enter(workspace)
        assert again.current is workspace
        assert docks.open_panels == left[workspace]
    again.reset()
    assert set(docks.open_panels) == set(panels_in(LAYOUTS[again.current]))


def test_a_panel_that_came_later_does_not_take_the_front(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "workspaces.json"
    old_docks = docks_of(qtbot, [name for name in PanelName if name is not PanelName.FILLS])
    old = taken_up(old_docks, path, Workspace.PAPER)
    old_docks.show_panel(PanelName.TRADES)
    old.remember()

    docks = docks_of(qtbot, list(PanelName))
    taken_up(docks, path, Workspace.PAPER)

    assert docks._docks[PanelName.FILLS].dockAreaWidget() is docks._docks[PanelName.TRADES].dockAreaWidget()
    assert docks._docks[PanelName.TRADES].isCurrentTab()


def test_a_panel_in_a_window_of_its_own_comes_back_onto_a_screen(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "workspaces.json"
    docks = docks_of(qtbot, list(PanelName))
    workspaces = taken_up(docks, path, Workspace.PAPER)
    docks._docks[PanelName.NOTES].setFloating()
    (window,) = (each for each in docks._manager.floatingWidgets() if each.isVisible())
    window.setGeometry(QRect(9_000, 4_000, 500, 300))
    workspaces.remember()

    docks = docks_of(qtbot, list(PanelName))
    taken_up(docks, path, Workspace.PAPER)

    assert docks.floating_panels == (PanelName.NOTES,)
    (window,) = (each for each in docks._manager.floatingWidgets() if each.isVisible())
    assert QGuiApplication.primaryScreen().availableGeometry().contains(window.geometry())


@pytest.mark.parametrize("layout", ["", "not a layout", "<?xml version='1.0'?><nonsense/>"])
def test_a_layout_that_cannot_be_read_is_told_and_the_usual_one_shown(
    qtbot: QtBot, tmp_path: Path, layout: str
) -> None:
    path = tmp_path / "workspaces.json"
    saved = SavedWorkspaces.model_validate({"workspaces": {"paper": {"layout": layout, "panels": []}}})
    path.write_text(saved.model_dump_json())
    told: Told = []

    docks = docks_of(qtbot, list(PanelName))
    taken_up(docks, path, Workspace.PAPER, told)

    assert ["Paper" in text for text in told] == [True]
    assert set(docks.open_panels) == set(panels_in(LAYOUTS[Workspace.PAPER]))


def test_the_window_is_found_as_it_was_left(play: Play, tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")

    async def leave(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        workstation.window.setGeometry(40, 60, 1300, 750)
        workstation.desk.docks.close_panel(PanelName.CHAIN)

    async def find(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        assert workstation.window.geometry() == QRect(40, 60, 1300, 750)
        assert PanelName.CHAIN not in workstation.desk.docks.open_panels
        workstation.window.action(PanelName.CHAIN).trigger()
        assert PanelName.CHAIN in workstation.desk.docks.open_panels

    play(ScriptedSession(bars=0), leave, places=places)
    play(ScriptedSession(bars=0), find, places=places)


def test_a_broken_file_is_told_in_the_notes(play: Play, tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")
    places.state.mkdir()
    (places.state / "workspaces.json").write_text("broken")

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        panel = workstation.desk.notes
        panel.refresh()
        texts = [panel.model().index(row, 2).data() for row in range(panel.model().rowCount())]
        assert any("workspaces.json.broken" in text for text in texts)

    play(ScriptedSession(bars=0), story, places=places)


@pytest.mark.parametrize(
    ("mode", "first"),
    [(Mode.BACKTEST, Workspace.RESEARCH), (Mode.PAPER, Workspace.PAPER), (Mode.LIVE, Workspace.LIVE_DESK)],
)
def test_a_session_begins_in_the_workspace_of_its_mode(play: Play, mode: Mode, first: Workspace) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        assert workstation.desk.workspaces.current is first

    play(ScriptedSession(bars=0, mode=mode), story)


def test_real_money_never_begins_by_itself(play: Play) -> None:
    session = ScriptedSession(bars=5, mode=Mode.LIVE)

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        await until(lambda: workstation.desk.notes.model().rowCount() > 0)
        QTest.keyClick(workstation.window, Qt.Key.Key_Space)
        (question,) = (each for each in workstation.window.findChildren(QMessageBox) if each.isVisible())
        assert question.windowTitle().startswith("LIVE")
        assert session.status.state is SessionState.READY
        question.reject()
        workstation.desk.session_bar.start_button.click()
        assert session.status.state is SessionState.READY
        await until(lambda: any(each.isVisible() for each in workstation.window.findChildren(QMessageBox)))
        (question,) = (each for each in workstation.window.findChildren(QMessageBox) if each.isVisible())
        next(each for each in question.buttons() if each.objectName() == "accept").click()
        await until(lambda: session.status.state is SessionState.STOPPED)

    play(session, story)


def test_a_flatten_offers_the_incident_workspace_and_does_not_go_there(play: Play) -> None:
    session = ScriptedSession(bars=5_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.host is not None and workstation.host.is_running)
        desk, host = workstation.desk, workstation.host
        await until(lambda: bool(session.books.get_open_positions()))
        assert not desk.incident_offer.isVisible()
        session.flatten_job = notes.a_flatten_job()
        host.commands.flatten_all()
        await until(desk.incident_offer.isVisible)
        assert desk.workspaces.current is Workspace.PAPER
        desk.incident_offer.open_button.click()
        assert desk.workspaces.current is Workspace.INCIDENT
        assert not desk.incident_offer.isVisible()

    play(session, story)


def test_the_offer_goes_with_the_flatten(play: Play) -> None:
    session = ScriptedSession(bars=5_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.host is not None and workstation.host.is_running)
        desk = workstation.desk
        session.flatten_job = notes.a_flatten_job()
        await until(desk.incident_offer.isVisible)
        session.flatten_job = session.flatten_job.model_copy(update={"result": FlattenResult.FLAT})
        await until(lambda: not desk.incident_offer.isVisible())

    play(session, story)


def test_the_menu_lists_the_panels_with_a_tick_at_those_that_are_open(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        ticks = {each.text(): each for each in workstation.window._toggles.actions()}
        assert len(ticks) == len(workstation.desk.panels)
        ticks["Fills"].trigger()
        assert PanelName.FILLS not in workstation.desk.docks.open_panels
        ticks["Fills"].trigger()
        assert PanelName.FILLS in workstation.desk.docks.open_panels

    play(ScriptedSession(bars=0), story)


def test_the_icon_is_of_the_mode(play: Play, qapp: QApplication) -> None:
    seen = set()
    for mode in Mode:

        async def story(workstation: Workstation) -> None:
            await until(lambda: workstation.desk is not None)
            seen.add(workstation.window.windowIcon().pixmap(32).toImage().pixelColor(16, 3).name())

        play(ScriptedSession(bars=0, mode=mode), story)

    assert len(seen) == len(Mode)
