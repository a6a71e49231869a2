"""A market that is made or read from a file may be slowed down, hurried and walked through bar by bar."""

import pytest
from pytestqt.qtbot import QtBot

from engine.ports.session import SessionState
from gui.bridge.host import SessionHost
from gui.bridge.tasks import TaskKeeper
from gui.panels.session import SessionBar
from tests.support.gui import ScriptedSession

pytestmark = pytest.mark.gui


def a_bar(qtbot: QtBot, session: ScriptedSession) -> SessionBar:
    host = SessionHost(session, TaskKeeper())
    bar = SessionBar(host)
    host.setParent(bar)
    qtbot.addWidget(bar)
    return bar


def test_a_speed_that_is_chosen_is_the_sessions(qtbot: QtBot) -> None:
    session = ScriptedSession(speed=1.0)
    bar = a_bar(qtbot, session)

    bar.speed.setCurrentIndex(2)
    bar.speed.activated.emit(2)

    assert session.speed == 60.0


def test_a_speed_of_the_operations_own_is_in_the_list_in_its_place(qtbot: QtBot) -> None:
    bar = a_bar(qtbot, ScriptedSession(speed=5.0))

    texts = [bar.speed.itemText(place) for place in range(bar.speed.count())]

    assert texts == ["1x", "5x", "10x", "60x", "600x", "Fastest"]
    assert bar.speed.currentText() == "5x"


def test_a_step_is_offered_while_paused_and_lets_one_bar_pass(qtbot: QtBot) -> None:
    session = ScriptedSession(speed=1.0)
    bar = a_bar(qtbot, session)
    assert not bar.step_button.isEnabled()
    session._to(SessionState.PAUSED)
    bar.show_status(session.status)
    before = session.status.now

    bar.step_button.click()

    after = session.status.now
    assert before is not None
    assert after is not None
    assert (after - before).total_seconds() == 60


def test_a_market_with_a_pace_of_its_own_offers_neither(qtbot: QtBot) -> None:
    bar = a_bar(qtbot, ScriptedSession())

    assert bar.speed.isHidden()
    assert bar.step_button.isHidden()
