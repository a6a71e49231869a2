"""The architecture document's own wiring_map.yaml is a valid map, in which no cycle is seen."""

from pathlib import Path

import pytest

from engine.wiring.findings import Rule
from engine.wiring.planning import generate, load_base_wiring
from engine.wiring.roster import roster_of
from engine.wiring.structure import structure_findings
from engine.wiring.validation import validate
from engine.wiring.wiring_map import load_wiring_map
from tests.support.wiring import T, a_blueprint, a_manifest, codes, heard, subscribers

pytestmark = pytest.mark.unit

SAMPLE = Path(__file__).with_name("document_sample.yaml")


def _planner(name: str, kind: T, event: str) -> tuple[str, object]:
    if kind is T.EXECUTION_INTENT_PLANNER:
        return name, a_manifest(name, kind, heard("on_execution_request", "ExecutionRequest", event))
    return name, a_manifest(name, kind, heard("on_strategy_directive", "StrategyDirective", event))


MANIFESTS = dict(
    [
        _planner("AggressiveEntryPlanner", T.ENTRY_PLANNER, "ENTRY_PLAN_CREATED"),
        _planner("PatientEntryPlanner", T.ENTRY_PLANNER, "ENTRY_PLAN_CREATED"),
        _planner("FixedRiskSizer", T.SIZE_PLANNER, "SIZE_PLAN_CREATED"),
        _planner("StructureExitPlanner", T.EXIT_PLANNER, "EXIT_PLAN_CREATED"),
        _planner("BalancedIntentPlanner", T.EXECUTION_INTENT_PLANNER, "EXECUTION_INTENT_CREATED"),
        _planner("HighUrgencyIntentPlanner", T.EXECUTION_INTENT_PLANNER, "EXECUTION_INTENT_CREATED"),
        (
            "Momentum",
            a_manifest("Momentum", T.STRATEGY_PLANNER, heard("confront", "SWOTInputs", "STRATEGY_DIRECTIVE_ISSUED")),
        ),
    ]
)
BLUEPRINT = a_blueprint(
    context_workers=(),
    opportunity_workers=(),
    threat_workers=(),
    entry=("AggressiveEntryPlanner", "PatientEntryPlanner"),
    size=("FixedRiskSizer",),
    exit=("StructureExitPlanner",),
    execution_intent=("BalancedIntentPlanner", "HighUrgencyIntentPlanner"),
)


def test_the_sample_can_be_carried_out_as_it_stands() -> None:
    loaded = load_wiring_map(SAMPLE)
    roster, before = roster_of(BLUEPRINT, MANIFESTS)

    assert before == ()
    assert structure_findings(loaded.wiring, roster, lines=loaded.lines) == ()


def test_no_cycle_is_seen_in_the_sample() -> None:
    loaded = load_wiring_map(SAMPLE)
    roster, _ = roster_of(BLUEPRINT, MANIFESTS)

    assert Rule.CYCLE not in codes(validate(loaded.wiring, roster, lines=loaded.lines))


def test_what_the_sample_leaves_out_is_told() -> None:
    loaded = load_wiring_map(SAMPLE)
    roster, _ = roster_of(BLUEPRINT, MANIFESTS)

    findings = validate(loaded.wiring, roster, lines=loaded.lines)

    assert {Rule.NO_BIRTH, Rule.PLATFORM_MISSING, Rule.HEARS_NOTHING} <= set(codes(findings))
    # The document's flow graph shows it as a station of its own: it needs no subscriber.
    assert Rule.DEAD_END not in [one.code for one in findings if one.event == "EXECUTION_DIRECTIVE_READY"]


def test_the_generated_map_holds_every_subscription_of_the_sample() -> None:
    generated = generate(load_base_wiring(), BLUEPRINT, MANIFESTS)

    for entry in load_wiring_map(SAMPLE).wiring.event_wirings:
        expected = [f"{one.worker}.{one.method}".replace("backtest_", "execution_") for one in entry.subscribers]
        assert [name for name in subscribers(generated, entry.event) if name in expected] == expected
