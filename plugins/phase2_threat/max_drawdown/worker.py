"""Drawdown: how far equity has fallen from its recent peak."""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from engine.sdk.plugin import (
    NOTHING,
    ONE,
    ZERO,
    AssessedContext,
    Decimal,
    Envelopes,
    Field,
    Fraction,
    Keepable,
    LedgerUpdate,
    PluginError,
    ThreatWorker,
    WorkerConfig,
    WorkerTools,
)

_NS_PER_DAY: Final = 86_400 * 1_000_000_000
_KEPT_OF_A_DAY: Final = 2
_EPOCH: Final = date(1970, 1, 1).toordinal()


class MaxDrawdownConfig(WorkerConfig):
    """How far equity may fall."""

    max_drawdown: Decimal = Field(
        default=Decimal("0.10"),
        gt=0,
        lt=1,
        description="Largest fall of equity from its peak that is allowed (0.1 = 10 %).",
    )
    warn_from: Fraction = Field(default=Decimal("0.8"), description="Share of it from which on this worker warns.")
    lookback_days: int = Field(
        default=7,
        ge=1,
        description="UTC days back to which a peak counts; an older one is forgotten, and trading goes on.",
    )


class MaxDrawdownMonitor(ThreatWorker[MaxDrawdownConfig]):
    """Warns while equity is far below its peak of the last days; severity is the share of the allowed fall that is used up.

    It keeps the peaks: a restart forgives no drawdown.
    """

    config_model = MaxDrawdownConfig

    def __init__(self, config: MaxDrawdownConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None or tools.state is None:
            raise PluginError(
                "MaxDrawdownMonitor reads the ledger and keeps a state: its manifest asks for ledger_reading and state"
            )
        self._ledger = tools.ledger
        self._state = tools.state
        self._kept: Mapping[str, Keepable] | None = None
        self._is_exposed = True  # until the first look: a session may start with open positions
        self._drawdown = ZERO
        self._peaks: deque[tuple[int, Decimal]] = deque()
        """Highest equity of each day, of those days alone that no later day has overtaken: the first is the peak."""

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Look again while the market moves our equity or a new day begins, and warn."""
        # The same as `timestamp.toordinal()`, without making one at every bar.
        today = assessed.context.closed_ns // _NS_PER_DAY + _EPOCH
        is_exposed = bool(self._ledger.get_open_positions())
        if is_exposed or self._is_exposed or today != self._peaks[-1][0]:
            self._look(today)
        self._is_exposed = is_exposed
        return self._warning(assessed)

    def on_ledger_update(self, update: LedgerUpdate) -> Envelopes:
        """Look again because the books changed, and warn."""
        self._look(update.timestamp.toordinal())
        return self._warning(update)

    def _look(self, today: int) -> None:
        self._take_over()
        equity = self._ledger.get_account().equity
        while self._peaks and self._peaks[-1][1] <= equity:
            self._peaks.pop()
        if not self._peaks or self._peaks[-1][0] != today:
            self._peaks.append((today, equity))
        while self._peaks[0][0] <= today - self.config.lookback_days:
            self._peaks.popleft()
        self._keep()
        peak = self._peaks[0][1]
        self._drawdown = ONE - equity / peak if peak > 0 else ONE

    def _take_over(self) -> None:
        """Add the peaks of the session before, as soon as they are handed over.

        None is higher than the highest worth that the books know: that was another account's.
        """
        kept = self._state.load()
        if kept is None or kept is self._kept:
            return
        self._kept = kept
        highest, peaks = self._ledger.get_peak_equity(), [*self._peaks]
        days = kept.get("peaks")
        peaks.extend(
            (int(str(day[0])), min(Decimal(str(day[1])), highest))
            for day in (days if isinstance(days, Sequence) else ())
            if isinstance(day, Sequence) and len(day) == _KEPT_OF_A_DAY
        )
        self._peaks.clear()
        for peak in sorted(peaks):
            while self._peaks and (self._peaks[-1][1] <= peak[1] or self._peaks[-1][0] == peak[0]):
                self._peaks.pop()
            self._peaks.append(peak)

    def _keep(self) -> None:
        self._state.save({"peaks": [[day, str(equity)] for day, equity in self._peaks]})
        self._kept = self._state.load()

    def _warning(self, cause: AssessedContext | LedgerUpdate) -> Envelopes:
        limit = self.config.max_drawdown
        if self._drawdown < limit * self.config.warn_from:
            return NOTHING
        return self.threat(
            cause,
            threat_type="MAX_DRAWDOWN_BREACH" if self._drawdown >= limit else "DRAWDOWN_WARNING",
            severity=self._drawdown / limit,
            metadata={"current_dd": float(self._drawdown), "max_allowed": float(limit)},
        )
