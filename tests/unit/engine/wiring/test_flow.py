"""The table of phases knows every event, every note, and every worker of the platform."""

import pytest

from engine.config.manifest import WorkerType
from engine.contracts.context import AssessedContext, TradingContext
from engine.contracts.events import EVENTS
from engine.contracts.plans import EntryPlan
from engine.contracts.signals import OpportunitySignal
from engine.contracts.swot import Situation, SWOTInputs
from engine.wiring.flow import (
    ALIASES,
    EVENT_ROOMS,
    NOTES,
    PLATFORM_WORKERS,
    REQUIRED,
    TYPE_RULES,
    Phase,
    canonical,
    fits,
    is_background,
)
from tests.support.wiring import a_handler

pytestmark = pytest.mark.unit


def test_every_event_has_a_room() -> None:
    assert set(EVENT_ROOMS) == set(EVENTS)


def test_every_payload_can_be_named_in_a_manifest() -> None:
    assert set(NOTES.values()) == {event.payload_type for event in EVENTS.values()} | {SWOTInputs, Situation}


def test_every_kind_of_worker_has_a_rule() -> None:
    assert set(TYPE_RULES) == set(WorkerType)


def test_a_kind_of_worker_may_only_say_events_that_exist() -> None:
    assert {name for rule in TYPE_RULES.values() for name in rule.may_publish} <= set(EVENTS)


def test_a_context_worker_may_say_nothing() -> None:
    assert TYPE_RULES[WorkerType.CONTEXT_WORKER].may_publish == frozenset()


def test_every_required_subscription_is_of_a_worker_that_takes_the_note() -> None:
    misfits = [
        (event, worker, method)
        for event, worker, method in REQUIRED
        if not fits(EVENTS[event].payload_type, PLATFORM_WORKERS[worker][method].input_type)
    ]

    assert misfits == []


def test_the_translator_has_a_stage_of_its_own() -> None:
    handler = PLATFORM_WORKERS["execution_translator_factory"]["on_translation_request"]

    assert (handler.phase, handler.stage_name) == (Phase.PLANNING, "translation")


def test_a_handler_is_a_join_when_its_note_is_gathered() -> None:
    assert a_handler("planner.confront", SWOTInputs).is_join
    assert not a_handler("sizer.on_entry_plan", EntryPlan).is_join


@pytest.mark.parametrize(
    ("payload", "takes", "expected"),
    [
        (OpportunitySignal, OpportunitySignal, True),
        (OpportunitySignal, EntryPlan, False),
        (OpportunitySignal, object, True),
        (OpportunitySignal, SWOTInputs, True),
        (AssessedContext, SWOTInputs, True),
        (TradingContext, SWOTInputs, False),
    ],
)
def test_a_payload_fits_what_takes_or_gathers_it(payload: type, takes: type, expected: bool) -> None:
    assert fits(payload, takes) is expected


def test_an_assessment_alone_is_no_reason_to_ask_the_planner() -> None:
    assert is_background(AssessedContext, SWOTInputs)
    assert not is_background(OpportunitySignal, SWOTInputs)
    assert not is_background(AssessedContext, AssessedContext)


@pytest.mark.parametrize("alias", ["backtest_handler", "paper_handler", "live_handler"])
def test_a_map_may_name_the_execution_handler_by_its_mode(alias: str) -> None:
    assert canonical(alias, PLATFORM_WORKERS) == "execution_handler"
    assert alias in ALIASES


def test_an_alias_gives_way_to_a_worker_of_that_very_name() -> None:
    assert canonical("paper_handler", {"paper_handler": {}}) == "paper_handler"
