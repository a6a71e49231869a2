"""Closes everything of its strategy when a threat is severe enough, and does nothing else."""

from engine.sdk.plugin import (
    BaseStrategyPlanner,
    Envelopes,
    PluginError,
    RiskControlRule,
    RiskControlTerms,
    SWOTInputs,
    WorkerTools,
)


class RiskControlConfig(RiskControlTerms):
    """From when on a threat is an emergency."""


class RiskControlPlanner(BaseStrategyPlanner[RiskControlConfig]):
    """Asks for a flatten of its strategy in an emergency; opportunities are not its business."""

    config_model = RiskControlConfig

    def __init__(self, config: RiskControlConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None:
            raise PluginError("RiskControlPlanner reads the ledger: its manifest asks for ledger_reading")
        self._risk_control = RiskControlRule(config, strategy_id=tools.strategy_id, ledger=tools.ledger)

    def confront(self, swot: SWOTInputs) -> Envelopes:
        """Close all that is open when the most severe threat is an emergency."""
        return self.answer(swot, self._risk_control.decide(swot.threat, self.tools.clock.now()))
