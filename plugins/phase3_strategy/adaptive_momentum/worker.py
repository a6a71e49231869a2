"""Momentum, weighed against its dangers: the document's confrontation matrix."""

from datetime import datetime, timedelta

from engine.sdk.plugin import (
    NOTHING,
    ZERO,
    BaseStrategyPlanner,
    Decimal,
    Direction,
    EntryDirective,
    Envelopes,
    ExecutionGroup,
    ExecutionGroupStatus,
    ExecutionIntentDirective,
    ExitDirective,
    Field,
    Fraction,
    OpportunitySignal,
    OrderRole,
    PluginError,
    SizeDirective,
    SWOTInputs,
    ThreatSignal,
    Trade,
    WorkerConfig,
    WorkerTools,
    clamp,
)


class AdaptiveMomentumConfig(WorkerConfig):
    """How the four quadrants weigh, and what this strategy allows itself."""

    strength_weight: Decimal = Field(default=Decimal("0.3"), ge=0, description="Weight of the context's strength.")
    opportunity_weight: Decimal = Field(
        default=Decimal("0.5"), gt=0, description="Weight of the opportunity's confidence."
    )
    threat_weight: Decimal = Field(default=Decimal("0.2"), ge=0, description="Weight of the threat's severity; lowers.")
    weakness_weight: Decimal = Field(default=ZERO, ge=0, description="Weight of the context's weakness; lowers.")
    min_confidence: Fraction = Field(default=Decimal("0.5"), description="Below this no trade is opened.")
    max_open_trades: int = Field(default=1, ge=1, description="Trades, pending ones included, at the same time.")
    directions: tuple[Direction, ...] = Field(default=(Direction.BUY,), min_length=1, description="BUY, SELL, or both.")
    emergency_severity: Fraction = Field(
        default=Decimal("0.9"), description="Threats from this severity on close everything and block new trades."
    )
    cooldown_minutes: int = Field(default=60, ge=0, description="Minutes without new trades after an emergency.")
    aggressiveness_ratio: Fraction = Field(default=Decimal("0.8"), description="Sizing hint per unit of confidence.")
    max_risk_amount: Decimal | None = Field(
        default=None, gt=0, description="Most that a trade may lose, in quote; a hard limit."
    )
    account_risk_pct: Fraction = Field(
        default=Decimal("0.02"),
        description="Most that a trade may lose, as a ratio of equity (0.02 = 2 %); a hard limit.",
    )
    stop_loss_tolerance: Decimal = Field(
        default=Decimal("0.015"),
        gt=0,
        lt=1,
        description="Largest distance to the stop, as a ratio of the price; a hard limit.",
    )
    risk_reward_ratio: Decimal | None = Field(
        default=None, gt=0, description="Hint: distance to target over distance to stop."
    )
    profit_taking_preference: Fraction = Field(default=Decimal("0.5"), description="Hint: 0 lets run, 1 takes early.")
    max_total_slippage_pct: Decimal = Field(
        default=Decimal("0.002"),
        ge=0,
        lt=1,
        description="Largest slippage of an entry, as a ratio of the price; a hard limit.",
    )
    emergency_slippage_pct: Decimal = Field(
        default=Decimal("0.05"),
        ge=0,
        lt=1,
        description="Largest slippage of an emergency exit, as a ratio of the price.",
    )


class AdaptiveMomentumPlanner(BaseStrategyPlanner[AdaptiveMomentumConfig]):
    """Opens a trade when strength and opportunity outweigh threat and weakness; closes everything in an emergency."""

    config_model = AdaptiveMomentumConfig

    def __init__(self, config: AdaptiveMomentumConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None:
            raise PluginError("AdaptiveMomentumPlanner reads the ledger: its manifest asks for ledger_reading")
        self._ledger = tools.ledger
        self._calm_from: datetime | None = None

    def confront(self, swot: SWOTInputs) -> Envelopes:
        """Decide: emergency exit, new trade, or a refusal with its numbers."""
        threat, opportunity = swot.threat, swot.opportunity
        if threat is not None and threat.severity >= self.config.emergency_severity:
            self._calm_from = self.tools.clock.now() + timedelta(minutes=self.config.cooldown_minutes)
            exits = self._emergency_exit(swot, threat)
            if exits is not NOTHING or opportunity is None:
                return exits
        if opportunity is None:
            return NOTHING
        return self._refusal(opportunity, threat) or self._trade(swot, opportunity)

    def confidence(self, swot: SWOTInputs) -> Decimal:
        """Return the document's formula, divided by the weights that can raise it, and held between 0 and 1.

        Undivided, full strength and a certain opportunity would give 0.8 and never reach planners for [0.8, 1.0].
        """
        config = self.config
        opportunity = swot.opportunity.confidence if swot.opportunity else ZERO
        severity = swot.threat.severity if swot.threat else ZERO
        balance = (
            swot.context.strength * config.strength_weight
            + opportunity * config.opportunity_weight
            - severity * config.threat_weight
            - swot.context.weakness * config.weakness_weight
        )
        return clamp((balance / (config.strength_weight + config.opportunity_weight)).quantize(Decimal("0.0001")))

    def _refusal(self, opportunity: OpportunitySignal, threat: ThreatSignal | None) -> Envelopes | None:
        """Return why there is no new trade, whatever the confidence; None when nothing stands in the way."""
        config, now = self.config, self.tools.clock.now()
        if threat is not None and threat.severity >= config.emergency_severity:
            return self.declined(
                "threat too severe",
                f"{threat.threat_type} has a severity of {threat.severity}; from {config.emergency_severity} on no trade is opened",
            )
        if self._calm_from is not None and now < self._calm_from:
            return self.declined(
                "cooling down", f"after an emergency no trade is opened before {self._calm_from:%Y-%m-%d %H:%M} UTC"
            )
        if opportunity.direction not in config.directions:
            allowed = " and ".join(config.directions)
            return self.declined(
                "direction not traded", f"the opportunity is a {opportunity.direction}; this strategy trades {allowed}"
            )
        open_trades = len(self._ledger.get_open_trades(self.tools.strategy_id))
        if open_trades >= config.max_open_trades:
            return self.declined(
                "enough open trades", f"{open_trades} trades are open; at most {config.max_open_trades} are allowed"
            )
        return None

    def _trade(self, swot: SWOTInputs, opportunity: OpportunitySignal) -> Envelopes:
        config, confidence = self.config, self.confidence(swot)
        if confidence < config.min_confidence:
            return self.declined(
                "confidence too low", f"the confidence is {confidence}; trades start at {config.min_confidence}"
            )
        return self.new_trade(
            swot,
            confidence=confidence,
            entry=EntryDirective(
                symbol=opportunity.asset,
                direction=opportunity.direction,
                timing_preference=confidence,
                reference_price=self.tools.market.last_price(opportunity.asset),
            ),
            size=SizeDirective(
                aggressiveness=confidence * config.aggressiveness_ratio,
                max_risk_amount=config.max_risk_amount,
                account_risk_pct=config.account_risk_pct,
            ),
            exit_=ExitDirective(
                profit_taking_preference=config.profit_taking_preference,
                risk_reward_ratio=config.risk_reward_ratio,
                stop_loss_tolerance=config.stop_loss_tolerance,
                invalidation_price=opportunity.invalidation_price,
            ),
            execution_intent=ExecutionIntentDirective(
                execution_urgency=confidence, max_total_slippage_pct=config.max_total_slippage_pct
            ),
            rationale=f"{opportunity.signal_type} ({opportunity.confidence}) in a context of strength {swot.context.strength}",
        )

    def _emergency_exit(self, swot: SWOTInputs, threat: ThreatSignal) -> Envelopes:
        """Return the order to close all that is open and not being closed already; NOTHING when all is flat."""
        trades, groups = self._still_open()
        if not trades and not groups:
            return NOTHING
        return self.close_existing(
            swot,
            confidence=threat.severity,
            trades=[trade.trade_id for trade in trades],
            groups=[group.group_id for group in groups],
            execution_intent=ExecutionIntentDirective(
                execution_urgency=Decimal(1), max_total_slippage_pct=self.config.emergency_slippage_pct
            ),
            rationale=f"{threat.threat_type} with a severity of {threat.severity}",
        )

    def _still_open(self) -> tuple[list[Trade], list[ExecutionGroup]]:
        strategy = self.tools.strategy_id
        closing = [order for order in self._ledger.get_open_orders(strategy) if order.role is OrderRole.CLOSE]
        closing_trades = {order.trade_id for order in closing}
        # A group that works on an exit must go on: cancelling it would keep the position.
        closing_groups = {order.group_id for order in closing}
        trades = [trade for trade in self._ledger.get_open_trades(strategy) if trade.trade_id not in closing_trades]
        groups = [
            group
            for group in self._ledger.get_execution_groups(strategy_id=strategy)
            if not group.status.is_terminal
            and group.status is not ExecutionGroupStatus.CANCELLING
            and group.group_id not in closing_groups
        ]
        return trades, groups
