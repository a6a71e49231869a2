"""A recorded market, played as if it were live."""

import asyncio
import heapq
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from connectors.replay.depth import WaitingBooks, read_books
from connectors.replay.recording import cut, recorded, series_of
from connectors.replay.settings import ReplaySettings
from engine.sdk.connector import (
    BarSeries,
    DataError,
    Instrument,
    MarketBar,
    MarketEvent,
    PacedFeed,
    Pacer,
    Sleep,
    Timeframe,
    WallSeconds,
)

__all__ = ["ReplayFeed", "ReplaySettings"]

_LABEL: Final = "REPLAY"


class ReplayFeed(PacedFeed):
    """Plays recorded bars; a `MarketFeed`.

    The live part begins, for all markets at once, when the first recording has shown `warmup_bars` bars. Bars come in
    the order in which they closed; those that close together in the order of the recordings. The feed ends with the
    last bar (or after `bars` live bars of each market), and remembers what it delivered: events asked for again go on
    where the last ones stopped. Recorded order books come beside the bars, at their own time; reading them blocks on the
    disk line by line.

    Args:
        series: One recording per symbol, loaded and checked before.
        instruments: How the recorded markets are traded; may name more than were recorded.
        settings: What a person chose; None takes the defaults.
        sleep: Waits for wall seconds.
        wall_s: Monotonic wall clock in seconds; None takes the running loop's.

    Raises:
        DataError: the recordings, order books and instruments do not fit together.
    """

    def __init__(
        self,
        series: Sequence[BarSeries],
        *,
        instruments: Sequence[Instrument],
        settings: ReplaySettings | None = None,
        sleep: Sleep = asyncio.sleep,
        wall_s: WallSeconds | None = None,
    ) -> None:
        self._settings = settings or ReplaySettings()
        self._recordings = recorded(series, instruments)
        self._instruments = tuple(each for each in instruments if each.symbol in self._recordings)
        self._lengths_ns = {each.symbol: Timeframe.parse(each.timeframe).length_ns for each in series}
        super().__init__(Pacer(speed=self._settings.speed, sleep=sleep, wall_s=wall_s))
        first = series[0]
        self._timeframe = first.timeframe
        warm = min(self._settings.warmup_bars, len(first))
        self._now_ns = min(int(each.opened_ns[0]) for each in series)
        if warm:
            self._now_ns = int(first.opened_ns[warm - 1]) + self._lengths_ns[first.symbol]
        self._shown = {symbol: self._closed_by(symbol, self._now_ns) for symbol in self._recordings}
        self._live_from = dict(self._shown)
        strangers = set(self._settings.books) - set(self._recordings)
        if strangers:
            raise DataError(
                "Order books are played beside recorded bars; add the bars of this market or leave its books out.",
                symbol=", ".join(sorted(strangers)),
                available=", ".join(self._recordings),
            )
        self._books = WaitingBooks(
            [
                read_books(
                    [Path(file) for file in files],
                    symbol=symbol,
                    every_ms=self._settings.book_every_ms,
                    levels=self._settings.book_levels,
                )
                for symbol, files in self._settings.books.items()
            ],
            from_ns=self._now_ns,
        )

    @property
    def label(self) -> str:
        """Always ``REPLAY``: this happened before, however live it looks."""
        return _LABEL

    @property
    def timeframe(self) -> str:
        """The timeframe of the first recording; all have the same."""
        return self._timeframe

    @property
    def delivers_books(self) -> bool:
        """Whether recorded order books come as well."""
        return bool(self._settings.books)

    def instruments(self) -> Sequence[Instrument]:
        """Return the markets that were recorded."""
        return self._instruments

    def history(self, *, symbol: str, timeframe: str, bars: int) -> BarSeries:
        """Return up to so many bars that end where the live part stands.

        Raises:
            DataError: the symbol or timeframe was not recorded.
        """
        series = series_of(self._recordings, symbol=symbol, timeframe=timeframe)
        shown = self._shown[symbol]
        return cut(series, max(0, shown - bars), shown)

    async def events(self) -> AsyncIterator[MarketEvent]:
        """Deliver the bars that were not shown yet, each when its close is due, until the last one; its books before it."""
        for closed_ns, _, bar in heapq.merge(
            *(self._coming(place, each) for place, each in enumerate(self._recordings))
        ):
            length_ns = self._lengths_ns[bar.symbol]
            while (book := self._books.first_until(closed_ns)) is not None:
                await self._reach(book.taken_ns, length_ns)
                self._books.pass_on()
                yield book
            await self._reach(closed_ns, length_ns)
            self._shown[bar.symbol] += 1
            yield bar

    async def _reach(self, at_ns: int, length_ns: int) -> None:
        """Wait until something is due; of a time in which nothing came, only the length of a bar is waited through."""
        hole_ns = at_ns - self._now_ns - length_ns
        if self._settings.skip_holes and hole_ns > 0:
            self._pacer.skip(hole_ns)
            self._now_ns += hole_ns
        await self._pacer.until(at_ns, from_ns=self._now_ns)
        self._now_ns = at_ns

    def _coming(self, place: int, symbol: str) -> Iterator[tuple[int, int, MarketBar]]:
        """Give the bars of one recording that were not shown yet: close time, rank among equals, bar."""
        series, length_ns = self._recordings[symbol], self._lengths_ns[symbol]
        end = (
            len(series)
            if self._settings.bars is None
            else min(len(series), self._live_from[symbol] + self._settings.bars)
        )
        for at in range(self._shown[symbol], end):
            opened_ns = int(series.opened_ns[at])
            bar = MarketBar(
                symbol=symbol,
                timeframe=series.timeframe,
                opened_ns=opened_ns,
                closed_ns=opened_ns + length_ns,
                open=float(series.open[at]),
                high=float(series.high[at]),
                low=float(series.low[at]),
                close=float(series.close[at]),
                volume=float(series.volume[at]),
            )
            yield bar.closed_ns, place, bar

    def _closed_by(self, symbol: str, at_ns: int) -> int:
        """Return how many bars of a recording have closed by an instant."""
        opened_by_ns = at_ns - self._lengths_ns[symbol]
        return int(np.searchsorted(self._recordings[symbol].opened_ns, opened_by_ns, side="right"))
