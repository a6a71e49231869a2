"""A close far from its mean, on its way back, in a market that ranges."""

import math
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.disposition import NOTHING
from tests.support.context import assessed, employ

pytestmark = pytest.mark.unit

CALM = [99.0, 101.0] * 9
"""Eighteen closes with a mean of 100."""
REGIME = {"regime": ("ranging", "trending")}


def answers(*closes: float, regime: list[float] | None = None, **config: object) -> list[Any]:
    worker = employ("phase2_opportunity/mean_reversion", {"mean_bars": 20} | config)
    columns = {} if regime is None else {"regime": regime}
    seen = assessed(list(closes), columns, categories=REGIME if regime is not None else None)
    return [worker.on_context_assessment(each) for each in seen]


def test_a_close_far_below_the_mean_that_has_turned_is_bought() -> None:
    said = answers(*CALM, 92.0, 93.0)

    assert set(said[:-1]) == {NOTHING}
    signal = said[-1].payload
    assert (signal.direction, signal.signal_type) == (Direction.BUY, "mean_reversion")


def test_a_close_far_above_the_mean_that_has_turned_is_sold() -> None:
    assert answers(*CALM, 108.0, 107.0)[-1].payload.direction is Direction.SELL


def test_z_is_the_distance_from_the_mean_in_deviations_of_the_population() -> None:
    closes = [*CALM, 92.0, 93.0]
    mean = sum(closes) / 20
    deviation = math.sqrt(sum((close - mean) ** 2 for close in closes) / 20)
    facts = answers(*closes)[-1].payload.metadata

    assert facts["mean"] == pytest.approx(mean)
    assert facts["z"] == pytest.approx((93.0 - mean) / deviation)


def test_a_close_that_still_runs_away_is_left_alone() -> None:
    assert answers(*CALM, 93.0, 92.0)[-1] is NOTHING
    assert answers(*CALM, 93.0, 92.0, needs_turn=False)[-1] is not NOTHING


def test_a_close_near_the_mean_is_left_alone() -> None:
    assert answers(*CALM, 98.5, 99.0)[-1] is NOTHING


def test_beyond_the_largest_distance_the_mean_is_broken() -> None:
    assert answers(*CALM, 92.0, 93.0, max_z=2.01)[-1] is NOTHING


def test_a_trend_is_not_faded() -> None:
    ranging, trending, unknown = ([value] * 20 for value in (0.0, 1.0, float("nan")))

    assert answers(*CALM, 92.0, 93.0, regime=ranging)[-1] is not NOTHING
    assert answers(*CALM, 92.0, 93.0, regime=trending)[-1] is NOTHING
    assert answers(*CALM, 92.0, 93.0, regime=unknown)[-1] is NOTHING


def test_nothing_is_said_before_the_mean_is_known_or_while_the_price_stands_still() -> None:
    assert answers(*CALM[1:], 92.0, 93.0)[-1] is NOTHING
    assert set(answers(*[100.0] * 30, needs_turn=False)) == {NOTHING}


def test_the_idea_is_wrong_further_out() -> None:
    signal = answers(*CALM, 92.0, 93.0, stop_deviations=1.0)[-1].payload

    wrong = 93.0 - signal.metadata["deviation"]
    assert signal.invalidation_price == Decimal(f"{wrong:.2f}")


def test_confidence_rises_with_the_distance() -> None:
    near = answers(*CALM, 92.0, 93.0, full_z=4.0)[-1].payload
    full = answers(*CALM, 92.0, 93.0, full_z=2.1)[-1].payload

    expected = 0.5 + 0.5 * (abs(near.metadata["z"]) - 2.0) / 2.0
    assert float(near.confidence) == pytest.approx(expected, abs=1e-4)
    assert full.confidence == 1


def test_a_span_in_which_nothing_can_be_signalled_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing would be signalled"):
        answers(100.0, min_z=5.0)
