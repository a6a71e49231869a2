"""A directive's constraints hold whatever the planners think, and a breach says its numbers."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.plans import EntryLayer, OrderType
from engine.phase4_planning.limits import Breach, moved_exit_breach, new_trade_breach, slippage_breach
from tests.support.notes import (
    a_close_directive,
    a_size_directive,
    a_size_plan,
    a_strategy_directive,
    a_trade,
    an_entry_plan,
    an_exit_directive,
    an_exit_plan,
    an_intent,
    an_intent_directive,
)

pytestmark = pytest.mark.unit

D = Decimal


def judged(*, equity: str = "100000", entry: dict[str, Any] | None = None, **parts: Any) -> Breach | None:
    return new_trade_breach(
        a_strategy_directive(
            size_directive=parts.get("wanted_size", a_size_directive()),
            exit_directive=parts.get("wanted_exit", an_exit_directive()),
        ),
        entry=an_entry_plan(**(entry or {})),
        size=parts.get("size", a_size_plan()),
        exit_=parts.get("exit_", an_exit_plan()),
        equity=D(equity),
    )


def rule_of(breach: Breach | None) -> str | None:
    return breach.rule if breach is not None else None


def test_plans_within_all_constraints_pass() -> None:
    assert judged() is None


def test_a_plan_that_trades_something_else_is_refused() -> None:
    assert rule_of(judged(entry={"symbol": "ETH/USDT"})) == "entry differs from directive"
    assert rule_of(judged(entry={"direction": Direction.SELL})) == "entry differs from directive"


def test_a_stop_on_the_wrong_side_is_refused() -> None:
    breach = judged(exit_=an_exit_plan(stop_loss_price=D(50100)))

    assert rule_of(breach) == "exit on the wrong side"


@pytest.mark.parametrize(("stop", "rule"), [("49250", None), ("49249.99", "stop_loss_tolerance")])
def test_the_stop_tolerance_holds_its_edge(stop: str, rule: str | None) -> None:
    size = a_size_plan(position_size=D("0.001"), risk_amount=D(1))

    assert rule_of(judged(exit_=an_exit_plan(stop_loss_price=D(stop)), size=size)) == rule


def test_a_breached_tolerance_says_its_numbers() -> None:
    breach = judged(exit_=an_exit_plan(stop_loss_price=D(49000)))

    assert breach is not None
    assert breach.reason == "the stop 49000 is 2.0000% away from the entry at 50000; at most 1.5000% is allowed"


def test_the_distance_to_the_stop_counts_from_the_limit_price() -> None:
    patient = {"order_type": OrderType.LIMIT, "limit_price": D(49600)}

    assert (
        judged(entry=patient, exit_=an_exit_plan(stop_loss_price=D(49000)), size=a_size_plan(risk_amount=D(1))) is None
    )


@pytest.mark.parametrize(("size", "rule"), [("2", None), ("2.00001", "max_risk_amount")])
def test_no_plan_risks_more_than_the_amount(size: str, rule: str | None) -> None:
    # From 50,000 to the stop at 49,500: 500 a coin, at most 1,000.
    assert rule_of(judged(size=a_size_plan(position_size=D(size), risk_amount=D(1)))) == rule


def test_a_plan_cannot_talk_its_risk_down_but_may_count_fees_in() -> None:
    assert rule_of(judged(size=a_size_plan(position_size=D(3), risk_amount=D(1)))) == "max_risk_amount"
    assert rule_of(judged(size=a_size_plan(position_size=D(1), risk_amount=D(1001)))) == "max_risk_amount"


def test_no_plan_risks_more_than_its_share_of_the_account() -> None:
    wanted = a_size_directive(max_risk_amount=None, account_risk_pct=D("0.01"))
    size = a_size_plan(position_size=D(1), risk_amount=D(500))

    assert judged(wanted_size=wanted, size=size, equity="50000") is None
    breach = judged(wanted_size=wanted, size=size, equity="49999")
    assert rule_of(breach) == "account_risk_pct"
    assert breach is not None
    assert "1.0000% of the equity of 49999" in breach.reason


def test_an_intent_may_not_slip_further_than_the_directive_allows() -> None:
    directive = a_strategy_directive(execution_intent_directive=an_intent_directive(max_total_slippage_pct=D("0.002")))

    assert slippage_breach(directive, an_intent(max_slippage_pct=D("0.002"))) is None
    assert rule_of(slippage_breach(directive, an_intent(max_slippage_pct=D("0.0021")))) == "max_total_slippage_pct"
    assert slippage_breach(a_close_directive(), an_intent(max_slippage_pct=D("0.5"))) is None


def moved(stop: str, target: str | None = None, **trade: Any) -> str | None:
    plan = an_exit_plan(stop_loss_price=D(stop), take_profit_price=None if target is None else D(target))
    return rule_of(moved_exit_breach(an_exit_directive(), a_trade(**trade), plan))


def test_a_stop_may_follow_into_the_profit_but_not_out_of_the_tolerance() -> None:
    # The trade was entered at 50,000.
    assert moved("53000", "54000") is None
    assert moved("49250") is None
    assert moved("49200") == "stop_loss_tolerance"


def test_a_moved_target_stands_beyond_the_stop() -> None:
    assert moved("49900", "49800") == "exit on the wrong side"
    assert moved("50100", "50200", direction=Direction.SELL) == "exit on the wrong side"


def test_a_trade_without_fills_has_no_entry_to_measure_from() -> None:
    assert moved("1", entry_quantity=D(0), entry_value=D(0)) is None


def test_the_stop_must_be_beyond_the_best_layer_too() -> None:
    layers = (EntryLayer(limit_price=D(49900), share=D("0.5")), EntryLayer(limit_price=D(49600), share=D("0.5")))
    entry = {"order_type": OrderType.LIMIT, "limit_price": D(49900), "layers": layers}

    assert judged(entry=entry, exit_=an_exit_plan(stop_loss_price=D(49500))) is None
    breach = judged(entry=entry, exit_=an_exit_plan(stop_loss_price=D(49700)))
    assert rule_of(breach) == "exit on the wrong side"
    assert breach is not None
    assert "49600" in breach.reason


def test_the_risk_of_layers_is_counted_as_if_all_were_filled_at_the_worst() -> None:
    layers = (EntryLayer(limit_price=D(49900), share=D("0.5")), EntryLayer(limit_price=D(49600), share=D("0.5")))
    entry = {"order_type": OrderType.LIMIT, "limit_price": D(49900), "layers": layers}
    # half a coin from 49,900 to 49,500 is 200
    size = a_size_plan(risk_amount=D(0))

    assert judged(entry=entry, size=size, wanted_size=a_size_directive(max_risk_amount=D(200))) is None
    too_much = judged(entry=entry, size=size, wanted_size=a_size_directive(max_risk_amount=D("199.99")))
    assert rule_of(too_much) == "max_risk_amount"
