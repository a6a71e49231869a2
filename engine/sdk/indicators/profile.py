"""The volume profile: at which prices the market did its business."""

from bisect import bisect_left, bisect_right
from collections import deque
from math import ceil, exp, floor, log, log1p
from typing import Final, NamedTuple

import numpy as np

from engine.contracts.market import FloatColumn
from engine.sdk.indicators.columns import NAN, as_columns, checked_periods

_UNITS_PER_BASE: Final = float(2**64)
"""Volume is counted in whole units of 2**-64 base: taking a bar out again leaves exactly nothing behind."""


class VolumeProfile:
    """Point of control and value area over the last `periods` bars, quote per base.

    Price is cut into rows of one ratio (a row of 0.001 is 0.1 % high), so that one setting suits every market: row k goes
    from ``(1 + ratio) ** k`` up to ``(1 + ratio) ** (k + 1)``, and unlike rows that cut the window's range into a fixed
    number, it never moves. A bar's volume is spread evenly over the rows from its low to its high. The point of control
    is the middle of the row with the most volume, the lowest of several. The value area grows from there by the larger of
    the next traded rows (one at a time, where the Chicago Board of Trade compared two), upwards if they are equal, until
    it holds `value_area` of the volume; `value_area_low` and `value_area_high` are its outer edges.

    Warm-up: ``periods - 1`` bars; NaN also while nothing has traded. The cost per bar grows with the rows between the
    lowest and the highest price of the window, not with `periods`. Sources: Steidlmayer 1984, "Market Profile";
    Dalton, Jones and Dalton 1990, "Mind over Markets", appendix 1 (70 % value area).

    Args:
        periods: Bars in the window.
        row_ratio: Height of a row as a ratio of its price, above 0.
        value_area: Share of the volume in the value area, above 0 and at most 1.

    Raises:
        ValueError: one of them is out of its range.
    """

    __slots__ = (
        "_bars",
        "_held",
        "_periods",
        "_row_log",
        "_total",
        "_traded",
        "_value_area",
        "value",
        "value_area_high",
        "value_area_low",
    )

    def __init__(self, periods: int, row_ratio: float = 0.001, value_area: float = 0.7) -> None:
        if not row_ratio > 0.0:
            raise ValueError(f"a row must be higher than 0, not {row_ratio}")
        if not 0.0 < value_area <= 1.0:
            raise ValueError(f"the value area must be above 0 and at most 1 of the volume, not {value_area}")
        self._periods = checked_periods(periods)
        self._row_log = log1p(row_ratio)
        self._value_area = value_area
        self._bars: deque[tuple[int, int, int]] = deque()
        self._traded: list[int] = []
        """The rows with volume, lowest first; `_held` is what each of them holds, in units."""
        self._held: list[int] = []
        self._total = 0
        self.value = self.value_area_low = self.value_area_high = NAN

    @property
    def warmup(self) -> int:
        """How many bars it answers with NaN, if they have volume."""
        return self._periods - 1

    def update(self, high: float, low: float, volume: float) -> float:
        """Take the next bar (prices above 0, volume in base units) and return the point of control.

        `value_area_low` and `value_area_high` are then those of the same window.
        """
        first, last = floor(log(low) / self._row_log), floor(log(high) / self._row_log)
        units = int(volume / (last - first + 1) * _UNITS_PER_BASE)
        bars = self._bars
        bars.append((first, last, units))
        self._put(first, last, units)
        if len(bars) > self._periods:
            first, last, units = bars.popleft()
            self._put(first, last, -units)
        if len(bars) == self._periods:
            self._read()
        return self.value

    def _put(self, first: int, last: int, units: int) -> None:
        """Add units to each row from `first` to `last`; fewer than none takes them out again."""
        if not units:
            return
        traded, held, count = self._traded, self._held, last - first + 1
        self._total += count * units
        at = bisect_left(traded, first)
        end = at + count
        if end > len(traded) or traded[at] != first or traded[end - 1] != last:
            self._open(at, first, last)
        is_emptied = False
        for row in range(at, end):
            held[row] = left = held[row] + units
            is_emptied |= not left
        if is_emptied:
            for row in range(end - 1, at - 1, -1):
                if not held[row]:
                    del traded[row], held[row]

    def _open(self, at: int, first: int, last: int) -> None:
        """Let each row from `first` to `last` be there; `at` is the place of the first of them."""
        traded, held = self._traded, self._held
        end = bisect_right(traded, last, at)
        known = dict(zip(traded[at:end], held[at:end], strict=True))
        traded[at:end] = range(first, last + 1)
        held[at:end] = [known.get(row, 0) for row in range(first, last + 1)]

    def _read(self) -> None:
        traded, held = self._traded, self._held
        if not traded:
            self.value = self.value_area_low = self.value_area_high = NAN
            return
        control = held.index(max(held))
        low, high = self._area_around(control)
        self.value = exp((traded[control] + 0.5) * self._row_log)
        self.value_area_low = exp(traded[low] * self._row_log)
        self.value_area_high = exp((traded[high] + 1) * self._row_log)

    def _area_around(self, control: int) -> tuple[int, int]:
        """Return the positions of the lowest and the highest row of the value area, among the rows that were traded."""
        low = high = control
        held = self._held
        top, inside = len(held) - 1, held[control]
        wanted = min(ceil(self._value_area * self._total), self._total)
        while inside < wanted:
            above = held[high + 1] if high < top else -1
            below = held[low - 1] if low else -1
            if above >= below:
                high += 1
                inside += above
            else:
                low -= 1
                inside += below
        return low, high


class ProfileColumns(NamedTuple):
    """Point of control and edges of the value area, quote per base, each of shape ``(n,)``."""

    point_of_control: FloatColumn
    value_area_low: FloatColumn
    value_area_high: FloatColumn


def volume_profile(
    highs: FloatColumn,
    lows: FloatColumn,
    volumes: FloatColumn,
    periods: int,
    row_ratio: float = 0.001,
    value_area: float = 0.7,
) -> ProfileColumns:
    """Return `VolumeProfile` over a whole history: the first ``periods - 1`` NaN.

    A profile has no closed form: this runs the incremental one from bar to bar.
    """
    profile = VolumeProfile(periods, row_ratio, value_area)
    highs, lows, volumes = as_columns(highs, lows, volumes)
    bars = zip(highs.tolist(), lows.tolist(), volumes.tolist(), strict=True)
    rows = [(profile.update(*bar), profile.value_area_low, profile.value_area_high) for bar in bars]
    return ProfileColumns(*np.array(rows).reshape(-1, 3).T.copy())
