"""Volume: at which price the market traded, and how much of it."""

from itertools import pairwise
from typing import Final

import numpy as np

from engine.contracts.market import FloatColumn, IntColumn
from engine.primitives.timeframes import NS_PER_MINUTE
from engine.sdk.indicators.columns import NAN, as_columns, checked_periods, unknown
from engine.sdk.indicators.windows import SUM, SUM_OF_COLUMNS, Window, over_history

NS_PER_DAY: Final = 24 * 60 * NS_PER_MINUTE


class SessionVWAP:
    """Volume-weighted average price since midnight UTC, quote per base; a bar counts at ``(high + low + close) / 3``.

    Anchor: the first bar that opens on or after 00:00 UTC, the day of markets that never close; a bar belongs to the day
    in which it opens. A bar without volume leaves the average where it is; NaN until the day's first traded volume. No
    warm-up. Source: Berkowitz, Logue and Noser 1988, "The Total Cost of Transactions on the NYSE".
    """

    __slots__ = ("_day", "_traded", "_volume", "value")

    def __init__(self) -> None:
        self._day = -1
        self._traded = 0.0
        self._volume = 0.0
        self.value = NAN

    @property
    def warmup(self) -> int:
        """How many bars it answers with NaN, if they have volume."""
        return 0

    def update(self, opened_ns: int, high: float, low: float, close: float, volume: float) -> float:
        """Take the next bar (open time in UTC nanoseconds, volume in base units) and return the day's average."""
        day = opened_ns // NS_PER_DAY
        if day != self._day:
            self._day, self._traded, self._volume = day, 0.0, 0.0
        self._traded += (high + low + close) / 3.0 * volume
        self._volume += volume
        self.value = self._traded / self._volume if self._volume else NAN
        return self.value


def session_vwap(
    opened_ns: IntColumn, highs: FloatColumn, lows: FloatColumn, closes: FloatColumn, volumes: FloatColumn
) -> FloatColumn:
    """Return `SessionVWAP` over a whole history: shape ``(n,)``. `opened_ns` is UTC nanoseconds, rising."""
    highs, lows, closes, volumes = as_columns(highs, lows, closes, volumes)
    worth = (highs + lows + closes) / 3.0 * volumes
    days = np.asarray(opened_ns, dtype=np.int64) // NS_PER_DAY
    found = unknown(len(worth))
    edges = [0, *(np.flatnonzero(np.diff(days)) + 1).tolist(), len(worth)]
    for first, end in pairwise(edges):
        found[first:end] = _ratio(np.cumsum(worth[first:end]), np.cumsum(volumes[first:end]))
    return found


class RollingVWAP:
    """Volume-weighted average price of the last `periods` bars, quote per base; like `SessionVWAP` in all else.

    Warm-up: ``periods - 1`` bars; NaN also while nothing has traded for `periods` bars.
    """

    __slots__ = ("_traded", "_volume", "_warmup", "value")

    def __init__(self, periods: int) -> None:
        self._warmup = checked_periods(periods) - 1
        self._traded = Window(periods, SUM, 0.0)
        self._volume = Window(periods, SUM, 0.0)
        self.value = NAN

    @property
    def warmup(self) -> int:
        """How many bars it answers with NaN, if they have volume."""
        return self._warmup

    def update(self, high: float, low: float, close: float, volume: float) -> float:
        """Take the next bar (volume in base units) and return the average of the window that ends with it."""
        traded = self._traded.update((high + low + close) / 3.0 * volume)
        whole = self._volume.update(volume)
        if traded is not None and whole is not None:
            self.value = traded[0] / whole[0] if whole[0] else NAN
        return self.value


def rolling_vwap(
    highs: FloatColumn, lows: FloatColumn, closes: FloatColumn, volumes: FloatColumn, periods: int
) -> FloatColumn:
    """Return `RollingVWAP` over a whole history: shape ``(n,)``, the first ``periods - 1`` NaN."""
    highs, lows, closes, volumes = as_columns(highs, lows, closes, volumes)
    (traded,) = over_history(checked_periods(periods), SUM_OF_COLUMNS, (highs + lows + closes) / 3.0 * volumes)
    (whole,) = over_history(periods, SUM_OF_COLUMNS, volumes)
    return _ratio(traded, whole)


class OnBalanceVolume:
    """The volume of rising closes less that of falling ones, base units; 0 at the first bar. No warm-up.

    Only its changes mean something: where it starts depends on the first bar. Source: Granville 1963, "Granville's New
    Key to Stock Market Profits".
    """

    __slots__ = ("_close", "value")

    def __init__(self) -> None:
        self._close: float | None = None
        self.value = 0.0

    @property
    def warmup(self) -> int:
        """How many bars it answers with NaN."""
        return 0

    def update(self, close: float, volume: float) -> float:
        """Take the next bar and return the balance."""
        before, self._close = self._close, close
        if before is None or close == before:
            return self.value
        if close > before:
            self.value += volume
        elif close < before:
            self.value -= volume
        else:
            self.value = NAN
        return self.value


def on_balance_volume(closes: FloatColumn, volumes: FloatColumn) -> FloatColumn:
    """Return `OnBalanceVolume` over a whole history: shape ``(n,)``."""
    closes, volumes = as_columns(closes, volumes)
    signed = np.zeros(len(closes))
    change = np.diff(closes)
    signed[1:] = np.where(change == 0.0, 0.0, np.sign(change) * volumes[1:])
    return np.cumsum(signed)


class VolumeRatio:
    """A bar's volume over the mean of the `periods` bars before it: 1 is usual, 3 is a spike.

    The bar itself does not count in the mean, so that a spike is not measured against itself. Warm-up: `periods` bars;
    NaN also after `periods` bars without volume.
    """

    __slots__ = ("_mean", "_periods", "_window", "value")

    def __init__(self, periods: int) -> None:
        self._periods = checked_periods(periods)
        self._window = Window(periods, SUM, 0.0)
        self._mean = NAN
        self.value = NAN

    @property
    def warmup(self) -> int:
        """How many bars it answers with NaN, if they have volume."""
        return self._periods

    def update(self, volume: float) -> float:
        """Take the next volume (any unit) and return its ratio."""
        self.value = volume / self._mean if self._mean else NAN
        known = self._window.update(volume)
        if known is not None:
            self._mean = known[0] / self._periods
        return self.value


def volume_ratio(volumes: FloatColumn, periods: int) -> FloatColumn:
    """Return `VolumeRatio` over a whole history: shape ``(n,)``, the first `periods` NaN."""
    (volumes,) = as_columns(volumes)
    (total,) = over_history(checked_periods(periods), SUM_OF_COLUMNS, volumes)
    found = unknown(len(volumes))
    found[1:] = _ratio(volumes[1:], total[:-1] / periods)
    return found


def _ratio(part: FloatColumn, whole: FloatColumn) -> FloatColumn:
    """Return a quotient, NaN where there is no whole."""
    return np.where(whole == 0.0, NAN, part / np.where(whole == 0.0, 1.0, whole))
