"""The risk panel: what is used of each limit as it stands, and what was refused, each with its flow."""

from decimal import Decimal

import pytest

from engine.contracts.flows import OutcomeKind
from engine.contracts.limits import LimitUnit, LimitUse
from gui.app import Workstation
from gui.panels.risk import RiskPanel
from gui.theme.tokens import Tone
from gui.workspace.panel_names import PanelName
from tests.gui.conftest import Play
from tests.support.gui import LIMITS, ScriptedSession, until

pytestmark = pytest.mark.gui


async def panel_of(workstation: Workstation) -> RiskPanel:
    await until(lambda: workstation.desk is not None)
    assert workstation.desk is not None
    workstation.desk.show_panel(PanelName.RISK)
    workstation.desk.risk.refresh()
    return workstation.desk.risk


def texts(panel: RiskPanel) -> list[list[str]]:
    model = panel.limits
    return [
        [str(model.index(row, column).data()).replace("\u00a0", " ") for column in range(6)]
        for row in range(model.rowCount())
    ]


def test_each_limit_says_what_is_used_what_may_be_and_what_is_left(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        panel = await panel_of(workstation)
        rows = texts(panel)
        assert rows[0] == ["Maximum daily loss", "Account", "125.00", "500.00", "375.00", "25 %"]
        assert rows[1] == ["Maximum exposure", "Account", "3,093.50", "no limit", "", ""]
        assert rows[2][1:] == ["BTC/USDT", "3,093.50", "3,000.00", "−93.50", "103 % · reached"]  # noqa: RUF001  # a minus
        assert rows[3][2:4] == ["each order", "10.00 %"]
        assert rows[5][1:] == ["Demo momentum", "27", "30", "3", "90 % · near"]
        left = panel.limits.columns[4]
        assert left.tone is not None
        assert [left.tone(LIMITS[place]) for place in (0, 2, 5)] == [None, Tone.FALL, Tone.WARNING]

    play(ScriptedSession(bars=0), story)


def test_limits_follow_the_session_while_they_are_seen(play: Play) -> None:
    session = ScriptedSession(bars=0)

    async def story(workstation: Workstation) -> None:
        panel = await panel_of(workstation)
        session.limits = (LimitUse("maximum daily loss", LimitUnit.QUOTE, Decimal(500), Decimal(500)),)
        await until(lambda: texts(panel)[0][5] == "100 % · reached")
        assert len(texts(panel)) == 1

    play(session, story)


def test_a_refusal_stands_there_with_its_rule_and_opens_its_flow(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        panel = await panel_of(workstation)
        await until(lambda: bool(panel.refusals.rows))
        panel.refresh()
        record = panel.refusals.row_at(0)
        assert record.outcome.kind is OutcomeKind.REJECTED
        assert panel.refusals.index(0, 2).data() == "Stop loss tolerance"
        assert "1.84 %" in panel.refusals.index(0, 3).data()
        heard = []
        assert workstation.host is not None
        workstation.host.focus.chosen.connect(heard.append)

        panel.refusals_table.selectRow(0)

        assert [each.flow_id for each in heard] == [record.flow_id]

    play(ScriptedSession(bars=10), story)
