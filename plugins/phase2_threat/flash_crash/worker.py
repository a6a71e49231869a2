"""Flash crashes: a fall that is too fast to be a trend."""

from engine.sdk.indicators import RollingMax
from engine.sdk.plugin import NOTHING, AssessedContext, Envelopes, Field, ThreatWorker, WorkerConfig, WorkerTools


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
    """Warns while the close is far below the highest close of the last bars."""

    config_model = FlashCrashConfig

    def __init__(self, config: FlashCrashConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._highest_close = RollingMax(config.window)

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a warning when the fall is deep enough."""
        close = assessed.context.close
        drop = 1.0 - close / self._highest_close.update(close)
        if drop < self.config.drop_pct:
            return NOTHING
        return self.threat(
            assessed,
            threat_type="FLASH_CRASH",
            severity=self._severity(drop),
            asset=assessed.context.symbol,
            metadata={"drop_pct": drop, "window": self.config.window},
        )

    def _severity(self, drop: float) -> float:
        config = self.config
        way = config.full_drop_pct - config.drop_pct
        return (
            1.0
            if way <= 0
            else config.severity_at_drop + (1.0 - config.severity_at_drop) * (drop - config.drop_pct) / way
        )
