"""The base of strategy planners: one per strategy, the only place where it decides."""

from collections.abc import Sequence
from decimal import Decimal
from typing import assert_never

from engine.contracts.causality import CausalityChain, trusted_chain
from engine.contracts.context import AssessedContext
from engine.contracts.directives import (
    DirectiveScope,
    EntryDirective,
    ExecutionIntentDirective,
    ExitDirective,
    SizeDirective,
    StrategyDirective,
)
from engine.contracts.disposition import NOTHING, DispositionEnvelope, Envelopes
from engine.contracts.events import STRATEGY_DIRECTIVE_ISSUED
from engine.contracts.swot import Situation, SWOTInputs
from engine.contracts.updates import LedgerUpdate, PositionUpdate, ScheduleTick
from engine.phase3_strategy.rules.decisions import CloseTrades, Decision, Declined, MoveStop, OpenTrade
from engine.ports.worker import ConfigT, Worker
from engine.primitives.ids import STRATEGY, AssessmentId, GroupId, TradeId
from engine.primitives.money import ONE
from engine.primitives.ratios import clamp

Cause = SWOTInputs | Situation | AssessedContext | LedgerUpdate | PositionUpdate | ScheduleTick
"""What a planner may decide on; the decision's causality begins with it."""


class BaseStrategyPlanner(Worker[ConfigT]):
    """Confronts strengths, weaknesses, opportunities and threats, and decides in numbers.

    What it gives away are hints and constraints. It starts no planner and places no order. Its manifest says which of its
    handlers are wired: `confront`, or one that takes another `Cause`. Of all of them one at most decides in a flow.
    """

    def confront(self, swot: SWOTInputs) -> Envelopes:  # noqa: ARG002
        """Return a decision made with `new_trade`, `move_exits` or `close_existing`, or `declined`, or NOTHING.

        A planner whose manifest does not list it is never confronted.
        """
        return NOTHING

    def new_trade(
        self,
        cause: Cause,
        *,
        confidence: Decimal,
        entry: EntryDirective,
        size: SizeDirective,
        exit_: ExitDirective,
        execution_intent: ExecutionIntentDirective,
        rationale: str = "",
    ) -> DispositionEnvelope:
        """Return the answer that asks for a new trade; the confidence is held between 0 and 1 (decisions 3.3)."""
        return self._issue(
            StrategyDirective(
                directive_id=self.tools.ids.next(STRATEGY),
                strategy_id=self.tools.strategy_id,
                timestamp=self.tools.clock.now(),
                causality=causality_of(cause),
                confidence=clamp(confidence),
                scope=DirectiveScope.NEW_TRADE,
                rationale=rationale,
                entry_directive=entry,
                size_directive=size,
                exit_directive=exit_,
                execution_intent_directive=execution_intent,
            )
        )

    def move_exits(
        self,
        cause: Cause,
        *,
        confidence: Decimal,
        trades: Sequence[TradeId],
        exit_: ExitDirective,
        rationale: str = "",
    ) -> DispositionEnvelope:
        """Return the answer that moves stop and target of trades to `exit_.new_stop_price` and `new_target_price`.

        Both are absolute; a stop that stays is given again. A target that is not given is taken away.
        """
        return self._issue(
            StrategyDirective(
                directive_id=self.tools.ids.next(STRATEGY),
                strategy_id=self.tools.strategy_id,
                timestamp=self.tools.clock.now(),
                causality=causality_of(cause),
                confidence=clamp(confidence),
                scope=DirectiveScope.MODIFY_EXISTING,
                rationale=rationale,
                target_trade_ids=tuple(trades),
                exit_directive=exit_,
            )
        )

    def close_existing(
        self,
        cause: Cause,
        *,
        confidence: Decimal,
        trades: Sequence[TradeId],
        groups: Sequence[GroupId] = (),
        execution_intent: ExecutionIntentDirective | None = None,
        rationale: str = "",
        is_emergency: bool = False,
    ) -> DispositionEnvelope:
        """Return the answer that cancels these groups and closes these trades, exactly these and no others.

        With `is_emergency` all of the strategy is brought to nothing by the same job as the flatten button's, and
        nobody takes new risk until a person clears the latch.
        """
        return self._issue(
            StrategyDirective(
                directive_id=self.tools.ids.next(STRATEGY),
                strategy_id=self.tools.strategy_id,
                timestamp=self.tools.clock.now(),
                causality=causality_of(cause),
                confidence=clamp(confidence),
                scope=DirectiveScope.CLOSE_EXISTING,
                rationale=rationale,
                target_trade_ids=tuple(trades),
                target_group_ids=tuple(groups),
                is_emergency=is_emergency,
                execution_intent_directive=execution_intent,
            )
        )

    def answer(self, cause: Cause, decision: Decision | None) -> Envelopes:
        """Return a rule's decision as this planner's answer; NOTHING for None."""
        match decision:
            case None:
                return NOTHING
            case Declined():
                return self.declined(decision.rule, decision.reason)
            case MoveStop():
                return self.move_exits(
                    cause,
                    confidence=ONE,
                    trades=[decision.trade_id],
                    exit_=decision.exit_,
                    rationale=decision.rationale,
                )
            case CloseTrades():
                return self.close_existing(
                    cause,
                    confidence=decision.confidence,
                    trades=decision.trades,
                    groups=decision.groups,
                    execution_intent=decision.execution_intent,
                    rationale=decision.rationale,
                    is_emergency=decision.is_emergency,
                )
            case OpenTrade():
                return self.new_trade(
                    cause,
                    confidence=decision.confidence,
                    entry=decision.entry,
                    size=decision.size,
                    exit_=decision.exit_,
                    execution_intent=decision.execution_intent,
                    rationale=decision.rationale,
                )
            case _:
                assert_never(decision)

    @staticmethod
    def declined(rule: str, reason: str) -> DispositionEnvelope:
        """Return the answer that ends the flow because the strategy does not want it.

        Args:
            rule: Short name of the rule that said no.
            reason: The full sentence with the numbers.
        """
        return DispositionEnvelope.rejected(stage="strategy_planning", rule=rule, reason=reason)

    @staticmethod
    def _issue(directive: StrategyDirective) -> DispositionEnvelope:
        return DispositionEnvelope.publish(STRATEGY_DIRECTIVE_ISSUED, directive)


def causality_of(cause: Cause) -> CausalityChain:
    """Return the chain of a decision: the flow, the assessment if there is one, and every signal that was on the table."""
    match cause:
        case SWOTInputs():
            chains = [signal.causality for signal in cause.opportunities] + [one.causality for one in cause.threats]
            return _chain(chains[0].flow_id, cause, assessment_id=cause.context.assessment_id)
        case Situation():
            if cause.assessed is None:
                return _chain(cause.threats[0].causality.flow_id, cause)
            assessment_id = cause.assessed.assessment.assessment_id
            return _chain(cause.assessed.context.tick_id, cause, assessment_id=assessment_id)
        case AssessedContext():
            return trusted_chain(flow_id=cause.context.tick_id, context_assessment_id=cause.assessment.assessment_id)
        case LedgerUpdate() | PositionUpdate():
            return trusted_chain(flow_id=cause.update_id)
        case ScheduleTick():
            return trusted_chain(flow_id=cause.schedule_id)
        case _:
            assert_never(cause)


def _chain(flow_id: str, seen: SWOTInputs | Situation, *, assessment_id: AssessmentId | None = None) -> CausalityChain:
    return trusted_chain(
        flow_id=flow_id,
        context_assessment_id=assessment_id,
        opportunity_ids=tuple(signal.signal_id for signal in seen.opportunities),
        threat_ids=tuple(threat.threat_id for threat in seen.threats),
    )
