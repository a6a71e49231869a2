"""How one note after another is handed on: order, joins, stops, and what is kept of it."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.contracts.context import AssessedContext, TradingContext
from engine.contracts.directives import StrategyDirective
from engine.contracts.disposition import NOTHING, Disposition, DispositionEnvelope, Envelopes
from engine.contracts.events import (
    CONTEXT_ASSESSMENT_READY,
    CONTEXT_READY,
    ENTRY_PLAN_CREATED,
    LEDGER_UPDATE,
    OPPORTUNITY_DETECTED,
    STRATEGY_DIRECTIVE_ISSUED,
    THREAT_DETECTED,
    TICK_RECEIVED,
    UI_FLOW_TERMINATED,
)
from engine.contracts.flows import FlowEnd, OutcomeKind
from engine.contracts.plans import EntryPlan
from engine.contracts.signals import OpportunitySignal
from engine.contracts.swot import SWOTInputs
from engine.contracts.updates import LedgerUpdate
from engine.wiring.bus import FlowBus
from engine.wiring.wiring_map import wiring_hash
from tests.support.notes import (
    AT,
    a_strategy_directive,
    a_threat,
    an_account,
    an_entry_plan,
    an_id,
    an_opportunity,
)
from tests.support.wiring import (
    NOW_NS,
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


class Scout:
    """Sees what the test tells it to."""

    def __init__(self, answer: Envelopes = NOTHING) -> None:
        self.answer = answer

    def on_context(self, context: TradingContext) -> Envelopes:
        return self.answer


class Planner:
    """Keeps what it was asked with."""

    def __init__(self, answer: Envelopes = NOTHING) -> None:
        self.answer = answer
        self.asked: list[SWOTInputs] = []

    def confront(self, swot: SWOTInputs) -> Envelopes:
        self.asked.append(swot)
        return self.answer


SCOUT = a_handler("scout.on_context", TradingContext, "OPPORTUNITY_DETECTED", kind=T.OPPORTUNITY_WORKER)
WATCH = a_handler("watch.on_context", TradingContext, "THREAT_DETECTED", kind=T.THREAT_WORKER)
PLANNER = a_handler("planner.confront", SWOTInputs, "STRATEGY_DIRECTIVE_ISSUED", kind=T.STRATEGY_PLANNER)
ASSESSOR = a_handler("assessor.on_tick", TradingContext, "CONTEXT_ASSESSMENT_READY")

HUNT = a_map(
    {
        "TICK_RECEIVED": ["assessor.on_tick", "scout.on_context", "watch.on_context"],
        "CONTEXT_ASSESSMENT_READY": ["planner.confront"],
        "OPPORTUNITY_DETECTED": ["planner.confront"],
        "THREAT_DETECTED": ["planner.confront"],
    }
)


def a_hunt(
    *,
    scout: Envelopes = NOTHING,
    watch: Envelopes = NOTHING,
    planner: Planner,
    assess: Callable[[Any], Any] | None = None,
) -> FlowBus:
    def assessed(context: object) -> Envelopes:
        return says(CONTEXT_ASSESSMENT_READY, an_assessed_context())

    return a_bus(
        HUNT,
        bound(Scripted(on_tick=assess or assessed), ASSESSOR),
        bound(Scout(scout), SCOUT),
        bound(Scout(watch), WATCH),
        bound(planner, PLANNER),
    )


CHANCE = says(OPPORTUNITY_DETECTED, an_opportunity())
DANGER = says(THREAT_DETECTED, a_threat())


def test_a_bar_on_which_nobody_says_anything_leaves_no_record() -> None:
    planner = Planner()

    assert run(a_hunt(planner=planner), TICK_RECEIVED, a_context()) is None
    assert planner.asked == []


def test_the_planner_is_asked_once_with_all_four_quadrants() -> None:
    planner = Planner()
    second = an_opportunity(signal_id=an_id("OPP", 2))
    two = (CHANCE, says(OPPORTUNITY_DETECTED, second))

    run(a_hunt(scout=two, watch=DANGER, planner=planner), TICK_RECEIVED, a_context())

    (swot,) = planner.asked
    assert swot.opportunities == (an_opportunity(), second)
    assert swot.threats == (a_threat(),)
    assert swot.context.strength == an_assessed_context().assessment.strength


def test_a_threat_without_an_opportunity_is_confronted_too() -> None:
    planner = Planner()

    record = run(a_hunt(watch=DANGER, planner=planner), TICK_RECEIVED, a_context())

    assert planner.asked[0].opportunities == ()
    assert record is not None
    assert record.outcome.kind is OutcomeKind.NO_OPPORTUNITY


def test_a_flow_starts_with_empty_hands() -> None:
    planner = Planner()
    bus = a_hunt(scout=CHANCE, planner=planner)

    run(bus, TICK_RECEIVED, a_context(), 1)
    run(bus, TICK_RECEIVED, a_context(), 2)

    assert [len(swot.opportunities) for swot in planner.asked] == [1, 1]


def ledger_update() -> LedgerUpdate:
    return LedgerUpdate(update_id=an_id("LDG"), timestamp=AT, strategy_id="demo", account=an_account())


def a_ledger_house(planner: Planner, *, says_in_ledger_flow: Envelopes = DANGER) -> FlowBus:
    watch = a_handler("watch.on_ledger", LedgerUpdate, "THREAT_DETECTED", kind=T.THREAT_WORKER)
    wiring = a_map(
        {
            "TICK_RECEIVED": ["assessor.on_tick"],
            "LEDGER_UPDATE": ["watch.on_ledger"],
            "CONTEXT_ASSESSMENT_READY": ["planner.confront"],
            "THREAT_DETECTED": ["planner.confront"],
        }
    )
    return a_bus(
        wiring,
        bound(Scripted(on_tick=says(CONTEXT_ASSESSMENT_READY, an_assessed_context())), ASSESSOR),
        bound(Scripted(on_ledger=says_in_ledger_flow), watch),
        bound(planner, PLANNER),
        now_ns=lambda: NOW_NS + 90_000_000_000,
    )


def test_a_flow_without_a_tick_sees_the_last_assessment_and_its_age() -> None:
    planner = Planner()
    bus = a_ledger_house(planner)

    run(bus, TICK_RECEIVED, a_context())
    record = run(bus, LEDGER_UPDATE, ledger_update(), 1)

    (swot,) = planner.asked
    assert swot.context.age_seconds == 90
    assert said_in(record) == ["LEDGER_UPDATE", "THREAT_DETECTED"]


def test_before_the_first_tick_there_is_nothing_to_confront() -> None:
    planner = Planner()

    record = run(a_ledger_house(planner), LEDGER_UPDATE, ledger_update())

    assert planner.asked == []
    assert record is not None
    assert record.outcome.kind is OutcomeKind.NO_OPPORTUNITY


def test_the_birth_alone_says_nothing() -> None:
    assert run(a_ledger_house(Planner(), says_in_ledger_flow=NOTHING), LEDGER_UPDATE, ledger_update()) is None


def test_all_subscribers_run_before_anything_that_they_publish_is_delivered() -> None:
    calls: list[str] = []

    def step(name: str, answer: Envelopes = NOTHING) -> Callable[[object], Envelopes]:
        def call(note: object) -> Envelopes:
            calls.append(name)
            return answer

        return call

    wiring = a_map({"TICK_RECEIVED": ["a.m", "b.m"], "CONTEXT_READY": ["c.m", "d.m"]})
    bus = a_bus(
        wiring,
        bound(
            Scripted(m=step("a", says(CONTEXT_READY, a_context()))), a_handler("a.m", TradingContext, "CONTEXT_READY")
        ),
        bound(Scripted(m=step("b")), a_handler("b.m", TradingContext)),
        bound(Scripted(m=step("c")), a_handler("c.m", TradingContext)),
        bound(Scripted(m=step("d")), a_handler("d.m", TradingContext)),
    )

    run(bus, TICK_RECEIVED, a_context())

    assert calls == ["a", "b", "c", "d"]


def test_subscribers_run_by_phase_and_then_as_in_the_file() -> None:
    bus = a_bus(
        a_map({"TICK_RECEIVED": ["late.m", "second.m", "first.m"]}),
        bound(Scripted(m=NOTHING), a_handler("first.m", TradingContext, phase=1)),
        bound(Scripted(m=NOTHING), a_handler("second.m", TradingContext, phase=1)),
        bound(Scripted(m=NOTHING), a_handler("late.m", TradingContext, phase=5)),
    )

    assert bus.subscribers_of(TICK_RECEIVED) == (("second", "m"), ("first", "m"), ("late", "m"))


def test_a_bus_says_which_events_it_hears() -> None:
    bus = a_hunt(planner=Planner())

    assert bus.hears(OPPORTUNITY_DETECTED)
    assert bus.hears(TICK_RECEIVED)
    assert not bus.hears(LEDGER_UPDATE)


def test_an_event_that_nobody_hears_is_a_quiet_flow() -> None:
    assert run(a_hunt(planner=Planner()), LEDGER_UPDATE, ledger_update()) is None


def stopping(rule: str) -> DispositionEnvelope:
    return DispositionEnvelope.rejected(stage="trade_planning", rule=rule, reason=f"{rule} says no")


def a_stop_house(**answers: Any) -> tuple[FlowBus, dict[str, Scripted]]:
    workers = {name: Scripted(m=answer) for name, answer in answers.items()}
    after = a_handler("after.m", EntryPlan, phase=4)
    bindings = [
        bound(
            worker,
            a_handler(f"{name}.m", StrategyDirective, "ENTRY_PLAN_CREATED", phase=4) if name != "after" else after,
        )
        for name, worker in workers.items()
    ]
    wiring = a_map(
        {
            "STRATEGY_DIRECTIVE_ISSUED": [f"{name}.m" for name in workers if name != "after"],
            "ENTRY_PLAN_CREATED": ["after.m"],
        }
    )
    return a_bus(wiring, *bindings), workers


def test_a_stop_ends_the_flow_after_the_others_have_heard_the_same_event() -> None:
    plan = says(ENTRY_PLAN_CREATED, an_entry_plan())
    bus, workers = a_stop_house(stopper=stopping("limit"), other=plan, after=NOTHING)

    record = run(bus, STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive())

    assert record is not None
    assert (record.outcome.kind, record.outcome.rule) == (OutcomeKind.REJECTED, "limit")
    assert len(workers["other"].given) == 1
    assert workers["after"].given == []
    assert said_in(record) == ["STRATEGY_DIRECTIVE_ISSUED", "ENTRY_PLAN_CREATED"]


def test_the_first_stop_counts_and_the_second_is_remembered() -> None:
    bus, _ = a_stop_house(first=stopping("one"), second=stopping("two"), after=NOTHING)

    record = run(bus, STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive())

    assert record is not None
    assert record.outcome.rule == "one"
    (remark,) = record.remarks
    assert (remark.worker, remark.topic) == ("second", "also ended the flow")
    assert "two says no" in remark.text


def test_after_a_stop_the_next_flow_runs_as_if_nothing_had_been() -> None:
    answers = [stopping("one"), NOTHING]
    plan = says(ENTRY_PLAN_CREATED, an_entry_plan())
    bus, workers = a_stop_house(one=lambda note: answers.pop(0), two=plan, after=NOTHING)

    first = run(bus, STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive())
    second = run(bus, STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive())

    assert first is not None
    assert first.outcome.rule == "one"
    assert second is not None
    assert second.outcome.rule == "incomplete plans"
    assert len(workers["after"].given) == 1


def test_a_join_may_stop_the_flow() -> None:
    record = run(a_hunt(scout=CHANCE, planner=Planner(stopping("swot"))), TICK_RECEIVED, a_context())

    assert record is not None
    assert record.outcome.rule == "swot"


class Finale:
    """Keeps how flows ended."""

    def __init__(self, answer: Envelopes | Exception = NOTHING) -> None:
        self.ends: list[FlowEnd] = []
        self.answer = answer
        self.resets = 0

    def on_flow_stop(self, end: FlowEnd) -> Envelopes:
        self.ends.append(end)
        if isinstance(self.answer, Exception):
            raise self.answer
        return says(UI_FLOW_TERMINATED, end) if self.answer is NOTHING else self.answer

    def reset(self) -> None:
        self.resets += 1


FINALE = a_handler("flow_terminator.on_flow_stop", FlowEnd, "UI_FLOW_TERMINATED", phase=6)


def with_finale(finale: Finale, scout: Envelopes) -> FlowBus:
    wiring = a_map({"TICK_RECEIVED": ["scout.on_context"], "_flow_stop": ["flow_terminator.on_flow_stop"]})
    return a_bus(wiring, bound(Scout(scout), SCOUT), bound(finale, FINALE))


def test_the_finale_hears_how_every_flow_ended() -> None:
    finale = Finale()

    record = run(with_finale(finale, CHANCE), TICK_RECEIVED, a_context(), 7)

    (end,) = finale.ends
    assert (end.flow_id, end.strategy_id) == (an_id("TCK", 7), "demo")
    assert end.outcome.kind is OutcomeKind.REJECTED
    assert end.causality.opportunity_ids == (an_opportunity().signal_id,)
    assert record is not None
    assert [node.event for node in record.nodes] == ["OPPORTUNITY_DETECTED", "_flow_stop", "UI_FLOW_TERMINATED"]


def test_a_quiet_flow_has_no_finale_and_needs_no_reset() -> None:
    finale = Finale()

    run(with_finale(finale, NOTHING), TICK_RECEIVED, a_context())

    assert (finale.ends, finale.resets) == ([], 0)


def test_a_flow_in_which_something_was_said_is_tidied_up_after() -> None:
    finale = Finale()

    run(with_finale(finale, CHANCE), TICK_RECEIVED, a_context())

    assert finale.resets == 1


def test_the_finale_cannot_change_the_outcome() -> None:
    record = run(with_finale(Finale(stopping("too late")), CHANCE), TICK_RECEIVED, a_context())

    assert record is not None
    assert record.outcome.rule == "no directive"
    assert "too late says no" in record.remarks[0].text


def test_a_finale_that_fails_is_remembered_and_the_outcome_stays() -> None:
    record = run(with_finale(Finale(RuntimeError("no ink")), CHANCE), TICK_RECEIVED, a_context())

    assert record is not None
    assert record.outcome.rule == "no directive"
    assert "RuntimeError: no ink" in record.remarks[0].text


def test_a_record_says_who_published_what_under_which_id() -> None:
    record = run(
        a_hunt(scout=CHANCE, planner=Planner(says(STRATEGY_DIRECTIVE_ISSUED, a_strategy_directive()))),
        TICK_RECEIVED,
        a_context(),
    )

    assert record is not None
    assert [(node.seq, node.event, node.worker, node.method, node.node_id) for node in record.nodes] == [
        (0, "CONTEXT_ASSESSMENT_READY", "assessor", "on_tick", an_id("CTX")),
        (1, "OPPORTUNITY_DETECTED", "scout", "on_context", an_id("OPP")),
        (2, "STRATEGY_DIRECTIVE_ISSUED", "planner", "confront", an_id("STR")),
        (3, "_flow_stop", "_platform", "", an_id("TCK")),
    ]


def test_an_assessment_that_nobody_read_is_not_in_the_record() -> None:
    wiring = a_map({"TICK_RECEIVED": ["assessor.on_tick", "scout.on_context"]})
    bus = a_bus(
        wiring,
        bound(Scripted(on_tick=says(CONTEXT_ASSESSMENT_READY, an_assessed_context())), ASSESSOR),
        bound(Scout(CHANCE), SCOUT),
    )

    assert said_in(run(bus, TICK_RECEIVED, a_context())) == ["OPPORTUNITY_DETECTED"]


def test_an_assessment_that_was_only_looked_at_makes_no_flow_loud() -> None:
    reader = a_handler("reader.on_it", AssessedContext, kind=T.OPPORTUNITY_WORKER)
    assessed = an_assessed_context()

    def look(note: object) -> Envelopes:
        assert isinstance(note, AssessedContext)
        assert note.assessment.strength > 0
        return NOTHING

    bus = a_bus(
        a_map({"TICK_RECEIVED": ["assessor.on_tick"], "CONTEXT_ASSESSMENT_READY": ["reader.on_it"]}),
        bound(Scripted(on_tick=says(CONTEXT_ASSESSMENT_READY, assessed)), ASSESSOR),
        bound(Scripted(on_it=look), reader),
    )

    assert run(bus, TICK_RECEIVED, a_context()) is None


def test_a_record_carries_birth_time_strategy_and_the_wirings_hash() -> None:
    record = run(a_hunt(scout=CHANCE, planner=Planner()), TICK_RECEIVED, a_context(), 3)

    assert record is not None
    assert (record.flow_id, record.strategy_id, record.born_ns) == (an_id("TCK", 3), "demo", NOW_NS)
    assert (record.birth_event, record.wiring_hash) == ("TICK_RECEIVED", wiring_hash(HUNT))


def test_a_remark_makes_a_flow_worth_keeping() -> None:
    def explaining(note: object) -> Envelopes:
        bus.remember("scout", "gap", "4.9 is below 5")
        return NOTHING

    bus = a_hunt(planner=Planner(), assess=explaining)
    record = run(bus, TICK_RECEIVED, a_context())
    again = run(bus, TICK_RECEIVED, a_context())

    assert record is not None
    assert again is not None
    assert record.outcome.kind is OutcomeKind.NO_OPPORTUNITY
    assert [(one.worker, one.topic, one.text) for one in record.remarks] == [("scout", "gap", "4.9 is below 5")]
    assert len(again.remarks) == 1


def test_a_remark_between_two_flows_stands_beside_the_next() -> None:
    bus = a_hunt(scout=CHANCE, planner=Planner())

    bus.remember("scout", "start", "warm")
    record = run(bus, TICK_RECEIVED, a_context())

    assert record is not None
    assert record.remarks[0].text == "warm"


def test_an_event_that_starts_a_flow_is_recorded_and_heard_only_in_its_own() -> None:
    echo = a_handler("booker.m", TradingContext, "LEDGER_UPDATE", phase=5)
    hearer = Scripted(m=NOTHING)
    bus = a_bus(
        a_map({"TICK_RECEIVED": ["booker.m"], "LEDGER_UPDATE": ["hearer.m"]}),
        bound(Scripted(m=says(LEDGER_UPDATE, ledger_update())), echo),
        bound(hearer, a_handler("hearer.m", LedgerUpdate)),
    )

    record = run(bus, TICK_RECEIVED, a_context())

    assert said_in(record) == ["LEDGER_UPDATE"]
    assert hearer.given == []


def test_a_worker_may_be_wired_under_its_alias() -> None:
    handler = a_handler("execution_handler.m", OpportunitySignal, phase=5)
    executor = Scripted(m=DispositionEnvelope.executed(stage="execution", reason="1 order"))
    bus = a_bus(
        a_map({"TICK_RECEIVED": ["scout.on_context"], "OPPORTUNITY_DETECTED": ["backtest_handler.m"]}),
        bound(Scout(CHANCE), SCOUT),
        bound(executor, handler),
    )

    record = run(bus, TICK_RECEIVED, a_context())

    assert record is not None
    assert record.outcome.kind is OutcomeKind.EXECUTED
    assert record.nodes[-1].worker == "execution_handler"


def test_a_slow_worker_is_reported_with_its_time_and_not_stopped() -> None:
    now = [0]

    def slow(note: object) -> Envelopes:
        now[0] += 1_500
        return CHANCE

    told: list[tuple[str, str, int]] = []
    bus = a_bus(
        a_map({"TICK_RECEIVED": ["scout.on_context", "watch.on_context"]}),
        bound(Scripted(on_context=slow), SCOUT),
        bound(Scout(), WATCH),
        time_budget_ns=1_000,
        monotonic_ns=lambda: now[0],
        on_slow=lambda worker, method, took: told.append((worker, method, took)),
    )

    record = run(bus, TICK_RECEIVED, a_context())

    assert told == [("scout", "on_context", 1_500)]
    assert said_in(record) == ["OPPORTUNITY_DETECTED"]


def test_a_worker_within_its_budget_is_not_reported() -> None:
    told: list[object] = []
    bus = a_bus(
        a_map({"TICK_RECEIVED": ["scout.on_context"]}),
        bound(Scout(CHANCE), SCOUT),
        time_budget_ns=1_000,
        monotonic_ns=lambda: 0,
        on_slow=lambda *what: told.append(what),
    )

    assert said_in(run(bus, TICK_RECEIVED, a_context())) == ["OPPORTUNITY_DETECTED"]
    assert told == []


@pytest.mark.parametrize("answer", [(), (NOTHING, NOTHING), DispositionEnvelope(Disposition.CONTINUE)])
def test_saying_nothing_in_other_words_is_still_nothing(answer: Envelopes) -> None:
    assert run(a_hunt(scout=answer, planner=Planner()), TICK_RECEIVED, a_context()) is None
