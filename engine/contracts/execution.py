"""What leaves phase 4: complete directives, batches of them, and the groups that track their orders."""

from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from engine.contracts.base import Contract, UtcDatetime, Word
from engine.contracts.causality import CausalityChain
from engine.contracts.directives import DirectiveScope
from engine.contracts.intents import ExecutionAction, ExecutionIntent, ExecutionStyle
from engine.contracts.orders import GroupIdField
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan
from engine.primitives.ids import BATCH, EXECUTION, BatchId, ExecutionDirectiveId, GroupId, OrderId, TradeId, id_pattern


class ExecutionDirective(Contract):
    """The complete package: what, how much, where out and how. The scope says which plans must be there.

    NEW_TRADE needs all four plans. MODIFY_EXISTING needs at least one plan beside the intent. CLOSE_EXISTING needs the
    intent and targets: its size is the full position in the ledger.
    """

    directive_id: Annotated[ExecutionDirectiveId, StringConstraints(pattern=id_pattern(EXECUTION))]
    strategy_id: str
    causality: CausalityChain
    scope: DirectiveScope = DirectiveScope.NEW_TRADE
    entry_plan: EntryPlan | None = None
    size_plan: SizePlan | None = None
    exit_plan: ExitPlan | None = None
    execution_intent: ExecutionIntent
    target_trade_ids: tuple[TradeId, ...] = ()
    target_group_ids: tuple[GroupId, ...] = ()

    @model_validator(mode="after")
    def _plans_fit_the_scope(self) -> "ExecutionDirective":
        plans = (self.entry_plan, self.size_plan, self.exit_plan)
        match self.scope:
            case DirectiveScope.NEW_TRADE:
                if any(plan is None for plan in plans):
                    raise ValueError("NEW_TRADE needs entry_plan, size_plan and exit_plan")
                if self.execution_intent.action is not ExecutionAction.EXECUTE_TRADE:
                    raise ValueError("NEW_TRADE needs an intent to EXECUTE_TRADE")
            case DirectiveScope.MODIFY_EXISTING:
                if all(plan is None for plan in plans):
                    raise ValueError("MODIFY_EXISTING needs at least one plan")
                if not self.target_trade_ids:
                    raise ValueError("MODIFY_EXISTING needs target_trade_ids")
            case DirectiveScope.CLOSE_EXISTING:
                if not self.target_trade_ids and not self.target_group_ids:
                    raise ValueError("CLOSE_EXISTING needs target_trade_ids or target_group_ids")
        return self


class ExecutionMode(Word):
    """How the directives of a batch are carried out (decisions 6.4)."""

    SEQUENTIAL = "SEQUENTIAL"
    PARALLEL = "PARALLEL"
    ATOMIC = "ATOMIC"


class ExecutionDirectiveBatch(Contract):
    """Several directives that belong together, all validated before the first is sent."""

    batch_id: Annotated[BatchId, StringConstraints(pattern=id_pattern(BATCH))]
    directives: tuple[ExecutionDirective, ...]
    execution_mode: ExecutionMode
    rollback_on_failure: bool = True
    is_emergency: bool = False
    """Nothing but closes and cancels, carried out as an emergency flatten of their strategies (decisions 6.5)."""
    created_at: UtcDatetime

    @model_validator(mode="after")
    def _is_not_empty(self) -> "ExecutionDirectiveBatch":
        if not self.directives:
            raise ValueError("a batch has at least one directive")
        if self.is_emergency and any(it.scope is not DirectiveScope.CLOSE_EXISTING for it in self.directives):
            raise ValueError("an emergency batch only closes and cancels")
        return self


class ExecutionGroupStatus(Word):
    """Where a group stands (decisions 6.1)."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    COMPLETED = "COMPLETED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"

    @property
    def is_terminal(self) -> bool:
        """Whether the group is done."""
        return self in (ExecutionGroupStatus.COMPLETED, ExecutionGroupStatus.CANCELLED, ExecutionGroupStatus.FAILED)


class ExecutionGroup(Contract):
    """The orders that came from one directive: one thing to watch, and one thing to cancel."""

    group_id: GroupIdField
    parent_directive_id: Annotated[ExecutionDirectiveId, StringConstraints(pattern=id_pattern(EXECUTION))]
    strategy_id: str
    execution_strategy: ExecutionStyle
    order_ids: tuple[OrderId, ...] = ()
    status: ExecutionGroupStatus = ExecutionGroupStatus.PENDING
    created_at: UtcDatetime
    completed_at: UtcDatetime | None = None

    def with_order_ids(self, order_ids: tuple[OrderId, ...]) -> Self:
        """Return the group with these orders in it."""
        return self.model_copy(update={"order_ids": order_ids})
