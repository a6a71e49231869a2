"""The command palette: by keyboard only, from Ctrl+K to what was meant."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.ports.session import SessionState
from gui.actions.catalogue import ActionName
from gui.actions.palette import CommandPalette
from gui.app import Workstation
from gui.workspace.layouts import Workspace
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until

pytestmark = pytest.mark.gui


def palette_of(workstation: Workstation) -> CommandPalette:
    (palette,) = (each for each in workstation.window.findChildren(CommandPalette) if each.isVisible())
    return palette


async def opened(workstation: Workstation) -> CommandPalette:
    await until(lambda: workstation.desk is not None)
    workstation.window.activateWindow()
    await until(workstation.window.isActiveWindow)
    QTest.keyClick(workstation.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: any(each.isVisible() for each in workstation.window.findChildren(CommandPalette)))
    return palette_of(workstation)


def test_a_few_letters_and_enter_do_what_the_menu_does(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        palette = await opened(workstation)
        QTest.keyClicks(palette.query, "incid")
        assert palette.shown[0].text == "Incident"
        assert palette.shown[0].keys == "Ctrl+Alt+4"
        QTest.keyClick(palette.query, Qt.Key.Key_Return)
        await until(lambda: workstation.desk.workspaces.current is Workspace.INCIDENT)
        await until(lambda: not workstation.window.findChildren(CommandPalette))

    play(ScriptedSession(bars=0), story)


def test_arrows_walk_and_escape_changes_nothing(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        palette = await opened(workstation)
        before = workstation.desk.workspaces.current
        QTest.keyClick(palette.query, Qt.Key.Key_Down)
        assert palette.list.currentIndex().row() == 1
        QTest.keyClick(palette.query, Qt.Key.Key_Escape)
        await until(lambda: not workstation.window.findChildren(CommandPalette))
        assert workstation.desk.workspaces.current is before

    play(ScriptedSession(bars=0), story)


def test_what_cannot_be_done_now_is_listed_grey_and_not_run(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        workstation.window.action(ActionName.STOP).setEnabled(False)
        palette = workstation.show_commands()
        QTest.keyClicks(palette.query, "stop session")
        QTest.keyClick(palette.query, Qt.Key.Key_Return)
        await asyncio.sleep(0)
        assert palette.isVisible()
        palette.reject()

    play(ScriptedSession(bars=0), story)


def test_strategies_are_found_by_name_and_by_symbol(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        palette = workstation.show_commands()
        for query in ("momentum", "btc"):
            palette.query.setText(query)
            assert palette.shown[0].text == "Demo momentum · BTC/USDT · 1m"
        QTest.keyClick(palette.query, Qt.Key.Key_Return)
        await until(lambda: QApplication.focusWidget() is not palette.query)

    play(ScriptedSession(bars=0), story)


def test_nothing_found_says_so(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        palette = workstation.show_commands()
        palette.query.setText("zzzz")
        assert palette.none.isVisible()
        QTest.keyClick(palette.query, Qt.Key.Key_Return)
        assert palette.isVisible()
        palette.reject()

    play(ScriptedSession(bars=0), story)


def test_every_action_is_in_the_palette_but_the_palette_itself(play: Play) -> None:
    session = ScriptedSession(bars=0)

    async def story(workstation: Workstation) -> None:
        await until(lambda: session.status.state is SessionState.STOPPED and workstation.desk is not None)
        palette = workstation.show_commands()
        texts = {command.text for command in palette.shown}
        missing = {entry.text for entry in workstation.preferences.keymap.usual.values()} - texts
        assert missing == {"Find a command…"}
        palette.reject()

    play(session, story)
