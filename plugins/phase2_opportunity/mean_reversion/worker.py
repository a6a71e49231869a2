"""Mean reversion: a close that has run far from its mean, and has begun to come back."""

import math
from typing import Self

from pydantic import model_validator

from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    Direction,
    Envelopes,
    Field,
    OpportunityWorker,
    TradingContext,
    WorkerConfig,
)


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
        closes = context.history("close", config.mean_bars)
        if len(closes) < config.mean_bars or not self._may_range(context):
            return NOTHING
        mean = float(closes.mean())
        from_mean = closes - mean
        deviation = math.sqrt(float((from_mean * from_mean).mean()))
        z = float(from_mean[-1]) / deviation if deviation > 0 else 0.0
        if not config.min_z <= abs(z) <= config.max_z:
            return NOTHING
        direction = Direction.SELL if z > 0 else Direction.BUY
        if config.needs_turn and direction.sign * float(closes[-1] - closes[-2]) <= 0:
            return NOTHING
        return self.signal(
            assessed,
            direction=direction,
            signal_type="mean_reversion",
            confidence=self._confidence(abs(z)),
            invalidation_price=context.close - direction.sign * config.stop_deviations * deviation,
            metadata={"z": z, "mean": mean, "deviation": deviation},
        )

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
