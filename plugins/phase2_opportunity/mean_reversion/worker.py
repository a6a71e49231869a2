"""Mean reversion: a close that has run far from its mean, and has begun to come back."""

import math
from typing import Final, Self

import numpy as np
from pydantic import model_validator

from engine.sdk.indicators import sma, standard_deviation
from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    BoolColumn,
    Direction,
    Envelopes,
    Field,
    OpportunityWorker,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
)

_RESTING: Final = 1e-9
"""Standard deviation, as a ratio of the price, below which z is not known ahead to three digits."""


class MeanReversionConfig(WorkerConfig):
    """How far is too far, and in which markets."""

    mean_bars: int = Field(default=50, ge=5, description="Bars of the mean and the deviation, this one included.")
    min_z: float = Field(default=2.0, gt=0, description="Distance from the mean, in standard deviations, that counts.")
    full_z: float = Field(default=3.5, gt=0, description="Distance that convinces fully.")
    max_z: float = Field(
        default=5.0, gt=0, description="Beyond this many the mean is broken, and nothing is signalled."
    )
    confidence_at_min: float = Field(
        default=0.5, ge=0, le=1, description="Confidence at `min_z`; rises in a line to 1 at `full_z`."
    )
    needs_turn: bool = Field(default=True, description="Whether this bar must have closed back towards the mean.")
    stop_deviations: float = Field(
        default=1.5, gt=0, description="How far beyond the close the idea is wrong, in standard deviations."
    )
    regime_column: str = Field(
        default="regime", description="Category column that must read `ranging_label`, where the chain writes it."
    )
    ranging_label: str = Field(default="ranging", description="What the regime column says of a ranging market.")

    @model_validator(mode="after")
    def _something_is_left_to_signal(self) -> Self:
        if self.min_z >= self.max_z:
            raise ValueError(f"min_z ({self.min_z}) must be below max_z ({self.max_z}): nothing would be signalled")
        return self


class MeanReversionDetector(OpportunityWorker[MeanReversionConfig]):
    """Signals the way back to the mean when the close is many standard deviations from it.

    z is the distance over the population standard deviation, both of the same closes. It remembers nothing.
    """

    config_model = MeanReversionConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a signal when the close has run too far in a market that ranges."""
        context, config = assessed.context, self.config
        if not self._may_range(context):
            return NOTHING
        closes = context.history("close", config.mean_bars)
        if len(closes) < config.mean_bars:
            return NOTHING
        # Seen from this close, so that a market at rest is exactly at its mean.
        from_close = closes - context.close
        back = float(np.add.reduce(from_close)) / config.mean_bars
        from_mean = from_close - back
        deviation = math.sqrt(float(np.add.reduce(from_mean * from_mean)) / config.mean_bars)
        z = -back / deviation if deviation > 0 else 0.0
        if not config.min_z <= abs(z) <= config.max_z:
            return NOTHING
        direction = Direction.SELL if z > 0 else Direction.BUY
        if config.needs_turn and direction.sign * (context.close - context.previous("close")) <= 0:
            return NOTHING
        return self.signal(
            assessed,
            direction=direction,
            signal_type="mean_reversion",
            confidence=self._confidence(abs(z)),
            invalidation_price=context.close - direction.sign * config.stop_deviations * deviation,
            metadata={"z": z, "mean": context.close + back, "deviation": deviation},
        )

    def candidates(self, recorded: RecordedColumns) -> BoolColumn:
        """Return the bars that close far from their mean and have turned; of the regime only the bar itself knows."""
        config, close = self.config, recorded.column("close")
        from_mean, deviation = close - sma(close, config.mean_bars), standard_deviation(close, config.mean_bars)
        distance, step = np.abs(from_mean), np.diff(close, prepend=close[:1])
        # Rounded otherwise than bar by bar: a bar at a limit may not be lost.
        found = (distance >= 0.999 * config.min_z * deviation) & (distance <= 1.001 * config.max_z * deviation)
        if config.needs_turn:
            found &= from_mean * step < 0.0
        # Where the market hardly moves, rounding is all that there is to see.
        return found | ((deviation < _RESTING * close) & (step != 0.0 if config.needs_turn else True))

    def _may_range(self, context: TradingContext) -> bool:
        """Tell whether the market ranges, as far as anybody says so; a regime that warms up is not ranging yet."""
        config = self.config
        if config.regime_column not in context.columns:
            return True
        return context.category(config.regime_column) == config.ranging_label

    def _confidence(self, distance: float) -> float:
        config = self.config
        way = config.full_z - config.min_z
        share = min((distance - config.min_z) / way, 1.0) if way > 0 else 1.0
        return config.confidence_at_min + (1.0 - config.confidence_at_min) * share
