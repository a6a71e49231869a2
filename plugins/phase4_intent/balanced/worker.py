"""Urgency, stealth and price, weighed for everyday trades."""

from engine.sdk.plugin import (
    INTENT,
    BaseTradeIntentPlanner,
    Decimal,
    EntryPlan,
    ExecutionAction,
    ExecutionIntent,
    ExecutionRequest,
    ExitPlan,
    Field,
    Fraction,
    OrderType,
    SizePlan,
    TradeIntentConfig,
)


class BalancedIntentConfig(TradeIntentConfig):
    """The document's thresholds."""

    market_urgency: Fraction = Field(default=Decimal("0.90"), description="Urgency of a market entry.")
    normal_urgency: Fraction = Field(default=Decimal("0.50"), description="Urgency of any other entry.")
    large_urgency: Fraction = Field(
        default=Decimal("0.20"), description="Urgency of a large entry that is no market order."
    )
    large_size: Decimal = Field(default=Decimal("1.0"), gt=0, description="Base units from which on an entry is large.")
    stealth_size: Decimal = Field(default=Decimal("5.0"), gt=0, description="Base units from which on an entry hides.")
    normal_visibility: Fraction = Field(default=Decimal("0.70"), description="Visibility of an ordinary entry.")
    stealth_visibility: Fraction = Field(default=Decimal("0.10"), description="Visibility of an entry that hides.")
    scalp_margin_pct: Decimal = Field(
        default=Decimal("0.005"),
        ge=0,
        description="Way to the target, as a ratio of the entry, below which it is a scalp.",
    )
    scalp_slippage_pct: Decimal = Field(
        default=Decimal("0.0005"), ge=0, description="Slippage limit of a scalp, as a ratio."
    )
    swing_slippage_pct: Decimal = Field(
        default=Decimal("0.005"), ge=0, description="Slippage limit of any other trade."
    )
    immediate_above: Fraction = Field(default=Decimal("0.8"), description="Above this urgency it is now or not at all.")
    window_minutes: int = Field(default=30, gt=0, description="Minutes that a less urgent entry may take.")


class BalancedIntentPlanner(BaseTradeIntentPlanner[BalancedIntentConfig]):
    """Maps the traits of a trade to trade-offs that every venue understands."""

    config_model = BalancedIntentConfig

    def trade(self, request: ExecutionRequest, entry: EntryPlan, size: SizePlan, exit_: ExitPlan) -> ExecutionIntent:
        """Return the intent that the traits of the plans ask for."""
        config = self.config
        urgency = self._urgency(entry, size)
        is_immediate = urgency > config.immediate_above
        is_stealthy = size.position_size > config.stealth_size
        slippage = config.scalp_slippage_pct if self._is_scalp(entry, exit_) else config.swing_slippage_pct
        return ExecutionIntent(
            intent_id=self.tools.ids.next(INTENT),
            action=ExecutionAction.EXECUTE_TRADE,
            execution_urgency=urgency,
            visibility_preference=config.stealth_visibility if is_stealthy else config.normal_visibility,
            max_slippage_pct=self.within_limit(request, slippage),
            must_complete_immediately=is_immediate,
            max_execution_window_minutes=None if is_immediate else config.window_minutes,
        )

    def _urgency(self, entry: EntryPlan, size: SizePlan) -> Decimal:
        if entry.order_type is OrderType.MARKET:
            return self.config.market_urgency
        return self.config.large_urgency if size.position_size > self.config.large_size else self.config.normal_urgency

    def _is_scalp(self, entry: EntryPlan, exit_: ExitPlan) -> bool:
        if exit_.take_profit_price is None:
            return False
        way = (exit_.take_profit_price - entry.expected_price) * entry.direction.sign
        return way / entry.expected_price < self.config.scalp_margin_pct
