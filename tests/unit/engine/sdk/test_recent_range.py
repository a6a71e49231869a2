"""The average true range as a planner reads it: a plain mean, known as soon as there are bars."""

from decimal import Decimal

import pytest

from engine.contracts.context import TradingContext
from engine.sdk.recent_range import average_true_range
from tests.support.context import contexts

pytestmark = pytest.mark.unit

TICK = Decimal("0.01")
STEADY = [(100.0, 101.0, 99.0, 100.0)] * 4


def last_of(bars: list[tuple[float, float, float, float]]) -> TradingContext:
    return contexts(bars)[-1]


def test_it_is_the_mean_of_the_last_true_ranges() -> None:
    bars = [*STEADY, (100.0, 104.0, 100.0, 103.0)]

    assert average_true_range(last_of(bars), 2, tick_size=TICK) == 3  # 2 and 4
    assert average_true_range(last_of(bars), 1, tick_size=TICK) == 4


def test_a_gap_from_the_close_before_is_part_of_the_range() -> None:
    up, down = (110.0, 111.0, 109.0, 110.0), (90.0, 91.0, 89.0, 90.0)

    assert average_true_range(last_of([*STEADY, up]), 1, tick_size=TICK) == 11
    assert average_true_range(last_of([*STEADY, down]), 1, tick_size=TICK) == 11


def test_one_bar_more_than_its_periods_is_enough_and_one_less_is_not() -> None:
    assert average_true_range(last_of(STEADY), 3, tick_size=TICK) == 2
    assert average_true_range(last_of(STEADY), 4, tick_size=TICK) is None


def test_it_is_on_the_tick() -> None:
    bars = [*STEADY, (100.0, 101.0, 99.0, 100.0), (100.0, 100.0 + 1 / 3, 100.0, 100.0)]

    assert average_true_range(last_of(bars), 1, tick_size=TICK) == Decimal("0.33")
