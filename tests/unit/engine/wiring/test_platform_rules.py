"""What every strategy needs of the platform, and where the context is complete."""

import pytest

from engine.contracts.context import TradingContext
from engine.wiring.findings import Rule
from engine.wiring.flow import REQUIRED
from engine.wiring.planning import generate, load_base_wiring
from engine.wiring.platform_rules import platform_findings
from engine.wiring.roster import roster_of
from tests.support.wiring import (
    MANIFESTS,
    T,
    a_blueprint,
    a_handler,
    a_map,
    a_roster,
    changed,
    codes,
    subscribers,
    the_one,
)

pytestmark = pytest.mark.unit

ROSTER, _ = roster_of(a_blueprint(), MANIFESTS)
WHOLE = generate(load_base_wiring(), a_blueprint(), MANIFESTS)


def test_a_generated_map_lacks_nothing() -> None:
    assert platform_findings(WHOLE, ROSTER) == ()


@pytest.mark.parametrize(("event", "worker", "method"), REQUIRED)
def test_a_missing_platform_subscription_is_an_error(event: str, worker: str, method: str) -> None:
    others = [name for name in subscribers(WHOLE, event) if name != f"{worker}.{method}"]

    finding = the_one(platform_findings(changed(WHOLE, event, *others), ROSTER), Rule.PLATFORM_MISSING)

    assert (finding.event, finding.worker, finding.method) == (event, worker, method)
    assert finding.fix == f"Add worker {worker}, method {method} to the subscribers of {event}."


def test_an_alias_counts_as_the_execution_handler() -> None:
    aliased = changed(WHOLE, "TRANSLATION_COMPLETE", "backtest_handler.on_translation_complete")

    assert platform_findings(aliased, ROSTER) == ()


def test_a_worker_that_is_not_in_the_house_is_not_missed() -> None:
    assert platform_findings(a_map({}), a_roster(a_handler("ema.on_tick", TradingContext))) == ()


def test_a_context_worker_after_the_chain_has_closed_is_an_error() -> None:
    late = changed(WHOLE, "TICK_RECEIVED", "structure.on_tick", "context_chain.on_tick", "ema.on_tick")

    finding = the_one(platform_findings(late, ROSTER, lines={(0, 2): 9}), Rule.CHAIN_ORDER)

    assert (finding.worker, finding.line) == ("ema", 9)


def test_a_context_worker_on_a_later_event_is_an_error() -> None:
    roster = a_roster(a_handler("ema.on_tick", TradingContext, kind=T.CONTEXT_WORKER))

    assert codes(platform_findings(a_map({"CONTEXT_READY": ["ema.on_tick"]}), roster)) == [Rule.CHAIN_ORDER]
