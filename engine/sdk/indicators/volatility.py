"""Volatility: how far price strays."""

from math import sqrt
from typing import NamedTuple

import numpy as np

from engine.contracts.market import FloatColumn
from engine.sdk.indicators.averages import WilderAverage, wilder_average
from engine.sdk.indicators.columns import NAN, as_columns, checked_periods, unknown
from engine.sdk.indicators.windows import MOMENTS, MOMENTS_OF_COLUMNS, Window, over_history


def true_range(high: float, low: float, previous_close: float) -> float:
    """Return how far price travelled, a gap since the previous close included (Wilder 1978, section III)."""
    if previous_close != previous_close:  # NaN, which `max` and `min` pass over unless it comes first  # noqa: PLR0124
        return NAN
    return max(high, previous_close) - min(low, previous_close)


def true_ranges(highs: FloatColumn, lows: FloatColumn, closes: FloatColumn) -> FloatColumn:
    """Return `true_range` of each bar of a history: shape ``(n,)``; the first bar has none and is NaN."""
    highs, lows, closes = as_columns(highs, lows, closes)
    found, before = unknown(len(closes)), closes[:-1]
    found[1:] = np.maximum(highs[1:], before) - np.minimum(lows[1:], before)
    return found


class ATR:
    """Average true range, in quote units: the Wilder average of the true range.

    The true range is the way from the lowest to the highest of high, low and previous close; the first bar has none. The
    seed is the plain mean of the first `periods` true ranges, as in TA-Lib. StockCharts gives the first bar its high less
    its low as a true range and so starts a bar sooner, with another seed; the difference dies out by
    ``1 - 1 / periods`` a bar.
    Warm-up: `periods` bars. Source: Wilder 1978, "New Concepts in Technical Trading Systems", section III.
    """

    __slots__ = ("_average", "_close")

    def __init__(self, periods: int = 14) -> None:
        self._average = WilderAverage(periods)
        self._close: float | None = None

    @property
    def value(self) -> float:
        """The last result."""
        return self._average.value

    @property
    def warmup(self) -> int:
        """How many bars it answers with NaN."""
        return self._average.warmup + 1

    def update(self, high: float, low: float, close: float) -> float:
        """Take the next bar and return the average true range."""
        before, self._close = self._close, close
        if before is None:
            return NAN
        return self._average.update(true_range(high, low, before))


def atr(highs: FloatColumn, lows: FloatColumn, closes: FloatColumn, periods: int = 14) -> FloatColumn:
    """Return `ATR` over a whole history: shape ``(n,)``, the first `periods` NaN."""
    ranges = true_ranges(highs, lows, closes)
    ranges[1:] = wilder_average(ranges[1:], periods)
    return ranges


class StandardDeviation:
    """The population standard deviation of the last `periods` values, in their unit; divided by n, not n - 1.

    Warm-up: ``periods - 1`` values. Source: see `windows`.
    """

    __slots__ = ("_periods", "_window", "mean", "value")

    def __init__(self, periods: int) -> None:
        self._periods = checked_periods(periods)
        self._window = Window(periods, MOMENTS, 0.0)
        self.mean = NAN
        self.value = NAN

    @property
    def warmup(self) -> int:
        """How many values it answers with NaN."""
        return self._periods - 1

    def update(self, value: float) -> float:
        """Take the next value and return the deviation; `mean` is then that of the same window."""
        known = self._window.update(value)
        if known is not None:
            self.mean = known[0]
            self.value = sqrt(known[1] / self._periods)
        return self.value


def standard_deviation(values: FloatColumn, periods: int) -> FloatColumn:
    """Return `StandardDeviation` over a whole history: shape ``(n,)``, the first ``periods - 1`` NaN."""
    return _mean_and_deviation(values, periods)[1]


def _mean_and_deviation(values: FloatColumn, periods: int) -> tuple[FloatColumn, FloatColumn]:
    mean, squares = over_history(checked_periods(periods), MOMENTS_OF_COLUMNS, values)
    return mean, np.sqrt(squares / periods)


class ZScore:
    """How many population standard deviations a value is away from the mean of the last `periods`, itself among them.

    In a window of equal values it is 0. Warm-up: ``periods - 1`` values.
    """

    __slots__ = ("_deviation", "value")

    def __init__(self, periods: int) -> None:
        self._deviation = StandardDeviation(periods)
        self.value = NAN

    @property
    def warmup(self) -> int:
        """How many values it answers with NaN."""
        return self._deviation.warmup

    def update(self, value: float) -> float:
        """Take the next value and return its distance."""
        deviation = self._deviation.update(value)
        self.value = (value - self._deviation.mean) / deviation if deviation else 0.0
        return self.value


def z_score(values: FloatColumn, periods: int) -> FloatColumn:
    """Return `ZScore` over a whole history: shape ``(n,)``, the first ``periods - 1`` NaN."""
    (values,) = as_columns(values)
    mean, deviation = _mean_and_deviation(values, periods)
    return np.where(deviation == 0.0, 0.0, (values - mean) / np.where(deviation == 0.0, 1.0, deviation))


class BollingerBands:
    """A mean with a band of `deviations` population standard deviations on either side, in the unit of the values.

    `value` is the middle. The deviation is divided by n, as Bollinger, StockCharts and TA-Lib do; bands of the sample
    deviation, as of pandas' ``std()``, are wider by ``sqrt(n / (n - 1))``. Warm-up: ``periods - 1`` values. Source:
    Bollinger 2001, "Bollinger on Bollinger Bands", chapter 7.
    """

    __slots__ = ("_deviation", "_deviations", "lower", "upper", "value")

    def __init__(self, periods: int = 20, deviations: float = 2.0) -> None:
        self._deviation = StandardDeviation(periods)
        self._deviations = deviations
        self.value = NAN
        self.upper = NAN
        self.lower = NAN

    @property
    def warmup(self) -> int:
        """How many values it answers with NaN."""
        return self._deviation.warmup

    def update(self, value: float) -> float:
        """Take the next value and return the middle; `upper` and `lower` are then those of the same window."""
        reach = self._deviations * self._deviation.update(value)
        self.value = middle = self._deviation.mean
        self.upper = middle + reach
        self.lower = middle - reach
        return middle


class BollingerColumns(NamedTuple):
    """Middle and both bands in the unit of the values, each of shape ``(n,)``."""

    middle: FloatColumn
    upper: FloatColumn
    lower: FloatColumn


def bollinger_bands(values: FloatColumn, periods: int = 20, deviations: float = 2.0) -> BollingerColumns:
    """Return `BollingerBands` over a whole history: the first ``periods - 1`` NaN."""
    middle, deviation = _mean_and_deviation(values, periods)
    reach = deviations * deviation
    return BollingerColumns(middle, middle + reach, middle - reach)
