"""Now, and openly."""

from decimal import Decimal

import pytest

from engine.contracts.directives import DirectiveScope
from engine.contracts.intents import ExecutionAction, ExecutionIntent, ExecutionRequest
from tests.support.context import employ
from tests.support.notes import (
    a_close_directive,
    a_request,
    a_strategy_directive,
    an_exit_directive,
    an_exit_plan,
    an_id,
    an_intent_directive,
)

pytestmark = pytest.mark.unit

D = Decimal


def intent_for(request: ExecutionRequest, **config: object) -> ExecutionIntent:
    intent: ExecutionIntent = employ("phase4_intent/high_urgency", config).plan(request)
    return intent


def test_a_trade_is_filled_at_once_or_not_at_all() -> None:
    intent = intent_for(a_request())

    assert intent.action is ExecutionAction.EXECUTE_TRADE
    assert intent.execution_urgency == D("0.9")
    assert intent.must_complete_immediately
    assert intent.max_execution_window_minutes is None


def test_what_is_not_urgent_is_not_its_business() -> None:
    with pytest.raises(ValueError, match=r"greater than 0\.8"):
        intent_for(a_request(), urgency="0.8")


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
