"""The columns that a chart draws: numpy arrays that grow at their end. It knows no Qt."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from engine.contracts.market import BAR_COLUMNS, BarSeries, FloatColumn, IntColumn

_CAPACITY_MIN: Final = 1_024


class ChartColumns:
    """The enriched bars of one strategy, oldest first.

    The arrays double when they are full, so that a bar costs constant time on average; a view that was handed out before
    stays valid but does not grow. A bar's place is its index; time is looked up, so that gaps take no room.

    Args:
        names: The enriched columns in chain order, without the five of the bar.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names: Final = (*BAR_COLUMNS, *(name for name in names if name not in BAR_COLUMNS))
        self._rows = {name: row for row, name in enumerate(self.names)}
        self._opened_ns: IntColumn = np.empty(_CAPACITY_MIN, np.int64)
        self._values: FloatColumn = np.empty((len(self.names), _CAPACITY_MIN))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def opened_ns(self) -> IntColumn:
        """Open times, UTC nanoseconds, shape ``(n,)``."""
        return self._opened_ns[: self._count]

    @property
    def bar_ns(self) -> int:
        """The length of a bar: the distance of the last two open times, or a minute before there are two."""
        if self._count < 2:
            return 60_000_000_000
        return int(self._opened_ns[self._count - 1] - self._opened_ns[self._count - 2])

    def column(self, name: str) -> FloatColumn:
        """Return a column, shape ``(n,)``; NaN where it has no value.

        Raises:
            KeyError: there is no such column.
        """
        return self._values[self._rows[name], : self._count]

    def load(self, series: BarSeries, enriched: Mapping[str, FloatColumn]) -> None:
        """Take the bars before the first live one; what was there is forgotten.

        An enriched column that is shorter than the bars is taken to belong to the newest of them.
        """
        self._count = 0
        count = len(series)
        self._reserve(count)
        self._opened_ns[:count] = series.opened_ns
        self._values[:, :count] = np.nan
        for name in BAR_COLUMNS:
            self._values[self._rows[name], :count] = getattr(series, name)
        for name, values in enriched.items():
            tail = np.asarray(values, dtype=np.float64)[-count:] if count else np.empty(0)
            if name in self._rows and len(tail):
                self._values[self._rows[name], count - len(tail) : count] = tail
        self._count = count

    def append(self, opened_ns: int, columns: Sequence[str], values: Sequence[float]) -> None:
        """Add one bar; a bar that opens with the newest one replaces it, and an older one is not taken."""
        newest = int(self._opened_ns[self._count - 1]) if self._count else None
        if newest is not None and opened_ns < newest:
            return
        place = self._count - 1 if opened_ns == newest else self._count
        self._reserve(place + 1)
        self._opened_ns[place] = opened_ns
        self._values[:, place] = np.nan
        for name, value in zip(columns, values, strict=True):
            row = self._rows.get(name)
            if row is not None:
                self._values[row, place] = value
        self._count = place + 1

    def index_of(self, at_ns: IntColumn) -> IntColumn:
        """Return the index of the bar in which each instant lies; -1 before the first, n after the newest has closed."""
        index = np.searchsorted(self.opened_ns, at_ns, side="right") - 1
        if self._count:
            after = at_ns >= self._opened_ns[self._count - 1] + self.bar_ns
            index = np.where(after, self._count, index)
        return index

    def _reserve(self, count: int) -> None:
        capacity = len(self._opened_ns)
        if count <= capacity:
            return
        while capacity < count:
            capacity *= 2
        opened_ns = np.empty(capacity, np.int64)
        values = np.empty((len(self.names), capacity))
        opened_ns[: self._count] = self._opened_ns[: self._count]
        values[:, : self._count] = self._values[:, : self._count]
        self._opened_ns, self._values = opened_ns, values
