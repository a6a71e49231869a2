"""A target at a fixed multiple of the risk."""

from engine.sdk.plugin import (
    EXIT,
    BaseExitPlanner,
    Decimal,
    Direction,
    ExitPlan,
    Field,
    PlanError,
    StrategyDirective,
    WorkerConfig,
    planned_stop_price,
    round_down_to_step,
    round_up_to_step,
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
        away_from_entry = round_up_to_step if entry.direction is Direction.BUY else round_down_to_step
        distance = (entry.reference_price - stop) * self.config.reward_risk
        target = away_from_entry(entry.reference_price + distance, market.tick_size)
        if target <= 0:
            raise PlanError("the target would not be a positive price", stop_price=stop, target_price=target)
        return ExitPlan(plan_id=self.tools.ids.next(EXIT), stop_loss_price=stop, take_profit_price=target)
