"""Two timeframes of one context side by side: both follow what happens, and one cursor is on both."""

import asyncio

import pytest

from gui.app import Workstation
from gui.panels.strategy_charts import StrategyCharts
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until

pytestmark = pytest.mark.gui


async def charts_of(workstation: Workstation) -> StrategyCharts:
    await until(lambda: workstation.desk is not None)
    assert workstation.desk is not None
    charts = workstation.desk.market.charts
    assert charts is not None
    return charts


def test_a_longer_timeframe_is_shown_beside_and_taken_away_again(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        charts = await charts_of(workstation)
        await until(lambda: charts.own.bar_count == 240 + 20)
        assert workstation.desk is not None
        selector = workstation.desk.market.beside_selector
        assert [selector.itemText(place) for place in range(3)] == ["Alone", "+ 5m", "+ 15m"]

        selector.setCurrentIndex(1)
        selector.activated.emit(1)
        await asyncio.sleep(0)

        beside = charts.beside
        assert beside is not None
        assert beside.isVisible()
        assert beside.bar_count == (240 + 20) // 5
        assert beside.read_out("price").count("EMA 20") == 1
        assert len(charts.sizes()) == 2
        assert min(charts.sizes()) > 200

        selector.setCurrentIndex(0)
        selector.activated.emit(0)
        assert charts.charts == [charts.own]

    play(ScriptedSession(bars=20), story)


def test_both_grow_with_the_market_and_carry_its_marks(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        charts = await charts_of(workstation)
        charts.show_beside(charts.offered[0])
        await until(lambda: charts.own.bar_count == 240 + 30)

        beside = charts.beside
        assert beside is not None
        assert beside.bar_count == (240 + 30) // 5
        own, longer = charts.own.columns, beside.columns
        assert float(longer.column("close")[-1]) == float(own.column("close")[-1])
        assert float(longer.column("volume")[-1]) == pytest.approx(float(own.column("volume").part(265, 270).sum()))
        assert len(beside._marks._marks) == len(charts.own._marks._marks) > 0

    play(ScriptedSession(bars=30), story)


def test_the_cursor_of_one_is_on_the_bar_of_the_other_that_holds_it(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        charts = await charts_of(workstation)
        charts.show_beside(charts.offered[0])
        await until(lambda: charts.own.bar_count == 240)
        assert charts.beside is not None

        charts.own.pointed.emit(int(charts.own.columns.opened_ns[103]))

        assert charts.beside._pointer_index == 103 // 5

    play(ScriptedSession(bars=0), story)
