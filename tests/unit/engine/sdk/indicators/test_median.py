"""The middle value of one window, and of many at once."""

import numpy as np
import pytest

from engine.sdk.indicators import median, medians_at

pytestmark = pytest.mark.unit


def test_the_median_is_the_middle_value_or_halfway_between_two() -> None:
    assert median(np.array([3.0, 1.0, 100.0])) == 3.0
    assert median(np.array([3.0, 1.0, 100.0, 4.0])) == 3.5
    assert median(np.array([7.0])) == 7.0


@pytest.mark.parametrize("periods", [1, 2, 5, 30])
def test_many_windows_have_the_medians_of_each(periods: int) -> None:
    values = np.random.default_rng(3).lognormal(size=5000)
    ends = np.arange(periods - 1, len(values), 1)

    assert medians_at(values, ends, periods).tolist() == [median(values[end + 1 - periods : end + 1]) for end in ends]


def test_nowhere_there_is_no_median() -> None:
    assert medians_at(np.array([1.0]), np.array([], dtype=np.intp), 5).tolist() == []
