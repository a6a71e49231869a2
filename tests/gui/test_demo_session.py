"""The demo session in the window, as a trader first meets it: decide, cancel, flatten, flat. A picture of each step."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from engine.config.places import Places
from engine.contracts.commands import TradingState
from engine.ports.session import SessionState, TradingSession
from gui.app import EXIT_OK, Workstation
from gui.workspace.desk import Desk
from tests.gui.conftest import Play
from tests.support.gui import until
from tools.screenshots import STEPS, demo_session, first_minutes

pytestmark = pytest.mark.gui


@pytest.fixture
def session(home: Path) -> TradingSession:
    return demo_session(Places.of_user())


def check(step: str, desk: Desk, session: TradingSession) -> None:
    """What must be true when a step is on the screen."""
    match STEPS.index(step) + 1:
        case 1:
            assert session.status.label == desk.session_bar.label.text() == "DEMO"
            assert session.status.state is SessionState.RUNNING
        case 2:
            assert desk.chain.heading.text().startswith("Executed")
            assert desk.chain.tree.topLevelItemCount() > 8
        case 3:
            assert not desk.groups.cancel_button.isEnabled()
        case 4:
            assert not desk.flatten.isVisible(), "nothing happens before the question is answered"
        case 5:
            assert not session.ledger.get_open_orders()
            assert not session.ledger.get_open_positions()
            assert desk.models.positions.rowCount() == 0
            assert "read twice from the venue" in desk.flatten.text.text()
            assert session.status.trading_state is TradingState.REDUCING


def test_a_trader_s_first_minutes(play: Play, session: TradingSession, tmp_path: Path) -> None:
    seen: list[str] = []

    async def story(workstation: Workstation) -> None:
        def on_step(step: str) -> None:
            assert workstation.desk is not None
            check(step, workstation.desk, session)
            seen.append(step)

        await first_minutes(workstation, tmp_path, on_step)

    assert play(session, story) == EXIT_OK
    assert tuple(dict.fromkeys(seen)) == STEPS
    assert session.status.state is SessionState.STOPPED
    for step in STEPS:
        picture = QImage(str(tmp_path / f"{step}.png"))
        seen_colours = {
            picture.pixel(x, y) for x in range(0, picture.width(), 5) for y in range(0, picture.height(), 5)
        }
        assert len(seen_colours) > 50, "something is drawn"


def test_focus_starts_where_the_keys_of_the_chart_work(play: Play, session: TradingSession) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None, seconds=30)
        assert workstation.desk is not None
        chart = workstation.desk.market.chart
        assert chart is not None
        assert chart.focusPolicy() == Qt.FocusPolicy.StrongFocus
        await until(chart.hasFocus)

    play(session, story)
