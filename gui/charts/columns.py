"""The columns that a chart draws, under their names. It knows no Qt."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from engine.contracts.market import BAR_COLUMNS, BarSeries, FloatColumn, IntColumn
from gui.charts.pyramid import Instants, LeveledColumn

_BARS_OF_LENGTH: Final = 20
_GAP_FROM: Final = 1.5  # bar lengths from open to open
_NO_BARS: Final[IntColumn] = np.empty(0, np.int64)


class ChartColumns:
    """The enriched bars of one strategy, oldest first.

    The bars of the past are adopted without a copy; a live bar costs constant time on average. A bar's place is its index;
    time is looked up, so that gaps take no room.

    Args:
        names: The enriched columns in chain order, without the five of the bar.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names: Final = (*BAR_COLUMNS, *(name for name in names if name not in BAR_COLUMNS))
        self._opened_ns = Instants(_NO_BARS)
        self._columns = {name: LeveledColumn(np.empty(0)) for name in self.names}
        self._gaps: IntColumn = _NO_BARS

    def __len__(self) -> int:
        return len(self._opened_ns)

    @property
    def opened_ns(self) -> Instants:
        """Open times, UTC nanoseconds."""
        return self._opened_ns

    @property
    def bar_ns(self) -> int:
        """The length of a bar: the shortest distance of the last open times, or a minute before there are two."""
        if len(self) < 2:
            return 60_000_000_000
        return int(np.diff(self._opened_ns.part(max(len(self) - _BARS_OF_LENGTH, 0), len(self))).min())

    @property
    def gaps(self) -> IntColumn:
        """The bars before which others are missing, by index, rising."""
        return self._gaps

    def column(self, name: str) -> LeveledColumn:
        """Return a column; NaN where it has no value.

        Raises:
            KeyError: there is no such column.
        """
        return self._columns[name]

    def load(self, series: BarSeries, enriched: Mapping[str, FloatColumn]) -> None:
        """Take the bars before the first live one; what was there is forgotten.

        An enriched column that is shorter than the bars is taken to belong to the newest of them.
        """
        count = len(series)
        self._opened_ns = Instants(np.asarray(series.opened_ns, np.int64))
        self._gaps = np.flatnonzero(np.diff(series.opened_ns) > _GAP_FROM * self.bar_ns) + 1
        bars = {name: getattr(series, name) for name in BAR_COLUMNS}
        self._columns = {
            name: LeveledColumn(_of_length(bars.get(name, enriched.get(name, _NO_BARS)), count)) for name in self.names
        }

    def append(self, opened_ns: int, columns: Sequence[str], values: Sequence[float]) -> None:
        """Add one bar; a bar that opens with the newest one replaces it, and an older one is not taken."""
        count = len(self)
        newest = int(self._opened_ns[-1]) if count else None
        if newest is not None and opened_ns < newest:
            return
        place = count - 1 if opened_ns == newest else count
        if newest is not None and opened_ns - newest > _GAP_FROM * self.bar_ns and count > 1:
            self._gaps = np.append(self._gaps, count)
        self._opened_ns.put(place, opened_ns)
        given = dict(zip(columns, values, strict=True))
        for name, column in self._columns.items():
            column.put(place, given.get(name, np.nan))

    def index_of(self, at_ns: IntColumn) -> IntColumn:
        """Return the index of the bar in which each instant lies; -1 before the first, n after the newest has closed."""
        index = self._opened_ns.places_of(at_ns + 1) - 1
        count = len(self)
        if count:
            after = at_ns >= self._opened_ns[-1] + self.bar_ns
            index = np.where(after, count, index)
        return index


def _of_length(values: FloatColumn, count: int) -> FloatColumn:
    """Return the newest of these values, NaN before the first of them; copied only where some are missing."""
    tail = np.asarray(values, dtype=np.float64)[max(len(values) - count, 0) :]
    if len(tail) == count:
        return tail
    return np.concatenate((np.full(count - len(tail), np.nan), tail))
