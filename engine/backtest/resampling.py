"""Builds longer bars from shorter ones."""

import numpy as np

from engine.contracts.market import BarSeries, IntColumn
from engine.primitives.errors import DataError
from engine.primitives.timeframes import Timeframe


def resample(series: BarSeries, timeframe: str) -> BarSeries:
    """Return complete bars of a longer timeframe; the same timeframe gives the same bars.

    A longer bar opens on its own boundary (weeks on Monday, UTC). It is made of the bars that are there: a gap within
    it makes it no less closed. The first one is left out when the series starts within it, the last one when the series
    ends before it closes; a longer bar without any bar is missing, as the gap was.

    Raises:
        DataError: the timeframe is none, or not a multiple of the series' own.
    """
    try:
        longer = Timeframe.parse(timeframe)
    except ValueError as error:
        raise DataError(
            "This is not a timeframe; give a count and one of s, m, h, d, w.", timeframe=timeframe
        ) from error
    own = Timeframe.parse(series.timeframe)
    if longer.length_ns % own.length_ns:
        raise DataError(
            "Longer bars are built from whole shorter ones; choose a multiple of the timeframe that is there.",
            timeframe=timeframe,
            available=series.timeframe,
        )
    if longer.length_ns == own.length_ns:
        return series
    origin_ns = longer.opened_ns(0)
    longer_opened_ns = (series.opened_ns - origin_ns) // longer.length_ns * longer.length_ns + origin_ns
    starts, end = _complete(series, longer_opened_ns, own_ns=own.length_ns, longer_ns=longer.length_ns)
    if not len(starts):
        nothing = np.empty(0)
        return BarSeries(series.symbol, timeframe, starts, nothing, nothing, nothing, nothing, nothing)
    after = np.append(starts[1:], end)
    return BarSeries(
        symbol=series.symbol,
        timeframe=timeframe,
        opened_ns=longer_opened_ns[starts],
        open=series.open[starts],
        high=np.maximum.reduceat(series.high[:end], starts),
        low=np.minimum.reduceat(series.low[:end], starts),
        close=series.close[after - 1],
        volume=np.add.reduceat(series.volume[:end], starts),
    )


def _complete(series: BarSeries, longer_opened_ns: IntColumn, *, own_ns: int, longer_ns: int) -> tuple[IntColumn, int]:
    """Return where each complete longer bar starts in the series, and where the last one ends."""
    end = len(series)
    first_of_bar = np.ones(end, dtype=np.bool_)
    first_of_bar[1:] = longer_opened_ns[1:] != longer_opened_ns[:-1]
    starts = np.flatnonzero(first_of_bar).astype(np.int64)
    if len(starts) and series.opened_ns[0] != longer_opened_ns[0]:
        starts = starts[1:]
    if len(starts) and series.opened_ns[-1] + own_ns < longer_opened_ns[-1] + longer_ns:
        end = int(starts[-1])
        starts = starts[:-1]
    return starts, end
