"""What phase 3 decides: one directive with four sub-directives of hints and constraints, and no order in it."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engine.contracts.base import Contract, Direction, Price, Symbol, UtcDatetime, Word
from engine.contracts.causality import CausalityChain
from engine.primitives.ids import STRATEGY, GroupId, StrategyDirectiveId, TradeId, id_pattern
from engine.primitives.ratios import Fraction, Ratio


class DirectiveScope(Word):
    """What a directive is about."""

    NEW_TRADE = "NEW_TRADE"
    MODIFY_EXISTING = "MODIFY_EXISTING"
    CLOSE_EXISTING = "CLOSE_EXISTING"


class PriceZone(Contract):
    """A stretch of prices, both ends included, quote per base."""

    low: Price
    high: Price

    @model_validator(mode="after")
    def _low_is_below(self) -> "PriceZone":
        if self.low > self.high:
            raise ValueError("low must not be above high")
        return self


class EntryDirective(Contract):
    """What to trade and how eagerly. `reference_price` is the last price when the decision was made."""

    symbol: Symbol
    direction: Direction
    timing_preference: Fraction
    """HINT: 0 waits for a better price, 1 wants in now."""
    reference_price: Price
    """INFO: quote per base."""
    preferred_price_zone: PriceZone | None = None
    """HINT."""


class SizeDirective(Contract):
    """How boldly to size, and the limits that hold whatever the planner thinks."""

    aggressiveness: Fraction
    """HINT: 0 is the smallest size that makes sense, 1 the largest that is allowed."""
    max_risk_amount: Annotated[Decimal, Field(gt=0)] | None = None
    """CONSTRAINT: the most that may be lost when the stop is hit, in quote."""
    account_risk_pct: Fraction | None = None
    """CONSTRAINT: the same as a ratio of account equity (0.02 = 2 %)."""


class ExitDirective(Contract):
    """Where to get out."""

    profit_taking_preference: Fraction
    """HINT: 0 lets profits run, 1 takes them early."""
    risk_reward_ratio: Annotated[Decimal, Field(gt=0)] | None = None
    """HINT: distance to the target over distance to the stop."""
    stop_loss_tolerance: Annotated[Decimal, Field(gt=0, lt=1)]
    """CONSTRAINT: the largest distance from entry to stop, as a ratio of the entry price (0.015 = 1.5 %)."""
    invalidation_price: Price | None = None
    """HINT: where the idea is wrong."""
    new_stop_price: Price | None = None
    """MODIFY_EXISTING: the stop to move to (absolute, quote per base)."""
    new_target_price: Price | None = None
    """MODIFY_EXISTING: the target to move to (absolute, quote per base)."""


class ExecutionIntentDirective(Contract):
    """How to carry it out."""

    execution_urgency: Fraction
    """HINT."""
    max_total_slippage_pct: Ratio
    """CONSTRAINT: as a ratio of the reference price (0.002 = 0.2 %)."""


class StrategyDirective(Contract):
    """One strategic decision: its confidence, hints and constraints for the planners, and what led to it.

    It starts nobody and knows nobody: the wiring decides who hears it. NEW_TRADE forbids targets; MODIFY_EXISTING and
    CLOSE_EXISTING need target trades, except that a CLOSE_EXISTING may name groups to cancel instead.
    """

    directive_id: Annotated[StrategyDirectiveId, StringConstraints(pattern=id_pattern(STRATEGY))]
    strategy_id: str
    timestamp: UtcDatetime
    causality: CausalityChain
    confidence: Fraction
    scope: DirectiveScope = DirectiveScope.NEW_TRADE
    rationale: str = ""
    """One sentence for people."""
    target_trade_ids: tuple[TradeId, ...] = ()
    target_group_ids: tuple[GroupId, ...] = ()
    is_emergency: bool = False
    """CLOSE_EXISTING: bring all of the strategy to nothing by an emergency flatten; the targets say what was open."""
    entry_directive: EntryDirective | None = None
    size_directive: SizeDirective | None = None
    exit_directive: ExitDirective | None = None
    execution_intent_directive: ExecutionIntentDirective | None = None

    @model_validator(mode="after")
    def _targets_fit_the_scope(self) -> "StrategyDirective":
        if self.is_emergency and self.scope is not DirectiveScope.CLOSE_EXISTING:
            raise ValueError("an emergency can only be CLOSE_EXISTING")
        match self.scope:
            case DirectiveScope.NEW_TRADE:
                if self.target_trade_ids or self.target_group_ids:
                    raise ValueError("NEW_TRADE forbids target_trade_ids and target_group_ids")
                missing = [
                    name
                    for name in ("entry_directive", "size_directive", "exit_directive", "execution_intent_directive")
                    if getattr(self, name) is None
                ]
                if missing:
                    raise ValueError(f"NEW_TRADE needs {', '.join(missing)}")
            case DirectiveScope.MODIFY_EXISTING:
                if not self.target_trade_ids:
                    raise ValueError("MODIFY_EXISTING needs target_trade_ids")
            case DirectiveScope.CLOSE_EXISTING:
                if not self.target_trade_ids and not self.target_group_ids:
                    raise ValueError("CLOSE_EXISTING needs target_trade_ids or target_group_ids")
        return self
