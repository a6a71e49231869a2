"""Correlation and covariance: how much two series move together."""

from math import sqrt
from typing import NamedTuple

import numpy as np

from engine.contracts.market import FloatColumn
from engine.sdk.indicators.columns import NAN, checked_periods
from engine.sdk.indicators.windows import COMOMENTS, COMOMENTS_OF_COLUMNS, Window, over_history


class RollingCorrelation:
    """Pearson's correlation of the last `periods` pairs, -1 to 1; feed it returns rather than prices.

    Warm-up: ``periods - 1`` pairs. NaN also where one of the two stood still: it then moves with nothing and against
    nothing. Source: Pearson 1895, "Note on regression and inheritance in the case of two parents".
    """

    __slots__ = ("_warmup", "_window", "value")

    def __init__(self, periods: int) -> None:
        self._warmup = checked_periods(periods, 2) - 1
        self._window = Window(periods, COMOMENTS, 0.0)
        self.value = NAN

    @property
    def warmup(self) -> int:
        """How many pairs it answers with NaN, if both series move."""
        return self._warmup

    def update(self, first: float, second: float) -> float:
        """Take the next pair and return the correlation."""
        known = self._window.update(first, second)
        if known is not None:
            _, _, squares_1, squares_2, products = known
            spread = sqrt(squares_1) * sqrt(squares_2)
            # Rounding may go past 1 by the last digit.
            self.value = min(max(products / spread, -1.0), 1.0) if spread else NAN
        return self.value


def rolling_correlation(firsts: FloatColumn, seconds: FloatColumn, periods: int) -> FloatColumn:
    """Return `RollingCorrelation` over a whole history: shape ``(n,)``, the first ``periods - 1`` NaN."""
    _, _, squares_1, squares_2, products = over_history(
        checked_periods(periods, 2), COMOMENTS_OF_COLUMNS, firsts, seconds
    )
    spread = np.sqrt(squares_1) * np.sqrt(squares_2)
    return np.where(spread == 0.0, NAN, np.clip(products / np.where(spread == 0.0, 1.0, spread), -1.0, 1.0))


class RollingCovariance:
    """Population covariance of the last `periods` pairs, in the units of both; beside it both means and variances.

    Covariance over the variance of one is the least-squares slope of the other on it. Warm-up: ``periods - 1`` pairs.
    Source: Chan, Golub and LeVeque 1979, see `windows`.
    """

    __slots__ = ("_periods", "_window", "mean_1", "mean_2", "value", "variance_1", "variance_2")

    def __init__(self, periods: int) -> None:
        self._periods = checked_periods(periods)
        self._window = Window(periods, COMOMENTS, 0.0)
        self.value = self.mean_1 = self.mean_2 = self.variance_1 = self.variance_2 = NAN

    @property
    def warmup(self) -> int:
        """How many pairs it answers with NaN."""
        return self._periods - 1

    def update(self, first: float, second: float) -> float:
        """Take the next pair and return the covariance; means and variances are then those of the same window."""
        known = self._window.update(first, second)
        if known is not None:
            periods = self._periods
            self.mean_1, self.mean_2, squares_1, squares_2, products = known
            self.variance_1, self.variance_2 = squares_1 / periods, squares_2 / periods
            self.value = products / periods
        return self.value


class CovarianceColumns(NamedTuple):
    """Covariance, both means and both variances, each of shape ``(n,)``."""

    covariance: FloatColumn
    mean_1: FloatColumn
    mean_2: FloatColumn
    variance_1: FloatColumn
    variance_2: FloatColumn


def rolling_covariance(firsts: FloatColumn, seconds: FloatColumn, periods: int) -> CovarianceColumns:
    """Return `RollingCovariance` over a whole history: the first ``periods - 1`` NaN."""
    mean_1, mean_2, squares_1, squares_2, products = over_history(
        checked_periods(periods), COMOMENTS_OF_COLUMNS, firsts, seconds
    )
    return CovarianceColumns(products / periods, mean_1, mean_2, squares_1 / periods, squares_2 / periods)
