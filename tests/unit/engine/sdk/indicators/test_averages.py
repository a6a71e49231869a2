"""Averages agree with published values, and know when they know nothing."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.sdk.indicators import EMA, SMA, WilderAverage, ema, sma, wilder_average
from tests.support.reference import agree, reference, reference_market

pytestmark = pytest.mark.unit


def test_ema_agrees_with_the_reference() -> None:
    average, closes = EMA(20), reference_market().close

    agree([average.update(close) for close in closes.tolist()], reference("ema", "ema"))
    agree(ema(closes, 20), reference("ema", "ema"))


def test_sma_agrees_with_the_reference() -> None:
    average, closes = SMA(20), reference_market().close

    agree([average.update(close) for close in closes.tolist()], reference("bb", "sma"))
    agree(sma(closes, 20), reference("bb", "sma"))


def test_an_exponential_average_is_the_plain_mean_when_it_wakes() -> None:
    average = EMA(3)

    assert [math.isnan(average.update(value)) for value in (1.0, 2.0)] == [True, True]
    assert average.update(6.0) == pytest.approx(3.0)
    assert average.update(7.0) == pytest.approx(5.0)


def test_wilders_average_weighs_the_new_value_with_one_part_in_periods() -> None:
    average = WilderAverage(4)
    for value in (4.0, 4.0, 4.0, 4.0):
        average.update(value)

    assert average.update(8.0) == pytest.approx(5.0)
    assert wilder_average(np.array([4.0, 4.0, 4.0, 4.0, 8.0]), 4)[-1] == pytest.approx(5.0)


def test_a_simple_average_forgets_what_leaves_its_window() -> None:
    average = SMA(2)
    for value in (1e15, 1.0, 2.0):
        average.update(value)

    assert average.update(4.0) == 3.0


@pytest.mark.parametrize("kind", [EMA, SMA, WilderAverage])
def test_an_average_of_one_value_is_that_value(kind: Callable[[int], EMA | SMA]) -> None:
    average = kind(1)

    assert (average.warmup, average.update(3.0), average.update(5.0)) == (0, 3.0, 5.0)


@pytest.mark.parametrize("average", [ema, sma, wilder_average])
def test_a_history_that_is_too_short_knows_nothing(average: Callable[..., np.ndarray]) -> None:
    assert np.isnan(average(np.array([1.0, 2.0]), 3)).tolist() == [True, True]
    assert average(np.array([]), 3).tolist() == []


@pytest.mark.parametrize("average", [EMA, SMA, WilderAverage])
def test_no_periods_are_refused(average: Callable[[int], object]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        average(0)


@pytest.mark.parametrize("average", [ema, sma, wilder_average])
def test_a_table_is_no_column(average: Callable[..., np.ndarray]) -> None:
    with pytest.raises(ValueError, match="one dimension"):
        average(np.zeros((2, 2)), 1)
