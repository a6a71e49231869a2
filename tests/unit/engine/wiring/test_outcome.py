"""What became of a flow, judged by what was said in it."""

import pytest

from engine.contracts.causality import CausalityChain
from engine.contracts.context import TradingContext
from engine.contracts.directives import DirectiveScope
from engine.contracts.flows import OutcomeKind
from engine.primitives.errors import PlanError, VenueRejected
from engine.wiring.outcome import causality_of, outcome_of_error, outcome_of_silence
from tests.support.notes import (
    a_batch,
    a_causality,
    a_size_plan,
    a_strategy_directive,
    a_threat,
    a_translation,
    an_assessment,
    an_entry_plan,
    an_exit_plan,
    an_id,
    an_intent,
    an_opportunity,
)
from tests.support.wiring import T, a_handler

pytestmark = pytest.mark.unit

DIRECTIVE = {"OPPORTUNITY_DETECTED", "STRATEGY_DIRECTIVE_ISSUED"}
PLANS = DIRECTIVE | {"ENTRY_PLAN_CREATED", "SIZE_PLAN_CREATED", "EXIT_PLAN_CREATED"}


@pytest.mark.parametrize("said", [set(), {"THREAT_DETECTED"}, {"LEDGER_UPDATE", "THREAT_DETECTED"}])
def test_without_an_opportunity_there_was_none(said: set[str]) -> None:
    assert outcome_of_silence(frozenset(said)).kind is OutcomeKind.NO_OPPORTUNITY


@pytest.mark.parametrize(
    ("said", "stage", "rule", "reason"),
    [
        ({"OPPORTUNITY_DETECTED"}, "strategy_planning", "no directive", "the planner issued no directive"),
        (DIRECTIVE, "trade_planning", "incomplete plans", "No plan came from: entry, size, exit."),
        (DIRECTIVE | {"SIZE_PLAN_CREATED"}, "trade_planning", "incomplete plans", "No plan came from: entry, exit."),
        (PLANS, "trade_planning", "incomplete plans", "no request for an intent"),
        (PLANS | {"EXECUTION_INTENT_REQUESTED"}, "trade_planning", "incomplete plans", "execution_intent"),
        (
            PLANS | {"EXECUTION_INTENT_REQUESTED", "EXECUTION_INTENT_CREATED"},
            "trade_planning",
            "no execution directive",
            "no execution directive came",
        ),
        (
            PLANS | {"EXECUTION_DIRECTIVE_READY"},
            "translation",
            "no translation",
            "nobody put it into the venue's terms",
        ),
        (PLANS | {"TRANSLATION_REQUESTED"}, "translation", "no translation", "nobody put it into the venue's terms"),
        (
            PLANS | {"TRANSLATION_REQUESTED", "TRANSLATION_COMPLETE"},
            "execution",
            "no execution",
            "no execution handler took them",
        ),
    ],
)
def test_the_last_room_that_was_reached_said_no_by_its_silence(
    said: set[str], stage: str, rule: str, reason: str
) -> None:
    outcome = outcome_of_silence(frozenset(said))

    assert (outcome.kind, outcome.stage, outcome.rule) == (OutcomeKind.REJECTED, stage, rule)
    assert reason in outcome.reason


def test_only_the_slots_that_were_asked_for_can_be_missed() -> None:
    move = a_strategy_directive(
        scope=DirectiveScope.MODIFY_EXISTING,
        target_trade_ids=(an_id("TRD"),),
        entry_directive=None,
        size_directive=None,
    )

    outcome = outcome_of_silence(frozenset({"STRATEGY_DIRECTIVE_ISSUED"}), move)

    assert outcome.reason == "No plan came from: exit."


PLUGIN = a_handler("entry.m", TradingContext, kind=T.ENTRY_PLANNER)
TRANSLATOR = a_handler("translator.m", TradingContext, phase=4, stage="translation")


def test_a_plan_error_is_a_plain_no_of_its_room() -> None:
    outcome = outcome_of_error(PlanError("No stop.", entry=1), PLUGIN)

    assert (outcome.kind, outcome.stage, outcome.rule) == (OutcomeKind.REJECTED, "trade_planning", "plan error")
    assert outcome.reason == "No stop. (entry=1)"


def test_what_the_venue_cannot_do_is_a_plain_no_of_the_translation() -> None:
    outcome = outcome_of_error(VenueRejected("No iceberg."), TRANSLATOR)

    assert (outcome.kind, outcome.stage, outcome.rule) == (OutcomeKind.REJECTED, "translation", "venue cannot")


def test_any_other_error_is_a_failure_that_names_the_worker() -> None:
    outcome = outcome_of_error(ValueError("odd"), PLUGIN)

    assert (outcome.kind, outcome.rule, outcome.reason) == (OutcomeKind.FAILED, "ValueError", "entry.m: odd")
    assert outcome.error == "ValueError: odd"


def test_without_any_chain_the_flow_is_where_it_begins() -> None:
    assert causality_of([an_entry_plan()], an_id("TCK", 9)) == CausalityChain(
        flow_id=an_id("TCK", 9), entry_plan_id=an_id("ENT")
    )


def test_the_last_note_that_carries_a_chain_gives_it() -> None:
    known = a_causality(strategy_directive_id=an_id("STR", 5), opportunity_ids=(an_id("OPP", 5),))

    chain = causality_of([an_opportunity(), a_strategy_directive(causality=known)], an_id("TCK"))

    assert chain == known


def test_links_that_the_chain_lacks_are_filled_in_from_what_was_said() -> None:
    notes = [
        an_assessment(),
        an_opportunity(),
        a_threat(),
        a_strategy_directive(),
        an_entry_plan(),
        a_size_plan(),
        an_exit_plan(),
        an_intent(),
        a_translation().directive,
        a_batch(),
        a_translation(),
    ]

    chain = causality_of(notes, an_id("TCK"))

    assert chain.model_dump() == {
        "flow_id": an_id("TCK"),
        "context_assessment_id": an_id("CTX"),
        "opportunity_ids": (an_id("OPP"),),
        "threat_ids": (an_id("THR"),),
        "strategy_directive_id": an_id("STR"),
        "entry_plan_id": an_id("ENT"),
        "size_plan_id": an_id("SIZ"),
        "exit_plan_id": an_id("EXT"),
        "execution_intent_id": an_id("EXI"),
        "execution_directive_id": an_id("EXE"),
        "batch_id": an_id("BAT"),
        "group_id": an_id("EXG"),
    }
