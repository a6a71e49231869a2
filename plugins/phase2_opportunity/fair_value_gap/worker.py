"""Fair value gaps: three bars that leave a hole in the price, soon after a break of structure."""

from collections import deque
from typing import Final

from engine.sdk.indicators import ATR
from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    Direction,
    Envelopes,
    Field,
    OpportunityWorker,
    TradingContext,
    WorkerConfig,
    WorkerTools,
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
    atr_periods: int = Field(default=14, ge=1, description="Bars of the average true range.")
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
    where the idea is wrong.
    """

    config_model = FVGEntryConfig

    def __init__(self, config: FVGEntryConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._atr = ATR(config.atr_periods)
        self._bars: deque[tuple[float, float]] = deque(maxlen=3)
        self._bars_since_break = config.max_bars_since_break + 1

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a signal when this bar completes a gap that counts."""
        context = assessed.context
        atr = self._atr.update(context.high, context.low, context.close)
        self._bars.append((context.high, context.low))
        is_break = context.value("is_bos") or context.value("is_choch")
        self._bars_since_break = 0 if is_break else self._bars_since_break + 1
        if self._bars_since_break > self.config.max_bars_since_break or len(self._bars) < 3:
            return NOTHING
        first_high, first_low = self._bars[0]
        if context.low > first_high:
            return self._judged(assessed, Direction.BUY, atr, gap=context.low - first_high, far_side=first_high)
        if context.high < first_low:
            return self._judged(assessed, Direction.SELL, atr, gap=first_low - context.high, far_side=first_low)
        return NOTHING

    def _judged(
        self, assessed: AssessedContext, direction: Direction, atr: float, *, gap: float, far_side: float
    ) -> Envelopes:
        context, config = assessed.context, self.config
        # A comparison with NaN is false: while the range warms up, no gap is large enough.
        is_large = gap >= config.min_gap_pct * context.close and gap >= config.min_gap_atr * atr
        if not is_large or context.category("trend_direction") != _TREND_OF[direction]:
            return NOTHING
        return self.signal(
            assessed,
            direction=direction,
            signal_type="fvg_entry",
            confidence=self._confidence(context, direction, gap / atr if atr else 0.0),
            invalidation_price=far_side - direction.sign * config.stop_buffer_atr * atr,
            metadata={
                "gap_size": gap,
                "gap_atr": gap / atr if atr else 0.0,
                "bars_since_break": self._bars_since_break,
            },
        )

    def _confidence(self, context: TradingContext, direction: Direction, gap_atr: float) -> float:
        """Return the weighted mean of three scores: a large gap, a fresh break, and a trend that agrees."""
        config = self.config
        size = min(gap_atr / config.full_gap_atr, 1.0)
        freshness = 1.0 - self._bars_since_break / (config.max_bars_since_break + 1)
        agreement = float((context.close - context.value(config.trend_column)) * direction.sign > 0)
        weights = config.gap_weight + config.break_weight + config.trend_weight
        score = config.gap_weight * size + config.break_weight * freshness + config.trend_weight * agreement
        return score / weights if weights else 0.0
