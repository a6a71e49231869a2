"""Averages: plain, exponential, and Wilder's; all in the unit of what they average."""

from engine.contracts.market import FloatColumn
from engine.sdk.indicators.columns import NAN, as_column, checked_periods, unknown
from engine.sdk.indicators.windows import SUM, SUM_OF_COLUMNS, Window, over_history


class SMA:
    """Simple moving average: the mean of the last `periods` values. Warm-up: ``periods - 1`` values.

    Source: Murphy 1999, "Technical Analysis of the Financial Markets", chapter 9.
    """

    __slots__ = ("_periods", "_window", "value")

    def __init__(self, periods: int) -> None:
        self._periods = checked_periods(periods)
        self._window = Window(periods, SUM, 0.0)
        self.value = NAN

    @property
    def warmup(self) -> int:
        """How many values it answers with NaN."""
        return self._periods - 1

    def update(self, value: float) -> float:
        """Take the next value and return the average."""
        known = self._window.update(value)
        if known is not None:
            self.value = known[0] / self._periods
        return self.value


def sma(values: FloatColumn, periods: int) -> FloatColumn:
    """Return `SMA` over a whole history: shape ``(n,)``, the first ``periods - 1`` NaN."""
    (total,) = over_history(checked_periods(periods), SUM_OF_COLUMNS, values)
    return total / periods


class _SeededAverage:
    """An exponential average that starts at the plain mean of its first `periods` values."""

    __slots__ = ("_alpha", "_count", "_keep", "_periods", "_sum", "value")

    def __init__(self, periods: int, alpha: float) -> None:
        self._periods = periods
        self._alpha = alpha
        self._keep = 1.0 - alpha
        self._count = 0
        self._sum = 0.0
        self.value = NAN

    @property
    def warmup(self) -> int:
        """How many values it answers with NaN."""
        return self._periods - 1

    def update(self, value: float) -> float:
        """Take the next value and return the average."""
        if self._count >= self._periods:
            self.value = self._keep * self.value + self._alpha * value
            return self.value
        self._count += 1
        self._sum += value
        if self._count == self._periods:
            self.value = self._sum / self._periods
        return self.value


def _seeded_average(values: FloatColumn, periods: int, alpha: float) -> FloatColumn:
    column = as_column(values)
    averages = unknown(len(column))
    if len(column) < periods:
        return averages
    listed, keep, total = column.tolist(), 1.0 - alpha, 0.0
    # A plain loop: `sum` compensates since Python 3.12, numpy adds in pairs, and a recursion has no exact numpy form.
    for value in listed[:periods]:
        total += value
    average = total / periods
    found = [average]
    for value in listed[periods:]:
        average = keep * average + alpha * value
        found.append(average)
    averages[periods - 1 :] = found
    return averages


class EMA(_SeededAverage):
    """Exponential moving average with ``a = 2 / (periods + 1)``, seeded with the simple mean.

    The seed is that of StockCharts and TA-Lib; MetaStock and pandas' ``ewm(adjust=False)`` start at the first value, and
    the difference dies out by ``1 - a`` a value. Warm-up: ``periods - 1`` values.
    Source: Murphy 1999, "Technical Analysis of the Financial Markets", chapter 9.
    """

    __slots__ = ()

    def __init__(self, periods: int) -> None:
        super().__init__(checked_periods(periods), 2.0 / (periods + 1))


def ema(values: FloatColumn, periods: int) -> FloatColumn:
    """Return `EMA` over a whole history: shape ``(n,)``, the first ``periods - 1`` NaN."""
    return _seeded_average(values, checked_periods(periods), 2.0 / (periods + 1))


class WilderAverage(_SeededAverage):
    """Wilder's smoothing: an exponential average with ``a = 1 / periods``, seeded with the simple mean.

    Warm-up: ``periods - 1`` values. Source: Wilder 1978, "New Concepts in Technical Trading Systems", section III.
    """

    __slots__ = ()

    def __init__(self, periods: int) -> None:
        super().__init__(checked_periods(periods), 1.0 / periods)


def wilder_average(values: FloatColumn, periods: int) -> FloatColumn:
    """Return `WilderAverage` over a whole history: shape ``(n,)``, the first ``periods - 1`` NaN."""
    return _seeded_average(values, checked_periods(periods), 1.0 / periods)
