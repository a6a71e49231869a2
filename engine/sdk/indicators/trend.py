"""Trend: how strong it is, and which way it goes."""

from typing import NamedTuple

import numpy as np

from engine.contracts.market import FloatColumn
from engine.sdk.indicators.averages import WilderAverage, wilder_average
from engine.sdk.indicators.columns import NAN, as_columns, unknown
from engine.sdk.indicators.volatility import true_range, true_ranges


class ADX:
    """Average directional index with +DI and -DI, each 0 to 100.

    Directional movement and true range are averaged where Wilder sums them; their ratio is the same. They are seeded with
    the first `periods` of them, and ADX with the mean of the first `periods` strengths, as at StockCharts. Wilder's
    worksheet and TA-Lib seed the three with one bar less, so their tables differ at first, by less than 1e-6 from some
    220 bars after the warm-up on (14 periods); Wilder rounds each step to a whole besides. When a bar reaches further on both sides, only the longer side moves, and
    neither if they are equal. A market that stood still for all its periods has no direction: all three are 0.
    Warm-up: `periods` bars for +DI and -DI, ``2 * periods - 1`` bars for ADX.
    Source: Wilder 1978, "New Concepts in Technical Trading Systems", section IV.
    """

    __slots__ = ("_average", "_bar", "_minus", "_plus", "_range", "minus_di", "plus_di")

    def __init__(self, periods: int = 14) -> None:
        self._range = WilderAverage(periods)
        self._plus = WilderAverage(periods)
        self._minus = WilderAverage(periods)
        self._average = WilderAverage(periods)
        self._bar: tuple[float, float, float] | None = None
        self.plus_di = NAN
        self.minus_di = NAN

    @property
    def value(self) -> float:
        """The last ADX."""
        return self._average.value

    @property
    def warmup(self) -> int:
        """How many bars pass until ADX and both directions are known."""
        return 1 + self._range.warmup + self._average.warmup

    def update(self, high: float, low: float, close: float) -> float:
        """Take the next bar and return ADX; `plus_di` and `minus_di` are then those of the same bar."""
        before, self._bar = self._bar, (high, low, close)
        if before is None:
            return NAN
        rise, fall = high - before[0], before[1] - low
        plus = self._plus.update(rise if rise > fall and rise > 0.0 else 0.0)
        minus = self._minus.update(fall if fall > rise and fall > 0.0 else 0.0)
        width = self._range.update(true_range(high, low, before[2]))
        if width != width and self.plus_di != self.plus_di:  # NaN: still warming up  # noqa: PLR0124
            return NAN
        self.plus_di = 100.0 * plus / width if width else 0.0
        self.minus_di = 100.0 * minus / width if width else 0.0
        both = self.plus_di + self.minus_di
        return self._average.update(100.0 * abs(self.plus_di - self.minus_di) / both if both else 0.0)


class ADXColumns(NamedTuple):
    """ADX, +DI and -DI, 0 to 100, each of shape ``(n,)``."""

    adx: FloatColumn
    plus_di: FloatColumn
    minus_di: FloatColumn


def adx(highs: FloatColumn, lows: FloatColumn, closes: FloatColumn, periods: int = 14) -> ADXColumns:
    """Return `ADX` over a whole history: the first ``2 * periods - 1`` of ADX and `periods` of +DI and -DI are NaN."""
    highs, lows, closes = as_columns(highs, lows, closes)
    rise, fall = np.diff(highs), -np.diff(lows)
    width = wilder_average(true_ranges(highs, lows, closes)[1:], periods)
    plus = _share(wilder_average(np.where((rise > fall) & (rise > 0.0), rise, 0.0), periods), width)
    minus = _share(wilder_average(np.where((fall > rise) & (fall > 0.0), fall, 0.0), periods), width)
    index = unknown(len(plus))
    strength = _share(np.abs(plus - minus), plus + minus)
    index[periods - 1 :] = wilder_average(strength[periods - 1 :], periods)
    return ADXColumns(*(np.concatenate((unknown(min(len(closes), 1)), column)) for column in (index, plus, minus)))


def _share(part: FloatColumn, whole: FloatColumn) -> FloatColumn:
    """Return a percentage, 0 where there is no whole."""
    return np.where(whole == 0.0, 0.0, 100.0 * part / np.where(whole == 0.0, 1.0, whole))
