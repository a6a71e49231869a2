"""Market structure: swings, breaks of structure and changes of character."""

from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.sdk.plugin import (
    BoolColumn,
    ContextWorker,
    Field,
    FloatColumn,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
    WorkerTools,
)

DOWN: Final = 0.0
NONE: Final = 1.0
UP: Final = 2.0
_UNKNOWN: Final = float("nan")


class MarketStructureConfig(WorkerConfig):
    """How wide a swing must be to count."""

    swing_bars: int = Field(
        default=2, ge=1, le=50, description="Bars on each side that must stay below a swing high, or above a swing low."
    )


class MarketStructureDetector(ContextWorker[MarketStructureConfig]):
    """Follows swings and says when a close goes through the last one.

    A swing is known only `swing_bars` bars after its peak: until then the columns show the swing before it. Each
    swing can be broken once. A break with the trend (or the first one) is a break of structure, against it a change
    of character.
    """

    config_model = MarketStructureConfig

    def __init__(self, config: MarketStructureConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._side = config.swing_bars
        self._highs: deque[float] = deque(maxlen=2 * config.swing_bars + 1)
        self._lows: deque[float] = deque(maxlen=2 * config.swing_bars + 1)
        self._swing_high = self._swing_low = _UNKNOWN
        self._is_high_broken = self._is_low_broken = False
        self._trend = NONE

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return trend_direction, is_bos, is_choch, swing_high and swing_low."""
        self._find_swings(context.high, context.low)
        before, went = self._trend, self._broken_by(context.close)
        if went == NONE:
            return before, 0.0, 0.0, self._swing_high, self._swing_low
        self._trend = went
        turned = before not in (NONE, went)
        return went, float(not turned), float(turned), self._swing_high, self._swing_low

    def precompute(self, recorded: RecordedColumns) -> Sequence[FloatColumn]:
        """Return trend_direction, is_bos, is_choch, swing_high and swing_low over a whole recording."""
        close = recorded.column("close")
        swing_high, is_new_high = _swings(recorded.column("high"), self._side)
        # Turned upside down, a swing low is the swing high of the negative.
        mirrored, is_new_low = _swings(-recorded.column("low"), self._side)
        swing_low = -mirrored
        is_up = _first_after(is_new_high, close > swing_high)
        # One bar breaks one swing: the high, where it could be both.
        is_down = _first_after(is_new_low, (close < swing_low) & ~is_up)
        at = np.flatnonzero(is_up | is_down)
        went = np.where(is_up[at], UP, DOWN)
        before = np.concatenate(([NONE], went[:-1]))
        turned = (before != NONE) & (before != went)
        is_bos, is_choch = np.zeros(len(close)), np.zeros(len(close))
        is_bos[at], is_choch[at] = ~turned, turned
        return _lasting(at, went, NONE, len(close)), is_bos, is_choch, swing_high, swing_low

    def _find_swings(self, high: float, low: float) -> None:
        highs, lows, side = self._highs, self._lows, self._side
        highs.append(high)
        lows.append(low)
        if len(highs) < 2 * side + 1:
            return
        peak, trough = highs[side], lows[side]
        # Of two equal peaks the first is the swing: strictly higher than before, at least as high as what follows.
        if peak >= max(highs) and highs.index(peak) == side:
            self._swing_high, self._is_high_broken = peak, False
        if trough <= min(lows) and lows.index(trough) == side:
            self._swing_low, self._is_low_broken = trough, False

    def _broken_by(self, close: float) -> float:
        if close > self._swing_high and not self._is_high_broken:
            self._is_high_broken = True
            return UP
        if close < self._swing_low and not self._is_low_broken:
            self._is_low_broken = True
            return DOWN
        return NONE


def _swings(highs: FloatColumn, side: int) -> tuple[FloatColumn, BoolColumn]:
    """Return the last swing high that is known at each bar, and whether it became known there."""
    is_new, middle = np.zeros(len(highs), dtype=np.bool_), highs[side : len(highs) - side]
    if not len(middle):
        return np.full(len(highs), _UNKNOWN), is_new
    is_peak = np.ones(len(middle), dtype=np.bool_)
    for away in range(1, side + 1):
        is_peak &= middle > highs[side - away : len(highs) - side - away]
        is_peak &= middle >= highs[side + away : len(highs) - side + away]
    is_new[2 * side :] = is_peak
    return _lasting(np.flatnonzero(is_new), middle[is_peak], _UNKNOWN, len(highs)), is_new


def _lasting(at: NDArray[np.intp], values: FloatColumn, at_first: float, length: int) -> FloatColumn:
    """Return values that hold from their bars on, each until the next."""
    return np.repeat(np.concatenate(([at_first], values)), np.diff(np.concatenate(([0], at, [length]))))


def _first_after(is_new: BoolColumn, is_through: BoolColumn) -> BoolColumn:
    """Return the first bar after each new swing, itself included, on which a close is through it."""
    at = np.flatnonzero(is_through)
    swing = np.cumsum(is_new)[at]
    is_first = np.zeros(len(is_new), dtype=np.bool_)
    is_first[at[np.diff(swing, prepend=-1) > 0]] = True
    return is_first
