"""Rolling extremes agree with looking at the whole window."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.sdk.indicators import RollingMax, RollingMin, rolling_max, rolling_min

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("periods", [1, 2, 7, 150, 299, 300, 301, 1000])
@pytest.mark.parametrize(("kind", "whole", "pick"), [(RollingMax, rolling_max, max), (RollingMin, rolling_min, min)])
def test_rolling_extremes_agree_with_looking_at_the_whole_window(
    kind: type[RollingMax], whole: Callable[..., np.ndarray], pick: Callable[[list[float]], float], periods: int
) -> None:
    values = np.random.default_rng(3).normal(size=300).round(1)
    listed, rolling = values.tolist(), kind(periods)
    expected = [pick(listed[max(0, at - periods + 1) : at + 1]) for at in range(300)]

    assert [rolling.update(value) for value in listed] == expected
    assert whole(values, periods).tolist() == expected


def test_no_history_has_no_extremes() -> None:
    assert rolling_max(np.array([]), 3).tolist() == []


@pytest.mark.parametrize("kind", [RollingMax, RollingMin])
def test_no_periods_are_refused(kind: type[RollingMax]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        kind(0)
