"""Correlation agrees with its definition, and is unknown where it has none."""

import math

import numpy as np
import pytest

from engine.sdk.indicators import RollingCorrelation, rolling_correlation

pytestmark = pytest.mark.unit


def test_each_window_agrees_with_the_correlation_of_its_values() -> None:
    dice = np.random.default_rng(8)
    first = 1e6 + dice.normal(size=400)
    second = 0.5 * first + dice.normal(size=400)
    ours = rolling_correlation(first, second, 30)
    expected = [np.corrcoef(first[at - 29 : at + 1], second[at - 29 : at + 1])[0, 1] for at in range(29, 400)]

    assert np.isnan(ours[:29]).all()
    assert ours[29:] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_series_goes_wholly_with_itself_and_against_its_mirror(sign: float) -> None:
    correlation = RollingCorrelation(5)
    for value in (0.1, 0.7, 0.2, 0.4, 0.9, 0.3):
        correlation.update(value, sign * value)

    assert correlation.value == pytest.approx(sign)
    assert abs(correlation.value) <= 1.0


def test_what_stands_still_moves_with_nothing() -> None:
    correlation = RollingCorrelation(2)
    correlation.update(1.0, 3.0)

    assert math.isnan(correlation.update(2.0, 3.0))
    assert correlation.update(3.0, 4.0) == pytest.approx(1.0)


def test_one_pair_has_no_correlation() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        RollingCorrelation(1)
