"""Entries, trailing stop and risk control in one strategy."""

from engine.sdk.plugin import (
    NOTHING,
    BaseStrategyPlanner,
    Cooldown,
    CooldownTerms,
    Decision,
    Envelopes,
    Field,
    MomentumRule,
    MomentumTerms,
    PluginError,
    PositionUpdate,
    RiskControlRule,
    RiskControlTerms,
    Situation,
    TradingContext,
    TrailingRule,
    TrailingTerms,
    WorkerTools,
    average_true_range,
)


class ComposedConfig(CooldownTerms):
    """The parts, each set by itself; null leaves one out."""

    risk_control: RiskControlTerms | None = Field(
        default=RiskControlTerms(), description="Closes everything in an emergency: the settings of RiskControlPlanner."
    )
    trailing: TrailingTerms | None = Field(
        default=TrailingTerms(), description="Lets stops follow the price: the settings of TrailingStopPlanner."
    )
    entries: MomentumTerms | None = Field(
        default=MomentumTerms(), description="Opens trades: the settings of AdaptiveMomentumPlanner."
    )


class ComposedPlanner(BaseStrategyPlanner[ComposedConfig]):
    """Asks its parts in order of urgency, and decides once per flow: out, then protect, then in."""

    config_model = ComposedConfig

    def __init__(self, config: ComposedConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        ledger, strategy = tools.ledger, tools.strategy_id
        if ledger is None or tools.context is None or tools.state is None:
            raise PluginError(
                "ComposedPlanner reads ledger and bars and keeps a state: "
                "its manifest asks for ledger_reading, context_reading and state"
            )
        self._context = tools.context
        self._risk_control = self._trailing = self._momentum = None
        if config.risk_control is not None:
            self._risk_control = RiskControlRule(
                config.risk_control, strategy_id=strategy, ledger=ledger, cooldown=Cooldown(config, tools.state)
            )
        if config.trailing is not None:
            self._trailing = TrailingRule(config.trailing, strategy_id=strategy, market=tools.market, ledger=ledger)
        if config.entries is not None:
            self._momentum = MomentumRule(config.entries, strategy_id=strategy, market=tools.market, ledger=ledger)

    def on_situation(self, situation: Situation) -> Envelopes:
        """Decide on a bar, or on a threat between two bars."""
        exits = self._exits(situation)
        if exits is not None:
            return self.answer(situation, exits)
        assessed = situation.assessed
        if assessed is None:
            return NOTHING
        move = self._move(assessed.context)
        if move is not None:
            return self.answer(situation, move)
        return self.answer(situation, self._entry(situation)) if situation.opportunities else NOTHING

    def on_position_update(self, update: PositionUpdate) -> Envelopes:
        """Let stops follow as soon as a fill has changed a position."""
        context = self._context()
        return NOTHING if context is None else self.answer(update, self._move(context))

    def _exits(self, situation: Situation) -> Decision | None:
        if self._risk_control is None or situation.threat is None:
            return None
        return self._risk_control.decide(situation.threat, self.tools.clock.now())

    def _move(self, context: TradingContext) -> Decision | None:
        trailing = self._trailing
        if trailing is None or not trailing.holds:
            return None
        periods = trailing.atr_periods
        tick_size = self.tools.market.instrument(context.symbol).tick_size
        atr = None if periods is None else average_true_range(context, periods, tick_size=tick_size)
        return trailing.decide(atr)

    def _entry(self, situation: Situation) -> Decision | None:
        swot = situation.swot
        if self._momentum is None or swot is None:
            return None
        now, guard = self.tools.clock.now(), self._risk_control
        refusal = guard.refusal(swot.threat, now) if guard is not None else None
        return refusal or self._momentum.decide(swot)
