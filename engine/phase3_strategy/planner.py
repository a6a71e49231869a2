"""The base of strategy planners: one per strategy, the only place where it decides."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal

from engine.contracts.causality import CausalityChain
from engine.contracts.directives import (
    DirectiveScope,
    EntryDirective,
    ExecutionIntentDirective,
    ExitDirective,
    SizeDirective,
    StrategyDirective,
)
from engine.contracts.disposition import DispositionEnvelope, Envelopes
from engine.contracts.events import STRATEGY_DIRECTIVE_ISSUED
from engine.contracts.swot import SWOTInputs
from engine.ports.worker import ConfigT, Worker
from engine.primitives.ids import STRATEGY, GroupId, TradeId
from engine.primitives.ratios import clamp


class BaseStrategyPlanner(Worker[ConfigT], ABC):
    """Confronts strengths, weaknesses, opportunities and threats, and decides in numbers.

    What it gives away are hints and constraints. It starts no planner and places no order.
    """

    @abstractmethod
    def confront(self, swot: SWOTInputs) -> Envelopes:
        """Return a decision made with `new_trade`, `move_exits` or `close_existing`, or `declined`, or NOTHING."""

    def new_trade(
        self,
        swot: SWOTInputs,
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
                causality=causality_of(swot),
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
        swot: SWOTInputs,
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
                causality=causality_of(swot),
                confidence=clamp(confidence),
                scope=DirectiveScope.MODIFY_EXISTING,
                rationale=rationale,
                target_trade_ids=tuple(trades),
                exit_directive=exit_,
            )
        )

    def close_existing(
        self,
        swot: SWOTInputs,
        *,
        confidence: Decimal,
        trades: Sequence[TradeId],
        groups: Sequence[GroupId] = (),
        execution_intent: ExecutionIntentDirective | None = None,
        rationale: str = "",
    ) -> DispositionEnvelope:
        """Return the answer that cancels these groups and closes these trades, exactly these and no others."""
        return self._issue(
            StrategyDirective(
                directive_id=self.tools.ids.next(STRATEGY),
                strategy_id=self.tools.strategy_id,
                timestamp=self.tools.clock.now(),
                causality=causality_of(swot),
                confidence=clamp(confidence),
                scope=DirectiveScope.CLOSE_EXISTING,
                rationale=rationale,
                target_trade_ids=tuple(trades),
                target_group_ids=tuple(groups),
                execution_intent_directive=execution_intent,
            )
        )

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


def causality_of(swot: SWOTInputs) -> CausalityChain:
    """Return the chain of a decision: the flow, the assessment, and every signal that was on the table."""
    chains = [signal.causality for signal in swot.opportunities] + [threat.causality for threat in swot.threats]
    return CausalityChain(
        flow_id=chains[0].flow_id,
        context_assessment_id=swot.context.assessment_id,
        opportunity_ids=tuple(signal.signal_id for signal in swot.opportunities),
        threat_ids=tuple(threat.threat_id for threat in swot.threats),
    )
