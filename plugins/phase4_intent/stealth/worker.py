"""Seen by few: for orders that others would trade against."""

from engine.sdk.plugin import (
    INTENT,
    BaseTradeIntentPlanner,
    Decimal,
    EntryPlan,
    ExecutionAction,
    ExecutionIntent,
    ExecutionRequest,
    ExecutionStyle,
    ExitPlan,
    Field,
    Fraction,
    SizePlan,
    TradeIntentConfig,
)


class StealthConfig(TradeIntentConfig):
    """The document's numbers."""

    visibility: Fraction = Field(
        default=Decimal("0.1"), lt=Decimal("0.3"), description="Visibility; translators hide below 0.3."
    )
    urgency: Decimal = Field(
        default=Decimal("0.4"), ge=0, le=Decimal("0.8"), description="Urgency; above 0.8 nothing can hide."
    )
    window_minutes: int = Field(default=60, gt=0, description="Minutes that the order may take.")
    max_slippage_pct: Decimal = Field(
        default=Decimal("0.005"), ge=0, lt=1, description="Slippage limit, as a ratio of the price (0.005 = 0.5 %)."
    )


class StealthIntentPlanner(BaseTradeIntentPlanner[StealthConfig]):
    """Hides as much of the order as the venue allows, and takes its time."""

    config_model = StealthConfig

    def trade(self, request: ExecutionRequest, entry: EntryPlan, size: SizePlan, exit_: ExitPlan) -> ExecutionIntent:  # noqa: ARG002  # as the base says it
        """Return the same trade-offs for every trade that it is asked about."""
        config = self.config
        return ExecutionIntent(
            intent_id=self.tools.ids.next(INTENT),
            action=ExecutionAction.EXECUTE_TRADE,
            execution_urgency=config.urgency,
            visibility_preference=config.visibility,
            max_slippage_pct=self.within_limit(request, config.max_slippage_pct),
            max_execution_window_minutes=config.window_minutes,
            preferred_execution_style=ExecutionStyle.ICEBERG,
        )
