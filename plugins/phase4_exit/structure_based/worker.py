"""A stop behind the last swing, a target where others have theirs."""

from engine.sdk.plugin import (
    EXIT,
    BaseExitPlanner,
    Decimal,
    Direction,
    EntryDirective,
    ExitPlan,
    Field,
    Instrument,
    PlanError,
    PluginError,
    StrategyDirective,
    TradingContext,
    WorkerConfig,
    WorkerTools,
    from_float,
    planned_stop_price,
    stop_within_plan,
    target_at,
)


class StructureBasedConfig(WorkerConfig):
    """How far beyond a swing, and which swing is worth going for."""

    buffer_pct: Decimal = Field(
        default=Decimal("0.0005"),
        ge=0,
        lt=1,
        description="Distance of the stop beyond the swing, as a ratio of its price (0.0005 = 0.05 %).",
    )
    lookback_bars: int = Field(default=200, ge=1, description="Bars whose swings may be the target.")
    min_reward_risk: Decimal = Field(
        default=Decimal("1.5"), gt=0, description="A swing nearer than so many times the stop's distance is no target."
    )
    open_reward_risk: Decimal = Field(
        default=Decimal(2), gt=0, description="Target over stop where no swing is left on the way."
    )


class StructureBasedExit(BaseExitPlanner[StructureBasedConfig]):
    """Stands behind the last swing low (BUY) or high (SELL), and gets out at an earlier swing on the other side."""

    config_model = StructureBasedConfig

    def __init__(self, config: StructureBasedConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.context is None:
            raise PluginError("StructureBasedExit reads the swings: its manifest asks for context_reading")
        self._context = tools.context

    def plan(self, directive: StrategyDirective) -> ExitPlan:
        """Return stop and target.

        Raises:
            PlanError: no bar has come in yet.
        """
        entry, context = directive.entry_directive, self._context()
        if entry is None or context is None:
            raise PlanError("a new trade needs an entry directive and a bar", directive=directive.directive_id)
        market = self.tools.market.instrument(entry.symbol)
        stop = self._stop(directive, entry, context, market)
        return ExitPlan(
            plan_id=self.tools.ids.next(EXIT),
            stop_loss_price=stop,
            take_profit_price=self._swing_target(entry, context, market, stop)
            or target_at(directive, market, stop=stop, reward_risk=self.config.open_reward_risk),
        )

    def _stop(
        self, directive: StrategyDirective, entry: EntryDirective, context: TradingContext, market: Instrument
    ) -> Decimal:
        """Return the price behind the last swing, or the planned stop where there is no swing to stand behind."""
        is_buy = entry.direction is Direction.BUY
        swing = context.value("swing_low" if is_buy else "swing_high")
        if swing == swing:  # noqa: PLR0124  # NaN is the only value unequal to itself
            behind = from_float(swing, market.tick_size) * (1 - entry.direction.sign * self.config.buffer_pct)
            if (entry.reference_price - behind) * entry.direction.sign > market.tick_size:
                return stop_within_plan(directive, market, behind)
        return planned_stop_price(directive, market)

    def _swing_target(
        self, entry: EntryDirective, context: TradingContext, market: Instrument, stop: Decimal
    ) -> Decimal | None:
        """Return the nearest swing on the winning side that is worth the risk, or None."""
        sign = entry.direction.sign
        column = "swing_high" if entry.direction is Direction.BUY else "swing_low"
        swings = {value for value in context.history(column, self.config.lookback_bars).tolist() if value == value}  # noqa: PLR0124  # not NaN
        least = abs(entry.reference_price - stop) * self.config.min_reward_risk
        prices = (from_float(swing, market.tick_size) for swing in swings)
        worth = [price for price in prices if (price - entry.reference_price) * sign >= least]
        return min(worth, key=lambda price: abs(price - entry.reference_price), default=None)
