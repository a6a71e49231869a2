"""A planner answers only when it was chosen, and only in scopes that have a use for it."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.directives import DirectiveScope, StrategyDirective
from engine.contracts.disposition import NOTHING
from engine.contracts.intents import ExecutionIntent, ExecutionRequest
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan
from engine.phase4_planning.planners import (
    BaseEntryPlanner,
    BaseExecutionIntentPlanner,
    BaseExitPlanner,
    BaseSizePlanner,
)
from engine.ports.worker import WorkerConfig
from engine.primitives.errors import PlanError
from tests.support.context import tools
from tests.support.notes import (
    a_close_directive,
    a_request,
    a_size_plan,
    a_strategy_directive,
    an_entry_plan,
    an_exit_directive,
    an_exit_plan,
    an_id,
    an_intent,
)

pytestmark = pytest.mark.unit


class Entry(BaseEntryPlanner[WorkerConfig]):
    def plan(self, directive: StrategyDirective) -> EntryPlan:
        return an_entry_plan()


class Size(BaseSizePlanner[WorkerConfig]):
    def plan(self, directive: StrategyDirective) -> SizePlan:
        return a_size_plan()


class Exit(BaseExitPlanner[WorkerConfig]):
    def plan(self, directive: StrategyDirective) -> ExitPlan:
        return an_exit_plan()


class Intent(BaseExecutionIntentPlanner[WorkerConfig]):
    def plan(self, request: ExecutionRequest) -> ExecutionIntent:
        return an_intent()


class Says:
    """A matcher with one answer; it remembers what it was asked."""

    def __init__(self, answer: bool) -> None:
        self.answer = answer
        self.asked: list[tuple[StrategyDirective, ExecutionRequest | None]] = []

    def is_chosen(self, directive: StrategyDirective, request: ExecutionRequest | None = None) -> bool:
        self.asked.append((directive, request))
        return self.answer


PLANNERS = [(Entry, "ENTRY_PLAN_CREATED"), (Size, "SIZE_PLAN_CREATED"), (Exit, "EXIT_PLAN_CREATED")]


def a_move(**changes: Any) -> StrategyDirective:
    defaults = {
        "scope": DirectiveScope.MODIFY_EXISTING,
        "target_trade_ids": (an_id("TRD"),),
        "entry_directive": None,
        "size_directive": None,
        "exit_directive": an_exit_directive(new_stop_price=Decimal(49900), new_target_price=Decimal(52000)),
    }
    return a_strategy_directive(**(defaults | changes))


@pytest.mark.parametrize(("kind", "event"), PLANNERS)
def test_a_chosen_planner_publishes_its_plan_of_a_new_trade(kind: type[Any], event: str) -> None:
    said = kind(WorkerConfig(), tools(matcher=Says(True))).on_strategy_directive(a_strategy_directive())

    assert said.event_name == event


@pytest.mark.parametrize(("kind", "event"), PLANNERS)
def test_a_planner_that_was_not_chosen_is_silent(kind: type[Any], event: str) -> None:
    assert kind(WorkerConfig(), tools(matcher=Says(False))).on_strategy_directive(a_strategy_directive()) is NOTHING


@pytest.mark.parametrize(("kind", "event"), PLANNERS)
def test_a_planner_without_a_matcher_always_answers(kind: type[Any], event: str) -> None:
    assert kind(WorkerConfig(), tools()).on_strategy_directive(a_strategy_directive()).event_name == event


@pytest.mark.parametrize(("kind", "event"), PLANNERS)
def test_an_exit_from_the_market_needs_no_plans(kind: type[Any], event: str) -> None:
    assert kind(WorkerConfig(), tools()).on_strategy_directive(a_close_directive()) is NOTHING


@pytest.mark.parametrize("kind", [Entry, Size])
def test_moving_exits_needs_neither_entry_nor_size(kind: type[Any]) -> None:
    assert kind(WorkerConfig(), tools()).on_strategy_directive(a_move()) is NOTHING


def test_a_moved_exit_is_taken_over_as_it_was_decided() -> None:
    said: Any = Exit(WorkerConfig(), tools()).on_strategy_directive(a_move())

    assert (said.payload.stop_loss_price, said.payload.take_profit_price) == (49900, 52000)


def test_a_move_that_names_no_stop_is_no_plan() -> None:
    move = a_move(exit_directive=an_exit_directive(new_target_price=Decimal(52000)))

    with pytest.raises(PlanError, match="names the stop"):
        Exit(WorkerConfig(), tools()).on_strategy_directive(move)


def test_the_intent_planner_is_matched_with_all_plans_in_hand() -> None:
    matcher, request = Says(True), a_request()
    said: Any = Intent(WorkerConfig(), tools(matcher=matcher)).on_execution_request(request)

    assert said.event_name == "EXECUTION_INTENT_CREATED"
    assert matcher.asked == [(request.strategy_directive, request)]
    assert Intent(WorkerConfig(), tools(matcher=Says(False))).on_execution_request(request) is NOTHING
