"""The bars of a chart in a longer timeframe, with the context as it stood when each closed. It knows no Qt."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from engine.contracts.context import ColumnKind, ColumnSpec
from engine.contracts.market import BAR_COLUMNS, BarSeries, FloatColumn, IntColumn
from engine.primitives.timeframes import Timeframe
from gui.bridge.rows import BarRow
from gui.charts.columns import ChartColumns

LONGER_TIMEFRAMES: Final = tuple(map(Timeframe.parse, ("5m", "15m", "30m", "1h", "4h", "1d", "1w")))
"""What is offered beside a chart, the shortest first."""


def longer_than(name: str) -> Sequence[Timeframe]:
    """Return the timeframes that bars of this one build without a rest."""
    own = Timeframe.parse(name)
    return [one for one in LONGER_TIMEFRAMES if one.length_ns > own.length_ns and one.length_ns % own.length_ns == 0]


class LongerBars:
    """Builds longer bars of a chart's bars; the newest one is as it stands, and replaced until it has closed.

    Of an enriched column a longer bar has the last value in it, and of a flag whether it was set on any of its bars: it is
    the context of the chart, not one that was computed anew in the longer timeframe.

    Args:
        timeframe: Of the bars to build.
        specs: The enriched columns.
    """

    def __init__(self, timeframe: Timeframe, specs: Sequence[ColumnSpec]) -> None:
        self.timeframe: Final = timeframe
        self._flags = {spec.name for spec in specs if spec.kind is ColumnKind.FLAG}
        self._newest: BarRow | None = None

    def fold(self, columns: ChartColumns, symbol: str) -> tuple[BarSeries, Mapping[str, FloatColumn]]:
        """Return all bars of a chart as longer ones; `add` goes on from there."""
        count = len(columns)
        opened_ns: IntColumn = columns.opened_ns.part(0, count)
        length_ns, origin_ns = self.timeframe.length_ns, self.timeframe.opened_ns(0)
        buckets = (opened_ns - origin_ns) // length_ns * length_ns + origin_ns
        first = np.flatnonzero(np.diff(buckets, prepend=buckets[:1] - 1)) if count else np.empty(0, np.intp)
        last = np.append(first[1:], count)[: len(first)] - 1
        folded = {
            name: self._fold_column(name, columns.column(name).part(0, count), first, last) for name in columns.names
        }
        longer_ns = buckets[first]
        if count:
            values = tuple(float(folded[name][-1]) for name in columns.names)
            self._newest = BarRow(int(longer_ns[-1]), 0, values, float("nan"), float("nan"))
        bars = {name: folded.pop(name) for name in BAR_COLUMNS}
        return BarSeries(symbol=symbol, timeframe=self.timeframe.name, opened_ns=longer_ns, **bars), folded

    def add(self, columns: Sequence[str], row: BarRow) -> BarRow:
        """Take the next bar; return the longer bar that it is in, as it stands now."""
        opened_ns = self.timeframe.opened_ns(row.opened_ns)
        before = self._newest
        values = row.values
        if before is not None and before.opened_ns == opened_ns:
            values = tuple(map(self._joined, columns, before.values, row.values))
        self._newest = BarRow(opened_ns, row.closed_ns, values, row.strength, row.weakness)
        return self._newest

    def _fold_column(self, name: str, values: FloatColumn, first: IntColumn, last: IntColumn) -> FloatColumn:
        if not len(first):
            return np.empty(0)
        if name == "open":
            return values[first]
        over = {"high": np.maximum, "low": np.minimum, "volume": np.add}.get(
            name, np.fmax if name in self._flags else None
        )
        return values[last] if over is None else over.reduceat(values, first)

    def _joined(self, name: str, before: float, now: float) -> float:
        match name:
            case "open":
                return before
            case "high":
                return max(before, now)
            case "low":
                return min(before, now)
            case "volume":
                return before + now
        return float(np.fmax(before, now)) if name in self._flags else now
