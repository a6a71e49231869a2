"""All rules at once, the worst first."""

import pytest

from engine.config.blueprint import WorkerEntry
from engine.wiring.columns import WorkerColumns
from engine.wiring.findings import Rule, Severity
from engine.wiring.planning import generate, load_base_wiring
from engine.wiring.roster import roster_of
from engine.wiring.validation import validate
from tests.support.notes import a_column
from tests.support.wiring import MANIFESTS, a_blueprint, a_map, changed, codes

pytestmark = pytest.mark.unit

ROSTER, _ = roster_of(a_blueprint(), MANIFESTS)
WHOLE = generate(load_base_wiring(), a_blueprint(), MANIFESTS)


def test_a_generated_map_has_only_its_feedback_to_show() -> None:
    findings = validate(WHOLE, ROSTER)

    assert codes(findings) == [Rule.FEEDBACK]
    assert findings[0].event == "LEDGER_UPDATE"


def test_rules_of_all_kinds_are_judged_together_and_the_worst_come_first() -> None:
    blueprint = a_blueprint(context_workers=("Ema", WorkerEntry(plugin="Emma")))
    roster, before = roster_of(blueprint, MANIFESTS)
    wiring = changed(WHOLE, "CONTEXT_READY", "context_aggregator.on_context_ready", "gap.on_it")
    wiring = changed(wiring, "OPPORTUNITY_DETECTED")

    findings = validate(wiring, roster, before=before, columns={"ema": WorkerColumns((a_column(name="close"),))})

    assert {
        Rule.UNKNOWN_PLUGIN,
        Rule.UNKNOWN_METHOD,
        Rule.UNKNOWN_WORKER,
        Rule.COLUMN_TWICE,
        Rule.DEAD_END,
        Rule.JOIN_LEG_MISSING,
        Rule.FEEDBACK,
    } == set(codes(findings))
    order = [Severity.ERROR, Severity.WARNING, Severity.INFO]
    assert [one.severity for one in findings] == sorted((one.severity for one in findings), key=order.index)


def test_errors_come_in_the_order_of_their_lines() -> None:
    wiring = a_map({"TICK_RECEIVED": ["x.m", "y.m"], "CONTEXT_READY": ["z.m"]})

    findings = validate(wiring, ROSTER, lines={(0, 0): 8, (0, 1): 4, (1, 0): 6})

    assert [one.line for one in findings if one.code is Rule.UNKNOWN_WORKER] == [4, 6, 8]


def test_a_finding_is_told_once() -> None:
    roster, before = roster_of(a_blueprint(size=("Rist",)), MANIFESTS)

    findings = validate(WHOLE, roster, before=(*before, *before))

    assert codes(findings).count(Rule.UNKNOWN_PLUGIN) == 1
