"""Direct planning: an opportunity of enough confidence becomes a directive by itself (decisions 2.9)."""

from collections.abc import Callable

from engine.config.blueprint import DirectPlanning
from engine.contracts.directives import (
    EntryDirective,
    ExecutionIntentDirective,
    ExitDirective,
    SizeDirective,
    StrategyDirective,
)
from engine.contracts.disposition import NOTHING, DispositionEnvelope, Envelopes
from engine.contracts.events import STRATEGY_DIRECTIVE_ISSUED
from engine.contracts.signals import OpportunitySignal
from engine.ports.clock import Clock
from engine.ports.ledger import LedgerReader
from engine.ports.worker import MarketReader
from engine.primitives.ids import STRATEGY, IdSource
from engine.primitives.ratios import clamp


class DirectPlanner:
    """Stands in for a strategy planner: it confronts nothing, so it neither weighs threats nor closes anything.

    The directive takes the signal's confidence, also as the hint of every sub-directive.

    Args:
        policy: The least confidence per signal type, and the limits of a trade.
        strategy_id: Whose directives these are.
        ids: The engine's id source.
        clock: The engine's clock.
        market: For the price that the decision is made at.
        ledger: For the number of open trades.
        remember: Writes a remark (topic, text) into the journal beside the flow.
    """

    def __init__(
        self,
        policy: DirectPlanning,
        *,
        strategy_id: str,
        ids: IdSource,
        clock: Clock,
        market: MarketReader,
        ledger: LedgerReader,
        remember: Callable[[str, str], None],
    ) -> None:
        self._policy = policy
        self._strategy_id = strategy_id
        self._ids = ids
        self._clock = clock
        self._market = market
        self._ledger = ledger
        self._remember = remember
        self._has_decided = False

    def reset(self) -> None:
        """Forget the flow."""
        self._has_decided = False

    def on_opportunity(self, signal: OpportunitySignal) -> Envelopes:
        """Turn the first convincing signal of a flow into a directive for a new trade; pass over the others.

        A signal that is passed over is remarked upon with the numbers. It does not end the flow: another one may convince.
        """
        refusal = self._refusal(signal)
        if refusal is not None:
            self._remember("signal passed over", f"{signal.signal_id}: {refusal}")
            return NOTHING
        self._has_decided = True
        return DispositionEnvelope.publish(STRATEGY_DIRECTIVE_ISSUED, self._directive(signal))

    def _refusal(self, signal: OpportunitySignal) -> str | None:
        policy, kind = self._policy, signal.signal_type
        least = policy.minimum_confidence.get(kind)
        if least is None:
            named = ", ".join(policy.minimum_confidence) or "none"
            return f"{kind} has no minimum confidence, so it is not traded; named are: {named}"
        if signal.confidence < least:
            return f"the confidence of {kind} is {signal.confidence}; trades start at {least}"
        if self._has_decided:
            return "an earlier signal of this flow is being traded"
        open_trades = len(self._ledger.get_open_trades(self._strategy_id))
        if open_trades >= policy.max_open_trades:
            return f"open trades: {open_trades}; allowed: {policy.max_open_trades}"
        return None

    def _directive(self, signal: OpportunitySignal) -> StrategyDirective:
        policy, confidence = self._policy, clamp(signal.confidence)
        return StrategyDirective(
            directive_id=self._ids.next(STRATEGY),
            strategy_id=self._strategy_id,
            timestamp=self._clock.now(),
            causality=signal.causality.extended(opportunity_ids=(signal.signal_id,)),
            confidence=confidence,
            rationale=f"direct planning: {signal.signal_type} ({signal.confidence})",
            entry_directive=EntryDirective(
                symbol=signal.asset,
                direction=signal.direction,
                timing_preference=confidence,
                reference_price=self._market.last_price(signal.asset),
            ),
            size_directive=SizeDirective(aggressiveness=confidence, account_risk_pct=policy.account_risk_pct),
            exit_directive=ExitDirective(
                profit_taking_preference=confidence,
                stop_loss_tolerance=policy.stop_loss_tolerance,
                invalidation_price=signal.invalidation_price,
            ),
            execution_intent_directive=ExecutionIntentDirective(
                execution_urgency=confidence, max_total_slippage_pct=policy.max_total_slippage_pct
            ),
        )
