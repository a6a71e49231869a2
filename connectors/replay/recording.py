"""Recorded bars of several markets, cut where a question needs it."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.sdk.connector import BarSeries, DataError, Instrument


def recorded(series: Sequence[BarSeries], instruments: Sequence[Instrument]) -> Mapping[str, BarSeries]:
    """Return the recordings by symbol, in their given order.

    Raises:
        DataError: there is none, one is empty, a symbol comes twice, or has no instrument.
    """
    known = {each.symbol for each in instruments}
    by_symbol: dict[str, BarSeries] = {}
    for each in series:
        if each.symbol in by_symbol:
            raise DataError("A recording holds each symbol once; leave one of the two out.", symbol=each.symbol)
        if each.symbol not in known:
            raise DataError(
                "A recorded symbol needs its instrument (tick size, lot step); add it.",
                symbol=each.symbol,
                available=", ".join(sorted(known)),
            )
        if not len(each):
            raise DataError("A recording without bars cannot be played; choose another file.", symbol=each.symbol)
        by_symbol[each.symbol] = each
    if not by_symbol:
        raise DataError("There is nothing to play; give at least one recording.")
    return by_symbol


def series_of(recordings: Mapping[str, BarSeries], *, symbol: str, timeframe: str) -> BarSeries:
    """Return the recording of a symbol in its own timeframe.

    Raises:
        DataError: the symbol or timeframe was not recorded.
    """
    series = recordings.get(symbol)
    if series is None:
        raise DataError(
            "This symbol was not recorded; use one that was.", symbol=symbol, available=", ".join(recordings)
        )
    if series.timeframe != timeframe:
        raise DataError(
            "This timeframe was not recorded; ask for the recorded one and build longer bars from it.",
            symbol=symbol,
            timeframe=timeframe,
            available=series.timeframe,
        )
    return series


def between(series: BarSeries, *, from_ns: int | None, to_ns: int | None) -> BarSeries:
    """Return the bars whose open time is in ``[from_ns, to_ns)``; None means no bound."""
    start = 0 if from_ns is None else int(np.searchsorted(series.opened_ns, from_ns))
    end = len(series) if to_ns is None else int(np.searchsorted(series.opened_ns, to_ns))
    return cut(series, start, max(start, end))


def cut(series: BarSeries, start: int, end: int) -> BarSeries:
    """Return the bars from one position up to, not including, another."""
    return BarSeries(
        symbol=series.symbol,
        timeframe=series.timeframe,
        opened_ns=series.opened_ns[start:end],
        open=series.open[start:end],
        high=series.high[start:end],
        low=series.low[start:end],
        close=series.close[start:end],
        volume=series.volume[start:end],
    )
