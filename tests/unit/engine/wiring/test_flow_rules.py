"""Somebody says every event, somebody hears it, and every handler can be reached."""

import pytest

from engine.contracts.context import AssessedContext, TradingContext
from engine.contracts.directives import StrategyDirective
from engine.contracts.plans import EntryPlan
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.contracts.swot import SWOTInputs
from engine.contracts.updates import LedgerUpdate
from engine.wiring.findings import Rule, Severity
from engine.wiring.flow_rules import flow_findings
from engine.wiring.wiring_map import WHOLE_EVENT
from tests.support.wiring import T, a_handler, a_map, a_roster, codes, the_one

pytestmark = pytest.mark.unit

CHAIN = a_handler("chain.on_tick", TradingContext, "CONTEXT_READY")
SCOUT = a_handler("scout.on_context", TradingContext, "OPPORTUNITY_DETECTED", kind=T.OPPORTUNITY_WORKER)
PLANNER = a_handler("planner.confront", SWOTInputs, kind=T.STRATEGY_PLANNER)
SOUND = {
    "TICK_RECEIVED": ["chain.on_tick"],
    "CONTEXT_READY": ["scout.on_context"],
    "OPPORTUNITY_DETECTED": ["planner.confront"],
}


def test_a_map_in_which_everything_is_said_and_heard_has_no_findings() -> None:
    assert flow_findings(a_map(SOUND), a_roster(CHAIN, SCOUT, PLANNER)) == ()


def test_without_an_event_from_outside_no_flow_ever_starts() -> None:
    wiring = a_map({"CONTEXT_READY": ["scout.on_context"]})

    findings = flow_findings(wiring, a_roster(SCOUT))

    assert the_one(findings, Rule.NO_BIRTH).severity is Severity.ERROR
    assert Rule.UNREACHABLE not in codes(findings)


def test_an_event_that_nobody_publishes_is_an_error_that_names_who_could() -> None:
    wiring = a_map({"TICK_RECEIVED": ["ema.on_tick"], "CONTEXT_READY": ["scout.on_context"]})
    roster = a_roster(a_handler("ema.on_tick", TradingContext), CHAIN, SCOUT)

    finding = the_one(flow_findings(wiring, roster, lines={(1, WHOLE_EVENT): 6}), Rule.NO_PUBLISHER)

    assert (finding.severity, finding.event, finding.line) == (Severity.ERROR, "CONTEXT_READY", 6)
    assert finding.fix == "Wire chain, which may publish it."


def test_a_planner_may_do_without_a_leg_that_nobody_publishes() -> None:
    wiring = a_map(SOUND | {"THREAT_DETECTED": ["planner.confront"]})

    finding = the_one(flow_findings(wiring, a_roster(CHAIN, SCOUT, PLANNER)), Rule.NO_PUBLISHER)

    assert (finding.severity, finding.event) == (Severity.WARNING, "THREAT_DETECTED")


def test_a_planner_of_which_no_leg_is_published_is_an_error() -> None:
    wiring = a_map({"TICK_RECEIVED": ["chain.on_tick"], "OPPORTUNITY_DETECTED": ["planner.confront"]})

    finding = the_one(flow_findings(wiring, a_roster(CHAIN, PLANNER)), Rule.NO_PUBLISHER)

    assert finding.severity is Severity.ERROR


def test_an_event_that_nobody_hears_is_a_dead_end() -> None:
    wiring = a_map({"TICK_RECEIVED": ["chain.on_tick"]})

    finding = the_one(flow_findings(wiring, a_roster(CHAIN)), Rule.DEAD_END)

    assert (finding.severity, finding.event, finding.worker) == (Severity.WARNING, "CONTEXT_READY", "chain")


def test_a_terminal_event_needs_no_subscriber() -> None:
    roster = a_roster(a_handler("last.on_tick", TradingContext, "EXECUTION_DIRECTIVE_READY"))

    assert flow_findings(a_map({"TICK_RECEIVED": ["last.on_tick"]}), roster) == ()


def test_a_handler_that_no_event_from_outside_leads_to_is_unreachable() -> None:
    wiring = a_map(
        {
            "TICK_RECEIVED": ["ema.on_tick"],
            "ENTRY_PLAN_CREATED": ["b.on_plan"],
            "STRATEGY_DIRECTIVE_ISSUED": ["a.on_directive"],
            "OPPORTUNITY_DETECTED": ["c.on_opportunity"],
        }
    )
    roster = a_roster(
        a_handler("ema.on_tick", TradingContext),
        a_handler("c.on_opportunity", OpportunitySignal, "STRATEGY_DIRECTIVE_ISSUED"),
        a_handler("a.on_directive", StrategyDirective, "ENTRY_PLAN_CREATED"),
        a_handler("b.on_plan", EntryPlan),
    )

    findings = flow_findings(wiring, roster, lines={(1, 0): 5, (2, 0): 9})

    # c hears what nobody publishes: that is said once, and what follows from it is unreachable.
    assert [one.event for one in findings if one.code is Rule.NO_PUBLISHER] == ["OPPORTUNITY_DETECTED"]
    assert [(one.worker, one.line) for one in findings if one.code is Rule.UNREACHABLE] == [("b", 5), ("a", 9)]


def test_a_worker_that_hears_nothing_is_told() -> None:
    idle = a_handler("idle.on_tick", TradingContext, kind=T.CONTEXT_WORKER)

    finding = the_one(flow_findings(a_map(SOUND), a_roster(CHAIN, SCOUT, PLANNER, idle)), Rule.HEARS_NOTHING)

    assert (finding.worker, finding.fix) == ("idle", "Wire one of its methods: on_tick.")


def test_a_platform_worker_that_hears_nothing_is_not_told_here() -> None:
    assert (
        flow_findings(a_map(SOUND), a_roster(CHAIN, SCOUT, PLANNER, a_handler("spare.on_tick", TradingContext))) == ()
    )


def test_a_planner_that_misses_what_somebody_sees_is_told() -> None:
    watch = a_handler("watch.on_context", TradingContext, "THREAT_DETECTED", kind=T.THREAT_WORKER)
    log = a_handler("log.on_threat", ThreatSignal, kind=T.STRATEGY_PLANNER)
    wiring = a_map(
        SOUND | {"CONTEXT_READY": ["scout.on_context", "watch.on_context"], "THREAT_DETECTED": ["log.on_threat"]}
    )

    finding = the_one(flow_findings(wiring, a_roster(CHAIN, SCOUT, PLANNER, watch, log)), Rule.JOIN_LEG_MISSING)

    assert (finding.worker, finding.event) == ("planner", "THREAT_DETECTED")


def test_a_planner_that_hears_only_the_assessment_is_never_asked_and_that_is_told() -> None:
    aggregator = a_handler("aggregator.on_tick", TradingContext, "CONTEXT_ASSESSMENT_READY")
    wiring = a_map({"TICK_RECEIVED": ["aggregator.on_tick"], "CONTEXT_ASSESSMENT_READY": ["planner.confront"]})

    finding = the_one(flow_findings(wiring, a_roster(aggregator, PLANNER)), Rule.JOIN_LEG_MISSING)

    assert finding.text.startswith("planner.confront hears only CONTEXT_ASSESSMENT_READY")


def test_a_step_backwards_is_told() -> None:
    late = a_handler("late.on_tick", TradingContext, "CONTEXT_ASSESSMENT_READY", phase=4)
    early = a_handler("early.on_it", AssessedContext, phase=2)
    wiring = a_map({"TICK_RECEIVED": ["late.on_tick"], "CONTEXT_ASSESSMENT_READY": ["early.on_it"]})

    finding = the_one(flow_findings(wiring, a_roster(late, early), lines={(1, 0): 8}), Rule.PHASE_BACKWARDS)

    assert (finding.severity, finding.worker, finding.line) == (Severity.WARNING, "early", 8)


def test_feedback_through_the_outside_is_only_shown() -> None:
    watch = a_handler("watch.on_ledger", LedgerUpdate, "THREAT_DETECTED", kind=T.THREAT_WORKER)
    trader = a_handler("trader.on_threat", ThreatSignal, phase=5, echoes=("LEDGER_UPDATE",))
    wiring = a_map({"LEDGER_UPDATE": ["watch.on_ledger"], "THREAT_DETECTED": ["trader.on_threat"]})

    findings = flow_findings(wiring, a_roster(watch, trader))

    assert codes(findings) == [Rule.FEEDBACK]
    assert findings[0].severity is Severity.INFO
    assert "LEDGER_UPDATE > watch.on_ledger > THREAT_DETECTED > trader.on_threat > LEDGER_UPDATE" in findings[0].text


def test_a_line_is_found_under_whatever_name_the_map_has_for_the_worker() -> None:
    handler = a_handler("execution_handler.on_tick", TradingContext, phase=2)
    late = a_handler("late.on_tick", TradingContext, "CONTEXT_READY", phase=4)
    wiring = a_map({"TICK_RECEIVED": ["late.on_tick"], "CONTEXT_READY": ["paper_handler.on_tick"]})

    finding = the_one(flow_findings(wiring, a_roster(handler, late), lines={(1, 0): 8}), Rule.PHASE_BACKWARDS)

    assert finding.line == 8
