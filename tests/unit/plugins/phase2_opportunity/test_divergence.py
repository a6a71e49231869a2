"""Price goes further than at the last swing, and the oscillator does not."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.disposition import NOTHING
from tests.support.context import assessed, employ

pytestmark = pytest.mark.unit

#          swing low at 3 (94), swing low at 9 (92), confirmed at 11
FALLING = [100.0, 98.0, 96.0, 94.0, 96.0, 98.0, 97.0, 96.0, 94.0, 92.0, 94.0, 96.0]
MIRRORED = [200.0 - price for price in FALLING]


def answers(
    prices: list[float], first: float, second: float, *, elsewhere: float = 50.0, **config: object
) -> list[Any]:
    """Let the oscillator read `first` at the first swing and `second` at the second."""
    oscillator = [elsewhere] * len(prices)
    oscillator[3], oscillator[9] = first, second
    worker = employ("phase2_opportunity/divergence", {"swing_bars": 2, "stop_buffer_pct": 0.01} | config)
    return [worker.on_context_assessment(seen) for seen in assessed(prices, {"rsi_14": oscillator})]


def test_a_lower_low_with_a_higher_oscillator_is_bought_when_the_swing_is_confirmed() -> None:
    said = answers(FALLING, 25.0, 35.0)

    assert [answer is NOTHING for answer in said] == [True] * 11 + [False]
    signal = said[-1].payload
    assert (signal.direction, signal.signal_type) == (Direction.BUY, "divergence")
    assert signal.metadata == {
        "swing_price": 92.0,
        "earlier_swing_price": 94.0,
        "oscillator": 35.0,
        "earlier_oscillator": 25.0,
    }


def test_a_higher_high_with_a_lower_oscillator_is_sold() -> None:
    signal = answers(MIRRORED, 75.0, 65.0)[-1].payload

    assert signal.direction is Direction.SELL
    assert (signal.metadata["swing_price"], signal.metadata["earlier_swing_price"]) == (108.0, 106.0)


def test_an_oscillator_that_follows_says_nothing() -> None:
    assert answers(FALLING, 25.0, 20.0)[-1] is NOTHING
    assert answers(FALLING, 25.0, 26.9)[-1] is NOTHING
    assert answers(MIRRORED, 75.0, 80.0)[-1] is NOTHING


def test_a_higher_low_is_no_divergence() -> None:
    higher = [*FALLING[:9], 95.0 - 1.5, *FALLING[10:]]
    higher[3] = 93.0

    assert answers(higher, 25.0, 35.0)[-1] is NOTHING


def test_it_counts_only_where_the_move_had_been_strong() -> None:
    assert answers(FALLING, 45.0, 55.0)[-1] is NOTHING
    assert answers(FALLING, 45.0, 55.0, lower_zone=None)[-1] is not NOTHING
    assert answers(MIRRORED, 55.0, 45.0)[-1] is NOTHING
    assert answers(MIRRORED, 55.0, 45.0, upper_zone=None)[-1] is not NOTHING


def test_a_swing_that_is_too_old_is_not_compared() -> None:
    assert answers(FALLING, 25.0, 35.0, lookback_bars=11)[-1] is not NOTHING
    assert answers(FALLING, 25.0, 35.0, lookback_bars=10)[-1] is NOTHING


def test_an_oscillator_that_warms_up_says_nothing() -> None:
    assert set(answers(FALLING, float("nan"), 35.0, lower_zone=None)) == {NOTHING}


def test_the_idea_is_wrong_beyond_the_swing() -> None:
    assert answers(FALLING, 25.0, 35.0)[-1].payload.invalidation_price == Decimal("91.08")
    assert answers(MIRRORED, 75.0, 65.0)[-1].payload.invalidation_price == Decimal("109.08")


def test_confidence_rises_with_the_gap() -> None:
    assert answers(FALLING, 25.0, 27.0)[-1].payload.confidence == Decimal("0.5")
    assert answers(FALLING, 25.0, 32.0)[-1].payload.confidence == Decimal("0.75")
    assert answers(FALLING, 25.0, 39.0)[-1].payload.confidence == 1


def test_the_oscillator_is_the_one_that_is_configured() -> None:
    worker = employ("phase2_opportunity/divergence", {"swing_bars": 2, "oscillator_column": "momentum"})
    momentum = [50.0] * 12
    momentum[3], momentum[9] = 25.0, 35.0
    said = [worker.on_context_assessment(seen) for seen in assessed(FALLING, {"momentum": momentum})]

    assert said[-1] is not NOTHING
