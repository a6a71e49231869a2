"""A bar counts when it goes one way on many times the usual volume."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.disposition import NOTHING
from tests.support.context import Drawn, assessed, employ

pytestmark = pytest.mark.unit

USUAL: list[Drawn] = [(100.0, 100.5, 99.5, 100.0, 10.0)] * 10
RISE: Drawn = (100.0, 102.0, 100.0, 102.0, 40.0)
FALL: Drawn = (100.0, 100.0, 98.0, 98.0, 40.0)


def answers(*bars: Drawn, **config: object) -> list[Any]:
    worker = employ(
        "phase2_opportunity/volume_spike", {"median_bars": 10, "min_multiple": 3.0, "full_multiple": 8.0} | config
    )
    return [worker.on_context_assessment(seen) for seen in assessed(list(bars))]


def test_a_decided_bar_on_many_times_the_usual_volume_is_signalled() -> None:
    said = answers(*USUAL, RISE)

    assert set(said[:-1]) == {NOTHING}
    signal = said[-1].payload
    assert (signal.direction, signal.signal_type) == (Direction.BUY, "volume_spike")
    assert signal.metadata == {"volume_multiple": pytest.approx(4.0), "body_share": pytest.approx(1.0)}


def test_a_falling_bar_is_the_mirror_image() -> None:
    assert answers(*USUAL, FALL)[-1].payload.direction is Direction.SELL


def test_the_idea_is_wrong_beyond_the_other_end_of_the_bar() -> None:
    assert answers(*USUAL, RISE)[-1].payload.invalidation_price == Decimal("99.50")
    assert answers(*USUAL, FALL)[-1].payload.invalidation_price == Decimal("100.50")


def test_the_usual_volume_is_that_of_the_bars_before_and_not_of_the_spike() -> None:
    exactly_three: Drawn = (100.0, 102.0, 100.0, 102.0, 30.0)
    just_short: Drawn = (100.0, 102.0, 100.0, 102.0, 29.9)

    assert answers(*USUAL, exactly_three)[-1] is not NOTHING
    assert answers(*USUAL, just_short)[-1] is NOTHING


def test_one_earlier_spike_does_not_become_the_usual() -> None:
    earlier: Drawn = (100.0, 100.5, 99.5, 100.0, 10_000.0)

    assert answers(*USUAL, earlier, RISE)[-1] is not NOTHING


def test_a_bar_without_a_direction_is_passed_over_on_any_volume() -> None:
    assert answers(*USUAL, (100.0, 102.0, 98.0, 100.2, 500.0))[-1] is NOTHING
    assert answers(*USUAL, (100.0, 100.0, 100.0, 100.0, 500.0))[-1] is NOTHING
    assert answers(*USUAL, (100.0, 100.01, 100.0, 100.01, 500.0))[-1] is NOTHING


def test_nothing_is_said_before_the_usual_volume_is_known() -> None:
    assert answers(*USUAL[:-1], RISE)[-1] is NOTHING


def test_a_market_without_volume_has_no_spikes() -> None:
    silent: list[Drawn] = [(100.0, 100.5, 99.5, 100.0, 0.0)] * 10

    assert answers(*silent, RISE)[-1] is NOTHING


def test_confidence_rises_with_the_volume_and_with_the_body() -> None:
    full = answers(*USUAL, (100.0, 102.0, 100.0, 102.0, 80.0))[-1].payload.confidence
    smaller = answers(*USUAL, RISE)[-1].payload.confidence
    with_wick = answers(*USUAL, (100.0, 102.5, 100.0, 102.0, 80.0))[-1].payload.confidence

    assert full == 1
    assert smaller == Decimal("0.7")  # 0.6 * 4 / 8 + 0.4
    assert with_wick == Decimal("0.92")  # 0.6 + 0.4 * 2 / 2.5
