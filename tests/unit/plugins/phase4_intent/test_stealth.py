"""Seen by few."""

from decimal import Decimal

import pytest

from engine.config.policies import CexPolicy
from engine.contracts.directives import DirectiveScope
from engine.contracts.intents import ExecutionAction, ExecutionIntent, ExecutionRequest, ExecutionStyle
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
    intent: ExecutionIntent = employ("phase4_intent/stealth", config).plan(request)
    return intent


def test_it_hides_and_takes_its_time() -> None:
    intent = intent_for(a_request())

    assert intent.visibility_preference == D("0.1")
    assert intent.preferred_execution_style is ExecutionStyle.ICEBERG
    assert intent.max_execution_window_minutes == 60
    assert not intent.must_complete_immediately


def terms(intent: ExecutionIntent, size: str) -> OrderTerms:
    """Return what an exchange would be asked for, for a limit entry of so many coins."""
    directive = an_execution_directive(
        execution_intent=intent,
        size_plan=a_size_plan(position_size=D(size), position_value=D(size) * 50000),
        entry_plan=an_entry_plan(order_type=OrderType.LIMIT, limit_price=D(49950)),
    )
    return terms_of(directive, policy=CexPolicy(), instrument=an_instrument(), scheduling=a_scheduling())


def test_a_large_order_becomes_an_iceberg_and_a_small_one_is_shown() -> None:
    intent = intent_for(a_request())
    share, small = terms(intent, "8").iceberg_visible_ratio, terms(intent, "0.01").iceberg_visible_ratio

    assert share is not None
    assert share < 1
    assert small is None


def test_a_market_order_cannot_hide() -> None:
    with pytest.raises(ValueError, match=r"less than or equal to 0\.8"):
        intent_for(a_request(), urgency="0.9")


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
