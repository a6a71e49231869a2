"""Drawdown: how far equity has fallen from its peak."""

from engine.sdk.plugin import (
    NOTHING,
    ONE,
    ZERO,
    AssessedContext,
    Decimal,
    Envelopes,
    Field,
    Fraction,
    LedgerUpdate,
    PluginError,
    ThreatWorker,
    WorkerConfig,
    WorkerTools,
)


class MaxDrawdownConfig(WorkerConfig):
    """How far equity may fall."""

    max_drawdown: Decimal = Field(
        default=Decimal("0.10"),
        gt=0,
        lt=1,
        description="Largest fall of equity from its peak that is allowed (0.1 = 10 %).",
    )
    warn_from: Fraction = Field(default=Decimal("0.8"), description="Share of it from which on this worker warns.")


class MaxDrawdownMonitor(ThreatWorker[MaxDrawdownConfig]):
    """Warns while equity is far below its peak; the severity is the share of the allowed drawdown that is used up."""

    config_model = MaxDrawdownConfig

    def __init__(self, config: MaxDrawdownConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None:
            raise PluginError("MaxDrawdownMonitor reads the ledger: its manifest asks for ledger_reading")
        self._ledger = tools.ledger
        self._is_exposed = True  # until the first look: a session may start with open positions
        self._drawdown = ZERO

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Look again while the market moves our equity, and warn."""
        is_exposed = bool(self._ledger.get_open_positions())
        if is_exposed or self._is_exposed:
            self._look()
        self._is_exposed = is_exposed
        return self._warning(assessed)

    def on_ledger_update(self, update: LedgerUpdate) -> Envelopes:
        """Look again because the books changed, and warn."""
        self._look()
        return self._warning(update)

    def _look(self) -> None:
        equity, peak = self._ledger.get_account().equity, self._ledger.get_peak_equity()
        self._drawdown = ONE - equity / peak if peak > 0 else ONE

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
