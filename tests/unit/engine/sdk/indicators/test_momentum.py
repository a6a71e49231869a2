"""RSI and MACD agree with published values, and are sane where the market is not."""

import numpy as np
import pytest

from engine.sdk.indicators import MACD, RSI, macd, rsi
from tests.support.reference import agree, reference, reference_market

pytestmark = pytest.mark.unit

# The worked example of StockCharts' ChartSchool, "Relative Strength Index (RSI)": closes, and the index from bar 15 on.
PRINTED_CLOSES = """
44.3389 44.0902 44.1497 43.6124 44.3278 44.8264 45.0955 45.4245 45.8433 46.0826
45.8931 46.0328 45.6140 46.2820 46.2820 46.0028 46.0328 46.4116 46.2222 45.6439
"""
PRINTED_RSI = (70.53, 66.32, 66.55, 69.41, 66.36, 57.97)


def test_rsi_agrees_with_the_reference() -> None:
    index, closes = RSI(14), reference_market().close

    agree([index.update(close) for close in closes.tolist()], reference("rsi", "rsi"))
    agree(rsi(closes, 14), reference("rsi", "rsi"))


def test_rsi_agrees_with_the_worked_example_of_the_textbook() -> None:
    closes = np.array([float(close) for close in PRINTED_CLOSES.split()])

    assert rsi(closes)[14:] == pytest.approx(PRINTED_RSI, abs=0.005)


@pytest.mark.parametrize(("step", "expected"), [(1.0, 100.0), (-1.0, 0.0), (0.0, 50.0)])
def test_rsi_is_at_an_end_in_a_market_of_one_direction_and_in_the_middle_without_one(
    step: float, expected: float
) -> None:
    assert rsi(100.0 + step * np.arange(20.0), 5)[5:].tolist() == [expected] * 15


@pytest.mark.parametrize("field", ["macd", "signal", "histogram"])
def test_macd_agrees_with_the_reference(field: str) -> None:
    closes, index, ours = reference_market().close, MACD(12, 26, 9), []
    for close in closes.tolist():
        index.update(close)
        ours.append({"macd": index.value, "signal": index.signal, "histogram": index.histogram}[field])

    agree(ours, reference("macd", field))
    agree(getattr(macd(closes), {"macd": "line"}.get(field, field)), reference("macd", field))


def test_macd_says_when_all_of_it_is_known() -> None:
    index = MACD(3, 5, 4)

    assert index.warmup == 7
    assert np.isnan(macd(np.arange(10.0), 3, 5, 4).histogram).tolist() == [True] * 7 + [False] * 3


def test_a_fast_average_that_is_not_faster_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer periods than the slow one, not 26 and 12"):
        MACD(26, 12)
    with pytest.raises(ValueError, match="fewer periods"):
        macd(np.arange(10.0), 5, 5)


def test_a_history_without_a_bar_has_no_momentum() -> None:
    assert rsi(np.array([])).tolist() == []
    assert macd(np.array([1.0])).line.shape == (1,)
