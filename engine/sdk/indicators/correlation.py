"""Correlation: how much two series move together."""

from math import sqrt

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
