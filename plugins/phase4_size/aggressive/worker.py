"""Twice the usual risk, for trades that the planner is sure of."""

from engine.sdk.plugin import BaseRiskSizer, Decimal, Field, RiskSizeConfig, StrategyDirective


class AggressiveSizeConfig(RiskSizeConfig):
    """How much a trade of great confidence may lose."""

    risk_pct: Decimal = Field(
        default=Decimal("0.02"), gt=0, lt=1, description="Loss at the stop, as a ratio of equity (0.02 = 2 %)."
    )


class AggressiveSizer(BaseRiskSizer[AggressiveSizeConfig]):
    """Buys as much as loses `risk_pct` of equity when the stop is hit. Which trades get it, the blueprint decides."""

    config_model = AggressiveSizeConfig

    def risk_pct(self, directive: StrategyDirective) -> Decimal:  # noqa: ARG002  # as the base says it
        """Return the same share for every trade that it is asked about."""
        return self.config.risk_pct
