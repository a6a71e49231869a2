"""What cannot be carried out at all: unknown names, notes that do not fit, doubled entries, circles."""

import pytest

from engine.contracts.context import TradingContext
from engine.contracts.directives import StrategyDirective
from engine.contracts.flows import FlowEnd
from engine.contracts.plans import EntryPlan
from engine.contracts.signals import OpportunitySignal
from engine.contracts.swot import SWOTInputs
from engine.wiring.findings import Rule, Severity
from engine.wiring.flow import PLATFORM_WORKERS
from engine.wiring.structure import structure_findings
from engine.wiring.wiring_map import WHOLE_EVENT
from tests.support.wiring import T, a_handler, a_map, a_roster, codes, the_one

pytestmark = pytest.mark.unit

EMA = a_handler("ema.on_tick", TradingContext, kind=T.CONTEXT_WORKER)


def test_a_map_in_which_everything_fits_has_no_findings() -> None:
    assert structure_findings(a_map({"TICK_RECEIVED": ["ema.on_tick"]}), a_roster(EMA)) == ()


def test_an_unknown_event_is_named_with_the_nearest_and_its_line() -> None:
    wiring = a_map({"TICK_RECIEVED": ["ema.on_tick"]})

    finding = the_one(structure_findings(wiring, a_roster(EMA), lines={(0, WHOLE_EVENT): 7}), Rule.UNKNOWN_EVENT)

    assert (finding.fix, finding.line) == ("Did you mean TICK_RECEIVED?", 7)


def test_an_unknown_worker_is_named_with_the_nearest_and_its_line() -> None:
    wiring = a_map({"TICK_RECEIVED": ["emma.on_tick"]})

    finding = the_one(structure_findings(wiring, a_roster(EMA), lines={(0, 0): 9}), Rule.UNKNOWN_WORKER)

    assert (finding.fix, finding.line, finding.worker) == ("Did you mean ema?", 9, "emma")


def test_an_unknown_method_is_named_with_the_nearest() -> None:
    wiring = a_map({"TICK_RECEIVED": ["ema.on_tik"]})

    assert the_one(structure_findings(wiring, a_roster(EMA)), Rule.UNKNOWN_METHOD).fix == "Did you mean on_tick?"


def test_a_method_without_a_near_one_lists_what_there_is() -> None:
    wiring = a_map({"TICK_RECEIVED": ["ema.zzz"]})

    assert the_one(structure_findings(wiring, a_roster(EMA)), Rule.UNKNOWN_METHOD).fix == "Known are: on_tick."


def test_a_note_that_does_not_fit_says_both_types_and_the_method_that_takes_it() -> None:
    roster = a_roster(a_handler("sizer.on_plan", EntryPlan), a_handler("sizer.on_it", StrategyDirective))

    finding = the_one(
        structure_findings(a_map({"STRATEGY_DIRECTIVE_ISSUED": ["sizer.on_plan"]}), roster), Rule.PAYLOAD_MISMATCH
    )

    assert finding.text == "STRATEGY_DIRECTIVE_ISSUED carries StrategyDirective, but sizer.on_plan takes EntryPlan."
    assert finding.fix == "Wire it to sizer.on_it."


def test_a_gathering_handler_takes_only_what_its_note_is_made_of() -> None:
    planner = a_roster(a_handler("planner.confront", SWOTInputs))

    fitting = a_map({"OPPORTUNITY_DETECTED": ["planner.confront"], "THREAT_DETECTED": ["planner.confront"]})

    assert structure_findings(fitting, planner) == ()
    assert codes(structure_findings(a_map({"ENTRY_PLAN_CREATED": ["planner.confront"]}), planner)) == [
        Rule.PAYLOAD_MISMATCH
    ]


def test_a_doubled_subscription_is_refused() -> None:
    wiring = a_map({"TICK_RECEIVED": ["ema.on_tick", "ema.on_tick"]})

    finding = the_one(
        structure_findings(wiring, a_roster(EMA), lines={(0, 0): 4, (0, 1): 6}), Rule.DUPLICATE_SUBSCRIPTION
    )

    assert finding.line == 6


def test_a_subscription_doubled_under_an_alias_is_refused() -> None:
    wiring = a_map(
        {"TRANSLATION_COMPLETE": ["paper_handler.on_translation_complete", "execution_handler.on_translation_complete"]}
    )

    assert codes(structure_findings(wiring, PLATFORM_WORKERS)) == [Rule.DUPLICATE_SUBSCRIPTION]


def test_an_event_with_two_entries_is_refused_with_the_first_ones_line() -> None:
    one = a_map({"TICK_RECEIVED": ["ema.on_tick"]})
    wiring = one.model_copy(update={"event_wirings": one.event_wirings * 2})

    findings = structure_findings(wiring, a_roster(EMA), lines={(0, WHOLE_EVENT): 2, (1, WHOLE_EVENT): 6})

    assert codes(findings) == [Rule.DUPLICATE_EVENT, Rule.DUPLICATE_SUBSCRIPTION]
    assert findings[0].text == "TICK_RECEIVED has two entries, the first in line 2."


def test_a_plugin_may_not_hear_what_is_for_the_platform_alone() -> None:
    roster = a_roster(a_handler("spy.on_end", FlowEnd, kind=T.THREAT_WORKER), a_handler("finale.on_end", FlowEnd))

    finding = the_one(
        structure_findings(a_map({"_flow_stop": ["spy.on_end", "finale.on_end"]}), roster), Rule.PLATFORM_EVENT
    )

    assert finding.worker == "spy"


def test_a_loop_within_one_flow_is_an_error_that_shows_the_way_round() -> None:
    roster = a_roster(
        a_handler("a.on_it", StrategyDirective, "ENTRY_PLAN_CREATED"),
        a_handler("b.on_it", EntryPlan, "STRATEGY_DIRECTIVE_ISSUED"),
    )
    wiring = a_map({"STRATEGY_DIRECTIVE_ISSUED": ["a.on_it"], "ENTRY_PLAN_CREATED": ["b.on_it"]})

    finding = the_one(structure_findings(wiring, roster), Rule.CYCLE)

    assert finding.severity is Severity.ERROR
    assert (
        "STRATEGY_DIRECTIVE_ISSUED > a.on_it > ENTRY_PLAN_CREATED > b.on_it > STRATEGY_DIRECTIVE_ISSUED" in finding.text
    )


def test_a_worker_that_hears_itself_is_a_loop() -> None:
    roster = a_roster(a_handler("a.on_it", EntryPlan, "ENTRY_PLAN_CREATED"))

    assert codes(structure_findings(a_map({"ENTRY_PLAN_CREATED": ["a.on_it"]}), roster)) == [Rule.CYCLE]


def test_two_methods_of_one_worker_that_meet_the_same_neighbour_are_no_loop() -> None:
    roster = a_roster(
        a_handler("hub.on_entry", EntryPlan, "OPPORTUNITY_DETECTED"),
        a_handler("hub.on_directive", StrategyDirective),
        a_handler("other.on_it", OpportunitySignal, "STRATEGY_DIRECTIVE_ISSUED"),
    )
    wiring = a_map(
        {
            "ENTRY_PLAN_CREATED": ["hub.on_entry"],
            "OPPORTUNITY_DETECTED": ["other.on_it"],
            "STRATEGY_DIRECTIVE_ISSUED": ["hub.on_directive"],
        }
    )

    assert structure_findings(wiring, roster) == ()


def test_a_loop_through_an_event_that_starts_a_flow_is_no_error() -> None:
    roster = a_roster(a_handler("a.on_tick", TradingContext, "TICK_RECEIVED"))

    assert structure_findings(a_map({"TICK_RECEIVED": ["a.on_tick"]}), roster) == ()


def test_every_fault_is_found_at_once() -> None:
    wiring = a_map({"TICK_RECIEVED": ["ema.on_tick"], "CONTEXT_READY": ["emma.on_tick", "ema.on_tik"]})

    assert codes(structure_findings(wiring, a_roster(EMA))) == [
        Rule.UNKNOWN_EVENT,
        Rule.UNKNOWN_WORKER,
        Rule.UNKNOWN_METHOD,
    ]
