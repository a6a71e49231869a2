"""What is pointed at and chosen on the chart is known to every panel."""

import pytest

from engine.contracts.flows import OutcomeKind
from engine.primitives.ids import OrderId
from gui.app import Workstation
from gui.bridge.focus import Chosen
from gui.charts.marks import MarkKind
from tests.gui.conftest import Play
from tests.support.gui import STRATEGY_ID, SYMBOL, ScriptedSession, until

pytestmark = pytest.mark.gui


def test_a_click_on_a_fill_chooses_its_bar_and_its_order(play: Play) -> None:
    session, chosen = ScriptedSession(bars=30), list[Chosen]()

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.host is not None and not workstation.host.is_running)
        assert workstation.host is not None
        assert workstation.desk is not None
        workstation.host.focus.chosen.connect(chosen.append)
        chart = workstation.desk.market.chart_of(STRATEGY_ID)
        fill = next(mark for mark in chart._marks._marks if mark.kind is MarkKind.ENTRY_BUY)
        signal = next(mark for mark in chart._marks._marks if mark.kind is MarkKind.SIGNAL_BUY)
        at = {index for index in range(chart.bar_count) if fill in chart._marks.of_bar(index)}.pop()
        chart._on_clicked(at, fill.price or 0.0)
        assert signal.flow_id

    play(session, story)

    assert (chosen[0].strategy_id, chosen[0].symbol) == (STRATEGY_ID, SYMBOL)
    assert session.books.get_order(OrderId(chosen[0].order_id)).filled_quantity > 0
    assert chosen[0].from_ns is not None
    assert chosen[0].to_ns == chosen[0].from_ns + 60_000_000_000


def test_a_click_on_a_bar_or_an_order_opens_the_flow_behind_it(play: Play) -> None:
    session, headings, reasons = ScriptedSession(bars=30), list[str](), list[str]()

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.host is not None and not workstation.host.is_running)
        assert workstation.host is not None
        assert workstation.desk is not None
        desk, focus = workstation.desk, workstation.host.focus
        desk.refresh()
        traded = next(row for row in desk.decisions.model.rows.values() if row.outcome.kind is OutcomeKind.EXECUTED)
        desk.decisions.search.setText("nothing is called like this")
        born = traded.born_ns
        focus.choose(Chosen(STRATEGY_ID, SYMBOL, born - 60_000_000_000, born))
        headings.append(desk.chain.heading.text())
        desk.decisions.choose(0)
        focus.choose(Chosen(order_id=session.books.get_execution_groups()[0].order_ids[-1]))
        headings.append(desk.chain.heading.text())
        focus.choose(Chosen(STRATEGY_ID, SYMBOL, 0, 60_000_000_000))
        reasons.append(desk.chain.reason.text())
        assert all(heading == f"Executed  ·  {traded.flow_id}" for heading in headings)

    play(session, story)

    assert len(headings) == 2
    assert reasons[0].startswith("Nothing was said at the bar that closed at ")


def test_a_slice_that_is_still_to_be_sent_is_on_the_chart_until_it_is_sent(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        await until(lambda: bool(session.books.get_execution_groups()))
        session.pause()
        assert workstation.desk is not None
        plan = session.schedule_first_group()
        chart = workstation.desk.market.chart_of(STRATEGY_ID)
        await until(lambda: len(chart._planned.orders) == 1)
        later = session.books.get_order(plan.slices[1].order_id)
        assert chart._planned.orders[0].price == float(later.limit_price or 0)
        session.books.cancel_order(later.order_id)
        await until(lambda: not chart._planned.orders)

    play(session, story)
