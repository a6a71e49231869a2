"""Wilder's relative strength index of the close."""

from collections.abc import Sequence

from engine.sdk.indicators import RSI
from engine.sdk.plugin import ContextWorker, Field, TradingContext, WorkerConfig, WorkerTools


class RSIDetectorConfig(WorkerConfig):
    """How long the index looks back."""

    periods: int = Field(default=14, ge=2, description="Bars of Wilder's smoothing.")


class RSIDetector(ContextWorker[RSIDetectorConfig]):
    """Writes the column `rsi_N`."""

    config_model = RSIDetectorConfig

    def __init__(self, config: RSIDetectorConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._index = RSI(config.periods)

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return the index at this close."""
        return (self._index.update(context.close),)
