"""Volume-weighted average price of the day and of the last bars."""

from collections.abc import Sequence

from engine.sdk.indicators import RollingVWAP, SessionVWAP, rolling_vwap, session_vwap
from engine.sdk.plugin import (
    ContextWorker,
    Field,
    FloatColumn,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
    WorkerTools,
)


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

    def precompute(self, recorded: RecordedColumns) -> Sequence[FloatColumn]:
        """Return the average of each day so far, and that of the last bars, over a whole recording."""
        high, low, close, volume = (recorded.column(name) for name in ("high", "low", "close", "volume"))
        of_day = session_vwap(recorded.opened_ns, high, low, close, volume)
        return of_day, rolling_vwap(high, low, close, volume, self.config.periods)
