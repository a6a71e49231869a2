"""Volume spikes: a bar with a clear direction that many more traders than usual take part in."""

import numpy as np

from engine.sdk.indicators import median, medians_at
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


class VolumeSpikeConfig(WorkerConfig):
    """How much volume is a spike, and which bars have a direction."""

    median_bars: int = Field(default=50, ge=5, description="Bars before this one whose median volume is the usual one.")
    min_multiple: float = Field(default=4.0, gt=1, description="Volume, as a multiple of the usual, that is a spike.")
    full_multiple: float = Field(default=10.0, gt=1, description="Multiple that convinces fully.")
    min_body_share: float = Field(
        default=0.6, ge=0, le=1, description="Smallest body (open to close) as a share of the bar's range."
    )
    min_body_pct: float = Field(
        default=0.0005, ge=0, description="Smallest body as a ratio of the price (0.001 = 0.1 %)."
    )
    stop_buffer_range: float = Field(
        default=0.25, ge=0, description="How far beyond the bar's other end the idea is wrong, in ranges of the bar."
    )
    volume_weight: float = Field(default=0.6, ge=0, description="Weight of the volume in the confidence.")
    body_weight: float = Field(default=0.4, ge=0, description="Weight of the body's share in the confidence.")


class VolumeSpikeRefiner(OpportunityWorker[VolumeSpikeConfig]):
    """Signals a bar that moved one way on a multiple of the usual volume, in the direction of its body.

    It remembers nothing between bars: the usual volume is the median of the bars before this one.
    """

    config_model = VolumeSpikeConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a signal when volume confirms the bar's direction."""
        context, config = assessed.context, self.config
        width, body = context.high - context.low, abs(context.close - context.open)
        # The bar itself is cheap to judge, so it comes before the median; a bar without a range has no direction.
        if not width or body < config.min_body_share * width or body < config.min_body_pct * context.close:
            return NOTHING
        multiple = self._multiple(context)
        if multiple < config.min_multiple:
            return NOTHING
        direction = Direction.BUY if context.close > context.open else Direction.SELL
        far_end = context.low if direction is Direction.BUY else context.high
        return self.signal(
            assessed,
            direction=direction,
            signal_type="volume_spike",
            confidence=self._confidence(multiple, body / width),
            invalidation_price=far_end - direction.sign * config.stop_buffer_range * width,
            metadata={"volume_multiple": multiple, "body_share": body / width},
        )

    def candidates(self, recorded: RecordedColumns) -> BoolColumn:
        """Return the bars with a body on a multiple of the usual volume."""
        config = self.config
        opened, high, low, close, volume = (
            recorded.column(name) for name in ("open", "high", "low", "close", "volume")
        )
        width, body = high - low, np.abs(close - opened)
        found: BoolColumn = (
            (width != 0.0) & (body >= config.min_body_share * width) & (body >= config.min_body_pct * close)
        )
        found[: config.median_bars] = False
        at = np.flatnonzero(found)
        usual = medians_at(volume, at - 1, config.median_bars)
        # Rounded otherwise than a quotient: a bar at the limit may not be lost.
        found[at] = (usual > 0.0) & (volume[at] >= 0.999 * config.min_multiple * usual)
        return found

    def _multiple(self, context: TradingContext) -> float:
        """Return this bar's volume over the usual one; 0 while that is not known, or is nothing."""
        volumes = context.history("volume", self.config.median_bars + 1)
        if len(volumes) <= self.config.median_bars:
            return 0.0
        usual = median(volumes[:-1])
        return context.volume / usual if usual > 0 else 0.0

    def _confidence(self, multiple: float, body_share: float) -> float:
        """Return the weighted mean of two scores: a large volume and a decided bar."""
        config = self.config
        weights = config.volume_weight + config.body_weight
        score = config.volume_weight * min(multiple / config.full_multiple, 1.0) + config.body_weight * body_share
        return score / weights if weights else 0.0
