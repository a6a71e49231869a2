"""Recorded columns as single bars, in the order in which a market would have shown them."""

import heapq
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Final

from engine.contracts.market import BarSeries, MarketBar
from engine.primitives.timeframes import Timeframe

_AT_ONCE: Final = 16_384
"""Bars that are Python numbers at one time: a year of minutes as lists would be a hundred megabytes."""


def bars_of(series: BarSeries) -> Iterator[MarketBar]:
    """Give the bars of a series one by one, oldest first."""
    length_ns = Timeframe.parse(series.timeframe).length_ns
    columns = (series.opened_ns, series.open, series.high, series.low, series.close, series.volume)
    for first in range(0, len(series), _AT_ONCE):
        # Lists, because reading single numpy elements makes an object of numpy's own each time.
        lists = [column[first : first + _AT_ONCE].tolist() for column in columns]
        opened = lists[0]
        closed = [opened_ns + length_ns for opened_ns in opened]
        yield from map(MarketBar, repeat(series.symbol), repeat(series.timeframe), opened, closed, *lists[1:])


def interleaved(recordings: Sequence[BarSeries]) -> Iterator[MarketBar]:
    """Give the bars of several series in the order in which they closed; of equals the first series' first."""
    if len(recordings) == 1:
        yield from bars_of(recordings[0])
        return
    yield from heapq.merge(*(bars_of(series) for series in recordings), key=lambda bar: bar.closed_ns)
