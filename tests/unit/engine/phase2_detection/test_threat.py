"""The base of the watchdogs writes complete warnings, whatever woke them."""

from typing import Any

import pytest

from engine.contracts.context import AssessedContext
from engine.contracts.updates import LedgerUpdate, PositionUpdate
from engine.phase2_detection.threat import ThreatWorker
from engine.ports.worker import WorkerConfig
from tests.support.context import assessed, tools
from tests.support.notes import AT, a_position, an_account, an_id

pytestmark = pytest.mark.unit


def warned(cause: AssessedContext | LedgerUpdate | PositionUpdate, **more: Any) -> Any:
    watchdog: ThreatWorker[WorkerConfig] = ThreatWorker(WorkerConfig(), tools("watchdog"))
    said = watchdog.threat(cause, **({"threat_type": "FIRE", "severity": 0.5} | more))
    assert said.event_name == "THREAT_DETECTED"
    return said.payload


def test_a_threat_seen_in_the_market_leads_back_to_tick_and_assessment() -> None:
    (seen,) = assessed([100.0])
    threat = warned(seen, asset="BTC/USDT")

    assert threat.causality.flow_id == seen.context.tick_id
    assert threat.causality.context_assessment_id == seen.assessment.assessment_id
    assert (threat.asset, threat.source_worker_id) == ("BTC/USDT", "watchdog")


def test_a_threat_seen_in_the_books_leads_back_to_the_update() -> None:
    of_ledger = LedgerUpdate(update_id=an_id("LDG"), timestamp=AT, strategy_id="demo", account=an_account())
    of_position = PositionUpdate(update_id=an_id("LDG", 1), timestamp=AT, strategy_id="demo", position=a_position())

    assert warned(of_ledger).causality.flow_id == an_id("LDG")
    assert warned(of_position).causality.flow_id == an_id("LDG", 1)
    assert warned(of_ledger).asset is None


def test_severity_is_held_between_zero_and_one() -> None:
    (seen,) = assessed([100.0])

    assert (warned(seen, severity=7.0).severity, warned(seen, severity=-1.0).severity) == (1, 0)
