"""The bases of the four trade planners: each does one thing, and configuration decides when.

A planner answers only when its matcher says that it was chosen; a planner without a matcher always answers.
"""

from abc import ABC, abstractmethod

from engine.contracts.directives import DirectiveScope, StrategyDirective
from engine.contracts.disposition import NOTHING, DispositionEnvelope, Envelopes
from engine.contracts.events import (
    ENTRY_PLAN_CREATED,
    EXECUTION_INTENT_CREATED,
    EXIT_PLAN_CREATED,
    SIZE_PLAN_CREATED,
)
from engine.contracts.intents import ExecutionIntent, ExecutionRequest
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan
from engine.ports.worker import ConfigT, Worker
from engine.primitives.errors import PlanError
from engine.primitives.ids import EXIT


class _DirectivePlanner(Worker[ConfigT]):
    """What entry, size and exit planners share: the question whether this directive is theirs."""

    def should_handle(self, directive: StrategyDirective) -> bool:
        """Tell whether the configuration gives this planner the directive; there is no quant logic here."""
        matcher = self.tools.matcher
        return matcher is None or matcher.is_chosen(directive)


class BaseEntryPlanner(_DirectivePlanner[ConfigT], ABC):
    """WHAT and WHERE: plans how a new trade is entered."""

    def on_strategy_directive(self, directive: StrategyDirective) -> Envelopes:
        """Publish the entry plan of a new trade, if this planner is the one that answers."""
        if directive.scope is not DirectiveScope.NEW_TRADE or not self.should_handle(directive):
            return NOTHING
        return DispositionEnvelope.publish(ENTRY_PLAN_CREATED, self.plan(directive))

    @abstractmethod
    def plan(self, directive: StrategyDirective) -> EntryPlan:
        """Return the entry of a NEW_TRADE directive.

        Raises:
            PlanError: there is no sound entry.
        """


class BaseSizePlanner(_DirectivePlanner[ConfigT], ABC):
    """HOW MUCH: plans the size of a new trade."""

    def on_strategy_directive(self, directive: StrategyDirective) -> Envelopes:
        """Publish the size plan of a new trade, if this planner is the one that answers."""
        if directive.scope is not DirectiveScope.NEW_TRADE or not self.should_handle(directive):
            return NOTHING
        return DispositionEnvelope.publish(SIZE_PLAN_CREATED, self.plan(directive))

    @abstractmethod
    def plan(self, directive: StrategyDirective) -> SizePlan:
        """Return the size of a NEW_TRADE directive.

        Raises:
            PlanError: no size is both allowed and worth trading.
        """


class BaseExitPlanner(_DirectivePlanner[ConfigT], ABC):
    """WHERE OUT: plans stop and target of a new trade, and takes over those that a directive moves."""

    def on_strategy_directive(self, directive: StrategyDirective) -> Envelopes:
        """Publish the exit plan, if this planner is the one that answers."""
        if directive.scope is DirectiveScope.CLOSE_EXISTING or not self.should_handle(directive):
            return NOTHING
        plan = self.plan(directive) if directive.scope is DirectiveScope.NEW_TRADE else self.move(directive)
        return DispositionEnvelope.publish(EXIT_PLAN_CREATED, plan)

    @abstractmethod
    def plan(self, directive: StrategyDirective) -> ExitPlan:
        """Return stop and target of a NEW_TRADE directive.

        Raises:
            PlanError: there is no sound exit.
        """

    def move(self, directive: StrategyDirective) -> ExitPlan:
        """Return the stop and target that a MODIFY_EXISTING directive names, as they are: it decided already.

        Raises:
            PlanError: the directive names no stop; a stop that stays is given again.
        """
        wanted = directive.exit_directive
        if wanted is None or wanted.new_stop_price is None:
            raise PlanError(
                "a directive that moves exits names the stop, also when it stays", directive=directive.directive_id
            )
        return ExitPlan(
            plan_id=self.tools.ids.next(EXIT),
            stop_loss_price=wanted.new_stop_price,
            take_profit_price=wanted.new_target_price,
        )


class BaseExecutionIntentPlanner(Worker[ConfigT], ABC):
    """HOW and WHEN: weighs speed against stealth and price, knowing all three plans."""

    def should_handle(self, request: ExecutionRequest) -> bool:
        """Tell whether the configuration gives this planner the request."""
        matcher = self.tools.matcher
        return matcher is None or matcher.is_chosen(request.strategy_directive, request)

    def on_execution_request(self, request: ExecutionRequest) -> Envelopes:
        """Publish the intent, if this planner is the one that answers."""
        if not self.should_handle(request):
            return NOTHING
        return DispositionEnvelope.publish(EXECUTION_INTENT_CREATED, self.plan(request))

    @abstractmethod
    def plan(self, request: ExecutionRequest) -> ExecutionIntent:
        """Return the intent of a request of any scope; the plans that a scope has no use for are None.

        Raises:
            PlanError: it cannot be carried out soundly.
        """
