"""Breakouts: the first close beyond everything that the bars before it reached."""

import numpy as np

from engine.sdk.indicators import rolling_max, rolling_min
from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    BoolColumn,
    Direction,
    Envelopes,
    Field,
    OpportunityWorker,
    RecordedColumns,
    WorkerConfig,
)


class BreakoutConfig(WorkerConfig):
    """Which range is broken, and how clearly."""

    channel_bars: int = Field(default=20, ge=2, description="Bars before this one whose extremes are the range.")
    buffer_pct: float = Field(
        default=0.0005, ge=0, lt=1, description="How far beyond the range a close must be, as a ratio of the edge."
    )
    stop_share: float = Field(
        default=0.5, gt=0, le=1, description="How far back in the range the idea is wrong, as a share of its width."
    )
    confidence_at_break: float = Field(
        default=0.5, ge=0, le=1, description="Confidence at the buffer's edge; rises in a line to 1."
    )
    full_excess_share: float = Field(
        default=0.25,
        gt=0,
        description="Close beyond the buffer, as a share of the range's width, that convinces fully.",
    )


class BreakoutDetector(OpportunityWorker[BreakoutConfig]):
    """Signals the first close above the highest high, or below the lowest low, of the bars before it.

    A second close beyond its own range in a row says nothing new and is passed over. It remembers nothing.
    """

    config_model = BreakoutConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a signal when this close leaves the range, and the one before had not."""
        context = assessed.context
        close = context.close
        # A close that is not beyond the bar before is not beyond the range, and most are not.
        if not (close > self._above(context.previous("high")) or close < self._below(context.previous("low"))):
            return NOTHING
        bars = self.config.channel_bars + 2
        highs, lows = context.history("high", bars).tolist(), context.history("low", bars).tolist()
        if len(highs) < bars:
            return NOTHING
        before, top, bottom = context.previous("close"), max(highs[1:-1]), min(lows[1:-1])
        if close > self._above(top):
            is_first = before <= self._above(max(highs[:-2]))
            return self._broken(assessed, Direction.BUY, top, top - bottom) if is_first else NOTHING
        if close < self._below(bottom):
            is_first = before >= self._below(min(lows[:-2]))
            return self._broken(assessed, Direction.SELL, bottom, top - bottom) if is_first else NOTHING
        return NOTHING

    def candidates(self, recorded: RecordedColumns) -> BoolColumn:
        """Return the bars that are the first to close beyond the range before them."""
        bars, close = self.config.channel_bars, recorded.column("close")
        found = np.zeros(len(close), dtype=np.bool_)
        above = rolling_max(recorded.column("high"), bars) * (1.0 + self.config.buffer_pct)
        below = rolling_min(recorded.column("low"), bars) * (1.0 - self.config.buffer_pct)
        is_up, is_down = close[1:] > above[:-1], close[1:] < below[:-1]
        found[2:] = (is_up[1:] & ~is_up[:-1]) | (is_down[1:] & ~is_down[:-1])
        found[: bars + 1] = False
        return found

    def _above(self, edge: float) -> float:
        return edge * (1.0 + self.config.buffer_pct)

    def _below(self, edge: float) -> float:
        return edge * (1.0 - self.config.buffer_pct)

    def _broken(self, assessed: AssessedContext, direction: Direction, edge: float, width: float) -> Envelopes:
        config, close = self.config, assessed.context.close
        needed = self._above(edge) if direction is Direction.BUY else self._below(edge)
        excess = abs(close - needed)
        full = config.full_excess_share * width
        share = min(excess / full, 1.0) if full > 0 else 1.0
        return self.signal(
            assessed,
            direction=direction,
            signal_type="breakout",
            confidence=config.confidence_at_break + (1.0 - config.confidence_at_break) * share,
            # A range that stood still has no inside: then the buffer's width is all that there is.
            invalidation_price=edge - direction.sign * max(config.stop_share * width, abs(needed - edge)),
            metadata={"broken_price": edge, "range_width": width, "excess": excess},
        )
