"""Two markets side by side: the closes of the bars that both have, one after the other as they come in."""

from collections import deque

from engine.contracts.context import TradingContext
from engine.primitives.errors import PluginError


class PairedCloses:
    """Pairs the closes of a strategy's market with those of a companion by the time at which their bars open.

    Markets of one minute come one after the other, so that a pair may be complete some bars later. The first call takes
    what both rolling windows hold, and so starts warm; from then on it must be called at every bar.

    Args:
        symbol: The companion, unified symbol.
        pairs: How many of the newest pairs are judged.
        max_lag_bars: How many of our bars may have come since the newest pair.
    """

    __slots__ = ("_bars", "_last_ns", "_max_lag_bars", "_others", "_paired", "_symbol", "_waiting")

    def __init__(self, symbol: str, *, pairs: int, max_lag_bars: int) -> None:
        self._symbol = symbol
        self._max_lag_bars = max_lag_bars
        self._bars = 0
        self._waiting: deque[tuple[int, int, float]] = deque(maxlen=pairs + max_lag_bars)
        """Our bars without their like: open time (UTC nanoseconds), number, close."""
        self._others: deque[tuple[int, float]] = deque()
        self._last_ns = -1
        self._paired: deque[int] = deque(maxlen=pairs)
        """Numbers of our bars in the pairs that are judged."""

    def is_dense(self, min_share: float) -> bool:
        """Tell whether the newest pair is fresh, and of our bars since the oldest one so large a share is paired."""
        paired = self._paired
        if not paired or self._bars - paired[-1] > self._max_lag_bars:
            return False
        return len(paired) >= min_share * (paired[-1] - paired[0] + 1)

    def see(self, context: TradingContext) -> list[tuple[float, float]]:
        """Take the next bar; return the pairs that it completes, oldest first: our close, and theirs.

        Raises:
            PluginError: the strategy does not look at the companion.
        """
        self._see_other(context)
        if self._bars:
            self._see_own(context.opened_ns, context.close)
        else:
            for opened_ns, close in zip(
                context.opened_history.tolist(), context.history("close").tolist(), strict=True
            ):
                self._see_own(opened_ns, close)
        return self._pairs()

    def _see_own(self, opened_ns: int, close: float) -> None:
        self._bars += 1
        self._waiting.append((opened_ns, self._bars, close))

    def _see_other(self, context: TradingContext) -> None:
        try:
            other = context.companion(self._symbol)
        except KeyError as error:
            raise PluginError(
                "This worker looks at a market that the strategy does not: add it to market.companions of the "
                "blueprint, or change the companion in its config",
                companion=self._symbol,
            ) from error
        if other is None or other.opened_ns == self._last_ns:
            return
        if other.opened_ns - self._last_ns == other.closed_ns - other.opened_ns:
            self._others.append((other.opened_ns, other.close))
        else:
            # The first look, or after a hole: there may be more than one.
            closes = zip(other.opened_history.tolist(), other.history("close").tolist(), strict=True)
            self._others.extend(bar for bar in closes if bar[0] > self._last_ns)
        self._last_ns = other.opened_ns

    def _pairs(self) -> list[tuple[float, float]]:
        waiting, others = self._waiting, self._others
        found: list[tuple[float, float]] = []
        while waiting and others:
            opened_ns, number, close = waiting[0]
            theirs_ns, theirs = others[0]
            if opened_ns >= theirs_ns:
                others.popleft()
            if opened_ns <= theirs_ns:
                waiting.popleft()
            if opened_ns == theirs_ns:
                self._paired.append(number)
                found.append((close, theirs))
        return found
