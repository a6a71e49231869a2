"""Long after a cross upwards, flat after one downwards."""

from engine.sdk.plugin import (
    NOTHING,
    ONE,
    BaseStrategyPlanner,
    Decimal,
    Direction,
    EntryDirective,
    Envelopes,
    ExecutionIntentDirective,
    ExitDirective,
    Field,
    OpportunitySignal,
    PluginError,
    SizeDirective,
    SWOTInputs,
    WorkerConfig,
    WorkerTools,
)


class LongOrFlatConfig(WorkerConfig):
    """The limits of one trade."""

    signal_type: str = Field(default="ema_cross", description="The signals that it trades.")
    account_risk_pct: Decimal = Field(default=Decimal("0.02"), gt=0, lt=1, description="Most that a trade may lose.")
    stop_loss_tolerance: Decimal = Field(default=Decimal("0.02"), gt=0, lt=1, description="Largest distance to a stop.")
    max_total_slippage_pct: Decimal = Field(default=Decimal("0.01"), ge=0, lt=1, description="Largest slippage.")


class LongOrFlatPlanner(BaseStrategyPlanner[LongOrFlatConfig]):
    """Buys on a BUY signal while it is flat, and closes what it holds on a SELL signal."""

    config_model = LongOrFlatConfig

    def __init__(self, config: LongOrFlatConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None:
            raise PluginError("LongOrFlatPlanner reads the ledger: its manifest asks for ledger_reading")
        self._ledger = tools.ledger

    def confront(self, swot: SWOTInputs) -> Envelopes:
        """Open, close, or do nothing."""
        signal = next((one for one in swot.opportunities if one.signal_type == self.config.signal_type), None)
        if signal is None:
            return NOTHING
        trades = self._ledger.get_open_trades(self.tools.strategy_id)
        if signal.direction is Direction.BUY:
            return NOTHING if trades else self._buy(swot, signal)
        if not trades:
            return NOTHING
        return self.close_existing(
            swot,
            confidence=signal.confidence,
            trades=[trade.trade_id for trade in trades],
            execution_intent=ExecutionIntentDirective(
                execution_urgency=ONE, max_total_slippage_pct=self.config.max_total_slippage_pct
            ),
            rationale="the averages crossed downwards",
        )

    def _buy(self, swot: SWOTInputs, signal: OpportunitySignal) -> Envelopes:
        config = self.config
        return self.new_trade(
            swot,
            confidence=signal.confidence,
            entry=EntryDirective(
                symbol=signal.asset,
                direction=Direction.BUY,
                timing_preference=ONE,
                reference_price=self.tools.market.last_price(signal.asset),
            ),
            size=SizeDirective(aggressiveness=ONE, account_risk_pct=config.account_risk_pct),
            exit_=ExitDirective(
                profit_taking_preference=ONE,
                stop_loss_tolerance=config.stop_loss_tolerance,
                invalidation_price=signal.invalidation_price,
            ),
            execution_intent=ExecutionIntentDirective(
                execution_urgency=ONE, max_total_slippage_pct=config.max_total_slippage_pct
            ),
            rationale="the averages crossed upwards",
        )
