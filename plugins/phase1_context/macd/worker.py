"""Moving average convergence and divergence of the close."""

from collections.abc import Sequence
from typing import Self

from pydantic import model_validator

from engine.sdk.indicators import MACD, macd
from engine.sdk.plugin import (
    ContextWorker,
    Field,
    FloatColumn,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
    WorkerTools,
)


class MACDDetectorConfig(WorkerConfig):
    """How long the three averages look back."""

    fast: int = Field(default=12, ge=1, description="Bars of the fast average.")
    slow: int = Field(default=26, ge=2, description="Bars of the slow average, more than those of the fast one.")
    signal: int = Field(default=9, ge=1, description="Bars of the average of their difference.")

    @model_validator(mode="after")
    def _fast_is_faster(self) -> Self:
        if self.fast >= self.slow:
            raise ValueError(
                f"fast must be less than slow, not {self.fast} and {self.slow}: with slow {self.slow}, "
                f"fast may be 1 to {self.slow - 1}"
            )
        return self


class MACDDetector(ContextWorker[MACDDetectorConfig]):
    """Writes `macd`, `macd_signal` and `macd_histogram`."""

    config_model = MACDDetectorConfig

    def __init__(self, config: MACDDetectorConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._index = MACD(config.fast, config.slow, config.signal)

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return line, signal and histogram at this close."""
        index = self._index
        return index.update(context.close), index.signal, index.histogram

    def precompute(self, recorded: RecordedColumns) -> Sequence[FloatColumn]:
        """Return line, signal and histogram over a whole recording."""
        config = self.config
        return macd(recorded.column("close"), config.fast, config.slow, config.signal)
