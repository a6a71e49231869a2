"""What if, in the window: another value, the decisions that would differ, and the engine is not asked."""

import pytest
from PySide6.QtWidgets import QLabel

from engine.config.places import Places
from engine.contracts.what_if import ChangeKind
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.operations import operation_path
from engine.ports.session import SessionState, TradingSession
from gui.app import EXIT_OK, Workstation
from gui.models.what_if import LINES_MAX, fate_text, summary_text, what_if_lines
from gui.panels.what_if import WhatIfPage
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until
from tests.support.notes import a_flow_change, a_what_if, an_id, an_outcome

pytestmark = pytest.mark.gui

THRESHOLD = "demo_momentum_btc.adaptive_momentum_planner.min_confidence"


@pytest.fixture
def session(home: object) -> TradingSession:
    places = Places.of_user()
    return open_session(operation_path("demo-paper", places), places=places, bars=120, speed=0)


async def opened(workstation: Workstation, session: TradingSession) -> WhatIfPage:
    """Wait for the end of the session, and open the page."""
    await until(lambda: workstation.desk is not None and session.status.state is SessionState.STOPPED, seconds=60)
    assert workstation.desk is not None
    workstation.desk.decisions.choose(0)
    page = workstation.desk.chain.what_if
    workstation.desk.chain.pages.setCurrentWidget(page)
    return page


def test_another_value_shows_what_would_differ_and_a_line_opens_its_flow(play: Play, session: TradingSession) -> None:
    async def story(workstation: Workstation) -> None:
        page = await opened(workstation, session)
        assert workstation.desk is not None
        await until(lambda: page.setting.count() > 50, seconds=60)
        assert page.setting.currentText() == ""
        assert not page.button.isEnabled()
        page.setting.setCurrentText(THRESHOLD)
        assert page.value.text() == "0.5"
        page.value.setText("0.8")
        page.button.click()
        assert page.button.text() == "Stop"
        await until(lambda: page.tree.topLevelItemCount() > 0, seconds=60)

        assert "with another outcome" in page.summary.text()
        assert page.fate.isVisible()
        assert page.fate.text().startswith("This decision would be")
        first = page.tree.topLevelItem(0)
        assert first is not None
        assert first.isExpanded()
        assert "Confidence too low: the confidence is 0." in first.text(2)
        page.tree.itemActivated.emit(first, 0)
        assert workstation.desk.chain.heading.text().startswith("Executed  ·  TCK_")
        assert "Rejected · Confidence too low" in page.fate.text()

    assert play(session, story) == EXIT_OK


def test_a_value_that_cannot_be_is_refused_with_its_reason(play: Play, session: TradingSession) -> None:
    async def story(workstation: Workstation) -> None:
        page = await opened(workstation, session)
        page.setting.setCurrentText(THRESHOLD)
        page.value.setText("7")
        page.value.returnPressed.emit()
        await until(lambda: not page.process.is_asking and "cannot be" in page.summary.text(), seconds=60)

        assert "min_confidence" in page.summary.text()
        assert page.tree.topLevelItemCount() == 0

    assert play(session, story) == EXIT_OK


def test_a_question_can_be_stopped_and_the_window_closed_over_it(play: Play, session: TradingSession) -> None:
    async def story(workstation: Workstation) -> None:
        page = await opened(workstation, session)
        page.setting.setCurrentText(THRESHOLD)
        page.value.setText("0.8")
        page.button.click()
        page.button.click()
        assert page.summary.text() == "Stopped."
        assert not page.process.is_busy
        assert page.button.text() == "What if"
        page.button.click()  # and the window closes while it is being answered

    assert play(session, story) == EXIT_OK


def test_a_journal_that_is_not_there_is_told(play: Play) -> None:
    session = ScriptedSession(bars=30)

    async def story(workstation: Workstation) -> None:
        page = await opened(workstation, session)
        await until(lambda: "scripted.sqlite" in page.summary.text(), seconds=60)

    assert play(session, story) == EXIT_OK


def test_every_control_has_a_name(play: Play, session: TradingSession) -> None:
    async def story(workstation: Workstation) -> None:
        page = await opened(workstation, session)
        assert all(control.accessibleName() for control in (page.setting, page.value, page.tree))
        assert all(label.wordWrap() for label in page.findChildren(QLabel))

    play(session, story)


def test_the_sentences_count_what_differs_and_say_how_it_would_end() -> None:
    gone = a_flow_change(kind=ChangeKind.GONE, flow_id=an_id("TCK", 2), after=None)
    result = a_what_if(changes=(a_flow_change(), gone))

    assert summary_text(result).splitlines() == [
        "Decisions: 1 gone, 1 with another outcome",
        "Trades: 1, would be 2",
        "Equity: 10,002.50 USDT, would be 9,990.00 USDT",
    ]
    assert fate_text(result, an_id("TCK", 2)) == "This decision would be: Nothing was decided"
    assert fate_text(result, an_id("TCK", 3)) == "This decision would be the same."
    assert "not as recorded" in summary_text(a_what_if(is_as_recorded=False))


def test_a_long_list_is_cut_and_says_so() -> None:
    many = a_what_if(changes=(a_flow_change(before=an_outcome()),) * (LINES_MAX + 1))

    assert len(what_if_lines(many, str.upper)) == LINES_MAX
    assert f"The first {LINES_MAX} are listed." in summary_text(many)
