"""Now, and openly: for trades that cannot wait."""

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
    SizePlan,
    TradeIntentConfig,
)


class HighUrgencyConfig(TradeIntentConfig):
    """The document's numbers."""

    urgency: Fraction = Field(
        default=Decimal("0.9"), gt=Decimal("0.8"), description="Urgency; above 0.8 is a market order."
    )
    visibility: Fraction = Field(default=Decimal("0.7"), description="Visibility: 0 hides, 1 shows everything.")
    max_slippage_pct: Decimal = Field(
        default=Decimal("0.005"), ge=0, lt=1, description="Slippage limit, as a ratio of the price (0.005 = 0.5 %)."
    )


class HighUrgencyIntentPlanner(BaseTradeIntentPlanner[HighUrgencyConfig]):
    """Takes what the market offers, up to the slippage limit, at once."""

    config_model = HighUrgencyConfig

    def trade(self, request: ExecutionRequest, entry: EntryPlan, size: SizePlan, exit_: ExitPlan) -> ExecutionIntent:  # noqa: ARG002  # as the base says it
        """Return the same trade-offs for every trade that it is asked about."""
        config = self.config
        return ExecutionIntent(
            intent_id=self.tools.ids.next(INTENT),
            action=ExecutionAction.EXECUTE_TRADE,
            execution_urgency=config.urgency,
            visibility_preference=config.visibility,
            max_slippage_pct=self.within_limit(request, config.max_slippage_pct),
            must_complete_immediately=True,
        )
