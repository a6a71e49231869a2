"""Whether an opportunity is worth a trade: the document's confrontation matrix (phase 3)."""

from decimal import Decimal

from pydantic import Field

from engine.contracts.base import Direction
from engine.contracts.directives import EntryDirective, ExecutionIntentDirective, ExitDirective, SizeDirective
from engine.contracts.signals import OpportunitySignal
from engine.contracts.swot import SWOTInputs
from engine.phase3_strategy.rules.decisions import Declined, OpenTrade
from engine.ports.ledger import LedgerReader
from engine.ports.worker import MarketReader, WorkerConfig
from engine.primitives.money import ZERO
from engine.primitives.ratios import Fraction, clamp


class MomentumTerms(WorkerConfig):
    """How the four quadrants weigh, and the limits of one trade."""

    strength_weight: Decimal = Field(default=Decimal("0.3"), ge=0, description="Weight of the context's strength.")
    opportunity_weight: Decimal = Field(
        default=Decimal("0.5"), gt=0, description="Weight of the opportunity's confidence."
    )
    threat_weight: Decimal = Field(default=Decimal("0.2"), ge=0, description="Weight of the threat's severity; lowers.")
    weakness_weight: Decimal = Field(default=ZERO, ge=0, description="Weight of the context's weakness; lowers.")
    min_confidence: Fraction = Field(default=Decimal("0.5"), description="Below this no trade is opened.")
    max_open_trades: int = Field(default=1, ge=1, description="Trades, pending ones included, at the same time.")
    directions: tuple[Direction, ...] = Field(default=(Direction.BUY,), min_length=1, description="BUY, SELL, or both.")
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


class MomentumRule:
    """Opens a trade when strength and opportunity outweigh threat and weakness.

    Args:
        terms: Weights and limits.
        strategy_id: Whose open trades count.
        market: For the price that the decision is made at.
        ledger: For the number of open trades.
    """

    def __init__(self, terms: MomentumTerms, *, strategy_id: str, market: MarketReader, ledger: LedgerReader) -> None:
        self._terms = terms
        self._strategy_id = strategy_id
        self._market = market
        self._ledger = ledger

    def confidence(self, swot: SWOTInputs) -> Decimal:
        """Return the document's formula, divided by the weights that can raise it, and held between 0 and 1.

        Undivided, full strength and a certain opportunity would give 0.8 and never reach planners for [0.8, 1.0].
        """
        terms = self._terms
        opportunity = swot.opportunity.confidence if swot.opportunity else ZERO
        severity = swot.threat.severity if swot.threat else ZERO
        balance = (
            swot.context.strength * terms.strength_weight
            + opportunity * terms.opportunity_weight
            - severity * terms.threat_weight
            - swot.context.weakness * terms.weakness_weight
        )
        return clamp((balance / (terms.strength_weight + terms.opportunity_weight)).quantize(Decimal("0.0001")))

    def decide(self, swot: SWOTInputs) -> OpenTrade | Declined | None:
        """Return the trade that the most confident opportunity is worth, or why not; None without an opportunity."""
        opportunity = swot.opportunity
        if opportunity is None:
            return None
        refusal = self._refusal(opportunity)
        if refusal is not None:
            return refusal
        confidence = self.confidence(swot)
        if confidence < self._terms.min_confidence:
            return Declined(
                "confidence too low", f"the confidence is {confidence}; trades start at {self._terms.min_confidence}"
            )
        return self._trade(swot, opportunity, confidence)

    def _refusal(self, opportunity: OpportunitySignal) -> Declined | None:
        terms = self._terms
        if opportunity.direction not in terms.directions:
            allowed = " and ".join(terms.directions)
            return Declined(
                "direction not traded", f"the opportunity is a {opportunity.direction}; this strategy trades {allowed}"
            )
        open_trades = len(self._ledger.get_open_trades(self._strategy_id))
        if open_trades >= terms.max_open_trades:
            return Declined("enough open trades", f"open trades: {open_trades}; allowed: {terms.max_open_trades}")
        return None

    def _trade(self, swot: SWOTInputs, opportunity: OpportunitySignal, confidence: Decimal) -> OpenTrade:
        terms = self._terms
        return OpenTrade(
            confidence=confidence,
            entry=EntryDirective(
                symbol=opportunity.asset,
                direction=opportunity.direction,
                timing_preference=confidence,
                reference_price=self._market.last_price(opportunity.asset),
            ),
            size=SizeDirective(
                aggressiveness=confidence * terms.aggressiveness_ratio,
                max_risk_amount=terms.max_risk_amount,
                account_risk_pct=terms.account_risk_pct,
            ),
            exit_=ExitDirective(
                profit_taking_preference=terms.profit_taking_preference,
                risk_reward_ratio=terms.risk_reward_ratio,
                stop_loss_tolerance=terms.stop_loss_tolerance,
                invalidation_price=opportunity.invalidation_price,
            ),
            execution_intent=ExecutionIntentDirective(
                execution_urgency=confidence, max_total_slippage_pct=terms.max_total_slippage_pct
            ),
            rationale=f"{opportunity.signal_type} ({opportunity.confidence}) in a context of strength {swot.context.strength}",
        )
