"""Structure: the extremes of the last bars."""

from collections import deque

import numpy as np

from engine.contracts.market import FloatColumn
from engine.sdk.indicators.columns import NAN, as_column, checked_periods


class RollingMax:
    """The largest of the last `periods` values, from the first value on; the unit of its input.

    No warm-up: before there are `periods` values, it is the largest of those that there are. A queue of falling values:
    each value enters and leaves once (Lemire 2006, "Streaming maximum-minimum filter").
    """

    __slots__ = ("_count", "_periods", "_queue", "_sign", "value")

    def __init__(self, periods: int) -> None:
        self._periods = checked_periods(periods)
        self._sign = 1.0
        self._count = 0
        self._queue: deque[tuple[int, float]] = deque()
        self.value = NAN

    @property
    def warmup(self) -> int:
        """How many values it answers with NaN."""
        return 0

    def update(self, value: float) -> float:
        """Take the next value and return the extreme of the window that ends with it."""
        queue, signed = self._queue, value * self._sign
        if signed != signed:  # NaN: nothing before it can be the extreme while it is in the window  # noqa: PLR0124
            queue.clear()
        while queue and queue[-1][1] <= signed:
            queue.pop()
        queue.append((self._count, signed))
        if queue[0][0] <= self._count - self._periods:
            queue.popleft()
        self._count += 1
        self.value = queue[0][1] * self._sign
        return self.value


class RollingMin(RollingMax):
    """The smallest of the last `periods` values, from the first value on; the unit of its input. No warm-up."""

    __slots__ = ()

    def __init__(self, periods: int) -> None:
        super().__init__(periods)
        self._sign = -1.0


def rolling_max(values: FloatColumn, periods: int) -> FloatColumn:
    """Return `RollingMax` over a whole history: shape ``(n,)``, no NaN.

    Source: van Herk 1992, "A fast algorithm for local minimum and maximum filters".
    """
    values = as_column(values)
    checked_periods(periods)
    length = len(values)
    blocks = np.full((-(-length // periods), periods), -np.inf)
    blocks.reshape(-1)[:length] = values
    heads = np.maximum.accumulate(blocks, axis=1).reshape(-1)[:length]
    tails = np.maximum.accumulate(blocks[:, ::-1], axis=1)[:, ::-1].reshape(-1)
    heads[periods:] = np.maximum(heads[periods:], tails[1 : max(length - periods, 0) + 1])
    return heads


def rolling_min(values: FloatColumn, periods: int) -> FloatColumn:
    """Return `RollingMin` over a whole history: shape ``(n,)``, no NaN."""
    return -rolling_max(-as_column(values), periods)
