"""The coordinator waits for the plans, asks for the intent, and hands the whole on."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.config.blueprint import MatchPolicy
from engine.contracts.directives import DirectiveScope, StrategyDirective
from engine.contracts.disposition import NOTHING, Disposition, DispositionEnvelope
from engine.contracts.intents import ExecutionAction
from engine.phase4_planning.aggregator import PlanningAggregator
from engine.phase4_planning.matcher import PlannerMatcher
from engine.primitives.errors import PlanError, WiringError
from tests.support.ledger import Books
from tests.support.notes import (
    a_close_directive,
    a_size_plan,
    a_strategy_directive,
    an_entry_directive,
    an_entry_plan,
    an_exit_directive,
    an_exit_plan,
    an_id,
    an_intent,
)

pytestmark = pytest.mark.unit

D = Decimal
Triggers = Mapping[str, tuple[Decimal, Decimal]]


class Table:
    """A planning aggregator with real matchers and books, and what it remarked."""

    def __init__(self, *, policy: MatchPolicy = MatchPolicy.FIRST, **slots: list[tuple[str, Triggers]]) -> None:
        self.books = Books("100000")
        self.remarks: list[str] = []
        entries: dict[str, list[tuple[str, Triggers]]] = {
            slot: [(f"the_{slot}", {})] for slot in ("entry", "size", "exit", "execution_intent")
        }
        self.aggregator = PlanningAggregator(
            {slot: PlannerMatcher(slot, given, policy) for slot, given in (entries | slots).items()},
            ids=self.books.ids,
            clock=self.books.clock,
            ledger=self.books.ledger,
            remember=lambda topic, text: self.remarks.append(f"{topic}: {text}"),
        )

    def plans(self, directive: StrategyDirective | None = None, **plans: Any) -> Any:
        """Bring a directive and its three plans; return the last answer."""
        table = self.aggregator
        assert table.on_strategy_directive(directive or a_strategy_directive()) is NOTHING
        assert table.on_size_plan(plans.get("size", a_size_plan())) is NOTHING
        assert table.on_exit_plan(plans.get("exit_", an_exit_plan())) is NOTHING
        return table.on_entry_plan(plans.get("entry", an_entry_plan()))


def refused(said: Any) -> tuple[str, str]:
    assert isinstance(said, DispositionEnvelope)
    assert said.disposition is Disposition.STOP
    assert said.outcome is not None
    assert said.outcome.stage == "trade_planning"
    return said.outcome.rule, said.outcome.reason


def a_move(**changes: Any) -> StrategyDirective:
    defaults = {
        "scope": DirectiveScope.MODIFY_EXISTING,
        "entry_directive": None,
        "size_directive": None,
        "exit_directive": an_exit_directive(new_stop_price=D(49900)),
    }
    return a_strategy_directive(**(defaults | changes))


def test_the_intent_is_asked_for_when_all_three_plans_are_in_whatever_their_order() -> None:
    said = Table().plans()

    assert said.event_name == "EXECUTION_INTENT_REQUESTED"
    assert said.payload.entry_plan == an_entry_plan()
    assert said.payload.size_plan == a_size_plan()
    assert said.payload.exit_plan == an_exit_plan()


def test_a_complete_directive_is_announced_and_sent_to_be_translated() -> None:
    table = Table()
    table.plans()
    ready, requested = table.aggregator.on_execution_intent(an_intent())  # type: ignore[misc]  # a pair here

    assert (ready.event_name, requested.event_name) == ("EXECUTION_DIRECTIVE_READY", "TRANSLATION_REQUESTED")
    assert ready.payload is requested.payload
    chain = ready.payload.causality
    assert chain.strategy_directive_id == an_id("STR")
    assert (chain.entry_plan_id, chain.size_plan_id, chain.exit_plan_id) == (an_id("ENT"), an_id("SIZ"), an_id("EXT"))
    assert chain.execution_intent_id == an_id("EXI")
    assert ready.payload.strategy_id == "demo"


@pytest.mark.parametrize("slot", ["entry", "size", "exit"])
def test_a_slot_in_which_nobody_matches_ends_the_flow_with_every_candidate_and_its_miss(slot: str) -> None:
    entries = [("bold", {"confidence": (D("0.9"), D(1))}), ("shy", {"confidence": (D(0), D("0.5"))})]
    rule, reason = refused(Table(**{slot: entries}).aggregator.on_strategy_directive(a_strategy_directive()))

    assert rule == f"no {slot} planner matches"
    assert reason == ("bold: confidence is 0.82, its range is 0.9 to 1; shy: confidence is 0.82, its range is 0 to 0.5")


def test_a_missing_intent_planner_is_found_when_the_size_is_known() -> None:
    table = Table(execution_intent=[("large", {"position_size": (D(1), D(9))})])

    assert refused(table.plans()) == (
        "no execution_intent planner matches",
        "large: position_size is 0.5, its range is 1 to 9",
    )


def test_planners_that_were_passed_over_are_remembered() -> None:
    table = Table(entry=[("first", {}), ("second", {})])
    table.plans()

    assert table.remarks == ["planner passed over: entry: first answers; second would match too"]


def test_several_matches_end_the_flow_when_the_policy_says_so() -> None:
    table = Table(entry=[("first", {}), ("second", {})], policy=MatchPolicy.ERROR)

    assert refused(table.aggregator.on_strategy_directive(a_strategy_directive()))[0] == "several entry planners match"


def test_plans_that_break_a_constraint_end_the_flow_with_the_numbers() -> None:
    rule, reason = refused(Table().plans(size=a_size_plan(position_size=D(3))))

    assert rule == "max_risk_amount"
    assert "risks 1500; at most 1000" in reason


def test_an_intent_that_slips_too_far_ends_the_flow() -> None:
    table = Table()
    table.plans()

    assert (
        refused(table.aggregator.on_execution_intent(an_intent(max_slippage_pct=D("0.02"))))[0]
        == "max_total_slippage_pct"
    )


def test_a_second_directive_in_one_flow_is_refused_and_the_next_flow_is_free() -> None:
    aggregator = Table().aggregator
    aggregator.on_strategy_directive(a_strategy_directive())

    assert refused(aggregator.on_strategy_directive(a_strategy_directive()))[0] == "one directive per flow"
    aggregator.reset()
    assert aggregator.on_strategy_directive(a_strategy_directive()) is NOTHING


def test_two_answers_in_one_slot_are_no_plan() -> None:
    aggregator = Table().aggregator
    aggregator.on_strategy_directive(a_strategy_directive())
    aggregator.on_entry_plan(an_entry_plan())

    with pytest.raises(PlanError, match="two planners answered"):
        aggregator.on_entry_plan(an_entry_plan())


def test_a_plan_from_nowhere_says_what_is_not_wired() -> None:
    with pytest.raises(WiringError, match="wire on_strategy_directive"):
        Table().aggregator.on_entry_plan(an_entry_plan())


def test_an_intent_that_nobody_asked_for_is_no_plan() -> None:
    aggregator = Table().aggregator
    aggregator.on_strategy_directive(a_strategy_directive())

    with pytest.raises(PlanError, match="nobody asked for"):
        aggregator.on_execution_intent(an_intent())


def test_an_exit_needs_no_plans_and_leaves_as_a_batch() -> None:
    table = Table()
    said: Any = table.aggregator.on_strategy_directive(a_close_directive(target_group_ids=(an_id("EXG"),)))
    assert said.event_name == "EXECUTION_INTENT_REQUESTED"
    batch: Any = table.aggregator.on_execution_intent(an_intent(action=ExecutionAction.CLOSE_POSITION))

    assert batch.event_name == "EXECUTION_BATCH_READY"
    assert [leg.execution_intent.action for leg in batch.payload.directives] == ["CANCEL_GROUP", "CLOSE_POSITION"]


def test_an_exit_is_not_lost_to_ranges_that_were_made_for_entries() -> None:
    table = Table(
        entry=[("none", {"confidence": (D(0), D(0))})],
        execution_intent=[("calm", {"confidence": (D("0.2"), D("0.4"))})],
    )
    said: Any = table.aggregator.on_strategy_directive(a_close_directive(confidence=D("0.95")))

    assert said.event_name == "EXECUTION_INTENT_REQUESTED"
    assert table.remarks == [
        "planner stopgap: execution_intent: calm answers although calm: confidence is 0.95, its range is 0.2 to 0.4"
    ]


def test_a_moved_stop_goes_through_the_exit_slot_alone() -> None:
    table = Table()
    move = a_move(target_trade_ids=(table.books.trade(),))
    assert table.aggregator.on_strategy_directive(move) is NOTHING
    said: Any = table.aggregator.on_exit_plan(an_exit_plan(stop_loss_price=D(49900)))
    assert said.event_name == "EXECUTION_INTENT_REQUESTED"
    ready: Any = table.aggregator.on_execution_intent(an_intent(action=ExecutionAction.MODIFY_ORDER))

    complete = ready[1].payload
    assert complete.scope is DirectiveScope.MODIFY_EXISTING
    assert complete.target_trade_ids == move.target_trade_ids
    assert (complete.entry_plan, complete.size_plan) == (None, None)


def test_a_moved_stop_that_gives_up_the_tolerance_is_refused() -> None:
    table = Table()
    order = table.books.order("1")
    table.books.fill(order, "1", "50000")
    table.aggregator.on_strategy_directive(a_move(target_trade_ids=(order.trade_id,)))

    assert refused(table.aggregator.on_exit_plan(an_exit_plan(stop_loss_price=D(49000))))[0] == "stop_loss_tolerance"


def test_a_change_of_size_is_refused_and_not_half_done() -> None:
    move = a_move(entry_directive=an_entry_directive(), target_trade_ids=(an_id("TRD"),))

    rule, reason = refused(Table().aggregator.on_strategy_directive(move))
    assert rule == "change of size not supported"
    assert "moves stop and target for now" in reason


def test_a_move_to_nowhere_is_refused() -> None:
    move = a_move(exit_directive=an_exit_directive(), target_trade_ids=(an_id("TRD"),))

    assert refused(Table().aggregator.on_strategy_directive(move))[0] == "nothing to modify"
