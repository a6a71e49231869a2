"""Correlation: whether two markets still move together as they used to."""

from collections import deque
from math import log

from engine.sdk.indicators import RollingCorrelation
from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    Envelopes,
    Field,
    PairedCloses,
    ThreatWorker,
    WorkerConfig,
    WorkerTools,
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
        default=0.9, gt=0, le=1, description="Share of our bars, since the oldest return, that both markets must have."
    )


class CorrelationBreachDetector(ThreatWorker[CorrelationBreachConfig]):
    """Warns while the correlation of two markets' log returns is far from its usual value, lower or higher.

    It starts with what the rolling windows hold, and takes one return per bar from then on.
    """

    config_model = CorrelationBreachConfig

    def __init__(self, config: CorrelationBreachConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        bars = config.recent_bars + config.usual_bars + 1
        self._paired = PairedCloses(config.companion, pairs=bars, max_lag_bars=config.max_lag_bars)
        self._logs: tuple[float, float] | None = None
        self._newest: deque[tuple[float, float]] = deque()
        self._recent = RollingCorrelation(config.recent_bars)
        self._usual = RollingCorrelation(config.usual_bars)

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a warning when the correlation has changed too much."""
        context, config = assessed.context, self.config
        for own, other in self._paired.see(context):
            self._take(log(own), log(other))
        recent, usual = self._recent.value, self._usual.value
        # A comparison with NaN is false: of a market that stands still there is no correlation.
        if not abs(recent - usual) >= config.max_change or not self._paired.is_dense(config.min_paired_share):
            return NOTHING
        return self.threat(
            assessed,
            threat_type="CORRELATION_BREACH",
            severity=self._severity(abs(recent - usual)),
            asset=context.symbol,
            metadata={"companion": config.companion, "correlation": recent, "usual_correlation": usual},
        )

    def _take(self, own: float, other: float) -> None:
        before, self._logs = self._logs, (own, other)
        if before is None:
            return
        newest, step = self._newest, (own - before[0], other - before[1])
        newest.append(step)
        self._recent.update(*step)
        if len(newest) > self.config.recent_bars:
            self._usual.update(*newest.popleft())

    def _severity(self, change: float) -> float:
        config = self.config
        way = config.full_change - config.max_change
        share = min((change - config.max_change) / way, 1.0) if way > 0 else 1.0
        return config.severity_at_limit + (config.full_severity - config.severity_at_limit) * share
