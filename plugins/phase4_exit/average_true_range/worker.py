"""A stop beyond the noise of the last bars."""

from engine.sdk.plugin import (
    EXIT,
    BaseExitPlanner,
    Decimal,
    ExitPlan,
    Field,
    PlanError,
    PluginError,
    StrategyDirective,
    WorkerConfig,
    WorkerTools,
    average_true_range,
    stop_within_plan,
    target_at,
)


class ATRExitConfig(WorkerConfig):
    """How much noise a trade must survive, and what it is to bring."""

    atr_multiple: Decimal = Field(default=Decimal(2), gt=0, description="Distance to the stop in average true ranges.")
    atr_periods: int = Field(default=14, ge=2, description="Bars of the average true range.")
    reward_risk: Decimal = Field(
        default=Decimal(2), gt=0, description="Distance to the target over distance to the stop."
    )


class ATRExitPlanner(BaseExitPlanner[ATRExitConfig]):
    """Puts the stop some average true ranges away from the last price, never farther than the size was made for."""

    config_model = ATRExitConfig

    def __init__(self, config: ATRExitConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.context is None:
            raise PluginError("ATRExitPlanner reads the last bars: its manifest asks for context_reading")
        self._context = tools.context

    def plan(self, directive: StrategyDirective) -> ExitPlan:
        """Return stop and target.

        Raises:
            PlanError: there are too few bars, or the last ones did not move at all.
        """
        entry, context = directive.entry_directive, self._context()
        if entry is None:
            raise PlanError("a new trade needs an entry directive", directive=directive.directive_id)
        market = self.tools.market.instrument(entry.symbol)
        periods = self.config.atr_periods
        atr = None if context is None else average_true_range(context, periods, tick_size=market.tick_size)
        if atr is None:
            raise PlanError("the average true range is not known yet", bars_needed=periods + 1)
        wished = entry.reference_price - entry.direction.sign * atr * self.config.atr_multiple
        stop = stop_within_plan(directive, market, wished)
        target = target_at(directive, market, stop=stop, reward_risk=self.config.reward_risk)
        return ExitPlan(plan_id=self.tools.ids.next(EXIT), stop_loss_price=stop, take_profit_price=target)
