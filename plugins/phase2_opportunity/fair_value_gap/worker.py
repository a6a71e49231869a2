"""Fair value gaps: three bars that leave a hole in the price, soon after a break of structure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.sdk.indicators import sma, true_ranges
from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    BoolColumn,
    Direction,
    Envelopes,
    Field,
    OpportunityWorker,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
    mean_true_range,
)

_TREND_OF: Final = {Direction.BUY: "up", Direction.SELL: "down"}


class FVGEntryConfig(WorkerConfig):
    """Which gaps count, and what makes one convincing."""

    max_bars_since_break: int = Field(
        default=12, ge=0, description="Bars; an older break of structure has been traded."
    )
    min_gap_pct: float = Field(
        default=0.0005, ge=0, description="Smallest gap as a ratio of the price (0.001 = 0.1 %)."
    )
    min_gap_atr: float = Field(default=0.3, ge=0, description="Smallest gap as a ratio of the average true range.")
    full_gap_atr: float = Field(default=1.5, gt=0, description="Gap, in average true ranges, that convinces fully.")
    atr_periods: int = Field(default=14, ge=1, description="Bars of the average true range, the plain mean.")
    stop_buffer_atr: float = Field(
        default=1.0, ge=0, description="How far beyond the gap the idea is wrong, in average true ranges."
    )
    trend_column: str = Field(default="ema_50", description="Column that the close must be beyond to agree.")
    gap_weight: float = Field(default=0.4, ge=0, description="Weight of the gap's size in the confidence.")
    break_weight: float = Field(default=0.3, ge=0, description="Weight of the break's freshness in the confidence.")
    trend_weight: float = Field(default=0.3, ge=0, description="Weight of the trend's agreement in the confidence.")


class FVGEntryDetector(OpportunityWorker[FVGEntryConfig]):
    """Signals a gap in the direction of a recent break of structure.

    Upward: the low of this bar is above the high of the bar before last. The far side of the gap, less a buffer, is
    where the idea is wrong. It remembers nothing.
    """

    config_model = FVGEntryConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a signal when this bar completes a gap that counts."""
        context = assessed.context
        highs = context.history("high", 3)
        if len(highs) < 3:
            return NOTHING
        first_high, first_low = float(highs[0]), float(context.history("low", 3)[0])
        if context.low > first_high:
            return self._judged(assessed, Direction.BUY, gap=context.low - first_high, far_side=first_high)
        if context.high < first_low:
            return self._judged(assessed, Direction.SELL, gap=first_low - context.high, far_side=first_low)
        return NOTHING

    def candidates(self, recorded: RecordedColumns) -> BoolColumn:
        """Return the bars that complete a large gap soon after a break; of its direction only the bar itself knows."""
        config = self.config
        high, low, close = (recorded.column(name) for name in ("high", "low", "close"))
        found = np.zeros(len(close), dtype=np.bool_)
        ranges = np.concatenate((close[:1] * np.nan, sma(true_ranges(high, low, close)[1:], config.atr_periods)))
        gap = np.maximum(low[2:] - high[:-2], low[:-2] - high[2:])
        # The mean is rounded otherwise than bar by bar: a gap at the limit may not be lost.
        is_large = (
            (gap > 0.0) & (gap >= config.min_gap_pct * close[2:]) & (gap >= 0.999 * config.min_gap_atr * ranges[2:])
        )
        found[2:] = is_large & (self._bars_since_break(recorded)[2:] <= config.max_bars_since_break)
        return found

    def _bars_since_break(self, recorded: RecordedColumns) -> NDArray[np.intp]:
        at = np.arange(len(recorded))
        is_break = (recorded.column("is_bos") != 0.0) | (recorded.column("is_choch") != 0.0)
        before_the_first = -1 - self.config.max_bars_since_break
        return at - np.maximum.accumulate(np.where(is_break, at, before_the_first))

    def _judged(self, assessed: AssessedContext, direction: Direction, *, gap: float, far_side: float) -> Envelopes:
        context, config = assessed.context, self.config
        if gap < config.min_gap_pct * context.close or context.category("trend_direction") != _TREND_OF[direction]:
            return NOTHING
        since_break, atr = self._since_break(context), mean_true_range(context, config.atr_periods)
        # A comparison with NaN is false: while the range warms up, no gap is large enough.
        if since_break is None or not gap >= config.min_gap_atr * atr:
            return NOTHING
        gap_atr = gap / atr if atr else 0.0
        return self.signal(
            assessed,
            direction=direction,
            signal_type="fvg_entry",
            confidence=self._confidence(context, direction, gap_atr, since_break),
            invalidation_price=far_side - direction.sign * config.stop_buffer_atr * atr,
            metadata={"gap_size": gap, "gap_atr": gap_atr, "bars_since_break": since_break},
        )

    def _since_break(self, context: TradingContext) -> int | None:
        """Return how many bars ago the structure was broken last; None if it is too long ago."""
        bars = self.config.max_bars_since_break + 1
        is_break = (context.history("is_bos", bars) != 0.0) | (context.history("is_choch", bars) != 0.0)
        at = np.flatnonzero(is_break)
        return len(is_break) - 1 - int(at[-1]) if len(at) else None

    def _confidence(self, context: TradingContext, direction: Direction, gap_atr: float, since_break: int) -> float:
        """Return the weighted mean of three scores: a large gap, a fresh break, and a trend that agrees."""
        config = self.config
        size = min(gap_atr / config.full_gap_atr, 1.0)
        freshness = 1.0 - since_break / (config.max_bars_since_break + 1)
        agreement = float((context.close - context.value(config.trend_column)) * direction.sign > 0)
        weights = config.gap_weight + config.break_weight + config.trend_weight
        score = config.gap_weight * size + config.break_weight * freshness + config.trend_weight * agreement
        return score / weights if weights else 0.0
