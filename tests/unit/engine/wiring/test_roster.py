"""Blueprint and manifests say who is there; what they say wrongly is said back."""

import pytest

from engine.config.blueprint import DirectPlanning, WorkerEntry
from engine.config.manifest import Handler, PublishedEvent
from engine.contracts.swot import SWOTInputs
from engine.wiring.findings import Rule, Severity
from engine.wiring.roster import contracts_of, entries_of, manifest_findings, roster_of
from tests.support.wiring import MANIFESTS, T, a_blueprint, a_manifest, codes, heard, the_one

pytestmark = pytest.mark.unit


def test_specialists_come_in_blueprint_order_and_the_platform_after_them() -> None:
    roster, findings = roster_of(a_blueprint(), MANIFESTS)

    assert findings == ()
    assert list(roster)[:4] == ["structure", "ema", "gap", "drawdown"]
    assert list(roster)[-1] == "flow_terminator"
    assert "direct_planner" not in roster


def test_in_direct_mode_the_direct_planner_stands_in() -> None:
    direct = a_blueprint(strategy_planner=None, direct_planning=DirectPlanning(minimum_confidence={}))

    roster, _ = roster_of(direct, MANIFESTS)

    assert "direct_planner" in roster
    assert "momentum" not in roster


def test_the_blueprint_may_give_a_worker_another_name() -> None:
    twice = (WorkerEntry(plugin="Ema", worker="fast"), WorkerEntry(plugin="Ema", worker="slow"))

    roster, findings = roster_of(a_blueprint(context_workers=twice), MANIFESTS)

    assert findings == ()
    assert roster["fast"]["on_tick"].worker == "fast"
    assert {"fast", "slow"} <= set(roster)


def test_two_workers_of_one_name_are_refused() -> None:
    _, findings = roster_of(a_blueprint(context_workers=("Ema", "Ema")), MANIFESTS)

    assert codes(findings) == [Rule.DUPLICATE_WORKER]


def test_a_worker_may_not_take_the_name_of_a_platform_worker() -> None:
    taken = (WorkerEntry(plugin="Ema", worker="context_chain"),)

    roster, findings = roster_of(a_blueprint(context_workers=taken), MANIFESTS)

    assert codes(findings) == [Rule.DUPLICATE_WORKER]
    assert roster["context_chain"]["on_tick"].worker_type is None


def test_a_plugin_that_is_not_installed_is_named_with_the_nearest() -> None:
    _, findings = roster_of(a_blueprint(size=("Rist",)), MANIFESTS)

    assert the_one(findings, Rule.UNKNOWN_PLUGIN).fix == "Did you mean Risk?"


def test_a_plugin_in_the_wrong_list_is_refused() -> None:
    _, findings = roster_of(a_blueprint(exit=("Risk",), size=("Risk",)), MANIFESTS)

    assert Rule.WRONG_SLOT in codes(roster_of(a_blueprint(exit=("Patient",), entry=("Aggressive",)), MANIFESTS)[1])
    assert Rule.DUPLICATE_WORKER in codes(findings)


def test_slots_come_in_the_order_of_the_house() -> None:
    kinds = [kind for kind, _ in entries_of(a_blueprint())]

    assert kinds == sorted(kinds, key=list(T).index)


def test_names_in_a_manifest_become_classes() -> None:
    contract = contracts_of(MANIFESTS["Momentum"], "planner")["confront"]

    assert (contract.worker, contract.input_type, contract.phase) == ("planner", SWOTInputs, 3)
    assert list(contract.publishes) == ["STRATEGY_DIRECTIVE_ISSUED"]


def test_an_unknown_input_is_named_with_the_nearest() -> None:
    manifest = a_manifest("Typo", T.ENTRY_PLANNER, Handler(method="on_it", input="StrategyDirectiv"))

    finding = the_one(manifest_findings(manifest), Rule.UNKNOWN_NOTE)

    assert finding.fix == "Did you mean StrategyDirective?"
    assert (finding.worker, finding.method) == ("typo", "on_it")


def test_an_unknown_event_is_named_with_the_nearest() -> None:
    manifest = a_manifest(
        "Typo",
        T.ENTRY_PLANNER,
        Handler(
            method="on_it",
            input="StrategyDirective",
            triggers=("STRATEGY_DIRECTIVE_ISUED",),
            publishes=(PublishedEvent(event="ENTRY_PLAN_MADE", payload="EntryPlan"),),
        ),
    )

    findings = manifest_findings(manifest)

    assert codes(findings) == [Rule.UNKNOWN_EVENT, Rule.UNKNOWN_EVENT]
    assert [finding.fix for finding in findings] == [
        "Did you mean STRATEGY_DIRECTIVE_ISSUED?",
        "Did you mean ENTRY_PLAN_CREATED?",
    ]


def test_a_payload_of_another_type_than_the_events_own_is_refused() -> None:
    wrong = PublishedEvent(event="ENTRY_PLAN_CREATED", payload="SizePlan")
    manifest = a_manifest(
        "Odd", T.ENTRY_PLANNER, Handler(method="on_it", input="StrategyDirective", publishes=(wrong,))
    )

    assert the_one(manifest_findings(manifest), Rule.PAYLOAD_MISMATCH).fix == "Write payload: EntryPlan."


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        (T.CONTEXT_WORKER, "OPPORTUNITY_DETECTED"),
        (T.THREAT_WORKER, "STRATEGY_DIRECTIVE_ISSUED"),
        (T.STRATEGY_PLANNER, "EXECUTION_DIRECTIVE_READY"),
        (T.ENTRY_PLANNER, "SIZE_PLAN_CREATED"),
        (T.OPPORTUNITY_WORKER, "LEDGER_UPDATE"),
    ],
)
def test_a_worker_may_only_list_events_of_its_kind(kind: T, event: str) -> None:
    manifest = a_manifest("Loud", kind, heard("on_tick", "TradingContext", event))

    assert the_one(manifest_findings(manifest), Rule.FORBIDDEN_OUTPUT).severity is Severity.ERROR


def test_a_leading_underscore_is_for_the_platform_alone() -> None:
    manifest = a_manifest(
        "Sly",
        T.THREAT_WORKER,
        heard("on_end", "FlowEnd", triggers=("_flow_stop",)),
        heard("on_tick", "TradingContext", "_flow_stop"),
    )

    assert codes(manifest_findings(manifest)) == [Rule.PLATFORM_EVENT, Rule.PLATFORM_EVENT]


def test_a_method_listed_twice_is_refused() -> None:
    manifest = a_manifest("Echo", T.CONTEXT_WORKER, *[heard("on_tick", "TradingContext")] * 2)

    assert codes(manifest_findings(manifest)) == [Rule.DUPLICATE_METHOD]
