"""Directives about trades that exist: move the stop, add, shed, close, cancel."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from engine.contracts.base import Direction
from engine.contracts.flows import OutcomeKind
from engine.contracts.intents import ExecutionAction
from engine.contracts.orders import OrderRole, OrderStatus, TradeStatus
from engine.contracts.plans import OrderType
from tests.support import notes
from tests.support.execution import FREE, Floor, a_change, a_closing, a_new_trade

pytestmark = pytest.mark.unit
D = Decimal


@pytest.fixture
def floor() -> Iterator[Floor]:
    """A floor on which a BUY of 2 at 100 is open."""
    floor = Floor()
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.bar(open=100)
    assert floor.held() == 2
    yield floor
    floor.assert_books_agree()


def test_a_moved_stop_is_replaced_and_the_trade_says_so(floor: Floor) -> None:
    floor.give(a_change(floor.trade().trade_id, stop="98", target="120"))

    (stop,), (target,) = floor.working(OrderRole.STOP_LOSS), floor.working(OrderRole.TAKE_PROFIT)
    assert (stop.stop_price, target.limit_price) == (D(98), D(120))
    assert (floor.trade().stop_loss_price, floor.trade().take_profit_price) == (D(98), D(120))
    assert [order.status for order in floor.orders(OrderRole.STOP_LOSS)] == [OrderStatus.CANCELLED, OrderStatus.OPEN]


def test_a_moved_stop_leaves_the_target_alone(floor: Floor) -> None:
    (before,) = floor.working(OrderRole.TAKE_PROFIT)

    floor.give(a_change(floor.trade().trade_id, stop="99"))

    assert floor.working(OrderRole.TAKE_PROFIT) == [before]
    floor.bar(open=100, low=98.5)
    assert floor.trade().exit_value == D(198)


def test_a_stop_between_two_ticks_goes_to_the_nearer(floor: Floor) -> None:
    floor.give(a_change(floor.trade().trade_id, stop="98.001"))

    assert floor.working(OrderRole.STOP_LOSS)[0].stop_price == D("98.01")


def test_scaling_in_adds_to_the_same_trade_and_is_protected(floor: Floor) -> None:
    entry = notes.an_entry_plan(reference_price=D(100))

    outcome = floor.give(a_change(floor.trade().trade_id, size="3.5", entry=entry))
    floor.bar(open=100)

    assert outcome.kind is OutcomeKind.EXECUTED
    assert floor.trade().open_quantity == D("3.5")
    assert sum(order.quantity for order in floor.working(OrderRole.STOP_LOSS)) == D("3.5")


def test_a_size_that_is_there_already_changes_nothing(floor: Floor) -> None:
    before = len(floor.orders())

    outcome = floor.give(a_change(floor.trade().trade_id, size="2"))

    assert "nothing to change" in outcome.reason
    assert len(floor.orders()) == before


def test_a_smaller_size_sheds_the_rest_and_shrinks_the_stop(floor: Floor) -> None:
    floor.give(a_change(floor.trade().trade_id, size="0.5"))
    floor.bar(open=100)

    assert floor.trade().open_quantity == D("0.5")
    assert [order.remaining_quantity for order in floor.working(OrderRole.STOP_LOSS)] == [D("0.5")]
    assert [order.remaining_quantity for order in floor.working(OrderRole.TAKE_PROFIT)] == [D("0.5")]


def test_scaling_in_without_an_entry_plan_is_refused(floor: Floor) -> None:
    assert floor.give(a_change(floor.trade().trade_id, size="3")).rule == "no entry plan"


def test_a_change_never_turns_a_trade_over(floor: Floor) -> None:
    entry = notes.an_entry_plan(direction=Direction.SELL, reference_price=D(100))

    assert floor.give(a_change(floor.trade().trade_id, size="3", entry=entry)).rule == "no flips"


def test_a_closed_trade_is_not_changed(floor: Floor) -> None:
    floor.bar(open=94)

    assert floor.give(a_change(floor.trade().trade_id, stop="98")).rule == "trade is over"


def test_a_trade_that_nobody_knows_is_refused(floor: Floor) -> None:
    assert floor.give(a_closing(notes.an_id("TRD", 9))).rule == "unknown trade"
    assert floor.give(a_closing(groups=(notes.an_id("EXG", 9),))).rule == "unknown group"


def test_closing_sells_what_is_held_and_takes_the_stop_away_last(floor: Floor) -> None:
    floor.give(a_closing(floor.trade().trade_id))

    (close,) = floor.working(OrderRole.CLOSE)
    assert (close.order_type, close.quantity, close.reduce_only) == (OrderType.MARKET, D(2), True)
    assert len(floor.working(OrderRole.STOP_LOSS)) == 1

    floor.bar(open=101)

    assert (floor.trade().status, floor.trade().exit_reason) == (TradeStatus.CLOSED, "CLOSE")
    assert floor.ledger.get_open_orders() == []


def test_a_close_belongs_to_the_directive_that_asked_for_it(floor: Floor) -> None:
    floor.give(a_closing(floor.trade().trade_id))

    (close,) = floor.working(OrderRole.CLOSE)
    assert floor.ledger.get_group(close.group_id).parent_directive_id == notes.an_id("EXE", 2)


def test_a_stop_and_a_close_in_one_bar_do_not_sell_twice(floor: Floor) -> None:
    floor.give(a_closing(floor.trade().trade_id))
    floor.bar(open=94)

    assert floor.held() == 0
    assert sum(done.report.quantity for done in floor.venue.executions) == 4


def test_closing_twice_sells_once(floor: Floor) -> None:
    floor.give(a_closing(floor.trade().trade_id))
    floor.give(a_closing(floor.trade().trade_id))
    floor.bar(open=101)

    assert floor.held() == 0
    assert len(floor.orders(OrderRole.CLOSE)) == 1


def test_a_close_that_the_market_cannot_take_at_once_goes_on(floor: Floor) -> None:
    floor.venue._parameters[floor.symbol] = FREE.model_copy(update={"max_participation": D("0.1")})
    floor.give(a_closing(floor.trade().trade_id))
    floor.bar(open=100, volume=12)
    assert floor.held() == D("0.8")

    floor.bar(open=100, volume=12)

    assert floor.held() == 0


def test_an_entry_that_never_came_in_is_simply_cancelled() -> None:
    floor = Floor()
    floor.bar(open=100)
    floor.give(a_new_trade(limit="90", stop="80", execution_urgency=D("0.5")))
    (trade,) = floor.ledger.get_open_trades()

    floor.give(a_closing(trade.trade_id))

    assert floor.trade().status is TradeStatus.ABANDONED
    assert floor.orders(OrderRole.CLOSE) == []
    floor.assert_books_agree()


def test_cancelling_a_trades_orders_does_not_close_it(floor: Floor) -> None:
    entry = notes.an_entry_plan(order_type=OrderType.LIMIT, reference_price=D(100), limit_price=D(97))
    floor.give(a_change(floor.trade().trade_id, size="3", entry=entry))

    floor.give(a_closing(floor.trade().trade_id, action=ExecutionAction.CANCEL_ORDER))
    floor.bar(open=96)

    assert floor.held() == 2
    assert floor.working(OrderRole.ENTRY) == []


def test_a_person_closes_a_trade_once(floor: Floor) -> None:
    trade_id = floor.trade().trade_id

    assert floor.handler.close_trade(trade_id, "asked by the user").is_accepted
    assert not floor.handler.close_trade(trade_id, "asked by the user").is_accepted
    floor.bar(open=101)

    assert floor.held() == 0
    assert "CLOSED" in floor.handler.close_trade(trade_id, "asked by the user").text
