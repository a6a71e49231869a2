"""Direct planning: the first convincing opportunity becomes a directive."""

from decimal import Decimal
from typing import Any

import pytest

from engine.config.blueprint import DirectPlanning
from engine.contracts.disposition import NOTHING
from engine.phase3_strategy.direct import DirectPlanner
from engine.primitives.ids import IdSource
from tests.support.context import StandingMarket
from tests.support.ledger import Books
from tests.support.notes import an_id, an_instrument, an_opportunity

pytestmark = pytest.mark.unit


class Desk:
    """A direct planner with real books, and what it remarked."""

    def __init__(self, **policy: Any) -> None:
        self.books = Books()
        self.remarks: list[str] = []
        self.planner = DirectPlanner(
            DirectPlanning.model_validate({"minimum_confidence": {"fvg_entry": "0.6"}} | policy),
            strategy_id="demo",
            ids=IdSource(self.books.clock.now_ns),
            clock=self.books.clock,
            market=StandingMarket(an_instrument(), Decimal(50000)),
            ledger=self.books.ledger,
            remember=lambda topic, text: self.remarks.append(f"{topic}: {text}"),
        )

    def hears(self, **signal: Any) -> Any:
        return self.planner.on_opportunity(an_opportunity(**signal))


def test_a_convincing_opportunity_becomes_the_same_kind_of_directive_as_a_planner_makes() -> None:
    directive = Desk().hears(invalidation_price=Decimal(49700)).payload

    assert directive.confidence == Decimal("0.85")
    assert directive.entry_directive.reference_price == 50000
    assert directive.exit_directive.invalidation_price == 49700
    assert directive.size_directive.account_risk_pct == Decimal("0.02")
    assert directive.causality.opportunity_ids == (an_id("OPP"),)


def test_the_minimum_itself_is_enough() -> None:
    assert Desk().hears(confidence=Decimal("0.6")) is not NOTHING


def test_a_weak_signal_is_passed_over_with_its_numbers_and_leaves_room_for_another() -> None:
    desk = Desk()

    assert desk.hears(confidence=Decimal("0.59")) is NOTHING
    assert "0.59; trades start at 0.6" in desk.remarks[0]
    assert desk.hears() is not NOTHING


def test_a_type_that_nobody_named_is_not_traded() -> None:
    desk = Desk()

    assert desk.hears(signal_type="rumour") is NOTHING
    assert "rumour has no minimum confidence" in desk.remarks[0]
    assert "fvg_entry" in desk.remarks[0]


def test_one_flow_gives_one_directive_and_the_next_flow_another() -> None:
    desk = Desk()
    desk.hears()

    assert desk.hears() is NOTHING
    desk.planner.reset()
    assert desk.hears() is not NOTHING


def test_no_trade_is_opened_beyond_the_limit() -> None:
    desk = Desk(max_open_trades=1)
    desk.books.trade()

    assert desk.hears() is NOTHING
    assert "open trades: 1; allowed: 1" in desk.remarks[0]
