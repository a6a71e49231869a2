"""Flash crashes: a fall that is too fast to be a trend."""

from engine.sdk.indicators import rolling_max
from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    BoolColumn,
    Envelopes,
    Field,
    RecordedColumns,
    ThreatWorker,
    WorkerConfig,
)


class FlashCrashConfig(WorkerConfig):
    """How deep a fall over how many bars is a crash."""

    window: int = Field(default=10, ge=2, description="Bars over which the fall is measured.")
    drop_pct: float = Field(
        default=0.04, gt=0, lt=1, description="Fall from the highest close that is a crash (0.04 = 4 %)."
    )
    full_drop_pct: float = Field(default=0.06, gt=0, lt=1, description="Fall at which the severity is 1.")
    severity_at_drop: float = Field(
        default=0.8, ge=0, le=1, description="Severity at `drop_pct`; rises in a line to 1."
    )


class FlashCrashDetector(ThreatWorker[FlashCrashConfig]):
    """Warns while the close is far below the highest close of the last bars. It remembers nothing."""

    config_model = FlashCrashConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a warning when the fall is deep enough."""
        context = assessed.context
        drop = 1.0 - context.close / max(context.history("close", self.config.window).tolist())
        if drop < self.config.drop_pct:
            return NOTHING
        return self.threat(
            assessed,
            threat_type="FLASH_CRASH",
            severity=self._severity(drop),
            asset=context.symbol,
            metadata={"drop_pct": drop, "window": self.config.window},
        )

    def candidates(self, recorded: RecordedColumns) -> BoolColumn:
        """Return the bars that close so far below."""
        close = recorded.column("close")
        return 1.0 - close / rolling_max(close, self.config.window) >= self.config.drop_pct

    def _severity(self, drop: float) -> float:
        config = self.config
        way = config.full_drop_pct - config.drop_pct
        return (
            1.0
            if way <= 0
            else config.severity_at_drop + (1.0 - config.severity_at_drop) * (drop - config.drop_pct) / way
        )
