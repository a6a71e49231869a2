"""The base of strategy planners writes whole directives."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.directives import DirectiveScope
from engine.contracts.disposition import NOTHING, Disposition, Envelopes
from engine.contracts.swot import Situation, SWOTInputs
from engine.contracts.updates import PositionUpdate, ScheduleTick
from engine.phase3_strategy.planner import BaseStrategyPlanner, causality_of
from engine.ports.worker import WorkerConfig
from tests.support.context import assessed, tools
from tests.support.notes import (
    AT,
    a_position,
    a_size_directive,
    a_swot,
    a_threat,
    an_entry_directive,
    an_exit_directive,
    an_id,
    an_intent_directive,
    an_opportunity,
)

pytestmark = pytest.mark.unit


class Planner(BaseStrategyPlanner[WorkerConfig]):
    def confront(self, swot: SWOTInputs) -> Envelopes:
        return NOTHING


@pytest.fixture
def planner() -> Planner:
    return Planner(WorkerConfig(), tools("planner"))


def a_new_trade(planner: Planner, swot: SWOTInputs, confidence: str = "0.8") -> Any:
    return planner.new_trade(
        swot,
        confidence=Decimal(confidence),
        entry=an_entry_directive(),
        size=a_size_directive(),
        exit_=an_exit_directive(),
        execution_intent=an_intent_directive(),
    ).payload


def test_a_directive_names_every_signal_that_was_on_the_table(planner: Planner) -> None:
    swot = a_swot(opportunities=(an_opportunity(), an_opportunity(signal_id=an_id("OPP", 1))), threats=(a_threat(),))
    chain = a_new_trade(planner, swot).causality

    assert chain.flow_id == an_id("TCK")
    assert chain.context_assessment_id == an_id("CTX")
    assert chain.opportunity_ids == (an_id("OPP"), an_id("OPP", 1))
    assert chain.threat_ids == (an_id("THR"),)


@pytest.mark.parametrize(("given", "held"), [("1.3", "1"), ("-0.2", "0"), ("0.42", "0.42")])
def test_confidence_is_held_between_zero_and_one(planner: Planner, given: str, held: str) -> None:
    assert a_new_trade(planner, a_swot(), given).confidence == Decimal(held)


def test_an_exit_names_exactly_its_targets(planner: Planner) -> None:
    swot = a_swot(opportunities=(), threats=(a_threat(),))
    said: Any = planner.close_existing(
        swot, confidence=Decimal(1), trades=[an_id("TRD")], groups=[an_id("EXG"), an_id("EXG", 1)]
    )

    assert said.event_name == "STRATEGY_DIRECTIVE_ISSUED"
    assert said.payload.scope is DirectiveScope.CLOSE_EXISTING
    assert said.payload.target_trade_ids == (an_id("TRD"),)
    assert said.payload.target_group_ids == (an_id("EXG"), an_id("EXG", 1))
    assert said.payload.causality.threat_ids == (an_id("THR"),)


def test_moving_exits_is_a_directive_with_a_causality_of_its_own(planner: Planner) -> None:
    said: Any = planner.move_exits(
        a_swot(), confidence=Decimal(1), trades=[an_id("TRD")], exit_=an_exit_directive(new_stop_price=Decimal(49900))
    )

    assert said.payload.scope is DirectiveScope.MODIFY_EXISTING
    assert said.payload.causality.opportunity_ids == (an_id("OPP"),)


def test_a_refusal_ends_the_flow_and_says_why() -> None:
    said = Planner.declined("too late", "it is 23:59; trades end at 22:00")

    assert said.disposition is Disposition.STOP
    assert said.outcome is not None
    assert (said.outcome.stage, said.outcome.rule) == ("strategy_planning", "too late")
    assert said.outcome.reason == "it is 23:59; trades end at 22:00"


def test_a_decision_on_a_bar_names_the_bar_and_its_assessment() -> None:
    (bar,) = assessed([100.0])

    chain = causality_of(bar)
    assert chain.flow_id == bar.context.tick_id
    assert chain.context_assessment_id == bar.assessment.assessment_id
    assert causality_of(Situation(assessed=bar, threats=(a_threat(),))) == chain.extended(threat_ids=(an_id("THR"),))


def test_a_decision_on_a_threat_alone_names_the_flow_of_the_threat() -> None:
    chain = causality_of(Situation(threats=(a_threat(),)))

    assert (chain.flow_id, chain.context_assessment_id) == (an_id("TCK"), None)


def test_a_decision_on_news_from_outside_begins_with_it() -> None:
    tick = ScheduleTick(schedule_id=an_id("SCH"), timestamp=AT, schedule="weekly")
    update = PositionUpdate(update_id=an_id("LDG"), timestamp=AT, strategy_id="demo", position=a_position())

    assert causality_of(tick).flow_id == an_id("SCH")
    assert causality_of(update).flow_id == an_id("LDG")
