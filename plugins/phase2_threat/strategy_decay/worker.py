"""Strategy decay: the last closed trades no longer earn what a sound strategy earns."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

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
    TradeStatus,
    WorkerConfig,
    WorkerTools,
)


class StrategyDecayConfig(WorkerConfig):
    """Which trades are judged, and what they must earn."""

    trades: int = Field(default=20, ge=2, description="Newest closed trades of this strategy that are judged.")
    min_trades: int = Field(default=10, ge=1, description="Fewer trades than this prove nothing.")
    forget_days: int = Field(
        default=14, ge=1, description="Days after which a closed trade no longer counts, so that a pause can end."
    )
    min_profit_factor: Decimal = Field(
        default=Decimal("0.7"), gt=0, description="Gross profit over gross loss below which this worker warns."
    )
    worst_profit_factor: Decimal = Field(
        default=Decimal("0.2"), ge=0, description="Profit factor at which that part is at its worst."
    )
    min_expectancy: Decimal = Field(
        default=Decimal("-0.002"),
        description="Mean result per trade, as a ratio of the entry's value (-0.002 = -0.2 %), below which it warns.",
    )
    worst_expectancy: Decimal = Field(
        default=Decimal("-0.01"), description="Expectancy at which that part is at its worst, same unit."
    )
    severity_at_limit: Fraction = Field(
        default=Decimal("0.3"), description="Severity at a floor; rises in a line to `full_severity`."
    )
    full_severity: Fraction = Field(default=Decimal("0.8"), description="Severity when nothing could be worse.")


@dataclass(frozen=True, slots=True)
class _Record:
    """What the judged trades have earned, after fees."""

    trades: int
    profit_factor: Decimal | None
    """Gross profit over gross loss; None without a loss."""
    expectancy: Decimal
    """Mean result as a ratio of the entry's value."""


class StrategyDecayMonitor(ThreatWorker[StrategyDecayConfig]):
    """Warns while this strategy's last closed trades earn less than a floor; the books are its only memory."""

    config_model = StrategyDecayConfig

    def __init__(self, config: StrategyDecayConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None:
            raise PluginError("StrategyDecayMonitor reads the ledger: its manifest asks for ledger_reading")
        self._ledger = tools.ledger
        self._record: _Record | None = None
        self._looked_on: date | None = None

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Warn again beside each bar, so that decisions weigh it; a new day may have forgotten a trade."""
        now = assessed.context.timestamp
        if now.date() != self._looked_on:
            self._look(now)
        return self._warning(assessed)

    def on_ledger_update(self, update: LedgerUpdate) -> Envelopes:
        """Judge the record anew when one of our trades has closed, and warn."""
        trade = update.trade
        if trade is None or trade.status is not TradeStatus.CLOSED or trade.strategy_id != self.tools.strategy_id:
            return NOTHING
        self._look(update.timestamp)
        return self._warning(update)

    def _look(self, now: datetime) -> None:
        config = self.config
        self._looked_on = now.date()
        oldest = now - timedelta(days=config.forget_days)
        results: list[tuple[Decimal, Decimal]] = []
        for trade in self._ledger.get_closed_trades(self.tools.strategy_id, newest=config.trades):
            pnl = trade.realised_pnl
            if pnl is not None and trade.entry_value > 0 and trade.closed_at is not None and trade.closed_at > oldest:
                results.append((pnl, pnl / trade.entry_value))
        self._record = _record_of(results) if len(results) >= config.min_trades else None

    def _warning(self, cause: AssessedContext | LedgerUpdate) -> Envelopes:
        record, config = self._record, self.config
        if record is None:
            return NOTHING
        badness = _badness(record.expectancy, config.min_expectancy, config.worst_expectancy)
        if record.profit_factor is not None:
            of_factor = _badness(record.profit_factor, config.min_profit_factor, config.worst_profit_factor)
            badness = max(badness, of_factor)
        if badness < 0:
            return NOTHING
        facts: dict[str, int | float] = {"trades": record.trades, "expectancy": float(record.expectancy)}
        if record.profit_factor is not None:
            facts["profit_factor"] = float(record.profit_factor)
        return self.threat(
            cause,
            threat_type="STRATEGY_DECAY",
            severity=config.severity_at_limit + (config.full_severity - config.severity_at_limit) * badness,
            metadata=facts,
        )


def _record_of(results: list[tuple[Decimal, Decimal]]) -> _Record:
    profit = sum((pnl for pnl, _ in results if pnl > 0), ZERO)
    loss = -sum((pnl for pnl, _ in results if pnl < 0), ZERO)
    return _Record(
        trades=len(results),
        profit_factor=profit / loss if loss else None,
        expectancy=sum((ratio for _, ratio in results), ZERO) / len(results),
    )


def _badness(value: Decimal, floor: Decimal, worst: Decimal) -> Decimal:
    """Return how far a value is below its floor: 0 just below it, 1 at the worst and beyond; -1 when it is not below."""
    if value >= floor:
        return -ONE
    way = floor - worst
    return min((floor - value) / way, ONE) if way > 0 else ONE
