"""Recorded bars as a source of history."""

from collections.abc import Sequence

from connectors.replay.recording import between, recorded, series_of
from engine.sdk.connector import BarSeries, Instrument


class FileHistory:
    """Past bars out of files that were loaded and checked before; a `HistorySource`.

    Args:
        series: One recording per symbol.
        instruments: How the recorded markets are traded; may name more than were recorded.

    Raises:
        DataError: the recordings and instruments do not fit together.
    """

    def __init__(self, series: Sequence[BarSeries], *, instruments: Sequence[Instrument]) -> None:
        self._recordings = recorded(series, instruments)
        self._instruments = tuple(each for each in instruments if each.symbol in self._recordings)

    def instruments(self) -> Sequence[Instrument]:
        """Return the markets that were recorded."""
        return self._instruments

    def bars(self, *, symbol: str, timeframe: str, from_ns: int | None = None, to_ns: int | None = None) -> BarSeries:
        """Return recorded bars whose open time is in ``[from_ns, to_ns)``; None means no bound.

        Raises:
            DataError: the symbol or timeframe was not recorded.
        """
        return between(series_of(self._recordings, symbol=symbol, timeframe=timeframe), from_ns=from_ns, to_ns=to_ns)
