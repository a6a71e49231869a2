"""Wilder's relative strength index of the close."""

from collections.abc import Sequence

from engine.sdk.indicators import RSI, rsi
from engine.sdk.plugin import (
    ContextWorker,
    Field,
    FloatColumn,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
    WorkerTools,
)


class RSIDetectorConfig(WorkerConfig):
    """How long the index looks back."""

    periods: int = Field(default=14, ge=2, description="Bars of Wilder's smoothing.")


class RSIDetector(ContextWorker[RSIDetectorConfig]):
    """Writes the column `rsi_N`."""

    config_model = RSIDetectorConfig

    def __init__(self, config: RSIDetectorConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._update = RSI(config.periods).update

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return the index at this close."""
        return (self._update(context.close),)

    def precompute(self, recorded: RecordedColumns) -> Sequence[FloatColumn]:
        """Return the index over a whole recording."""
        return (rsi(recorded.column("close"), self.config.periods),)
