"""The tour: short, by keyboard, out of the way, once for each version, and in the menu afterwards."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from engine.config.places import Places
from engine.ports.session import Mode
from gui.actions.catalogue import ActionName, catalogue
from gui.actions.keymap import Keymap
from gui.app import Workstation
from gui.tour.card import TourCard
from gui.tour.guide import FILE_NAME, show_once, show_tour
from gui.tour.steps import TourPlace, tour_steps
from gui.workspace.desk import Desk
from gui.workspace.panel_names import PanelName
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until

pytestmark = pytest.mark.gui

KEYMAP = Keymap(catalogue(), {})


async def the_desk(workstation: Workstation) -> Desk:
    await until(lambda: workstation.desk is not None)
    assert workstation.desk is not None
    return workstation.desk


def cards(desk: Desk) -> list[TourCard]:
    return [card for card in desk.findChildren(TourCard) if card.isVisible()]


@pytest.mark.parametrize("mode", Mode)
def test_it_is_short_and_says_first_what_is_traded_with(mode: Mode) -> None:
    steps = tour_steps(mode, KEYMAP.shown_keys_of)

    assert len(steps) <= 7
    assert len({step.place for step in steps}) == len(TourPlace)
    assert mode.value in steps[0].text
    assert ("REAL MONEY" in steps[0].text) is (mode is Mode.LIVE)
    assert all(len(step.text) < 330 for step in steps)


def test_it_names_the_keys_as_a_person_has_them() -> None:
    own = KEYMAP.rebound(ActionName.EMERGENCY, ("F9",)).rebound(ActionName.COMMANDS, ())
    texts = {step.place: step.text for step in tour_steps(Mode.PAPER, own.shown_keys_of)}

    assert "F9" in texts[TourPlace.FLATTEN]
    assert "no keys finds every action" in texts[TourPlace.WINDOW]


def test_it_goes_on_and_back_and_ends_by_keyboard_alone(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        workstation.window.action(ActionName.TOUR).trigger()
        (card,) = cards(desk)
        assert card.count.text() == "1 of 7"
        assert card.isAncestorOf(QApplication.focusWidget())

        for key in (Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Left):
            press(key)
        assert card.step.place is TourPlace.MARKET
        assert card.next_button.hasFocus()
        assert card.spotlight.isVisible()
        spotlight = card.spotlight
        press(Qt.Key.Key_Escape)
        assert not cards(desk)
        assert not spotlight.isVisible()

    play(ScriptedSession(bars=3), story)


def test_enter_on_skip_ends_it(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        workstation.show_tour()
        (card,) = cards(desk)
        card.skip_button.setFocus()
        press(Qt.Key.Key_Return)
        assert not cards(desk)

    play(ScriptedSession(bars=3), story)


def test_the_last_step_ends_it(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        workstation.show_tour()
        (card,) = cards(desk)
        for number in range(7):
            assert card.next_button.text() == ("Done" if number == 6 else "Next")
            card.next_button.click()
        assert not cards(desk)

    play(ScriptedSession(bars=3), story)


@pytest.mark.parametrize("size", [QSize(1600, 960), QSize(1280, 800), QSize(700, 450)], ids=str)
def test_no_step_covers_what_gets_a_person_out(play: Play, size: QSize) -> None:
    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        workstation.window.resize(size)
        workstation.show_tour()
        (card,) = cards(desk)
        for _ in range(7):
            covered = QRect(card.pos(), card.size())
            for button in (desk.session_bar.flatten_button, desk.status_bar.alerts_button):
                assert not covered.intersects(QRect(button.mapTo(desk, QPoint(0, 0)), button.size()))
            assert desk.docks.geometry().contains(covered)
            card.go_on()

    play(ScriptedSession(bars=3), story)


def test_each_panel_that_it_talks_of_is_in_front_and_framed(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        desk.docks.close_panel(PanelName.ORDERS)
        workstation.show_tour()
        (card,) = cards(desk)
        while card.step.place is not TourPlace.ORDERS:
            card.go_on()

        assert desk.orders.isVisible()
        framed = QRect(desk.orders.mapTo(desk, QPoint(0, 0)), desk.orders.size())
        assert card.spotlight.geometry() == framed
        assert card.isAncestorOf(QApplication.focusWidget()), "the keyboard stays with the tour"

    play(ScriptedSession(bars=3), story)


def test_it_is_shown_once_for_each_version(play: Play, tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME

    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        shown = []
        for version in ("0.1.0", "0.1.0", "0.2.0", "0.2.0"):
            assert show_once(desk, KEYMAP, Mode.PAPER, path=path, version=version) == ""
            shown.append(len(cards(desk)))
            for card in cards(desk):
                card.close()
        assert shown == [1, 0, 1, 0]

    play(ScriptedSession(bars=3), story)


def test_asked_for_again_it_begins_anew(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        show_tour(desk, KEYMAP, Mode.PAPER).go_on()
        show_tour(desk, KEYMAP, Mode.PAPER)

        (card,) = cards(desk)
        assert card.count.text() == "1 of 7"

    play(ScriptedSession(bars=3), story)


@pytest.mark.parametrize(("version", "count"), [("0.1.0", 1), (None, 0)])
def test_a_window_offers_it_where_a_version_is_known_and_files_are_kept(
    qapp: QApplication, qt_loop: QEventLoop, tmp_path: Path, version: str | None, count: int
) -> None:
    session = ScriptedSession(bars=3)
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")
    seen: list[int] = []

    async def both() -> None:
        workstation = Workstation(lambda: session, places=places, version=version)

        async def story() -> None:
            desk = await the_desk(workstation)
            await until(lambda: not workstation.tasks.names or "open session" not in workstation.tasks.names)
            seen.append(len(cards(desk)))
            workstation.ask_quit()

        workstation.tasks.start(story(), name="story")
        await workstation.run()
        workstation.deleteLater()

    qt_loop.run_until_complete(both())

    assert seen == [count]


def press(key: Qt.Key) -> None:
    """Hand a key to what has the keyboard; QTest would spin the loop inside a task."""
    QApplication.sendEvent(
        QApplication.focusWidget(), QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    )
