"""Groups with many children: slices over time, icebergs, and stopping either half-way."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from engine.config.policies import GuardLimits
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.intents import ExecutionStyle
from engine.contracts.orders import OrderRole, OrderStatus
from tests.support.execution import Floor, a_bar_of, a_new_trade

pytestmark = pytest.mark.unit
D = Decimal
SLICED: dict[str, Any] = {"execution_urgency": D("0.2"), "chunk_count_hint": 5, "max_execution_window_minutes": 10}
SHY: dict[str, Any] = {"execution_urgency": D("0.5"), "visibility_preference": D("0.1")}


@pytest.fixture
def floor() -> Iterator[Floor]:
    floor = Floor(family="CEX")
    floor.bar(open=100)
    yield floor
    floor.assert_books_agree()


def test_all_slices_are_in_the_books_before_the_first_is_sent(floor: Floor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))

    (group,) = floor.ledger.get_execution_groups()
    assert group.execution_strategy is ExecutionStyle.TWAP
    assert [order.quantity for order in floor.orders()] == [D(1)] * 5
    assert [order.status for order in floor.orders()] == [OrderStatus.OPEN] + [OrderStatus.NEW] * 4


def test_slices_go_out_evenly_over_the_window(floor: Floor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))

    held = []
    for _ in range(10):
        floor.bar(open=100)
        held.append(floor.held())

    assert held == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert floor.working(OrderRole.ENTRY) == []


def test_a_stop_covers_every_slice_that_came_in(floor: Floor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    for _ in range(5):
        floor.bar(open=100)

    assert sum(order.quantity for order in floor.working(OrderRole.STOP_LOSS)) == floor.held() == 3


def test_a_group_that_is_cancelled_half_way_sends_no_more_and_keeps_its_stop(floor: Floor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    for _ in range(3):
        floor.bar(open=100)
    (group,) = floor.ledger.get_execution_groups()

    answer = floor.handler.cancel_group(group.group_id)
    floor.handler.settle()
    for _ in range(10):
        floor.bar(open=100)

    assert answer.is_accepted
    assert floor.held() == 2
    assert floor.ledger.get_group(group.group_id).status is ExecutionGroupStatus.CANCELLED
    assert [order.status for order in floor.orders(OrderRole.ENTRY)][-3:] == [OrderStatus.CANCELLED] * 3
    assert sum(order.quantity for order in floor.working(OrderRole.STOP_LOSS)) == 2


def test_a_group_is_cancelled_once(floor: Floor) -> None:
    floor.give(a_new_trade(limit="90", stop="80", execution_urgency=D("0.5")))
    (group,) = floor.ledger.get_execution_groups()

    assert floor.handler.cancel_group(group.group_id).is_accepted
    floor.handler.settle()

    assert not floor.handler.cancel_group(group.group_id).is_accepted
    assert floor.ledger.get_group(group.group_id).status is ExecutionGroupStatus.CANCELLED


def test_a_fill_that_came_before_the_cancel_is_booked_and_protected(floor: Floor) -> None:
    floor.give(a_new_trade(limit="99", execution_urgency=D("0.5")))
    (group,) = floor.ledger.get_execution_groups()
    floor.clock.pass_seconds(30)
    # The venue has filled it, and we have not heard of it when we ask to cancel.
    floor.venue.on_market(a_bar_of(floor.symbol, floor.clock.now_ns(), {"open": 98}))
    floor.handler.cancel_group(group.group_id)
    floor.handler.settle()

    assert floor.orders(OrderRole.ENTRY)[0].status is OrderStatus.FILLED
    assert floor.working(OrderRole.STOP_LOSS)[0].quantity == floor.held() == 2


def test_an_iceberg_shows_one_piece_at_a_time(floor: Floor) -> None:
    floor.give(a_new_trade(size="6", limit="99", **SHY))

    entries = floor.orders(OrderRole.ENTRY)
    assert [order.quantity for order in entries] == [D("0.6")] * 10
    assert [order.status for order in entries] == [OrderStatus.OPEN] + [OrderStatus.NEW] * 9

    floor.bar(open=99.5, low=98)

    assert sum(order.status is OrderStatus.OPEN for order in floor.working(OrderRole.ENTRY)) == 1
    assert floor.held() == D("0.6")


def test_an_iceberg_comes_in_whole(floor: Floor) -> None:
    floor.give(a_new_trade(size="6", limit="99", **SHY))
    for _ in range(12):
        floor.bar(open=99.5, low=98)

    assert floor.held() == 6
    assert floor.working(OrderRole.ENTRY) == []


def test_a_paused_strategy_sends_no_slices(floor: Floor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    floor.guard.pause("demo")
    for _ in range(12):
        floor.bar(open=100)

    assert floor.held() == 1


def test_the_rest_of_a_window_is_given_up_when_it_closes(floor: Floor) -> None:
    floor.give(a_new_trade(limit="90", stop="80", execution_urgency=D("0.5"), max_execution_window_minutes=3))
    for _ in range(4):
        floor.bar(open=100)

    (entry,) = floor.orders()
    assert entry.status is OrderStatus.EXPIRED
    assert floor.ledger.get_open_trades() == []


def test_one_order_can_be_cancelled_but_not_the_one_that_protects(floor: Floor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    floor.bar(open=100)
    (stop,) = floor.working(OrderRole.STOP_LOSS)
    waiting = floor.working(OrderRole.ENTRY)[-1]

    assert floor.handler.cancel_order(waiting.order_id).is_accepted
    refusal = floor.handler.cancel_order(stop.order_id)
    floor.handler.settle()

    assert floor.ledger.get_order(waiting.order_id).status is OrderStatus.CANCELLED
    assert not refusal.is_accepted
    assert "STOP_LOSS" in refusal.text
    assert floor.working(OrderRole.STOP_LOSS) == [stop]
    for _ in range(12):
        floor.bar(open=100)
    assert floor.held() == 4


def test_what_is_not_there_cannot_be_cancelled(floor: Floor) -> None:
    assert "no group" in floor.handler.cancel_group("EXG_20251027_143022_99999").text  # type: ignore[arg-type]  # an id of nothing
    assert "no order" in floor.handler.cancel_order("ORD_20251027_143022_99999").text  # type: ignore[arg-type]  # an id of nothing


def test_slices_count_as_one_order_for_the_limits() -> None:
    floor = Floor(family="CEX", limits=GuardLimits(max_order_value=D(400)))
    floor.bar(open=100)

    outcome = floor.give(a_new_trade(size="5", **SLICED))

    assert outcome.rule == "maximum order value"
    assert floor.orders() == []
