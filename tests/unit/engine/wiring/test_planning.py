"""Template, blueprint and manifests become one map, always the same."""

import pytest
from pydantic import ValidationError

from engine.config.blueprint import DirectPlanning, WorkerEntry
from engine.contracts.events import EVENTS
from engine.wiring.findings import Severity
from engine.wiring.flow import PLATFORM_WORKERS
from engine.wiring.planning import TemplateSubscriber, generate, load_base_wiring
from engine.wiring.roster import roster_of
from engine.wiring.validation import validate
from tests.support.wiring import MANIFESTS, T, a_blueprint, a_manifest, heard, subscribers

pytestmark = pytest.mark.unit

TEMPLATE = load_base_wiring()


def test_context_workers_form_a_chain_in_blueprint_order_and_the_platform_closes_it() -> None:
    wiring = generate(TEMPLATE, a_blueprint(context_workers=("Ema", "Structure")), MANIFESTS)

    assert subscribers(wiring, "TICK_RECEIVED") == ["ema.on_tick", "structure.on_tick", "context_chain.on_tick"]


def test_all_planners_hear_the_directive_and_the_aggregator_after_them() -> None:
    wiring = generate(TEMPLATE, a_blueprint(), MANIFESTS)

    assert subscribers(wiring, "STRATEGY_DIRECTIVE_ISSUED") == [
        "aggressive.on_strategy_directive",
        "patient.on_strategy_directive",
        "risk.on_strategy_directive",
        "reward.on_strategy_directive",
        "planning_aggregator.on_strategy_directive",
    ]


def test_the_planner_gathers_all_four_quadrants() -> None:
    wiring = generate(TEMPLATE, a_blueprint(), MANIFESTS)

    for event in ("CONTEXT_ASSESSMENT_READY", "OPPORTUNITY_DETECTED", "THREAT_DETECTED"):
        assert "momentum.confront" in subscribers(wiring, event)


def test_a_worker_hears_only_what_it_has_a_method_for() -> None:
    wiring = generate(TEMPLATE, a_blueprint(), MANIFESTS)

    assert subscribers(wiring, "LEDGER_UPDATE") == ["drawdown.on_ledger_update"]
    assert subscribers(wiring, "POSITION_UPDATE") == []


def test_a_methods_own_triggers_override_the_template() -> None:
    early = a_manifest(
        "Early",
        T.OPPORTUNITY_WORKER,
        heard("on_context_assessment", "TradingContext", "OPPORTUNITY_DETECTED", triggers=("CONTEXT_READY",)),
    )

    wiring = generate(TEMPLATE, a_blueprint(opportunity_workers=("Early",)), MANIFESTS | {"Early": early})

    assert subscribers(wiring, "CONTEXT_READY") == [
        "context_aggregator.on_context_ready",
        "early.on_context_assessment",
    ]
    assert "early.on_context_assessment" not in subscribers(wiring, "CONTEXT_ASSESSMENT_READY")


def test_a_context_worker_with_triggers_of_its_own_keeps_its_place_in_the_chain() -> None:
    own = a_manifest("Own", T.CONTEXT_WORKER, heard("on_tick", "TradingContext", triggers=("TICK_RECEIVED",)))

    wiring = generate(TEMPLATE, a_blueprint(context_workers=("Own", "Ema")), MANIFESTS | {"Own": own})

    assert subscribers(wiring, "TICK_RECEIVED") == ["own.on_tick", "ema.on_tick", "context_chain.on_tick"]


def test_a_trigger_that_no_event_answers_to_stays_in_the_map_to_be_reported() -> None:
    typo = a_manifest("Typo", T.CONTEXT_WORKER, heard("on_tick", "TradingContext", triggers=("TICK_RECIEVED",)))

    wiring = generate(TEMPLATE, a_blueprint(context_workers=("Typo",)), MANIFESTS | {"Typo": typo})

    assert subscribers(wiring, "TICK_RECIEVED") == ["typo.on_tick"]


def test_a_worker_is_wired_under_the_name_that_the_blueprint_gives_it() -> None:
    fast = WorkerEntry(plugin="Ema", worker="ema_fast")

    wiring = generate(TEMPLATE, a_blueprint(context_workers=(fast, "Ema")), MANIFESTS)

    assert subscribers(wiring, "TICK_RECEIVED")[:2] == ["ema_fast.on_tick", "ema.on_tick"]


def test_in_direct_mode_the_direct_planner_hears_opportunities() -> None:
    direct = a_blueprint(strategy_planner=None, direct_planning=DirectPlanning(minimum_confidence={}))

    wiring = generate(TEMPLATE, direct, MANIFESTS)

    assert subscribers(wiring, "OPPORTUNITY_DETECTED") == ["direct_planner.on_opportunity"]
    assert subscribers(wiring, "THREAT_DETECTED") == []


def test_an_event_that_nobody_may_publish_is_left_out() -> None:
    wiring = generate(TEMPLATE, a_blueprint(threat_workers=()), MANIFESTS)

    assert "THREAT_DETECTED" not in [entry.event for entry in wiring.event_wirings]


def test_the_same_three_give_the_same_map_in_the_order_of_the_house() -> None:
    wiring = generate(TEMPLATE, a_blueprint(), MANIFESTS)
    events = [entry.event for entry in wiring.event_wirings]

    assert wiring == generate(TEMPLATE, a_blueprint(), dict(reversed(MANIFESTS.items())))
    assert events == sorted(events, key=list(EVENTS).index)


@pytest.mark.parametrize(
    "workforce",
    [
        {},
        {"threat_workers": ()},
        {"context_workers": ()},
        {"strategy_planner": None, "direct_planning": DirectPlanning(minimum_confidence={})},
        {"strategy_planner": None, "direct_planning": DirectPlanning(minimum_confidence={}), "threat_workers": ()},
    ],
)
def test_a_generated_map_is_sound(workforce: dict[str, object]) -> None:
    blueprint = a_blueprint(**workforce)
    roster, before = roster_of(blueprint, MANIFESTS)

    findings = validate(generate(TEMPLATE, blueprint, MANIFESTS), roster, before=before)

    serious = [finding for finding in findings if finding.severity is not Severity.INFO]
    # In direct mode nobody confronts threats: that they lead nowhere is true, and said.
    assert [finding.event for finding in serious] in ([], ["THREAT_DETECTED"])


def test_the_template_names_only_what_there_is() -> None:
    for wiring in TEMPLATE.event_wirings:
        assert wiring.event in EVENTS
        for slot in wiring.subscribers:
            assert slot.worker is None or slot.method in PLATFORM_WORKERS[slot.worker]


def test_a_template_entry_names_a_type_or_a_worker() -> None:
    with pytest.raises(ValidationError, match="either type or worker"):
        TemplateSubscriber(type=T.CONTEXT_WORKER, worker="context_chain", method="on_tick")
