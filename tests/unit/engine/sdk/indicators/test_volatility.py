"""ATR, deviations and bands agree with published values, and a market at rest has none of them."""

import numpy as np
import pytest

from engine.sdk.indicators import (
    ATR,
    BollingerBands,
    StandardDeviation,
    ZScore,
    atr,
    bollinger_bands,
    standard_deviation,
    true_range,
    true_ranges,
    z_score,
)
from tests.support.reference import agree, reference, reference_market

pytestmark = pytest.mark.unit


def test_atr_agrees_with_the_reference() -> None:
    market, average = reference_market(), ATR(14)

    agree([average.update(*bar) for bar in market.bars()], reference("atr", "atr"))
    agree(atr(market.high, market.low, market.close), reference("atr", "atr"))
    agree(true_ranges(market.high, market.low, market.close), reference("atr", "tr"))


def test_a_gap_counts_in_the_true_range() -> None:
    assert true_range(12.0, 11.0, 8.0) == 4.0
    assert true_range(7.0, 6.0, 8.0) == 2.0


@pytest.mark.parametrize("field", ["sma", "upperBand", "lowerBand"])
def test_bollinger_bands_agree_with_the_reference(field: str) -> None:
    closes, bands, ours = reference_market().close, BollingerBands(20, 2.0), []
    for close in closes.tolist():
        bands.update(close)
        ours.append({"sma": bands.value, "upperBand": bands.upper, "lowerBand": bands.lower}[field])
    name = {"sma": "middle", "upperBand": "upper", "lowerBand": "lower"}[field]

    agree(ours, reference("bb", field))
    agree(getattr(bollinger_bands(closes), name), reference("bb", field))


def test_the_z_score_agrees_with_the_reference() -> None:
    closes, score = reference_market().close, ZScore(20)

    agree([score.update(close) for close in closes.tolist()], reference("bb", "zScore"))
    agree(z_score(closes, 20), reference("bb", "zScore"))


def test_small_moves_of_a_large_price_are_not_lost() -> None:
    values = 1e9 + np.random.default_rng(5).normal(size=5000)
    ours = standard_deviation(values, 50)[49:]
    exact = np.std(np.lib.stride_tricks.sliding_window_view(values - 1e9, 50), axis=1)

    assert ours == pytest.approx(exact, rel=1e-6)


def test_a_deviation_forgets_a_spike_that_left_its_window() -> None:
    deviation = StandardDeviation(3)
    for value in (1e12, 1.0, 2.0):
        deviation.update(value)

    assert deviation.update(3.0) == pytest.approx(np.std([1.0, 2.0, 3.0]), rel=1e-12)


def test_a_market_at_rest_has_no_range_no_deviation_and_stands_at_its_mean() -> None:
    rest, average, bands, score = np.full(30, 0.1), ATR(5), BollingerBands(7), ZScore(7)
    for price in rest.tolist():
        average.update(price, price, price)
        bands.update(price)
        score.update(price)

    assert (average.value, bands.upper, bands.lower, score.value) == (0.0, 0.1, 0.1, 0.0)
    assert atr(rest, rest, rest, 5)[5:].tolist() == [0.0] * 25
    assert z_score(rest, 7)[6:].tolist() == [0.0] * 24


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"one length, not \[3, 4\]"):
        atr(np.ones(3), np.ones(4), np.ones(3))
