"""Vetted indicators, one bar at a time: feed `update` every closed bar in order; NaN comes back while it warms up.

All of them are incremental and of constant cost per bar. Averages are written ``(1 - a) * v + a * x``, so that they
agree bit for bit with the same form written over columns.
"""

from collections import deque
from typing import Final

_NAN: Final = float("nan")


def _checked(periods: int) -> int:
    if periods < 1:
        raise ValueError(f"periods must be at least 1, not {periods}")
    return periods


class _SeededAverage:
    """An exponential average that starts at the plain mean of its first `periods` values."""

    __slots__ = ("_alpha", "_count", "_keep", "_periods", "_sum", "value")

    def __init__(self, periods: int, alpha: float) -> None:
        self._periods = periods
        self._alpha = alpha
        self._keep = 1.0 - alpha
        self._count = 0
        self._sum = 0.0
        self.value = _NAN

    def update(self, value: float) -> float:
        """Take the next value and return the average; NaN for the first ``periods - 1``."""
        if self._count >= self._periods:
            self.value = self._keep * self.value + self._alpha * value
            return self.value
        self._count += 1
        self._sum += value
        if self._count == self._periods:
            self.value = self._sum / self._periods
        return self.value


class EMA(_SeededAverage):
    """Exponential moving average with ``a = 2 / (periods + 1)``, seeded with the simple mean; the unit of its input.

    Warm-up: ``periods`` values. Source: Murphy 1999, "Technical Analysis of the Financial Markets", chapter 9.
    """

    __slots__ = ()

    def __init__(self, periods: int) -> None:
        super().__init__(_checked(periods), 2.0 / (periods + 1))


class WilderAverage(_SeededAverage):
    """Wilder's smoothing: an exponential average with ``a = 1 / periods``, seeded with the simple mean.

    Warm-up: ``periods`` values. Source: Wilder 1978, "New Concepts in Technical Trading Systems", section III.
    """

    __slots__ = ()

    def __init__(self, periods: int) -> None:
        super().__init__(_checked(periods), 1.0 / periods)


class ATR:
    """Average true range, in quote units: the Wilder average of the true range.

    The true range is the way from the lowest to the highest of high, low and previous close; the first bar has none.
    Warm-up: ``periods + 1`` bars. Source: Wilder 1978, section III, "Volatility".
    """

    __slots__ = ("_average", "_close")

    def __init__(self, periods: int) -> None:
        self._average = WilderAverage(periods)
        self._close = _NAN

    @property
    def value(self) -> float:
        """The last result."""
        return self._average.value

    def update(self, high: float, low: float, close: float) -> float:
        """Take the next bar and return the average true range."""
        before, self._close = self._close, close
        if before != before:  # NaN: the first bar  # noqa: PLR0124
            return _NAN
        return self._average.update(true_range(high, low, before))


def true_range(high: float, low: float, previous_close: float) -> float:
    """Return how far price travelled, a gap since the previous close included (Wilder 1978, section III)."""
    return max(high, previous_close) - min(low, previous_close)


class ADX:
    """Average directional index with +DI and -DI, each 0 to 100.

    Warm-up: ``periods + 1`` bars for +DI and -DI, ``2 * periods`` bars for ADX. Directional movement and true range are
    averaged where Wilder sums them; their ratio is the same. Source: Wilder 1978, section IV.
    """

    __slots__ = ("_average", "_bar", "_minus", "_plus", "_range", "minus_di", "plus_di")

    def __init__(self, periods: int) -> None:
        self._range = WilderAverage(periods)
        self._plus = WilderAverage(periods)
        self._minus = WilderAverage(periods)
        self._average = WilderAverage(periods)
        self._bar: tuple[float, float, float] | None = None
        self.plus_di = _NAN
        self.minus_di = _NAN

    @property
    def value(self) -> float:
        """The last ADX."""
        return self._average.value

    def update(self, high: float, low: float, close: float) -> float:
        """Take the next bar and return ADX; `plus_di` and `minus_di` are then those of the same bar."""
        before, self._bar = self._bar, (high, low, close)
        if before is None:
            return _NAN
        rise, fall = high - before[0], before[1] - low
        plus = self._plus.update(rise if rise > fall and rise > 0.0 else 0.0)
        minus = self._minus.update(fall if fall > rise and fall > 0.0 else 0.0)
        width = self._range.update(true_range(high, low, before[2]))
        if width != width:  # NaN: still warming up  # noqa: PLR0124
            return _NAN
        # A market that stood still for all its periods has no direction.
        self.plus_di = 100.0 * plus / width if width else 0.0
        self.minus_di = 100.0 * minus / width if width else 0.0
        both = self.plus_di + self.minus_di
        return self._average.update(100.0 * abs(self.plus_di - self.minus_di) / both if both else 0.0)


class RollingMax:
    """The largest of the last `periods` values, from the first value on; the unit of its input.

    A queue of falling values: each value enters and leaves once (Lemire 2006, "Streaming maximum-minimum filter").
    """

    __slots__ = ("_count", "_periods", "_queue", "_sign")

    def __init__(self, periods: int) -> None:
        self._periods = _checked(periods)
        self._sign = 1.0
        self._count = 0
        self._queue: deque[tuple[int, float]] = deque()

    def update(self, value: float) -> float:
        """Take the next value and return the extreme of the window that ends with it."""
        queue, signed = self._queue, value * self._sign
        while queue and queue[-1][1] <= signed:
            queue.pop()
        queue.append((self._count, signed))
        if queue[0][0] <= self._count - self._periods:
            queue.popleft()
        self._count += 1
        return queue[0][1] * self._sign


class RollingMin(RollingMax):
    """The smallest of the last `periods` values, from the first value on; the unit of its input."""

    __slots__ = ()

    def __init__(self, periods: int) -> None:
        super().__init__(periods)
        self._sign = -1.0
