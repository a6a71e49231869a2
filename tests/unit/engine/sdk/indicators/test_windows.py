"""Windows forget what left them: no error builds up over a long history."""

import math

import numpy as np
import pytest

from engine.sdk.indicators.windows import MOMENTS, SUM, SUM_OF_COLUMNS, Window, over_history

pytestmark = pytest.mark.unit


def test_the_sum_of_a_long_history_is_as_exact_as_that_of_one_window() -> None:
    values = np.random.default_rng(4).lognormal(sigma=3.0, size=20_000)
    values[5] = 1e15
    (total,) = over_history(20, SUM_OF_COLUMNS, values)

    assert total[-1] == pytest.approx(math.fsum(values[-20:]), rel=1e-14)


def test_moments_of_equal_values_are_exact() -> None:
    window = Window(7, MOMENTS, 0.0)

    assert [window.update(0.1) for _ in range(20)] == [None] * 6 + [(0.1, 0.0)] * 14


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7])
def test_the_last_window_of_any_length_of_history_is_right(count: int) -> None:
    window, values = Window(3, SUM, 0.0), np.arange(1.0, count + 1)
    (total,) = over_history(3, SUM_OF_COLUMNS, values)
    known = [window.update(value) for value in values.tolist()]

    assert known == [None if math.isnan(one) else (one,) for one in total.tolist()]
    assert total[2:].tolist() == [3.0 * at - 3.0 for at in range(3, count + 1)]
