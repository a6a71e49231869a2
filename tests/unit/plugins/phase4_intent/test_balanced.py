"""The document's trade-offs, right for both directions and for every kind of order."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.directives import DirectiveScope
from engine.contracts.intents import ExecutionAction, ExecutionIntent, ExecutionRequest
from engine.contracts.plans import OrderType
from tests.support.context import employ
from tests.support.notes import (
    a_close_directive,
    a_request,
    a_size_plan,
    a_strategy_directive,
    an_entry_plan,
    an_exit_directive,
    an_exit_plan,
    an_id,
    an_intent_directive,
)

pytestmark = pytest.mark.unit

D = Decimal
LIMIT = {"order_type": OrderType.LIMIT, "limit_price": D(49950)}


def intent_for(request: ExecutionRequest, **config: object) -> ExecutionIntent:
    intent: ExecutionIntent = employ("phase4_intent/balanced", config).plan(request)
    return intent


def intent(
    *, size: str = "0.5", entry: dict[str, Any] | None = None, exit_: dict[str, Any] | None = None
) -> ExecutionIntent:
    return intent_for(
        a_request(
            entry_plan=an_entry_plan(**(entry or {})),
            size_plan=a_size_plan(position_size=D(size)),
            exit_plan=an_exit_plan(**(exit_ or {})),
        )
    )


def test_a_market_entry_is_urgent_and_now_or_never() -> None:
    urgent = intent()

    assert urgent.action is ExecutionAction.EXECUTE_TRADE
    assert urgent.execution_urgency == D("0.90")
    assert urgent.must_complete_immediately
    assert urgent.max_execution_window_minutes is None


@pytest.mark.parametrize(("size", "urgency"), [("1.0", "0.50"), ("1.01", "0.20")])
def test_a_patient_entry_takes_its_time_and_a_large_one_more(size: str, urgency: str) -> None:
    patient = intent(size=size, entry=LIMIT)

    assert patient.execution_urgency == D(urgency)
    assert not patient.must_complete_immediately
    assert patient.max_execution_window_minutes == 30


@pytest.mark.parametrize(("size", "visibility"), [("5.0", "0.70"), ("5.01", "0.10")])
def test_a_very_large_entry_hides(size: str, visibility: str) -> None:
    assert intent(size=size, entry=LIMIT).visibility_preference == D(visibility)


@pytest.mark.parametrize(("target", "slippage"), [("50249.99", "0.0005"), ("50250", "0.005")])
def test_a_scalp_has_little_room_for_slippage(target: str, slippage: str) -> None:
    assert intent(exit_={"take_profit_price": D(target)}).max_slippage_pct == D(slippage)


def test_the_way_to_the_target_counts_downwards_for_a_sale() -> None:
    short = {"direction": Direction.SELL}

    assert intent(
        entry=short, exit_={"stop_loss_price": D(50500), "take_profit_price": D(49000)}
    ).max_slippage_pct == D("0.005")
    assert intent(
        entry=short, exit_={"stop_loss_price": D(50500), "take_profit_price": D(49900)}
    ).max_slippage_pct == D("0.0005")


def test_a_trade_without_a_target_is_no_scalp() -> None:
    assert intent(exit_={"take_profit_price": None}).max_slippage_pct == D("0.005")


def test_the_directives_slippage_limit_is_the_last_word() -> None:
    tight = a_strategy_directive(execution_intent_directive=an_intent_directive(max_total_slippage_pct=D("0.002")))

    assert intent_for(a_request(strategy_directive=tight)).max_slippage_pct == D("0.002")


def test_an_exit_happens_at_once() -> None:
    exit_ = intent_for(ExecutionRequest(strategy_directive=a_close_directive()))

    assert exit_.action is ExecutionAction.CLOSE_POSITION
    assert exit_.execution_urgency == 1
    assert exit_.must_complete_immediately
    assert exit_.max_slippage_pct == D("0.05")


def test_an_exit_from_orders_alone_cancels_groups() -> None:
    only_groups = a_close_directive(target_trade_ids=(), target_group_ids=(an_id("EXG"),))

    assert intent_for(ExecutionRequest(strategy_directive=only_groups)).action is ExecutionAction.CANCEL_GROUP


def test_a_moved_stop_is_changed_at_once() -> None:
    move = a_strategy_directive(
        scope=DirectiveScope.MODIFY_EXISTING,
        target_trade_ids=(an_id("TRD"),),
        exit_directive=an_exit_directive(new_stop_price=D(49900)),
    )
    moved = intent_for(ExecutionRequest(strategy_directive=move, exit_plan=an_exit_plan()))

    assert (moved.action, moved.execution_urgency) == (ExecutionAction.MODIFY_ORDER, 1)


def test_thresholds_are_the_quants_own() -> None:
    assert intent_for(a_request(entry_plan=an_entry_plan(**LIMIT)), large_size="0.4").execution_urgency == D("0.20")
