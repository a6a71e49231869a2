"""An asset is kept near its share of the equity."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.directives import DirectiveScope
from engine.contracts.disposition import NOTHING
from engine.contracts.updates import ScheduleTick
from engine.primitives.errors import PluginError
from engine.primitives.ids import TradeId
from engine.primitives.kept import Keepable
from tests.support.context import StandingState, assessed, employ
from tests.support.ledger import Books
from tests.support.notes import AT, an_id

pytestmark = pytest.mark.unit

D = Decimal
FOLDER = "phase3_strategy/rebalance"
SIZER = "phase4_size/fixed_risk"
(BAR,) = assessed([50000.0])


class Desk:
    """Equity of 100,000 in a market at 50,000, of which some trades hold a part."""

    def __init__(self, *held: str, kept: Mapping[str, Keepable] | None = None, **config: object) -> None:
        self.books = Books("100000")
        self.remarks: list[str] = []
        self.trades = [self.buy(quantity) for quantity in held]
        self.planner = employ(
            FOLDER,
            config,
            clock=self.books.clock,
            ids=self.books.ids,
            ledger=self.books.ledger,
            remember=lambda topic, text: self.remarks.append(f"{topic}: {text}"),
            state=StandingState(kept),
        )

    def buy(self, quantity: str) -> TradeId:
        entry = self.books.order(quantity)
        self.books.fill(entry, quantity, "50000")
        return entry.trade_id

    def after_a_bar(self) -> Any:
        return self.planner.on_context_assessment(BAR)


def test_what_is_missing_is_bought() -> None:
    desk = Desk("0.6")  # 30,000 of 100,000
    directive = desk.after_a_bar().payload

    assert directive.scope is DirectiveScope.NEW_TRADE
    spent = employ(SIZER, {"risk_pct": "0.9"}, ledger=desk.books.ledger).plan(directive).position_value
    assert 19999 < spent <= 20000


def test_within_the_band_nothing_happens() -> None:
    assert Desk("0.9").after_a_bar() is NOTHING  # 45 %
    assert Desk("1.1").after_a_bar() is NOTHING  # 55 %


def test_what_is_too_much_goes_in_whole_trades_the_oldest_first() -> None:
    desk = Desk("0.1", "0.1", "1.0")  # 60 %
    directive = desk.after_a_bar().payload

    assert directive.scope is DirectiveScope.CLOSE_EXISTING
    assert directive.target_trade_ids == tuple(desk.trades[:2])


def test_it_never_sells_itself_out_of_the_band() -> None:
    desk = Desk("1.2")  # 60 % in one trade: without it nothing would be left

    assert desk.after_a_bar() is NOTHING
    assert "each trade is too large to go" in desk.remarks[0]


def test_while_an_order_works_it_waits() -> None:
    desk = Desk("0.6")
    desk.books.order("0.4")

    assert desk.after_a_bar() is NOTHING


def test_it_looks_no_more_often_than_told_but_at_every_schedule() -> None:
    desk = Desk("0.6", minutes_between=60)
    assert desk.after_a_bar() is not NOTHING
    assert desk.after_a_bar() is NOTHING
    tick = ScheduleTick(schedule_id=an_id("SCH"), timestamp=AT, schedule="weekly")
    assert desk.planner.on_schedule(tick) is not NOTHING
    desk.books.clock.move(minutes=60)
    assert desk.after_a_bar() is not NOTHING


def test_a_restart_does_not_make_it_look_earlier() -> None:
    before = Desk("0.6", minutes_between=60)
    before.after_a_bar()
    after = Desk("0.6", kept=before.planner.tools.state.load(), minutes_between=60)

    after.books.clock.move(minutes=59)
    assert after.after_a_bar() is NOTHING
    after.books.clock.move(minutes=1)
    assert after.after_a_bar() is not NOTHING


def test_one_that_looks_at_every_bar_keeps_nothing() -> None:
    desk = Desk("0.6", minutes_between=0)

    assert [desk.after_a_bar() is not NOTHING for _ in range(2)] == [True, True]
    assert desk.planner.tools.state.load() is None


def test_less_than_the_smallest_order_is_not_missing() -> None:
    assert Desk(target_weight="0.00004", band="0.00001").after_a_bar() is NOTHING  # 4 of at least 5


def test_it_cannot_work_without_the_ledger() -> None:
    with pytest.raises(PluginError, match="ledger_reading"):
        employ(FOLDER)
