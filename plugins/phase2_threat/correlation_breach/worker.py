"""Correlation: whether two markets still move together as they used to."""

import math

import numpy as np

from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    Envelopes,
    Field,
    FloatColumn,
    PluginError,
    ThreatWorker,
    TradingContext,
    WorkerConfig,
)


class CorrelationBreachConfig(WorkerConfig):
    """Which two markets, over how many bars, and how large a change is a breach."""

    companion: str = Field(
        default="ETH/USDT", description="The other market; it must stand in the blueprint's market.companions."
    )
    recent_bars: int = Field(default=60, ge=10, description="Newest returns whose correlation is judged.")
    usual_bars: int = Field(default=240, ge=30, description="Returns before those whose correlation is the usual one.")
    max_change: float = Field(
        default=0.4, gt=0, le=2, description="Change of the correlation, up or down, from which on it is a breach."
    )
    full_change: float = Field(default=1.0, gt=0, le=2, description="Change at which nothing could be worse.")
    severity_at_limit: float = Field(
        default=0.4, ge=0, le=1, description="Severity at `max_change`; rises in a line to `full_severity`."
    )
    full_severity: float = Field(default=0.8, ge=0, le=1, description="Severity at `full_change`.")
    max_lag_bars: int = Field(
        default=1, ge=0, description="How many bars the newest bar of both may lie back: markets come one by one."
    )
    min_paired_share: float = Field(
        default=0.9, gt=0, le=1, description="Share of the bars that both markets must have."
    )


class CorrelationBreachDetector(ThreatWorker[CorrelationBreachConfig]):
    """Warns while the correlation of two markets' log returns is far from its usual value, lower or higher.

    It remembers nothing between bars.
    """

    config_model = CorrelationBreachConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a warning when the correlation has changed too much."""
        context, config = assessed.context, self.config
        returns = self._returns(context)
        if returns is None:
            return NOTHING
        own, other = returns
        recent = _correlation(own[-config.recent_bars :], other[-config.recent_bars :])
        usual = _correlation(own[: -config.recent_bars], other[: -config.recent_bars])
        change = recent - usual
        # A comparison with NaN is false: of a market that stands still there is no correlation.
        if not abs(change) >= config.max_change:
            return NOTHING
        return self.threat(
            assessed,
            threat_type="CORRELATION_BREACH",
            severity=self._severity(abs(change)),
            asset=context.symbol,
            metadata={"companion": config.companion, "correlation": recent, "usual_correlation": usual},
        )

    def _returns(self, context: TradingContext) -> tuple[FloatColumn, FloatColumn] | None:
        """Return both markets' log returns from common bar to common bar, or None when those are too few or too old."""
        config = self.config
        bars = config.recent_bars + config.usual_bars + 1
        other = _companion_of(context, config.companion)
        opened = context.opened_history[-bars - config.max_lag_bars :]
        if other is None or len(opened) < bars:
            return None
        theirs = other.opened_history
        at = np.minimum(np.searchsorted(theirs, opened), len(theirs) - 1)
        is_common = theirs[at] == opened
        if not is_common[-1 - config.max_lag_bars :].any():
            return None
        own = context.history("close", len(opened))[is_common][-bars:]
        if len(own) < config.min_paired_share * bars:
            return None
        return np.diff(np.log(own)), np.diff(np.log(other.history("close")[at[is_common]][-bars:]))

    def _severity(self, change: float) -> float:
        config = self.config
        way = config.full_change - config.max_change
        share = min((change - config.max_change) / way, 1.0) if way > 0 else 1.0
        return config.severity_at_limit + (config.full_severity - config.severity_at_limit) * share


def _companion_of(context: TradingContext, symbol: str) -> TradingContext | None:
    try:
        return context.companion(symbol)
    except KeyError as error:
        raise PluginError(
            "CorrelationBreachDetector looks at a market that the strategy does not: add it to market.companions of "
            "the blueprint, or change the companion in its config",
            companion=symbol,
        ) from error


def _correlation(first: FloatColumn, second: FloatColumn) -> float:
    """Return Pearson's correlation, or NaN when one of them does not move."""
    x, y = first - first.mean(), second - second.mean()
    size = math.sqrt(float((x * x).sum()) * float((y * y).sum()))
    return float((x * y).sum()) / size if size > 0 else float("nan")
