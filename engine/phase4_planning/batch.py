"""An exit as a batch: first every group is cancelled that could re-open a position, then every trade is closed."""

from collections.abc import Sequence
from typing import Final

from engine.contracts.base import trusted
from engine.contracts.directives import DirectiveScope, StrategyDirective
from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch, ExecutionMode
from engine.contracts.intents import ExecutionAction, ExecutionIntent
from engine.ports.clock import Clock
from engine.primitives.ids import BATCH, EXECUTION, INTENT, BatchId, GroupId, IdSource, TradeId

_batch: Final = trusted(ExecutionDirectiveBatch)
_execution_directive: Final = trusted(ExecutionDirective)


def exit_batch(
    directive: StrategyDirective, intent: ExecutionIntent, *, ids: IdSource, clock: Clock
) -> ExecutionDirectiveBatch:
    """Return a CLOSE_EXISTING directive as one leg per group, then one per trade.

    Each leg has its own outcome (PARALLEL): that one position cannot be closed is no reason to keep another.
    In an emergency the batch is carried out as a flatten of the strategy.
    """
    batch_id = ids.next(BATCH)
    legs: list[ExecutionDirective] = []
    if directive.target_group_ids:
        cancel = _for_action(intent, ExecutionAction.CANCEL_GROUP, ids)
        legs += [_leg(directive, cancel, batch_id, ids, groups=[group]) for group in directive.target_group_ids]
    if directive.target_trade_ids:
        close = _for_action(intent, ExecutionAction.CLOSE_POSITION, ids)
        legs += [_leg(directive, close, batch_id, ids, trades=[trade]) for trade in directive.target_trade_ids]
    return _batch(
        batch_id=batch_id,
        directives=tuple(legs),
        execution_mode=ExecutionMode.PARALLEL,
        rollback_on_failure=False,
        is_emergency=directive.is_emergency,
        created_at=clock.now(),
    )


def within_limit(directive: StrategyDirective, intent: ExecutionIntent) -> ExecutionIntent:
    """Return the intent of an exit, its slippage narrowed to the directive's limit.

    A new trade would be refused here; an exit must happen all the same.
    """
    wanted = directive.execution_intent_directive
    if wanted is None or intent.max_slippage_pct <= wanted.max_total_slippage_pct:
        return intent
    return intent.model_copy(update={"max_slippage_pct": wanted.max_total_slippage_pct})


def _for_action(intent: ExecutionIntent, action: ExecutionAction, ids: IdSource) -> ExecutionIntent:
    if intent.action is action:
        return intent
    return intent.model_copy(update={"intent_id": ids.next(INTENT), "action": action})


def _leg(
    directive: StrategyDirective,
    intent: ExecutionIntent,
    batch_id: BatchId,
    ids: IdSource,
    *,
    groups: Sequence[GroupId] = (),
    trades: Sequence[TradeId] = (),
) -> ExecutionDirective:
    return _execution_directive(
        directive_id=ids.next(EXECUTION),
        strategy_id=directive.strategy_id,
        causality=directive.causality.extended(
            strategy_directive_id=directive.directive_id, execution_intent_id=intent.intent_id, batch_id=batch_id
        ),
        scope=DirectiveScope.CLOSE_EXISTING,
        execution_intent=intent,
        target_group_ids=tuple(groups),
        target_trade_ids=tuple(trades),
    )
