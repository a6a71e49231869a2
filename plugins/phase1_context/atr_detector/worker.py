"""Wilder's average true range, in quote units and in per cent of the price."""

from collections.abc import Sequence

from engine.sdk.indicators import ATR, atr
from engine.sdk.plugin import (
    ContextWorker,
    Field,
    FloatColumn,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
    WorkerTools,
)


class ATRDetectorConfig(WorkerConfig):
    """How long the average looks back."""

    periods: int = Field(default=14, ge=1, description="Bars of Wilder's smoothing.")


class ATRDetector(ContextWorker[ATRDetectorConfig]):
    """Writes the columns `atr_N` and `atr_pct_N`."""

    config_model = ATRDetectorConfig

    def __init__(self, config: ATRDetectorConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._update = ATR(config.periods).update

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return the average range of this bar, in quote units and in per cent of its close."""
        close = context.close
        average = self._update(context.high, context.low, close)
        return average, 100.0 * average / close

    def precompute(self, recorded: RecordedColumns) -> Sequence[FloatColumn]:
        """Return the average range over a whole recording, in quote units and in per cent of each close."""
        close = recorded.column("close")
        average = atr(recorded.column("high"), recorded.column("low"), close, self.config.periods)
        return average, 100.0 * average / close
