"""Recorded columns as single bars, in the order in which a market would have shown them."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, repeat
from typing import Final, cast

import numpy as np

from engine.contracts.market import BarSeries, MarketBar
from engine.primitives.money import LARGEST_FLOAT
from engine.primitives.timeframes import Timeframe

_AT_ONCE: Final = 1_024
"""Bars that are Python numbers at one time: few enough to lie in the processor's own memory when their turn comes."""
_bar: Final = cast("Callable[[tuple[object, ...]], MarketBar]", partial(tuple.__new__, MarketBar))
"""Makes a bar of a tuple of its fields without a call into Python."""


def bars_of(series: BarSeries) -> Iterator[MarketBar]:
    """Give the bars of a series one by one, oldest first."""
    firsts = range(0, len(series), _AT_ONCE)
    return chain.from_iterable(_bars_between(series, first, first + _AT_ONCE) for first in firsts)


def _bars_between(series: BarSeries, first: int, end: int) -> Iterator[MarketBar]:
    length_ns = Timeframe.parse(series.timeframe).length_ns
    columns = (series.opened_ns, series.open, series.high, series.low, series.close, series.volume)
    # Lists, because reading single numpy elements makes an object of numpy's own each time.
    opened, *prices = [column[first:end].tolist() for column in columns]
    closed = [opened_ns + length_ns for opened_ns in opened]
    return map(_bar, zip(repeat(series.symbol), repeat(series.timeframe), opened, closed, *prices, strict=False))


class BarShelf:
    """The bars of a recording by their place, for those who do not want all of them."""

    def __init__(self, series: BarSeries) -> None:
        self._series = series
        self._length_ns = Timeframe.parse(series.timeframe).length_ns
        self._first = 0
        self._bars: Sequence[MarketBar] = ()

    @property
    def is_sound(self) -> bool:
        """Whether every bar is one that a market can have made, and follows the one before it: see `LastPrices`."""
        series = self._series
        follows = np.all(np.diff(series.opened_ns) >= self._length_ns)
        # Written so that a NaN anywhere makes it false.
        prices = (
            (series.low > 0)
            & (series.low <= series.open)
            & (series.open <= series.high)
            & (series.low <= series.close)
            & (series.close <= series.high)
            & (series.high <= LARGEST_FLOAT)
        )
        return bool(follows and np.all(prices & (series.volume >= 0) & (series.volume <= LARGEST_FLOAT)))

    def __getitem__(self, place: int) -> MarketBar:
        if not self._first <= place < self._first + len(self._bars):
            self._first = place // _AT_ONCE * _AT_ONCE
            self._bars = tuple(_bars_between(self._series, self._first, self._first + _AT_ONCE))
        return self._bars[place - self._first]


def interleaved(recordings: Sequence[BarSeries]) -> Iterator[MarketBar]:
    """Give the bars of several series in the order in which they closed; of equals the first series' first."""
    if len(recordings) == 1:
        return bars_of(recordings[0])
    return heapq.merge(*(bars_of(series) for series in recordings), key=lambda bar: bar.closed_ns)
