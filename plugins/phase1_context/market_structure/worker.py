"""Market structure: swings, breaks of structure and changes of character."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from engine.sdk.plugin import ContextWorker, Field, TradingContext, WorkerConfig, WorkerTools

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

    def _find_swings(self, high: float, low: float) -> None:
        highs, lows, side = self._highs, self._lows, self._side
        highs.append(high)
        lows.append(low)
        if len(highs) < 2 * side + 1:
            return
        peak, trough = highs[side], lows[side]
        # Of two equal peaks the first is the swing: strictly higher than what follows, at least as high as before.
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
