"""The same share of equity at risk in every trade."""

from engine.sdk.plugin import BaseRiskSizer, Decimal, Field, RiskSizeConfig, StrategyDirective


class FixedRiskConfig(RiskSizeConfig):
    """How much a trade may lose."""

    risk_pct: Decimal = Field(
        default=Decimal("0.01"), gt=0, lt=1, description="Loss at the stop, as a ratio of equity (0.01 = 1 %)."
    )


class FixedRiskSizer(BaseRiskSizer[FixedRiskConfig]):
    """Buys as much as loses `risk_pct` of equity when the stop is hit, fees of both sides included."""

    config_model = FixedRiskConfig

    def risk_pct(self, directive: StrategyDirective) -> Decimal:  # noqa: ARG002
        """Return the same share for every trade."""
        return self.config.risk_pct
