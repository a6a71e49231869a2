"""The playbook itself: it holds a worker to its contract and tells what was not as expected."""

import pytest

from engine.contracts.context import AggregatedContextAssessment
from engine.contracts.directives import StrategyDirective
from engine.contracts.disposition import NOTHING, DispositionEnvelope, Envelopes
from engine.contracts.events import (
    CONTEXT_ASSESSMENT_READY,
    CONTEXT_READY,
    ENTRY_PLAN_CREATED,
    FLOW_STOP,
    OPPORTUNITY_DETECTED,
    SIZE_PLAN_CREATED,
    STRATEGY_DIRECTIVE_ISSUED,
    TICK_RECEIVED,
    UI_FLOW_TERMINATED,
)
from engine.contracts.flows import FlowEnd, OutcomeKind
from engine.contracts.swot import SWOTInputs
from engine.phase1_context.chain import ContextChain
from engine.phase6_finale.terminator import FlowTerminator
from engine.primitives.errors import OutputContractBroken, PlanError
from tests.support.notes import (
    a_causality,
    a_size_plan,
    a_strategy_directive,
    an_entry_plan,
    an_id,
    an_opportunity,
    an_outcome,
)
from tests.support.playbook import Playbook
from tests.support.wiring import MANIFESTS, a_context, an_assessed_context

pytestmark = pytest.mark.flow


def test_a_platform_worker_is_known_by_its_methods() -> None:
    end = FlowEnd(flow_id=an_id("TCK"), strategy_id="demo", outcome=an_outcome(), causality=a_causality())
    house = Playbook(FlowTerminator())

    house.give(FLOW_STOP, end)

    house.expect(UI_FLOW_TERMINATED, flow_id=an_id("TCK"))
    house.expect_nothing()


def test_the_chain_closes_the_context() -> None:
    Playbook(ContextChain()).give(TICK_RECEIVED, a_context()).expect(CONTEXT_READY, symbol="BTC/USDT")


class Entry:
    """Answers what the test tells it to."""

    def __init__(self, answer: Envelopes | Exception) -> None:
        self.answer = answer

    def on_strategy_directive(self, directive: StrategyDirective) -> Envelopes:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def entry(answer: Envelopes | Exception) -> Playbook:
    return Playbook(Entry(answer), manifest=MANIFESTS["Aggressive"])


def test_a_plugin_is_held_to_its_manifest() -> None:
    house = entry(DispositionEnvelope.publish(SIZE_PLAN_CREATED, a_size_plan()))

    with pytest.raises(OutputContractBroken, match="expected=ENTRY_PLAN_CREATED"):
        house.give(STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive())


def test_what_a_worker_raises_is_raised() -> None:
    with pytest.raises(PlanError):
        entry(PlanError("no")).give(STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive())


def test_a_stop_is_expected_by_its_kind() -> None:
    house = entry(DispositionEnvelope.rejected(stage="trade_planning", rule="limit", reason="x"))

    house.give(STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive())

    house.expect_stop(OutcomeKind.REJECTED, rule="limit")


def test_silence_and_speech_are_told_apart() -> None:
    quiet, loud = entry(NOTHING), entry(DispositionEnvelope.publish(ENTRY_PLAN_CREATED, an_entry_plan()))
    for house in (quiet, loud):
        house.give(STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive())

    quiet.expect_nothing()
    with pytest.raises(AssertionError, match="nothing more was said"):
        quiet.expect(ENTRY_PLAN_CREATED)
    with pytest.raises(AssertionError, match="expected silence"):
        loud.expect_nothing()
    with pytest.raises(AssertionError):
        loud.expect(ENTRY_PLAN_CREATED, plan_id=an_id("ENT", 99))


def test_an_event_that_the_worker_does_not_hear_is_refused() -> None:
    with pytest.raises(AssertionError, match="nobody here hears TICK_RECEIVED"):
        entry(NOTHING).give(TICK_RECEIVED, a_context())


class Planner:
    """Keeps the assessment that it was asked with."""

    def __init__(self) -> None:
        self.seen: list[AggregatedContextAssessment] = []

    def confront(self, swot: SWOTInputs) -> Envelopes:
        self.seen.append(swot.context)
        return DispositionEnvelope.publish(STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive())


def test_a_join_gathers_until_it_is_asked() -> None:
    house = Playbook(Planner(), manifest=MANIFESTS["Momentum"])

    house.give(CONTEXT_ASSESSMENT_READY, an_assessed_context()).give(OPPORTUNITY_DETECTED, an_opportunity())
    house.expect_nothing()
    house.ask()

    house.expect(STRATEGY_DIRECTIVE_ISSUED, directive_id=an_id("STR"))


def test_a_join_is_given_what_it_remembers() -> None:
    planner = Planner()
    house = Playbook(planner, manifest=MANIFESTS["Momentum"], now_ns=an_assessed_context().context.closed_ns)

    house.give(OPPORTUNITY_DETECTED, an_opportunity()).ask(an_assessed_context())

    assert planner.seen[0].age_seconds == 0
