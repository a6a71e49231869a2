"""The crossing of two averages: the signal that everybody knows, and every engine can be asked for."""

import math

import numpy as np

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


class EmaCrossConfig(WorkerConfig):
    """Which averages, and how far away the idea is wrong."""

    fast: str = Field(default="ema_20", description="The column of the faster average.")
    slow: str = Field(default="ema_50", description="The column of the slower average.")
    stop_pct: float = Field(default=0.005, gt=0, lt=1, description="Distance to the stop, as a ratio of the close.")


class EmaCrossDetector(OpportunityWorker[EmaCrossConfig]):
    """Signals a BUY on the bar on which the fast average comes above the slow one, a SELL when it comes below.

    It remembers nothing: both follow from this bar and the one before.
    """

    config_model = EmaCrossConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a signal on a crossing."""
        context, config = assessed.context, self.config
        is_above = context.value(config.fast) > context.value(config.slow)
        before = context.previous(config.fast) - context.previous(config.slow)
        if is_above == (before > 0.0) or math.isnan(before):
            return NOTHING
        direction = Direction.BUY if is_above else Direction.SELL
        return self.signal(
            assessed,
            direction=direction,
            signal_type="ema_cross",
            confidence=0.9,
            invalidation_price=context.close * (1.0 - direction.sign * config.stop_pct),
        )

    def candidates(self, recorded: RecordedColumns) -> BoolColumn:
        """Return the bars on which the averages stand otherwise than on the bar before."""
        spread = recorded.column(self.config.fast) - recorded.column(self.config.slow)
        is_above = spread > 0.0
        crossed = np.zeros(len(recorded), dtype=np.bool_)
        crossed[1:] = (is_above[1:] != is_above[:-1]) & ~np.isnan(spread[:-1])
        return crossed
