"""Panels in their docks: each workspace shows its own, what is moved can be saved, and what cannot be read is refused."""

import asyncio

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.app import Workstation
from gui.workspace.dock_host import DockHost
from gui.workspace.layouts import LAYOUTS, Tabs, Workspace, panels_in
from gui.workspace.panel_names import PanelName, title_of
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until

pytestmark = pytest.mark.gui


@pytest.mark.parametrize("workspace", list(Workspace))
def test_a_workspace_shows_each_of_its_panels_once(workspace: Workspace) -> None:
    shown = list(panels_in(LAYOUTS[workspace]))

    assert len(shown) == len(set(shown))


def test_arranging_opens_what_the_workspace_names_and_closes_the_rest(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        desk = workstation.desk
        assert desk is not None
        for workspace in (*Workspace, *reversed(Workspace)):
            desk.arrange(workspace)
            assert set(desk.docks.open_panels) == set(panels_in(LAYOUTS[workspace]))
            assert not desk.docks.floating_panels
            for panel in desk.docks.open_panels:
                desk.show_panel(panel)
                await asyncio.sleep(0)
                assert desk.panels[panel].isVisible(), panel

    play(ScriptedSession(bars=0), story)


def test_a_closed_panel_comes_back_where_it_was(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        desk = workstation.desk
        assert desk is not None
        desk.docks.close_panel(PanelName.CHAIN)
        assert not desk.chain.isVisible()
        desk.show_panel(PanelName.CHAIN)
        await asyncio.sleep(0)
        assert desk.chain.isVisible()
        assert not desk.docks.floating_panels

    play(ScriptedSession(bars=0), story)


def test_a_saved_layout_is_restored_and_a_broken_one_changes_nothing(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        desk = workstation.desk
        assert desk is not None
        desk.docks.close_panel(PanelName.FILLS)
        before = desk.docks.open_panels
        saved = desk.docks.save()
        desk.arrange(Workspace.INCIDENT)
        assert not desk.docks.restore(b"not a layout")
        assert set(desk.docks.open_panels) == set(panels_in(LAYOUTS[Workspace.INCIDENT]))
        assert desk.docks.restore(saved)
        assert desk.docks.open_panels == before

    play(ScriptedSession(bars=0), story)


def test_two_panels_cannot_have_one_name(qtbot: QtBot) -> None:
    docks = DockHost()
    qtbot.addWidget(docks)
    docks.add(PanelName.NOTES, title_of(PanelName.NOTES), QLabel("notes"))
    docks.arrange(Tabs((PanelName.NOTES,)))

    with pytest.raises(ValueError, match="notes already"):
        docks.add(PanelName.NOTES, "again", QLabel("again"))


def test_the_tab_of_the_panel_that_is_seen_is_seen_as_well(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        desk = workstation.desk
        assert desk is not None
        workstation.window.resize(1200, 760)
        desk.arrange(Workspace.PAPER)
        await asyncio.sleep(0.1)
        dock = desk.docks._docks[PanelName.DECISIONS]
        bar, tab = dock.dockAreaWidget().titleBar().tabBar(), dock.tabWidget()
        assert bar.horizontalScrollBar().maximum() > tab.width(), "there are more tabs than have room"
        bar.horizontalScrollBar().setValue(bar.horizontalScrollBar().maximum())
        assert tab.visibleRegion().isEmpty()

        workstation.window.resize(1240, 760)

        await until(lambda: tab.visibleRegion().boundingRect().width() == tab.width())

    play(ScriptedSession(bars=0), story)
