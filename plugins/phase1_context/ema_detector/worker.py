"""Exponential moving averages of the close."""

from collections.abc import Sequence
from typing import Annotated

from engine.sdk.indicators import EMA, ema
from engine.sdk.plugin import (
    ContextWorker,
    Field,
    FloatColumn,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
    WorkerTools,
)


class EMADetectorConfig(WorkerConfig):
    """Which averages."""

    periods: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(20, 50, 200), min_length=1, description="Bars per average, each from 1 up."
    )


class EMADetector(ContextWorker[EMADetectorConfig]):
    """Writes one `ema_N` column for each of its periods."""

    config_model = EMADetectorConfig

    def __init__(self, config: EMADetectorConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._updates = [EMA(periods).update for periods in config.periods]

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return the averages at this close."""
        close = context.close
        return [update(close) for update in self._updates]

    def precompute(self, recorded: RecordedColumns) -> Sequence[FloatColumn]:
        """Return the averages over a whole recording."""
        return [ema(recorded.column("close"), periods) for periods in self.config.periods]
