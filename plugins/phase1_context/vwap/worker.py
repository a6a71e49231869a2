"""Volume-weighted average price of the day and of the last bars."""

from collections.abc import Sequence

from engine.sdk.indicators import RollingVWAP, SessionVWAP
from engine.sdk.plugin import ContextWorker, Field, TradingContext, WorkerConfig, WorkerTools


class VWAPDetectorConfig(WorkerConfig):
    """How long the rolling average looks back."""

    periods: int = Field(default=60, ge=1, description="Bars of the rolling average.")


class VWAPDetector(ContextWorker[VWAPDetectorConfig]):
    """Writes the columns `vwap` (since midnight UTC) and `vwap_N`."""

    config_model = VWAPDetectorConfig

    def __init__(self, config: VWAPDetectorConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._of_day = SessionVWAP()
        self._rolling = RollingVWAP(config.periods)

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return the average of the day so far, and that of the last bars."""
        bar = context.high, context.low, context.close, context.volume
        return self._of_day.update(context.opened_ns, *bar), self._rolling.update(*bar)
