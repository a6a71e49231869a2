"""Momentum, weighed against its dangers: the document's confrontation matrix."""

from engine.sdk.plugin import (
    NOTHING,
    BaseStrategyPlanner,
    Cooldown,
    CooldownTerms,
    Decimal,
    Envelopes,
    MomentumRule,
    MomentumTerms,
    PluginError,
    RiskControlRule,
    RiskControlTerms,
    SWOTInputs,
    WorkerTools,
)


class AdaptiveMomentumConfig(MomentumTerms, RiskControlTerms, CooldownTerms):
    """How the four quadrants weigh, and what this strategy allows itself."""


class AdaptiveMomentumPlanner(BaseStrategyPlanner[AdaptiveMomentumConfig]):
    """Opens a trade when strength and opportunity outweigh threat and weakness; closes everything in an emergency."""

    config_model = AdaptiveMomentumConfig

    def __init__(self, config: AdaptiveMomentumConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None or tools.state is None:
            raise PluginError(
                "AdaptiveMomentumPlanner reads the ledger and keeps a state: its manifest asks for ledger_reading and state"
            )
        self._risk_control = RiskControlRule(
            config, strategy_id=tools.strategy_id, ledger=tools.ledger, cooldown=Cooldown(config, tools.state)
        )
        self._momentum = MomentumRule(config, strategy_id=tools.strategy_id, market=tools.market, ledger=tools.ledger)

    def confront(self, swot: SWOTInputs) -> Envelopes:
        """Decide: emergency exit, new trade, or a refusal with its numbers."""
        now = self.tools.clock.now()
        exits = self._risk_control.decide(swot.threat, now)
        if exits is not None:
            return self.answer(swot, exits)
        if swot.opportunity is None:
            return NOTHING
        return self.answer(swot, self._risk_control.refusal(swot.threat, now) or self._momentum.decide(swot))

    def confidence(self, swot: SWOTInputs) -> Decimal:
        """Return the document's formula, divided by the weights that can raise it, and held between 0 and 1."""
        return self._momentum.confidence(swot)
