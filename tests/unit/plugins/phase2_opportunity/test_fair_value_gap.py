"""A gap counts when it is large, follows a break, and goes the same way."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.disposition import NOTHING
from tests.support.context import Drawn, assessed, employ

pytestmark = pytest.mark.unit

TREND = {"trend_direction": ("down", "none", "up")}
QUIET: list[Drawn] = [(100.0, 101.0, 99.0, 100.0)] * 20
GAP_UP: list[Drawn] = [(100.0, 101.0, 99.0, 101.0), (101.0, 106.0, 101.0, 106.0), (106.0, 107.0, 104.0, 106.0)]
GAP_DOWN: list[Drawn] = [(100.0, 101.0, 99.0, 99.0), (99.0, 99.0, 94.0, 94.0), (94.0, 96.0, 93.0, 94.0)]


def answers(
    bars: list[Drawn], *, break_at: int | None = 20, trend: float = 2.0, mean: float = 100.0, **config: object
) -> list[Any]:
    count = len(bars)
    columns = {
        "is_bos": [float(at == break_at) for at in range(count)],
        "is_choch": [0.0] * count,
        "trend_direction": [trend] * count,
        "ema_50": [mean] * count,
    }
    worker = employ("phase2_opportunity/fair_value_gap", config)
    return [worker.on_context_assessment(seen) for seen in assessed(bars, columns, categories=TREND)]


def test_a_gap_after_a_break_is_signalled_at_the_bar_that_completes_it() -> None:
    said = answers(QUIET + GAP_UP)

    assert [answer is NOTHING for answer in said] == [True] * 22 + [False]
    signal = said[-1].payload
    assert (signal.direction, signal.signal_type) == (Direction.BUY, "fvg_entry")
    assert signal.metadata["gap_size"] == pytest.approx(3.0)
    assert signal.metadata["bars_since_break"] == 2


def test_a_gap_down_is_the_mirror_image() -> None:
    signal = answers(QUIET + GAP_DOWN, trend=0.0)[-1].payload

    assert signal.direction is Direction.SELL
    assert signal.metadata["gap_size"] == pytest.approx(3.0)


def test_the_idea_is_wrong_beyond_the_far_side_of_the_gap() -> None:
    assert answers(QUIET + GAP_UP, stop_buffer_atr=0.0)[-1].payload.invalidation_price == Decimal("101.00")
    assert answers(QUIET + GAP_DOWN, trend=0.0, stop_buffer_atr=0.0)[-1].payload.invalidation_price == Decimal("99.00")
    assert answers(QUIET + GAP_UP)[-1].payload.invalidation_price < 101


def test_bars_that_overlap_leave_no_gap() -> None:
    assert answers([*QUIET, *GAP_UP[:2], (106.0, 107.0, 101.0, 106.0)])[-1] is NOTHING


def test_without_a_recent_break_a_gap_is_nothing() -> None:
    assert answers(QUIET + GAP_UP, break_at=None)[-1] is NOTHING
    assert answers(QUIET + GAP_UP, break_at=10, max_bars_since_break=11)[-1] is NOTHING
    assert answers(QUIET + GAP_UP, break_at=10, max_bars_since_break=12)[-1] is not NOTHING


def test_a_gap_against_the_structure_is_nothing() -> None:
    assert answers(QUIET + GAP_UP, trend=0.0)[-1] is NOTHING
    assert answers(QUIET + GAP_UP, trend=1.0)[-1] is NOTHING


@pytest.mark.parametrize("config", [{"min_gap_pct": 0.05}, {"min_gap_atr": 5.0}])
def test_a_gap_must_clear_both_thresholds(config: dict[str, float]) -> None:
    assert answers(QUIET + GAP_UP, **config)[-1] is NOTHING


def test_a_gap_is_not_judged_before_the_range_is_known() -> None:
    assert answers(GAP_UP, break_at=0)[-1] is NOTHING


def test_confidence_rises_with_size_freshness_and_trend() -> None:
    full = answers(QUIET + GAP_UP, break_at=22, full_gap_atr=0.1)[-1].payload.confidence
    stale = answers(QUIET + GAP_UP, break_at=11, full_gap_atr=0.1)[-1].payload.confidence
    small = answers(QUIET + GAP_UP, break_at=22, full_gap_atr=10.0)[-1].payload.confidence
    against = answers(QUIET + GAP_UP, break_at=22, full_gap_atr=0.1, mean=200.0)[-1].payload.confidence

    assert full == 1
    assert full > small
    assert full > stale
    assert against == Decimal("0.7")
