"""Bollinger bands around the mean of the close."""

from collections.abc import Sequence

import numpy as np

from engine.sdk.indicators import BollingerBands, bollinger_bands
from engine.sdk.plugin import (
    ContextWorker,
    Field,
    FloatColumn,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
    WorkerTools,
)


class BollingerDetectorConfig(WorkerConfig):
    """How long the mean looks back, and how far the bands stand from it."""

    periods: int = Field(default=20, ge=2, description="Bars of the mean and the deviation.")
    deviations: float = Field(
        default=2.0, gt=0, le=10, description="Population standard deviations from the mean to each band."
    )


class BollingerDetector(ContextWorker[BollingerDetectorConfig]):
    """Writes the band, its middle, where the close stands in it, and how wide it is."""

    config_model = BollingerDetectorConfig

    def __init__(self, config: BollingerDetectorConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._bands = BollingerBands(config.periods, config.deviations)

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return upper, lower, middle, percent and width at this close."""
        close, bands = context.close, self._bands
        middle = bands.update(close)
        upper, lower = bands.upper, bands.lower
        # A market at rest has no band: its close is in the middle of nothing.
        percent = 0.5 if upper == lower else (close - lower) / (upper - lower)
        return upper, lower, middle, percent, (upper - lower) / middle

    def precompute(self, recorded: RecordedColumns) -> Sequence[FloatColumn]:
        """Return upper, lower, middle, percent and width over a whole recording."""
        close = recorded.column("close")
        middle, upper, lower = bollinger_bands(close, self.config.periods, self.config.deviations)
        width = upper - lower
        # Bands that meet after rounding do not always differ by zero, nor the other way round: ask what `enrich` asks.
        is_at_rest = upper == lower
        percent = np.where(is_at_rest, 0.5, (close - lower) / np.where(is_at_rest, 1.0, width))
        return upper, lower, middle, percent, width / middle
