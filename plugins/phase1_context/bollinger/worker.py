"""Bollinger bands around the mean of the close."""

from collections.abc import Sequence

from engine.sdk.indicators import BollingerBands
from engine.sdk.plugin import ContextWorker, Field, TradingContext, WorkerConfig, WorkerTools


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
