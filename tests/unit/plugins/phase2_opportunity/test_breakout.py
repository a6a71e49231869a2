"""The first close beyond the range of the bars before is a breakout, and the next one is not."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.disposition import NOTHING
from tests.support.context import Drawn, assessed, employ

pytestmark = pytest.mark.unit

RANGE: list[Drawn] = [(100.0, 102.0, 98.0, 100.0)] * 6


def answers(*bars: Drawn, **config: object) -> list[Any]:
    worker = employ("phase2_opportunity/breakout", {"channel_bars": 5, "buffer_pct": 0.01} | config)
    return [worker.on_context_assessment(seen) for seen in assessed(list(bars))]


def closing_at(close: float) -> Drawn:
    return (100.0, max(close, 100.0), min(close, 100.0), close)


def test_a_close_above_the_range_and_its_buffer_is_a_breakout() -> None:
    said = answers(*RANGE, closing_at(103.2))

    assert set(said[:-1]) == {NOTHING}
    signal = said[-1].payload
    assert (signal.direction, signal.signal_type) == (Direction.BUY, "breakout")
    assert signal.metadata["broken_price"] == 102.0
    assert signal.metadata["range_width"] == 4.0


def test_a_close_below_the_range_is_the_mirror_image() -> None:
    signal = answers(*RANGE, closing_at(96.0))[-1].payload

    assert signal.direction is Direction.SELL
    assert signal.metadata["broken_price"] == 98.0


def test_a_close_within_the_buffer_is_none() -> None:
    assert answers(*RANGE, closing_at(103.0))[-1] is NOTHING
    assert answers(*RANGE, closing_at(97.1))[-1] is NOTHING
    assert answers(*RANGE, closing_at(103.0), buffer_pct=0.0)[-1] is not NOTHING


def test_a_high_beyond_the_range_is_none_when_the_close_comes_back() -> None:
    assert answers(*RANGE, (100.0, 110.0, 100.0, 101.0))[-1] is NOTHING


def test_a_run_of_new_highs_is_one_breakout() -> None:
    run = [closing_at(104.0), closing_at(106.0), closing_at(108.0)]

    assert [answer is NOTHING for answer in answers(*RANGE, *run)[-3:]] == [False, True, True]


def test_a_breakout_after_a_pause_is_a_new_one() -> None:
    run = [closing_at(104.0), closing_at(104.5), closing_at(108.0)]

    assert [answer is NOTHING for answer in answers(*RANGE, *run)[-3:]] == [False, True, False]


def test_only_the_bars_of_the_channel_count() -> None:
    old_top: list[Drawn] = [(100.0, 120.0, 98.0, 100.0)]

    assert answers(*old_top, *RANGE[:5], closing_at(104.0))[-1] is not NOTHING
    assert answers(*RANGE[:1], *old_top, *RANGE[:4], closing_at(104.0))[-1] is NOTHING


def test_nothing_is_said_before_the_range_is_known() -> None:
    assert answers(*RANGE[:5], closing_at(104.0))[-1] is NOTHING


def test_the_idea_is_wrong_back_inside_the_range() -> None:
    assert answers(*RANGE, closing_at(104.0))[-1].payload.invalidation_price == Decimal("100.00")
    assert answers(*RANGE, closing_at(96.0), stop_share=0.25)[-1].payload.invalidation_price == Decimal("99.00")


def test_confidence_rises_with_the_distance_to_the_buffer() -> None:
    # The buffer ends at 103.02; a quarter of the range is 1.
    assert answers(*RANGE, closing_at(103.52))[-1].payload.confidence == Decimal("0.75")
    assert answers(*RANGE, closing_at(104.1))[-1].payload.confidence == 1


def test_a_range_that_stood_still_breaks_with_full_confidence() -> None:
    signal = answers(*[100.0] * 6, closing_at(102.0))[-1].payload

    assert signal.confidence == 1
    assert signal.invalidation_price == Decimal("99.00")
