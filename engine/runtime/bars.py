"""Longer bars out of shorter ones: only closed bars are ever shown."""

from collections.abc import Sequence

from engine.contracts.market import MarketBar
from engine.primitives.timeframes import Timeframe


class BarBuilder:
    """Builds the bars of one timeframe from the shorter bars of one symbol.

    A bar is given out when the last short bar in it has closed, or, where the data has a hole there, when the first
    short bar after it comes in. It carries what is there: a hole makes a bar of fewer prints, never an invented one.

    Args:
        timeframe: The bars to build. Short bars must divide it.
    """

    def __init__(self, timeframe: Timeframe) -> None:
        self._timeframe = timeframe
        self._length_ns = timeframe.length_ns
        self._parts: list[MarketBar] = []

    def add(self, bar: MarketBar) -> Sequence[MarketBar]:
        """Take the next short bar; return the bars that are closed now, oldest first (mostly none, at most two)."""
        if bar.closed_ns - bar.opened_ns == self._length_ns:
            return (bar,)
        closed: list[MarketBar] = []
        opened_ns = self._timeframe.opened_ns(bar.opened_ns)
        if self._parts and self._timeframe.opened_ns(self._parts[0].opened_ns) != opened_ns:
            closed.append(self._close())
        self._parts.append(bar)
        if bar.closed_ns == opened_ns + self._timeframe.length_ns:
            closed.append(self._close())
        return closed

    def _close(self) -> MarketBar:
        parts, self._parts = self._parts, []
        opened_ns = self._timeframe.opened_ns(parts[0].opened_ns)
        return MarketBar(
            symbol=parts[0].symbol,
            timeframe=self._timeframe.name,
            opened_ns=opened_ns,
            closed_ns=opened_ns + self._timeframe.length_ns,
            open=parts[0].open,
            high=max(part.high for part in parts),
            low=min(part.low for part in parts),
            close=parts[-1].close,
            volume=sum(part.volume for part in parts),
        )
