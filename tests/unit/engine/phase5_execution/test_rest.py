"""A handler at rest, and one that takes no mere acceptance for news: neither is ever late with what protects."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts.base import Direction
from engine.contracts.orders import OrderRole, OrderStatus
from engine.primitives.timeframes import NS_PER_MINUTE
from tests.support.execution import Floor, a_bar_of, a_new_trade
from tests.support.far_floor import FarFloor

pytestmark = pytest.mark.unit
D = Decimal
SLICED: dict[str, Any] = {"execution_urgency": D("0.2"), "chunk_count_hint": 4, "max_execution_window_minutes": 8}


def at_rest(**floor: Any) -> Floor:
    """Return a floor whose handler has looked and found nothing to wait for."""
    made = Floor(**floor)
    made.bar(open=100)
    assert made.handler._is_at_rest
    return made


def market_moves(floor: Floor, **prices: float) -> None:
    """Close a bar at the venue; the handler is told nothing but the time."""
    opened_ns = floor.clock.now_ns()
    floor.clock.move_to(opened_ns + NS_PER_MINUTE)
    floor.venue.on_market(a_bar_of(floor.symbol, opened_ns, prices))


def test_a_handler_at_rest_asks_the_books_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    floor = at_rest()
    monkeypatch.setattr(floor.handler, "_settle", lambda: pytest.fail("it looked although nothing had happened"))

    for _ in range(3):
        market_moves(floor, open=100)
        assert floor.handler.on_time(floor.clock.now_ns()) == ()


def test_a_handler_at_rest_hears_an_execution_and_protects_it_at_once() -> None:
    floor = at_rest()
    floor.give(a_new_trade())
    floor.handler.on_time(floor.clock.now_ns())
    assert floor.handler._is_at_rest

    market_moves(floor, open=100)
    changes = floor.handler.on_time(floor.clock.now_ns())

    assert [change.fill for change in changes if change.fill is not None]
    assert [stop.quantity for stop in floor.working(OrderRole.STOP_LOSS)] == [D(2)]
    assert [target.quantity for target in floor.working(OrderRole.TAKE_PROFIT)] == [D(2)]


def test_a_handler_whose_slices_wait_does_not_rest() -> None:
    floor = at_rest(family="CEX")
    floor.give(a_new_trade(size="4", **SLICED))

    for _ in range(9):
        market_moves(floor, open=100)
        floor.handler.on_time(floor.clock.now_ns())

    assert floor.held() == 4


def test_a_person_is_heard_at_rest() -> None:
    floor = at_rest()
    floor.give(a_new_trade())
    floor.bar(open=100)
    floor.handler.on_time(floor.clock.now_ns())
    assert floor.handler._is_at_rest

    floor.handler.close_trade(floor.trade().trade_id, reason="asked by a person")
    floor.handler.on_time(floor.clock.now_ns())
    market_moves(floor, open=100)
    floor.handler.on_time(floor.clock.now_ns())

    assert floor.held() == 0
    assert floor.ledger.get_open_orders() == []


def test_that_an_entry_is_there_asks_for_nothing_and_that_a_stop_is_there_brings_the_target() -> None:
    floor = FarFloor(report_latency_ms=50)
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.wait(60)
    assert floor.entry().status is OrderStatus.OPEN
    floor.print("100", "2", taker=Direction.BUY)
    floor.wait(60)
    assert (len(floor.orders(OrderRole.STOP_LOSS)), len(floor.orders(OrderRole.TAKE_PROFIT))) == (1, 0)

    floor.wait(60)

    assert floor.working(OrderRole.STOP_LOSS)[0].status is OrderStatus.OPEN
    assert len(floor.orders(OrderRole.TAKE_PROFIT)) == 1


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["print", "bar", "wait", "slices", "one"]), st.integers(1, 3)),
        min_size=5,
        max_size=30,
    ),
    latency_ms=st.sampled_from([0, 50, 700]),
)
def test_whatever_is_known_to_be_held_is_covered_in_the_same_step(
    steps: list[tuple[str, int]], latency_ms: int
) -> None:
    """However entries come in, in parts, in slices, beside acceptances of others: no step ends with a bare quantity."""
    floor = FarFloor(report_latency_ms=latency_ms, cancel_latency_ms=latency_ms)
    floor.bar(open=100)
    for kind, size in steps:
        match kind:
            case "print":
                floor.print("100", str(size))
                floor.handler.on_time(floor.clock.now_ns())
            case "bar":
                floor.bar(open=100, volume=5 * size)
            case "slices":
                floor.give(a_new_trade(size=str(4 * size), target="110", **SLICED))
            case "one":
                floor.give(a_new_trade(size=str(size), limit="100", execution_urgency=D("0.6")))
            case _:
                floor.wait(60 * size)
        for trade in floor.ledger.get_open_trades():
            out = [
                order.remaining_quantity
                for order in floor.ledger.get_open_orders(trade_id=trade.trade_id)
                if order.role in (OrderRole.STOP_LOSS, OrderRole.CLOSE) and order.status is not OrderStatus.NEW
            ]
            assert sum(out, D(0)) >= trade.open_quantity, f"{trade.trade_id} holds more than its stops cover"
