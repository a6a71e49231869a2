"""As much as the strategy's own record says is worth risking."""

from collections.abc import Sequence

from engine.sdk.plugin import ONE, ZERO, BaseRiskSizer, Decimal, Field, PlanError, RiskSizeConfig, StrategyDirective


class KellyConfig(RiskSizeConfig):
    """How far to trust the record, and what to do until there is one."""

    kelly_fraction: Decimal = Field(
        default=Decimal("0.5"),
        gt=0,
        le=1,
        description="Share of the full Kelly stake that is taken (0.5 = half Kelly).",
    )
    max_risk_pct: Decimal = Field(
        default=Decimal("0.02"),
        gt=0,
        lt=1,
        description="Most that a trade may lose, as a ratio of equity (0.02 = 2 %).",
    )
    min_trades: int = Field(default=30, ge=2, description="Closed trades below which the record proves nothing.")
    newest_trades: int = Field(default=100, ge=2, description="So many of the newest closed trades are the record.")
    base_risk_pct: Decimal = Field(
        default=Decimal("0.005"),
        gt=0,
        lt=1,
        description="Loss at the stop until there is a record, as a ratio of equity.",
    )
    floor_risk_pct: Decimal = Field(
        default=Decimal("0.001"),
        ge=0,
        lt=1,
        description="Loss at the stop when the record shows no edge, so that it can mend; 0 does not trade then.",
    )


class KellyCriterionSizer(BaseRiskSizer[KellyConfig]):
    """Risks a share of the Kelly stake, counted from this strategy's own closed trades."""

    config_model = KellyConfig

    def risk_pct(self, directive: StrategyDirective) -> Decimal:  # noqa: ARG002  # as the base says it
        """Return the share of equity to risk, between floor and cap.

        Raises:
            PlanError: the record shows no edge, and there is no floor.
        """
        config = self.config
        closed = self.ledger.get_closed_trades(self.tools.strategy_id, newest=config.newest_trades)
        results = [trade.realised_pnl for trade in closed if trade.realised_pnl is not None]
        if len(results) < config.min_trades:
            return min(config.base_risk_pct, config.max_risk_pct)
        stake = kelly_stake(results)
        share = max(stake * config.kelly_fraction, config.floor_risk_pct)
        if share <= 0:
            raise PlanError("the record shows no edge, and Kelly stakes nothing then", stake=stake, trades=len(results))
        return min(share, config.max_risk_pct)


def kelly_stake(results: Sequence[Decimal]) -> Decimal:
    """Return the full Kelly stake of a record, as a ratio of equity; zero or less when there is no edge.

    f = p - (1 - p) / b (Kelly 1956, "A New Interpretation of Information Rate"), with p the share of winners and b the
    average win over the average loss. A trade that came out even counts as no winner and loses nothing.

    Args:
        results: What each closed trade earned after fees, in quote; at least one.
    """
    wins = [result for result in results if result > 0]
    losses = [-result for result in results if result < 0]
    if not wins:
        return -ONE
    p = Decimal(len(wins)) / len(results)
    if not losses:
        return p
    b = (sum(wins, ZERO) / len(wins)) / (sum(losses, ZERO) / len(losses))
    return p - (ONE - p) / b
