"""What intent planners share: how exits and moved stops are carried out, and whose slippage limit holds."""

from abc import abstractmethod
from decimal import Decimal
from typing import Final, TypeVar

from pydantic import Field

from engine.contracts.base import trusted
from engine.contracts.directives import DirectiveScope
from engine.contracts.intents import ExecutionAction, ExecutionIntent, ExecutionRequest
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan
from engine.phase4_planning.planners import BaseExecutionIntentPlanner
from engine.ports.worker import WorkerConfig
from engine.primitives.errors import PlanError
from engine.primitives.ids import INTENT
from engine.primitives.money import ONE

_intent: Final = trusted(ExecutionIntent)


class TradeIntentConfig(WorkerConfig):
    """What every planner of trade intents can be told."""

    close_slippage_pct: Decimal = Field(
        default=Decimal("0.05"), ge=0, description="Slippage limit of an exit without a limit of its own."
    )


IntentConfigT = TypeVar("IntentConfigT", bound=TradeIntentConfig)


class BaseTradeIntentPlanner(BaseExecutionIntentPlanner[IntentConfigT]):
    """A plugin says in `trade` how a new trade is entered; exits and changes are done at once, whoever answers."""

    def plan(self, request: ExecutionRequest) -> ExecutionIntent:
        """Return the intent: of a new trade from its plans, of a change or an exit from what must be done."""
        directive = request.strategy_directive
        if directive.scope is DirectiveScope.CLOSE_EXISTING:
            is_position = bool(directive.target_trade_ids)
            return self._at_once(
                request, ExecutionAction.CLOSE_POSITION if is_position else ExecutionAction.CANCEL_GROUP
            )
        if directive.scope is DirectiveScope.MODIFY_EXISTING:
            return self._at_once(request, ExecutionAction.MODIFY_ORDER)
        if request.entry_plan is None or request.size_plan is None or request.exit_plan is None:
            raise PlanError("a new trade needs its three plans", directive=directive.directive_id)
        return self.trade(request, request.entry_plan, request.size_plan, request.exit_plan)

    @abstractmethod
    def trade(self, request: ExecutionRequest, entry: EntryPlan, size: SizePlan, exit_: ExitPlan) -> ExecutionIntent:
        """Return how a new trade is entered.

        Raises:
            PlanError: it cannot be carried out soundly.
        """

    def within_limit(self, request: ExecutionRequest, slippage_pct: Decimal) -> Decimal:
        """Return the slippage limit as a ratio, or the directive's if that is narrower."""
        wanted = request.strategy_directive.execution_intent_directive
        return slippage_pct if wanted is None else min(slippage_pct, wanted.max_total_slippage_pct)

    def _at_once(self, request: ExecutionRequest, action: ExecutionAction) -> ExecutionIntent:
        return _intent(
            intent_id=self.tools.ids.next(INTENT),
            action=action,
            execution_urgency=ONE,
            visibility_preference=ONE,
            max_slippage_pct=self.within_limit(request, self.config.close_slippage_pct),
            must_complete_immediately=True,
        )
