"""The coordinator of phase 4: waits for the plans, asks for the intent, hands the whole on. It chooses nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from engine.contracts.base import trusted
from engine.contracts.directives import DirectiveScope, ExitDirective, StrategyDirective
from engine.contracts.disposition import NOTHING, DispositionEnvelope, Envelopes
from engine.contracts.events import (
    EXECUTION_BATCH_READY,
    EXECUTION_DIRECTIVE_READY,
    EXECUTION_INTENT_REQUESTED,
    TRANSLATION_REQUESTED,
)
from engine.contracts.execution import ExecutionDirective
from engine.contracts.intents import ExecutionIntent, ExecutionRequest
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan
from engine.phase4_planning.batch import exit_batch, within_limit
from engine.phase4_planning.limits import Breach, moved_exit_breach, new_trade_breach, slippage_breach
from engine.phase4_planning.matcher import MatchReport, PlannerMatcher
from engine.ports.clock import Clock
from engine.ports.ledger import LedgerReader
from engine.primitives.errors import PlanError, WiringError
from engine.primitives.ids import EXECUTION, IdSource

# What comes in was checked when its planner made it.
_request: Final = trusted(ExecutionRequest)
_execution_directive: Final = trusted(ExecutionDirective)

_SLOTS_OF_SCOPE: Mapping[DirectiveScope, tuple[str, ...]] = {
    DirectiveScope.NEW_TRADE: ("entry", "size", "exit"),
    DirectiveScope.MODIFY_EXISTING: ("exit",),
    DirectiveScope.CLOSE_EXISTING: (),
}


@dataclass(slots=True)
class _Progress:
    """How far the planning of one directive has come."""

    directive: StrategyDirective
    entry: EntryPlan | None = None
    size: SizePlan | None = None
    exit_: ExitPlan | None = None
    request: ExecutionRequest | None = None


class PlanningAggregator:
    """Collects the plans of one directive per flow, and checks them against its constraints.

    Its answers end the flow when no planner of a slot matches, or a plan breaks a constraint; both say their numbers.
    MODIFY_EXISTING moves stop and target; a change of size or entry is refused for now.

    Args:
        matchers: By slot: entry, size, exit, execution_intent; the same that the planners of the slots have.
        ids: The engine's id source.
        clock: The engine's clock.
        ledger: For equity, and for the trades whose exits move.
        remember: Writes a remark (topic, text) into the journal beside the flow.
    """

    def __init__(
        self,
        matchers: Mapping[str, PlannerMatcher],
        *,
        ids: IdSource,
        clock: Clock,
        ledger: LedgerReader,
        remember: Callable[[str, str], None],
    ) -> None:
        self._matchers = matchers
        self._ids = ids
        self._clock = clock
        self._ledger = ledger
        self._remember = remember
        self._now: _Progress | None = None

    def reset(self) -> None:
        """Forget the flow."""
        self._now = None

    def on_strategy_directive(self, directive: StrategyDirective) -> Envelopes:
        """Begin: see that every slot which the scope needs has a planner; an exit needs an intent alone."""
        if self._now is not None:
            return _rejected(
                Breach(
                    "one directive per flow",
                    f"{directive.directive_id} came in while {self._now.directive.directive_id} was being planned",
                )
            )
        self._now = _Progress(directive)
        breach = _not_supported(directive) or self._unmatched(_SLOTS_OF_SCOPE[directive.scope], directive)
        if breach is not None:
            return _rejected(breach)
        if directive.scope is DirectiveScope.CLOSE_EXISTING:
            return self._ask_for_intent(_request(strategy_directive=directive))
        return NOTHING

    def on_entry_plan(self, plan: EntryPlan) -> Envelopes:
        """Take the entry plan; go on when all three are in."""
        now = self._planning()
        _require_first("entry", now.entry)
        now.entry = plan
        return self._go_on(now)

    def on_size_plan(self, plan: SizePlan) -> Envelopes:
        """Take the size plan; go on when all three are in."""
        now = self._planning()
        _require_first("size", now.size)
        now.size = plan
        return self._go_on(now)

    def on_exit_plan(self, plan: ExitPlan) -> Envelopes:
        """Take the exit plan; go on when all that the scope needs are in."""
        now = self._planning()
        _require_first("exit", now.exit_)
        now.exit_ = plan
        return self._go_on(now)

    def on_execution_intent(self, intent: ExecutionIntent) -> Envelopes:
        """Put everything together: a directive to be translated, or the batch of an exit."""
        now = self._planning()
        directive = now.directive
        if now.request is None:
            raise PlanError("an intent came in that nobody asked for", intent=intent.intent_id)
        if directive.scope is DirectiveScope.CLOSE_EXISTING:
            batch = exit_batch(directive, within_limit(directive, intent), ids=self._ids, clock=self._clock)
            return DispositionEnvelope.publish(EXECUTION_BATCH_READY, batch)
        breach = slippage_breach(directive, intent)
        if breach is not None:
            return _rejected(breach)
        complete = self._complete(now, intent)
        return (
            DispositionEnvelope.publish(EXECUTION_DIRECTIVE_READY, complete),
            DispositionEnvelope.publish(TRANSLATION_REQUESTED, complete),
        )

    def _planning(self) -> _Progress:
        if self._now is None:
            raise WiringError(
                "a plan came in, but nobody told this worker of the directive: wire on_strategy_directive too"
            )
        return self._now

    def _go_on(self, now: _Progress) -> Envelopes:
        directive = now.directive
        if directive.scope is DirectiveScope.MODIFY_EXISTING:
            breach = self._moved_exit_breach(directive, now.exit_)
            request = _request(strategy_directive=directive, exit_plan=now.exit_)
            return _rejected(breach) if breach is not None else self._ask_for_intent(request)
        if now.entry is None or now.size is None or now.exit_ is None:
            return NOTHING
        breach = new_trade_breach(
            directive, entry=now.entry, size=now.size, exit_=now.exit_, equity=self._ledger.get_account().equity
        )
        if breach is not None:
            return _rejected(breach)
        return self._ask_for_intent(
            _request(strategy_directive=directive, entry_plan=now.entry, size_plan=now.size, exit_plan=now.exit_)
        )

    def _ask_for_intent(self, request: ExecutionRequest) -> Envelopes:
        breach = self._unmatched(("execution_intent",), request.strategy_directive, request)
        if breach is not None:
            return _rejected(breach)
        self._planning().request = request
        return DispositionEnvelope.publish(EXECUTION_INTENT_REQUESTED, request)

    def _complete(self, now: _Progress, intent: ExecutionIntent) -> ExecutionDirective:
        directive = now.directive
        return _execution_directive(
            directive_id=self._ids.next(EXECUTION),
            strategy_id=directive.strategy_id,
            causality=directive.causality.extended(
                strategy_directive_id=directive.directive_id,
                entry_plan_id=now.entry.plan_id if now.entry is not None else None,
                size_plan_id=now.size.plan_id if now.size is not None else None,
                exit_plan_id=now.exit_.plan_id if now.exit_ is not None else None,
                execution_intent_id=intent.intent_id,
            ),
            scope=directive.scope,
            entry_plan=now.entry,
            size_plan=now.size,
            exit_plan=now.exit_,
            execution_intent=intent,
            target_trade_ids=directive.target_trade_ids,
        )

    def _unmatched(
        self, slots: tuple[str, ...], directive: StrategyDirective, request: ExecutionRequest | None = None
    ) -> Breach | None:
        for slot in slots:
            report = self._matchers[slot].explain(directive, request)
            if report.chosen is None:
                rule = f"several {slot} planners match" if report.passed_over else f"no {slot} planner matches"
                return Breach(rule, report.reason)
            if report.is_stopgap or report.passed_over:
                self._remark(report)
        return None

    def _remark(self, report: MatchReport) -> None:
        if report.is_stopgap:
            self._remember("planner stopgap", f"{report.slot}: {report.chosen} answers although {report.reason}")
        else:
            self._remember(
                "planner passed over",
                f"{report.slot}: {report.chosen} answers; {', '.join(report.passed_over)} would match too",
            )

    def _moved_exit_breach(self, directive: StrategyDirective, plan: ExitPlan | None) -> Breach | None:
        wanted: ExitDirective | None = directive.exit_directive
        if wanted is None or plan is None:
            return None
        trades = (self._ledger.get_trade(trade) for trade in directive.target_trade_ids)
        return next((breach for trade in trades if (breach := moved_exit_breach(wanted, trade, plan))), None)


def _not_supported(directive: StrategyDirective) -> Breach | None:
    if directive.scope is not DirectiveScope.MODIFY_EXISTING:
        return None
    if directive.entry_directive is not None or directive.size_directive is not None:
        return Breach(
            "change of size not supported",
            "a MODIFY_EXISTING directive moves stop and target for now; close the trade and open one of the size you want",
        )
    wanted = directive.exit_directive
    if wanted is None or (wanted.new_stop_price is None and wanted.new_target_price is None):
        return Breach("nothing to modify", "the directive names neither new_stop_price nor new_target_price")
    return None


def _require_first(slot: str, plan: object) -> None:
    if plan is not None:
        raise PlanError("two planners answered in one slot: only the one that was chosen may", slot=slot)


def _rejected(breach: Breach) -> DispositionEnvelope:
    return DispositionEnvelope.rejected(stage="trade_planning", rule=breach.rule, reason=breach.reason)
