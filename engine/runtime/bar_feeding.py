"""Recorded columns as single bars, in the order in which a market would have shown them."""

import heapq
from collections.abc import Iterator, Sequence

from engine.contracts.market import BarSeries, MarketBar
from engine.primitives.timeframes import Timeframe


def bars_of(series: BarSeries) -> Iterator[MarketBar]:
    """Give the bars of a series one by one, oldest first."""
    length_ns = Timeframe.parse(series.timeframe).length_ns
    # Lists, because reading single numpy elements makes an object of numpy's own each time.
    columns = (series.opened_ns, series.open, series.high, series.low, series.close, series.volume)
    for opened_ns, *prices in zip(*(column.tolist() for column in columns), strict=True):
        yield MarketBar(series.symbol, series.timeframe, opened_ns, opened_ns + length_ns, *prices)


def interleaved(recordings: Sequence[BarSeries]) -> Iterator[MarketBar]:
    """Give the bars of several series in the order in which they closed; of equals the first series' first."""
    if len(recordings) == 1:
        yield from bars_of(recordings[0])
        return
    yield from heapq.merge(*(bars_of(series) for series in recordings), key=lambda bar: bar.closed_ns)
