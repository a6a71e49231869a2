"""The base of the scouts writes complete signals."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.context import AssessedContext
from engine.contracts.disposition import Envelopes
from engine.contracts.signals import OpportunitySignal
from engine.phase2_detection.opportunity import OpportunityWorker
from engine.ports.worker import WorkerConfig
from tests.support.context import assessed, tools

pytestmark = pytest.mark.unit


class Scout(OpportunityWorker[WorkerConfig]):
    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        return self.seen(assessed)

    def seen(self, assessed: AssessedContext, **more: Any) -> Envelopes:
        given = {"direction": Direction.BUY, "signal_type": "hunch", "confidence": 0.5} | more
        return self.signal(assessed, **given)


def a_signal(**more: Any) -> OpportunitySignal:
    (seen,) = assessed([100.0])
    said: Any = Scout(WorkerConfig(), tools("scout")).seen(seen, **more)
    assert said.event_name == "OPPORTUNITY_DETECTED"
    assert isinstance(said.payload, OpportunitySignal)
    return said.payload


def test_a_signal_knows_its_market_its_maker_and_what_led_to_it() -> None:
    (seen,) = assessed([100.0])
    said: Any = Scout(WorkerConfig(), tools("scout")).on_context_assessment(seen)

    assert said.payload.asset == "BTC/USDT"
    assert said.payload.source_worker_id == "scout"
    assert said.payload.causality.flow_id == seen.context.tick_id
    assert said.payload.causality.context_assessment_id == seen.assessment.assessment_id
    assert said.payload.signal_id.startswith("OPP_")


@pytest.mark.parametrize(
    ("given", "written"), [(0.123456, "0.1235"), (1.7, "1"), (-0.2, "0"), (Decimal("0.85"), "0.85"), (Decimal(3), "1")]
)
def test_confidence_is_held_between_zero_and_one(given: float | Decimal, written: str) -> None:
    assert a_signal(confidence=given).confidence == Decimal(written)


def test_an_invalidation_price_from_a_float_lands_on_the_tick() -> None:
    assert a_signal(invalidation_price=99.98765).invalidation_price == Decimal("99.99")


def test_a_confidence_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        a_signal(confidence=float("nan"))
