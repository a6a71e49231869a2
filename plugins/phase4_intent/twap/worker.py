"""In slices over time: for orders that would move the market."""

from engine.sdk.plugin import (
    INTENT,
    BaseTradeIntentPlanner,
    ChunkDistribution,
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


class TWAPConfig(TradeIntentConfig):
    """The document's numbers."""

    urgency: Fraction = Field(
        default=Decimal("0.2"), lt=Decimal("0.3"), description="Urgency; translators slice below 0.3."
    )
    visibility: Fraction = Field(default=Decimal("0.5"), description="Visibility: 0 hides, 1 shows everything.")
    chunk_count: int = Field(default=5, ge=2, description="Slices that are asked for; a hint.")
    window_minutes: int = Field(default=30, gt=0, description="Minutes over which they are spread.")
    max_slippage_pct: Decimal = Field(
        default=Decimal("0.005"), ge=0, lt=1, description="Slippage limit of each slice, as a ratio of the price."
    )


class TWAPIntentPlanner(BaseTradeIntentPlanner[TWAPConfig]):
    """Asks for slices of the order, spread evenly over a window."""

    config_model = TWAPConfig

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
            preferred_execution_style=ExecutionStyle.TWAP,
            chunk_count_hint=config.chunk_count,
            chunk_distribution=ChunkDistribution.UNIFORM,
        )
