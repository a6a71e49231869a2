"""The performance panel: figures by strategy, and the curve of the account."""

from decimal import Decimal

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from engine.contracts.orders import TradeStatus
from engine.phase6_finale.performance import figures_of
from gui.app import Workstation
from gui.panels.performance import PerformancePanel
from gui.theme.formats import money_text, signed_money_text
from gui.theme.ink import ink
from gui.theme.tokens import Tone
from gui.widgets.equity_curve import EquityCurve
from gui.workspace.panel_names import PanelName
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until

pytestmark = pytest.mark.gui
D = Decimal


async def panel_of(workstation: Workstation) -> PerformancePanel:
    await until(lambda: workstation.desk is not None)
    assert workstation.desk is not None
    workstation.desk.show_panel(PanelName.PERFORMANCE)
    return workstation.desk.performance


def test_a_closed_trade_is_in_the_figures_of_its_strategy_and_of_all(play: Play) -> None:
    session = ScriptedSession(bars=30)

    async def story(workstation: Workstation) -> None:
        panel = await panel_of(workstation)
        host = workstation.host
        assert host is not None
        await until(lambda: not host.is_running)
        (trade, *_) = session.books.get_open_trades()
        closed = trade.model_copy(
            update={
                "status": TradeStatus.CLOSED,
                "exit_quantity": trade.entry_quantity,
                "exit_value": trade.entry_value + 50,
            }
        )
        host.feed.trade_changed.emit(closed)
        panel.refresh()

        figures = figures_of([closed])
        model = panel.model
        rows = [[model.index(row, column).data() for column in range(7)] for row in range(model.rowCount())]
        assert [row[0] for row in rows] == ["All", "Demo momentum"]
        for row in rows:
            assert row[1:4] == ["1", "1", "0"]
            assert row[5] == signed_money_text(figures.result)

        host.feed.trade_changed.emit(trade)
        panel.refresh()
        assert model.index(0, 1).data() == "0", "a late fill has opened it again"

    play(session, story)


def test_the_curve_follows_the_account(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        panel = await panel_of(workstation)
        host = workstation.host
        assert host is not None
        await until(lambda: not host.is_running)
        host.feed.flush()
        assert len(panel.curve.points) >= 2
        assert panel.curve.points[-1][1] == pytest.approx(float(host.account().equity))
        assert money_text(host.account().equity) in panel.curve.accessibleDescription()

    play(ScriptedSession(bars=30, pace_s=0.02), story)


def test_a_long_curve_keeps_its_ends_and_its_deepest_fall(qtbot: QtBot) -> None:
    curve = EquityCurve()
    qtbot.addWidget(curve)
    for number in range(10_000):
        curve.add(number, D(1000) - (D(400) if number == 5_001 else D(0)))

    assert len(curve.points) <= 2_000
    assert (curve.points[0][0], curve.points[-1][0]) == (0, 9_999)
    assert curve.deepest == D("0.4")
    curve.resize(300, 120)
    before = {tone: ink(tone).name(QColor.NameFormat.HexArgb) for tone in Tone}
    assert not curve.grab().isNull()
    assert {tone: ink(tone).name(QColor.NameFormat.HexArgb) for tone in Tone} == before, "the inks are everybody's"
