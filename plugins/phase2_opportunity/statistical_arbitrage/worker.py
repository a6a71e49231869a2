"""Statistical arbitrage: one market's log price against another's, and the way back of the spread between them."""

import math
from typing import NamedTuple, Self

from pydantic import model_validator

from engine.sdk.indicators import RollingCorrelation, RollingCovariance
from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    Direction,
    Envelopes,
    Field,
    OpportunityWorker,
    PairedCloses,
    WorkerConfig,
    WorkerTools,
)


class StatisticalArbitrageConfig(WorkerConfig):
    """Which market is the other leg, how the spread is made, and how far is too far."""

    companion: str = Field(
        default="ETH/USDT", description="The other market; it must stand in the blueprint's market.companions."
    )
    spread_bars: int = Field(default=120, ge=20, description="Bars of the spread that are judged, this one included.")
    hedge_ratio: float | None = Field(
        default=None, gt=0, description="Log units of the companion per one of ours; null fits it to the same bars."
    )
    min_correlation: float = Field(
        default=0.3, ge=-1, le=1, description="Correlation of the returns below which the two are no pair."
    )
    min_deviation: float = Field(
        default=0.0005, gt=0, description="Smallest standard deviation of the spread, as a ratio of the price."
    )
    min_z: float = Field(default=2.0, gt=0, description="Distance of the spread, in standard deviations, that counts.")
    full_z: float = Field(default=3.5, gt=0, description="Distance that convinces fully.")
    needs_turn: bool = Field(default=True, description="Whether the spread must have begun the way back in this bar.")
    stop_z: float = Field(
        default=4.5, gt=0, description="Distance at which the idea is wrong; from here on nothing is signalled."
    )
    confidence_at_min: float = Field(
        default=0.5, ge=0, le=1, description="Confidence at `min_z`; rises in a line to 1 at `full_z`."
    )
    max_lag_bars: int = Field(
        default=1, ge=0, description="How many bars the newest bar of both may lie back: markets come one by one."
    )
    min_paired_share: float = Field(
        default=0.9, gt=0, le=1, description="Share of our bars, since the oldest pair, that both markets must have."
    )

    @model_validator(mode="after")
    def _the_stop_is_farther_out(self) -> Self:
        if self.min_z >= self.stop_z:
            raise ValueError(f"min_z ({self.min_z}) must be below stop_z ({self.stop_z}): nothing would be signalled")
        return self


class _Spread(NamedTuple):
    """The spread at the newest bar that both markets have. Log prices, so `deviation` is a ratio of the price."""

    z: float
    step: float
    """Its last move, in log units."""
    deviation: float
    hedge_ratio: float
    own_price: float


class StatisticalArbitrageDetector(OpportunityWorker[StatisticalArbitrageConfig]):
    """Signals this strategy's own market back to its spread with a companion.

    It starts with what the rolling windows hold, and takes one pair of closes per bar from then on. It trades
    one leg: the other is a second strategy's, on the companion, with this market as its companion.
    """

    config_model = StatisticalArbitrageConfig

    def __init__(self, config: StatisticalArbitrageConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._paired = PairedCloses(config.companion, pairs=config.spread_bars, max_lag_bars=config.max_lag_bars)
        self._logs = self._steps = (math.nan, math.nan)
        self._own_price = math.nan
        self._prices = RollingCovariance(config.spread_bars)
        self._returns = RollingCorrelation(config.spread_bars - 1)

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a signal when our market is too dear (sell) or too cheap (buy) for its companion."""
        context, config = assessed.context, self.config
        for own, other in self._paired.see(context):
            self._take(own, other)
        spread = self._spread()
        if spread is None or not config.min_z <= abs(spread.z) < config.stop_z:
            return NOTHING
        direction = Direction.SELL if spread.z > 0 else Direction.BUY
        if config.needs_turn and direction.sign * spread.step <= 0:
            return NOTHING
        room = (config.stop_z - abs(spread.z)) * spread.deviation
        wrong_at = spread.own_price * math.exp(-direction.sign * room)
        # The newest common bar may be the one before: price can be beyond the stop by now.
        if direction.sign * (context.close - wrong_at) <= 0:
            return NOTHING
        return self.signal(
            assessed,
            direction=direction,
            signal_type="statistical_arbitrage",
            confidence=self._confidence(abs(spread.z)),
            invalidation_price=wrong_at,
            metadata={
                "companion": config.companion,
                "z": spread.z,
                "hedge_ratio": spread.hedge_ratio,
                "deviation": spread.deviation,
            },
        )

    def _take(self, own: float, other: float) -> None:
        before, self._logs = self._logs, (math.log(own), math.log(other))
        self._own_price = own
        self._steps = self._logs[0] - before[0], self._logs[1] - before[1]
        if not math.isnan(before[0]):
            self._returns.update(*self._steps)
        self._prices.update(*self._logs)

    def _spread(self) -> _Spread | None:
        """Return the spread; None while too few bars are common, where the two are no pair, or where they are one."""
        config, prices = self.config, self._prices
        if not self._returns.value >= config.min_correlation or not self._paired.is_dense(
            config.min_paired_share
        ):  # also when it is NaN
            return None
        hedge_ratio = config.hedge_ratio
        if hedge_ratio is None:
            hedge_ratio = prices.value / prices.variance_2 if prices.variance_2 else 0.0
        variance = prices.variance_1 - hedge_ratio * (2.0 * prices.value - hedge_ratio * prices.variance_2)
        # Of two that are nearly one, rounding may leave less than nothing.
        deviation = math.sqrt(max(variance, 0.0))
        # A companion that should be shorted with us instead of against us is no hedge.
        if hedge_ratio <= 0 or deviation < config.min_deviation:
            return None
        from_mean = self._logs[0] - prices.mean_1 - hedge_ratio * (self._logs[1] - prices.mean_2)
        return _Spread(
            z=from_mean / deviation,
            step=self._steps[0] - hedge_ratio * self._steps[1],
            deviation=deviation,
            hedge_ratio=hedge_ratio,
            own_price=self._own_price,
        )

    def _confidence(self, distance: float) -> float:
        config = self.config
        way = config.full_z - config.min_z
        share = min((distance - config.min_z) / way, 1.0) if way > 0 else 1.0
        return config.confidence_at_min + (1.0 - config.confidence_at_min) * share
