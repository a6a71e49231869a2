"""Momentum: how fast price moves, and which way."""

from typing import NamedTuple

import numpy as np

from engine.contracts.market import FloatColumn
from engine.sdk.indicators.averages import EMA, WilderAverage, ema, wilder_average
from engine.sdk.indicators.columns import NAN, as_column, checked_periods, unknown


class RSI:
    """Relative strength index, 0 to 100: the average gain's share of average gain and average loss.

    That is Wilder's ``100 - 100 / (1 + gain / loss)``, written so that a market without losses is at 100. Both averages
    are seeded with the plain mean of their first `periods` changes, as in Wilder's worksheet, at StockCharts and in TA-Lib;
    Wilder cuts each step off after two decimals, so his own figures are up to half a point away.
    A market that stood still for all its periods has neither gain nor loss: it is at 50 (others say 0 or 100).
    Warm-up: `periods` bars.
    Source: Wilder 1978, "New Concepts in Technical Trading Systems", section VI.
    """

    __slots__ = ("_close", "_gain", "_loss", "_periods", "value")

    def __init__(self, periods: int = 14) -> None:
        self._periods = checked_periods(periods)
        self._gain = WilderAverage(periods)
        self._loss = WilderAverage(periods)
        self._close: float | None = None
        self.value = NAN

    @property
    def warmup(self) -> int:
        """How many bars it answers with NaN."""
        return self._periods

    def update(self, close: float) -> float:
        """Take the next close and return the index."""
        before, self._close = self._close, close
        if before is None:
            return NAN
        change = close - before
        gain = self._gain.update(0.0 if change <= 0.0 else change)
        loss = self._loss.update(0.0 if change >= 0.0 else -change)
        both = gain + loss
        self.value = 100.0 * gain / both if both else 50.0
        return self.value


def rsi(closes: FloatColumn, periods: int = 14) -> FloatColumn:
    """Return `RSI` over a whole history: shape ``(n,)``, the first `periods` NaN."""
    closes = as_column(closes)
    found = unknown(len(closes))
    change = np.diff(closes)
    gain = wilder_average(np.where(change <= 0.0, 0.0, change), periods)
    loss = wilder_average(np.where(change >= 0.0, 0.0, -change), periods)
    both = gain + loss
    found[1:] = np.where(both == 0.0, 50.0, 100.0 * gain / np.where(both == 0.0, 1.0, both))
    return found


class MACD:
    """Moving average convergence and divergence, in quote units: a fast EMA less a slow one, and its own EMA.

    `value` is the line (fast less slow), `signal` its average, `histogram` the line less its signal.
    Each average is seeded with the plain mean of its own first values, the signal with that of the first lines, as at
    StockCharts. TA-Lib seeds the fast one later, with the values that end with the slow one's first mean: its tables
    differ at first, by less than a millionth of the price from some 40 bars after the warm-up on.
    Warm-up: ``slow - 1`` bars for the line, ``slow + signal - 2`` for the other two.
    Source: Appel 1979, "The Moving Average Convergence-Divergence Trading Method".

    Raises:
        ValueError: the fast average is not faster than the slow one.
    """

    __slots__ = ("_average", "_fast", "_slow", "histogram", "signal", "value")

    def __init__(self, fast: int = 12, slow: int = 26, signal: int = 9) -> None:
        _require_faster(fast, slow)
        self._fast = EMA(fast)
        self._slow = EMA(slow)
        self._average = EMA(signal)
        self.value = NAN
        self.signal = NAN
        self.histogram = NAN

    @property
    def warmup(self) -> int:
        """How many bars pass until line, signal and histogram are all known."""
        return self._slow.warmup + self._average.warmup

    def update(self, close: float) -> float:
        """Take the next close and return the line; `signal` and `histogram` are then those of the same bar."""
        fast = self._fast.update(close)
        self.value = line = fast - self._slow.update(close)
        if line == line:  # awake  # noqa: PLR0124
            self.signal = signal = self._average.update(line)
            self.histogram = line - signal
        else:
            self.signal = self.histogram = NAN
        return line


class MACDColumns(NamedTuple):
    """Line, signal and histogram in quote units, each of shape ``(n,)``."""

    line: FloatColumn
    signal: FloatColumn
    histogram: FloatColumn


def macd(closes: FloatColumn, fast: int = 12, slow: int = 26, signal: int = 9) -> MACDColumns:
    """Return `MACD` over a whole history: the first ``slow - 1`` of the line and ``slow + signal - 2`` of the rest NaN.

    Raises:
        ValueError: the fast average is not faster than the slow one.
    """
    _require_faster(fast, slow)
    line = ema(closes, fast) - ema(closes, slow)
    averaged = unknown(len(line))
    averaged[slow - 1 :] = ema(line[slow - 1 :], signal)
    return MACDColumns(line, averaged, line - averaged)


def _require_faster(fast: int, slow: int) -> None:
    if fast >= slow:
        raise ValueError(f"the fast average must have fewer periods than the slow one, not {fast} and {slow}")
