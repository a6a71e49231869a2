"""In slices over time."""

from decimal import Decimal

import pytest

from engine.config.policies import CexPolicy
from engine.contracts.directives import DirectiveScope
from engine.contracts.intents import (
    ChunkDistribution,
    ExecutionAction,
    ExecutionIntent,
    ExecutionRequest,
    ExecutionStyle,
)
from engine.contracts.plans import OrderType
from engine.phase4_planning.translation.order_terms import OrderTerms, terms_of
from tests.support.context import employ
from tests.support.notes import (
    a_close_directive,
    a_request,
    a_scheduling,
    a_size_plan,
    a_strategy_directive,
    an_entry_plan,
    an_execution_directive,
    an_exit_directive,
    an_exit_plan,
    an_id,
    an_instrument,
    an_intent_directive,
)

pytestmark = pytest.mark.unit

D = Decimal


def intent_for(request: ExecutionRequest, **config: object) -> ExecutionIntent:
    intent: ExecutionIntent = employ("phase4_intent/twap", config).plan(request)
    return intent


def test_it_asks_for_five_even_slices_over_half_an_hour() -> None:
    intent = intent_for(a_request())

    assert intent.execution_urgency == D("0.2")
    assert intent.preferred_execution_style is ExecutionStyle.TWAP
    assert intent.chunk_count_hint == 5
    assert intent.chunk_distribution is ChunkDistribution.UNIFORM
    assert intent.max_execution_window_minutes == 30


def terms(intent: ExecutionIntent, size: str) -> OrderTerms:
    """Return what an exchange would be asked for, for a limit entry of so many coins."""
    directive = an_execution_directive(
        execution_intent=intent,
        size_plan=a_size_plan(position_size=D(size), position_value=D(size) * 50000),
        entry_plan=an_entry_plan(order_type=OrderType.LIMIT, limit_price=D(49950)),
    )
    return terms_of(directive, policy=CexPolicy(), instrument=an_instrument(), scheduling=a_scheduling())


def test_a_large_order_becomes_its_slices_and_a_small_one_stays_whole() -> None:
    intent = intent_for(a_request(), chunk_count=4, window_minutes=20)

    assert (terms(intent, "8").chunk_count, terms(intent, "8").window_minutes) == (4, 20)
    assert terms(intent, "0.01").chunk_count == 1


def test_what_no_translator_slices_is_refused() -> None:
    with pytest.raises(ValueError, match=r"less than 0\.3"):
        intent_for(a_request(), urgency="0.3")


def test_a_slippage_limit_is_never_wider_than_the_directives() -> None:
    narrow = a_strategy_directive(execution_intent_directive=an_intent_directive(max_total_slippage_pct=D("0.001")))

    assert intent_for(a_request()).max_slippage_pct == D("0.005")
    assert intent_for(a_request(strategy_directive=narrow)).max_slippage_pct == D("0.001")


def test_exits_and_moved_stops_are_done_at_once() -> None:
    out = intent_for(ExecutionRequest(strategy_directive=a_close_directive()), close_slippage_pct="0.03")
    moved = a_strategy_directive(
        scope=DirectiveScope.MODIFY_EXISTING,
        target_trade_ids=(an_id("TRD"),),
        exit_directive=an_exit_directive(new_stop_price=D(49000)),
    )
    move = intent_for(ExecutionRequest(strategy_directive=moved, exit_plan=an_exit_plan()))

    assert (out.action, move.action) == (ExecutionAction.CLOSE_POSITION, ExecutionAction.MODIFY_ORDER)
    assert out.max_slippage_pct == D("0.03")
    assert out.execution_urgency == move.execution_urgency == 1
    assert out.must_complete_immediately
