"""A worker that fails, lies or plans in vain ends its own flow, and nothing else."""

from typing import Any

import pytest

from engine.contracts.context import TradingContext
from engine.contracts.directives import StrategyDirective
from engine.contracts.disposition import NOTHING, Disposition, DispositionEnvelope
from engine.contracts.events import (
    CONTEXT_ASSESSMENT_READY,
    CONTEXT_READY,
    ENTRY_PLAN_CREATED,
    FLOW_STOP,
    OPPORTUNITY_DETECTED,
    STRATEGY_DIRECTIVE_ISSUED,
    THREAT_DETECTED,
    TICK_RECEIVED,
)
from engine.contracts.execution import ExecutionDirective
from engine.contracts.flows import FlowEnd, FlowOutcome, FlowRecord, OutcomeKind
from engine.contracts.signals import OpportunitySignal
from engine.contracts.swot import SWOTInputs
from engine.primitives.errors import InvariantBroken, OutputContractBroken, PlanError, VenueRejected
from engine.wiring.bus import FlowBus
from tests.support.notes import (
    a_strategy_directive,
    a_threat,
    an_entry_plan,
    an_execution_directive,
    an_opportunity,
)
from tests.support.wiring import (
    Scripted,
    T,
    a_bus,
    a_context,
    a_handler,
    a_map,
    an_assessed_context,
    bound,
    run,
    said_in,
    says,
)

pytestmark = pytest.mark.flow

SCOUT = a_handler("scout.m", TradingContext, "OPPORTUNITY_DETECTED", kind=T.OPPORTUNITY_WORKER)
OTHER = a_handler("other.m", TradingContext, "THREAT_DETECTED", kind=T.THREAT_WORKER)
TICKS = a_map({"TICK_RECEIVED": ["scout.m", "other.m"]})
CHANCE = says(OPPORTUNITY_DETECTED, an_opportunity())


def a_house(answer: Any, other: Any = NOTHING, **more: Any) -> FlowBus:
    return a_bus(TICKS, bound(Scripted(m=answer), SCOUT), bound(Scripted(m=other), OTHER), **more)


def failed(record: FlowRecord | None) -> FlowOutcome:
    assert record is not None
    assert record.outcome.kind is OutcomeKind.FAILED
    return record.outcome


class Divider:
    def m(self, context: TradingContext) -> DispositionEnvelope:
        return self._share(0)

    def _share(self, parts: int) -> DispositionEnvelope:
        return says(OPPORTUNITY_DETECTED, 1 / parts)


def test_a_worker_that_raises_ends_its_flow_as_failed_with_the_traceback() -> None:
    bus = a_bus(a_map({"TICK_RECEIVED": ["scout.m"]}), bound(Divider(), SCOUT))

    outcome = failed(run(bus, TICK_RECEIVED, a_context()))

    assert (outcome.stage, outcome.rule) == ("detection", "ZeroDivisionError")
    assert outcome.reason == "scout.m: division by zero"
    assert outcome.error.startswith("Traceback (most recent call last):")
    assert "in _share" in outcome.error
    assert outcome.error.endswith("ZeroDivisionError: division by zero")


def test_a_traceback_names_no_folder_of_the_machine_and_not_the_adapter() -> None:
    outcome = failed(run(a_house(RuntimeError("x")), TICK_RECEIVED, a_context()))

    assert 'File "tests/support/wiring.py"' in outcome.error
    assert "adapter.py" not in outcome.error


def test_a_worker_that_raises_harms_no_other_subscriber() -> None:
    bus = a_house(RuntimeError("x"), says(THREAT_DETECTED, a_threat()))

    record = run(bus, TICK_RECEIVED, a_context())

    assert failed(record).reason == "scout.m: x"
    assert said_in(record) == ["THREAT_DETECTED"]


def test_the_second_of_two_failures_is_remembered_with_its_traceback() -> None:
    record = run(a_house(RuntimeError("one"), RuntimeError("two")), TICK_RECEIVED, a_context())

    assert failed(record).reason == "scout.m: one"
    assert record is not None
    (remark,) = record.remarks
    assert remark.worker == "other"
    assert remark.text.endswith("RuntimeError: two")


def test_the_session_goes_on_after_a_failure() -> None:
    answers: list[Any] = [RuntimeError("once"), CHANCE]
    bus = a_house(lambda note: answers.pop(0))

    failed(run(bus, TICK_RECEIVED, a_context(), 1))
    record = run(bus, TICK_RECEIVED, a_context(), 2)

    assert record is not None
    assert record.outcome.kind is OutcomeKind.REJECTED


def test_the_runtime_is_told_the_very_error() -> None:
    told: list[tuple[str, str, Exception]] = []
    error = InvariantBroken("books do not balance")

    run(a_house(error, on_fault=lambda *what: told.append(what)), TICK_RECEIVED, a_context())

    assert told == [("scout", "m", error)]


def test_a_plain_no_is_no_fault() -> None:
    told: list[object] = []

    run(a_house(PlanError("no"), on_fault=lambda *what: told.append(what)), TICK_RECEIVED, a_context())

    assert told == []


def test_what_is_no_exception_passes_through_and_the_next_flow_is_clean() -> None:
    answers: list[Any] = [KeyboardInterrupt(), CHANCE]

    def interrupted(note: object) -> Any:
        answer = answers.pop(0)
        if isinstance(answer, KeyboardInterrupt):
            raise answer
        return answer

    bus = a_house(interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(bus, TICK_RECEIVED, a_context())

    assert said_in(run(bus, TICK_RECEIVED, a_context())) == ["OPPORTUNITY_DETECTED"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "return NOTHING when there is nothing to say"),
        ("BUY", "got=str"),
        ([CHANCE], "got=list"),
        ((CHANCE, None), "got=NoneType"),
        (says(OPPORTUNITY_DETECTED, a_threat()), "expected=OpportunitySignal, got=ThreatSignal"),  # type: ignore[arg-type]  # the point
        (says(CONTEXT_READY, a_context()), "event=CONTEXT_READY, expected=OPPORTUNITY_DETECTED"),
        (
            says(FLOW_STOP, FlowEnd.model_construct()),
            "A leading underscore is for the platform alone. (worker=scout, method=m, event=_flow_stop",
        ),
        (DispositionEnvelope(Disposition.PUBLISH), "event=None"),
        (DispositionEnvelope(Disposition.STOP), "A STOP carries the outcome of the flow."),
        (DispositionEnvelope.executed(stage="execution", reason="x"), "Only the execution handler"),
    ],
)
def test_an_answer_that_breaks_the_contract_fails_the_flow_and_says_how(answer: Any, said: str) -> None:
    told: list[Exception] = []
    bus = a_house(lambda note: answer, on_fault=lambda worker, method, error: told.append(error))

    outcome = failed(run(bus, TICK_RECEIVED, a_context()))

    assert outcome.rule == "OutputContractBroken"
    assert said in outcome.reason
    assert "worker=scout, method=m" in outcome.reason
    assert isinstance(told[0], OutputContractBroken)


def test_nothing_of_an_answer_counts_when_a_part_of_it_breaks_the_contract() -> None:
    record = run(a_house((CHANCE, says(CONTEXT_READY, a_context()))), TICK_RECEIVED, a_context())

    failed(record)
    assert said_in(record) == []


def test_a_context_worker_may_not_publish() -> None:
    loud = a_handler("ema.m", TradingContext, kind=T.CONTEXT_WORKER)
    bus = a_bus(a_map({"TICK_RECEIVED": ["ema.m"]}), bound(Scripted(m=CHANCE), loud))

    assert "expected=nothing" in failed(run(bus, TICK_RECEIVED, a_context())).reason


def test_a_planner_without_a_sound_plan_rejects_the_flow() -> None:
    entry = a_handler("entry.m", StrategyDirective, "ENTRY_PLAN_CREATED", kind=T.ENTRY_PLANNER)
    bus = a_bus(
        a_map({"STRATEGY_DIRECTIVE_ISSUED": ["entry.m"]}),
        bound(Scripted(m=PlanError("The stop equals the entry.", entry_price=100)), entry),
    )

    record = run(bus, STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive())

    assert record is not None
    outcome = record.outcome
    assert (outcome.kind, outcome.stage, outcome.rule) == (OutcomeKind.REJECTED, "trade_planning", "plan error")
    assert outcome.reason == "The stop equals the entry. (entry_price=100)"
    assert outcome.error == ""


def test_what_a_venue_cannot_do_rejects_the_flow_in_translation() -> None:
    translator = a_handler("translator.m", ExecutionDirective, phase=4, stage="translation")
    bus = a_bus(
        a_map({"TRANSLATION_REQUESTED": ["translator.m"], "TICK_RECEIVED": ["aggregator.m"]}),
        bound(Scripted(m=VenueRejected("This venue has no iceberg orders.")), translator),
        bound(
            Scripted(m=DispositionEnvelope(Disposition.PUBLISH, "TRANSLATION_REQUESTED", an_execution_directive())),
            a_handler("aggregator.m", TradingContext, "TRANSLATION_REQUESTED"),
        ),
    )

    record = run(bus, TICK_RECEIVED, a_context())

    assert record is not None
    outcome = record.outcome
    assert (outcome.kind, outcome.stage, outcome.rule) == (OutcomeKind.REJECTED, "translation", "venue cannot")
    assert outcome.reason == "This venue has no iceberg orders."


def test_a_plugin_cannot_speak_for_the_venue() -> None:
    failed(run(a_house(VenueRejected("says who?")), TICK_RECEIVED, a_context()))


def test_a_join_that_raises_fails_the_flow() -> None:
    planner = a_handler("planner.confront", SWOTInputs, kind=T.STRATEGY_PLANNER)
    assessor = a_handler("assessor.m", TradingContext, "THREAT_DETECTED", "CONTEXT_ASSESSMENT_READY")
    both = (says(CONTEXT_ASSESSMENT_READY, an_assessed_context()), says(THREAT_DETECTED, a_threat()))
    bus = a_bus(
        a_map(
            {
                "TICK_RECEIVED": ["assessor.m"],
                "CONTEXT_ASSESSMENT_READY": ["planner.confront"],
                "THREAT_DETECTED": ["planner.confront"],
            }
        ),
        bound(Scripted(m=both), assessor),
        bound(Scripted(confront=RuntimeError("no idea")), planner),
    )

    outcome = failed(run(bus, TICK_RECEIVED, a_context()))

    assert (outcome.stage, outcome.reason) == ("strategy_planning", "planner.confront: no idea")


def test_a_reset_that_fails_is_remembered_and_told() -> None:
    class Forgetful:
        def m(self, context: TradingContext) -> DispositionEnvelope:
            return CHANCE

        def reset(self) -> None:
            raise RuntimeError("stuck")

    told: list[tuple[str, str]] = []
    bus = a_bus(
        a_map({"TICK_RECEIVED": ["scout.m"]}),
        bound(Forgetful(), SCOUT),
        on_fault=lambda worker, method, error: told.append((worker, method)),
    )

    record = run(bus, TICK_RECEIVED, a_context())

    assert record is not None
    assert (record.outcome.rule, record.remarks[0].topic) == ("no directive", "reset failed")
    assert told == [("scout", "reset")]


def test_an_error_in_a_handler_of_the_execution_room_is_filed_there() -> None:
    executor = a_handler("execution_handler.m", OpportunitySignal, phase=5)
    bus = a_bus(
        a_map({"TICK_RECEIVED": ["scout.m"], "OPPORTUNITY_DETECTED": ["execution_handler.m"]}),
        bound(Scripted(m=CHANCE), SCOUT),
        bound(Scripted(m=RuntimeError("x")), executor),
    )

    assert failed(run(bus, TICK_RECEIVED, a_context())).stage == "execution"


def test_the_entry_plan_of_a_failed_flow_is_still_in_its_record() -> None:
    entry = a_handler("entry.m", StrategyDirective, "ENTRY_PLAN_CREATED", kind=T.ENTRY_PLANNER)
    size = a_handler("size.m", StrategyDirective, kind=T.SIZE_PLANNER)
    bus = a_bus(
        a_map({"STRATEGY_DIRECTIVE_ISSUED": ["entry.m", "size.m"]}),
        bound(Scripted(m=says(ENTRY_PLAN_CREATED, an_entry_plan())), entry),
        bound(Scripted(m=RuntimeError("x")), size),
    )

    assert said_in(run(bus, STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive()))[-1] == "ENTRY_PLAN_CREATED"
