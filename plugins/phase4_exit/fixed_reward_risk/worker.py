"""A target at a fixed multiple of the risk."""

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


class FixedRRConfig(WorkerConfig):
    """How much a win must bring for what a loss costs."""

    reward_risk: Decimal = Field(
        default=Decimal(2), gt=0, description="Distance to the target over distance to the stop."
    )


class FixedRRExitPlanner(BaseExitPlanner[FixedRRConfig]):
    """Puts the stop where the idea is wrong, and the target at `reward_risk` times that distance."""

    config_model = FixedRRConfig

    def plan(self, directive: StrategyDirective) -> ExitPlan:
        """Return stop and target; the target is rounded to the tick away from the entry.

        Raises:
            PlanError: the target would not be a positive price.
        """
        entry = directive.entry_directive
        if entry is None:
            raise PlanError("a new trade needs an entry directive", directive=directive.directive_id)
        market = self.tools.market.instrument(entry.symbol)
        stop = planned_stop_price(directive, market)
        target = target_at(directive, market, stop=stop, reward_risk=self.config.reward_risk)
        return ExitPlan(plan_id=self.tools.ids.next(EXIT), stop_loss_price=stop, take_profit_price=target)
