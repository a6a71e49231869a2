"""The demo market as a feed and as a source of history."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Final

from connectors.demo_market.generator import DAY_NS, TIMEFRAME, DemoMarket
from connectors.demo_market.settings import DemoSettings
from engine.sdk.connector import (
    NS_PER_MINUTE,
    BarSeries,
    DataError,
    Instrument,
    MarketBar,
    MarketEvent,
    PacedFeed,
    Pacer,
    Sleep,
    WallSeconds,
    ns_from_datetime,
)

__all__ = ["DemoFeed", "DemoSettings"]

_LABEL: Final = "DEMO"


class DemoFeed(PacedFeed):
    """Plays the demo market; a `MarketFeed` and a `HistorySource` of one-minute bars.

    All markets' bars of one minute come in the order of the settings, before anything of the next minute. The feed
    remembers what it delivered: events asked for again go on where the last ones stopped. History never shows a bar
    that the live part has not delivered yet.

    Args:
        settings: What a person chose; None takes the defaults.
        sleep: Waits for wall seconds.
        wall_s: Monotonic wall clock in seconds; None takes the running loop's.

    Raises:
        DataError: the settings name a symbol that the demo market does not make.
    """

    def __init__(
        self,
        settings: DemoSettings | None = None,
        *,
        sleep: Sleep = asyncio.sleep,
        wall_s: WallSeconds | None = None,
    ) -> None:
        self._settings = settings or DemoSettings()
        self._market = DemoMarket(
            seed=self._settings.seed, with_crash=self._settings.crash, may_short=self._settings.may_short
        )
        super().__init__(Pacer(speed=self._settings.speed, sleep=sleep, wall_s=wall_s))
        self._start_ns = ns_from_datetime(self._settings.start)
        self._minute_ns = self._start_ns
        self._waiting: deque[tuple[int, MarketEvent]] = deque()
        self._closed_ns = dict.fromkeys(self._settings.symbols, self._start_ns)
        made = {each.symbol: each for each in self._market.instruments()}
        strangers = [symbol for symbol in self._settings.symbols if symbol not in made]
        if strangers:
            raise DataError(
                "The demo market does not make every symbol of the settings; use those it makes.",
                symbol=", ".join(strangers),
                available=", ".join(made),
            )
        self._instruments = tuple(made[symbol] for symbol in self._settings.symbols)

    @property
    def label(self) -> str:
        """Always ``DEMO``: nobody may take this for a real market."""
        return _LABEL

    @property
    def timeframe(self) -> str:
        """The length of its bars: one minute."""
        return TIMEFRAME

    @property
    def market(self) -> DemoMarket:
        """The market behind the feed, for those who want to know when it will crash."""
        return self._market

    @property
    def delivers_books(self) -> bool:
        """Whether order books come as well."""
        return self._settings.book_seconds > 0

    def instruments(self) -> Sequence[Instrument]:
        """Return the markets of the settings."""
        return self._instruments

    def history(self, *, symbol: str, timeframe: str, bars: int) -> BarSeries:
        """Return up to so many one-minute bars that end where the live part stands.

        Raises:
            DataError: the symbol or timeframe is not there.
        """
        self._check(symbol, timeframe)
        to_ns = self._closed_ns[symbol]
        return self._market.bars(symbol, from_ns=max(self._oldest_ns, to_ns - bars * NS_PER_MINUTE), to_ns=to_ns)

    def bars(self, *, symbol: str, timeframe: str, from_ns: int | None = None, to_ns: int | None = None) -> BarSeries:
        """Return closed bars whose open time is in ``[from_ns, to_ns)``; None begins with `history_days`.

        Making a year of bars takes about a second.

        Raises:
            DataError: the symbol or timeframe is not there.
        """
        self._check(symbol, timeframe)
        closed_ns = self._closed_ns[symbol]
        return self._market.bars(
            symbol,
            from_ns=self._oldest_ns if from_ns is None else max(from_ns, 0),
            to_ns=closed_ns if to_ns is None else min(to_ns, closed_ns),
        )

    async def events(self) -> AsyncIterator[MarketEvent]:
        """Deliver bars, and before each its order books and trades if asked for, until `bars` are delivered."""
        limit = self._settings.bars
        until_ns = None if limit is None else self._start_ns + limit * NS_PER_MINUTE
        while True:
            if not self._waiting:
                if self._minute_ns == until_ns:
                    return
                self._waiting.extend(self._minute(self._minute_ns))
                self._minute_ns += NS_PER_MINUTE
            at_ns, event = self._waiting[0]
            await self._pacer.until(at_ns, from_ns=self._start_ns)
            self._waiting.popleft()
            if isinstance(event, MarketBar):
                self._closed_ns[event.symbol] = event.closed_ns
            yield event

    @property
    def _oldest_ns(self) -> int:
        return self._start_ns - self._settings.history_days * DAY_NS

    def _minute(self, opened_ns: int) -> list[tuple[int, MarketEvent]]:
        """Return everything that happens in a minute, each with the market instant at which it becomes known."""
        settings = self._settings
        bars = [self._market.bar(symbol, opened_ns) for symbol in settings.symbols]
        happened: list[tuple[int, MarketEvent]] = []
        for bar in bars if settings.prints or self.delivers_books else ():
            trades = self._market.prints(bar)
            if settings.prints:
                happened += [(ns_from_datetime(trade.traded_at), trade) for trade in trades]
            if self.delivers_books:
                books = self._market.books(bar, trades, every_s=settings.book_seconds, levels=settings.book_levels)
                happened += [(book.taken_ns, book) for book in books]
        # A stable order: of one instant, a market's trade comes before its book, and the bars of all come last.
        happened.sort(key=lambda each: each[0])
        return [*happened, *((bar.closed_ns, bar) for bar in bars)]

    def _check(self, symbol: str, timeframe: str) -> None:
        if symbol not in self._closed_ns:
            raise DataError(
                "This symbol is not among those of the feed; use one of them or add it to the feed's settings.",
                symbol=symbol,
                available=", ".join(self._closed_ns),
            )
        if timeframe != TIMEFRAME:
            raise DataError(
                "The demo market has one-minute bars alone; ask for those and build longer bars from them.",
                timeframe=timeframe,
                available=TIMEFRAME,
            )
