"""Where market data comes from: live, and from the past."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol, runtime_checkable

from engine.contracts.market import BarSeries, Instrument, MarketEvent


class HistorySource(Protocol):
    """Past bars. May block: it is called before a session starts, or in a worker process, never on the GUI thread."""

    def instruments(self) -> Sequence[Instrument]:
        """Return what can be asked for."""
        ...

    def bars(self, *, symbol: str, timeframe: str, from_ns: int | None = None, to_ns: int | None = None) -> BarSeries:
        """Return closed bars whose open time is in ``[from_ns, to_ns)``, oldest first; None means no bound.

        Raises:
            DataError: the symbol or timeframe is not there, or the data cannot be trusted as it stands.
        """
        ...


class MarketFeed(Protocol):
    """The market as it happens.

    Events of one symbol come in time order. A bar is delivered once, after it closed, and after every print in it.
    """

    @property
    def label(self) -> str:
        """What a person must know about this data, shown wherever it is shown: ``DEMO``, ``REPLAY``, a venue's name."""
        ...

    @property
    def timeframe(self) -> str:
        """The timeframe of the bars that it delivers; longer ones are built from them."""
        ...

    def instruments(self) -> Sequence[Instrument]:
        """Return what this feed can deliver."""
        ...

    def history(self, *, symbol: str, timeframe: str, bars: int) -> BarSeries:
        """Return up to so many closed bars that end where the live part begins, for warm-up.

        Raises:
            DataError: the symbol or timeframe is not there.
        """
        ...

    def events(self) -> AsyncIterator[MarketEvent]:
        """Deliver events until the feed ends or the task is cancelled; cancellation is passed on.

        Raises:
            DataError: the feed broke and cannot go on.
        """
        ...


@runtime_checkable
class DepthFeed(Protocol):
    """A feed that can deliver order books among its events."""

    @property
    def delivers_books(self) -> bool:
        """Whether it does, as it is set."""
        ...


@runtime_checkable
class PausableFeed(Protocol):
    """A feed that makes its market itself or reads it from a file, so that the market can wait."""

    def pause(self) -> None:
        """Hold the market."""
        ...

    def resume(self) -> None:
        """Let it go on."""
        ...


@runtime_checkable
class PacedMarket(PausableFeed, Protocol):
    """A market that can wait, and whose pace a person may set."""

    @property
    def speed(self) -> float:
        """Market seconds per wall second; 0 is as fast as possible."""
        ...

    def set_speed(self, speed: float) -> None:
        """Change the pace from now on.

        Raises:
            ValueError: the speed is negative or not a finite number.
        """
        ...
