"""Stale data: bars that are missing, that come late, or that repeat one price."""

from collections import deque
from itertools import pairwise

import numpy as np

from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    Envelopes,
    Field,
    ThreatWorker,
    TradingContext,
    WorkerConfig,
    WorkerTools,
)


class StaleDataConfig(WorkerConfig):
    """When data is too old to trade on. All lengths are in bars of the strategy's timeframe."""

    max_missing_bars: int = Field(default=2, ge=0, description="Bars in a row that may be missing.")
    full_missing_bars: int = Field(default=30, ge=1, description="Missing bars at which nothing could be worse.")
    recovery_bars: int = Field(default=3, ge=1, description="Bars that must come in order before a gap is forgotten.")
    max_unchanged_bars: int = Field(default=10, ge=1, description="Bars in a row, without a range, at one price.")
    full_unchanged_bars: int = Field(default=40, ge=1, description="Unchanged bars at which nothing could be worse.")
    max_late_bars: float = Field(default=2.0, gt=0, description="How late a bar may come after its close, in bars.")
    full_late_bars: float = Field(default=10.0, gt=0, description="Lateness at which nothing could be worse, in bars.")
    severity_at_limit: float = Field(
        default=0.4, ge=0, le=1, description="Severity just beyond a limit; rises in a line to `full_severity`."
    )
    full_severity: float = Field(default=0.8, ge=0, le=1, description="Severity when nothing could be worse.")


class StaleDataDetector(ThreatWorker[StaleDataConfig]):
    """Warns while the market's data cannot be trusted to be the market.

    It speaks when a bar comes. That no bar comes at all is the session's business, which has a clock.
    """

    config_model = StaleDataConfig

    def __init__(self, config: StaleDataConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._opened: deque[int] = deque(maxlen=config.recovery_bars + 1)
        """When the newest bars opened, UTC nanoseconds."""

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a warning when bars are missing, late or unchanged beyond their limit."""
        context, config = assessed.context, self.config
        length_ns = context.closed_ns - context.opened_ns
        missing = self._missing_bars(context, length_ns)
        unchanged = self._unchanged_bars(context)
        late = max((self.tools.clock.now_ns() - context.closed_ns) / length_ns, 0.0)
        severity = max(
            self._severity(missing, config.max_missing_bars, config.full_missing_bars),
            self._severity(unchanged, config.max_unchanged_bars, config.full_unchanged_bars),
            self._severity(late, config.max_late_bars, config.full_late_bars),
        )
        if severity < 0.0:
            return NOTHING
        return self.threat(
            assessed,
            threat_type="STALE_DATA",
            severity=severity,
            asset=context.symbol,
            metadata={"missing_bars": missing, "unchanged_bars": unchanged, "late_bars": late},
        )

    def _missing_bars(self, context: TradingContext, length_ns: int) -> int:
        """Return the largest number of bars in a row that are missing among the newest ones."""
        opened = self._opened
        if opened:
            opened.append(context.opened_ns)
        else:
            opened.extend(context.opened_history.tolist())
        if opened[-1] - opened[0] == (len(opened) - 1) * length_ns:
            return 0
        return max(after - before for before, after in pairwise(opened)) // length_ns - 1

    def _unchanged_bars(self, context: TradingContext) -> int:
        """Return how many of the newest bars stood at this close; counted up to what is fully bad, and one more."""
        # Nearly every bar has a range: then there is nothing to count.
        if context.high != context.low:
            return 0
        bars = max(self.config.full_unchanged_bars, self.config.max_unchanged_bars) + 1
        moved = (context.history("high", bars) != context.close) | (context.history("low", bars) != context.close)
        at = np.flatnonzero(moved)
        return len(moved) - 1 - int(at[-1]) if len(at) else len(moved)

    def _severity(self, value: float, limit: float, full: float) -> float:
        """Return the severity of a value beyond its limit; negative when it is within."""
        if value <= limit:
            return -1.0
        config, way = self.config, full - limit
        share = min((value - limit) / way, 1.0) if way > 0 else 1.0
        return config.severity_at_limit + (config.full_severity - config.severity_at_limit) * share
