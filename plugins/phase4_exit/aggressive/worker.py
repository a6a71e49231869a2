"""A far target, for trades that the planner is sure of."""

from engine.sdk.plugin import (
    EXIT,
    BaseExitPlanner,
    Decimal,
    ExitPlan,
    Field,
    PlanError,
    StrategyDirective,
    WorkerConfig,
    planned_stop_price,
    target_at,
)


class AggressiveExitConfig(WorkerConfig):
    """How much a win must bring for what a loss costs."""

    reward_risk: Decimal = Field(
        default=Decimal(3), gt=0, description="Distance to the target over distance to the stop."
    )


class AggressiveExitPlanner(BaseExitPlanner[AggressiveExitConfig]):
    """Puts the stop where the idea is wrong, and the target at three times that distance."""

    config_model = AggressiveExitConfig

    def plan(self, directive: StrategyDirective) -> ExitPlan:
        """Return stop and target."""
        if directive.entry_directive is None:
            raise PlanError("a new trade needs an entry directive", directive=directive.directive_id)
        market = self.tools.market.instrument(directive.entry_directive.symbol)
        stop = planned_stop_price(directive, market)
        target = target_at(directive, market, stop=stop, reward_risk=self.config.reward_risk)
        return ExitPlan(plan_id=self.tools.ids.next(EXIT), stop_loss_price=stop, take_profit_price=target)
