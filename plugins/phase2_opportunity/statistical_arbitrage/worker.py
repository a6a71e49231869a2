"""Statistical arbitrage: one market's log price against another's, and the way back of the spread between them."""

import math
from typing import NamedTuple, Self

import numpy as np
from pydantic import model_validator

from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    Direction,
    Envelopes,
    Field,
    FloatColumn,
    OpportunityWorker,
    PluginError,
    TradingContext,
    WorkerConfig,
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
        default=0.9, gt=0, le=1, description="Share of the bars that both markets must have."
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
    """Signals this strategy's own market back to its spread with a companion. It remembers nothing between bars.

    It trades one leg: the other is a second strategy's, on the companion, with this market as its companion.
    """

    config_model = StatisticalArbitrageConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a signal when our market is too dear (sell) or too cheap (buy) for its companion."""
        context, config = assessed.context, self.config
        spread = self._spread(context)
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

    def _spread(self, context: TradingContext) -> _Spread | None:
        """Return the spread; None while too few bars are common, where the two are no pair, or where they are one."""
        config = self.config
        paired = self._paired_closes(context)
        if paired is None:
            return None
        own, other = np.log(paired[0]), np.log(paired[1])
        if not _correlation(np.diff(own), np.diff(other)) >= config.min_correlation:  # also when it is NaN
            return None
        hedge_ratio = config.hedge_ratio if config.hedge_ratio is not None else _slope(own, other)
        spread = own - hedge_ratio * other
        from_mean = spread - spread.mean()
        deviation = math.sqrt(float((from_mean * from_mean).mean()))
        # A companion that should be shorted with us instead of against us is no hedge.
        if hedge_ratio <= 0 or deviation < config.min_deviation:
            return None
        return _Spread(
            z=float(from_mean[-1]) / deviation,
            step=float(spread[-1] - spread[-2]),
            deviation=deviation,
            hedge_ratio=hedge_ratio,
            own_price=float(paired[0][-1]),
        )

    def _paired_closes(self, context: TradingContext) -> tuple[FloatColumn, FloatColumn] | None:
        """Return the closes of the bars that both markets have, oldest first, or None when they are too few or too old."""
        config = self.config
        other = _companion_of(context, config.companion)
        opened = context.opened_history[-config.spread_bars - config.max_lag_bars :]
        if other is None or len(opened) < config.spread_bars:
            return None
        theirs = other.opened_history
        at = np.minimum(np.searchsorted(theirs, opened), len(theirs) - 1)
        is_common = theirs[at] == opened
        if not is_common[-1 - config.max_lag_bars :].any():
            return None
        own = context.history("close", len(opened))[is_common][-config.spread_bars :]
        if len(own) < config.min_paired_share * config.spread_bars:
            return None
        return own, other.history("close")[at[is_common]][-config.spread_bars :]

    def _confidence(self, distance: float) -> float:
        config = self.config
        way = config.full_z - config.min_z
        share = min((distance - config.min_z) / way, 1.0) if way > 0 else 1.0
        return config.confidence_at_min + (1.0 - config.confidence_at_min) * share


def _companion_of(context: TradingContext, symbol: str) -> TradingContext | None:
    try:
        return context.companion(symbol)
    except KeyError as error:
        raise PluginError(
            "StatisticalArbitrageDetector looks at a market that the strategy does not: add it to market.companions of "
            "the blueprint, or change the companion in its config",
            companion=symbol,
        ) from error


def _correlation(first: FloatColumn, second: FloatColumn) -> float:
    """Return Pearson's correlation, or NaN when one of them does not move."""
    x, y = first - first.mean(), second - second.mean()
    size = math.sqrt(float((x * x).sum()) * float((y * y).sum()))
    return float((x * y).sum()) / size if size > 0 else float("nan")


def _slope(own: FloatColumn, other: FloatColumn) -> float:
    """Return the least-squares slope of our log price on the companion's; 0 when the companion does not move."""
    x = other - other.mean()
    size = float((x * x).sum())
    return float((x * (own - own.mean())).sum()) / size if size > 0 else 0.0
