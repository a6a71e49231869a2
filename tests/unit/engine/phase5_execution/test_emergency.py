"""Flatten: latch, cancel, settle, close, verify; and stay flat."""

import logging
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.commands import TradingState
from engine.contracts.orders import OrderRole
from engine.contracts.venue import OrderRefused
from engine.phase5_execution.emergency import FlattenState
from tests.support.execution import Floor, a_new_trade

pytestmark = pytest.mark.unit
D = Decimal
SLICED: dict[str, Any] = {"execution_urgency": D("0.2"), "chunk_count_hint": 5, "max_execution_window_minutes": 10}
PATIENT: dict[str, Any] = {"execution_urgency": D("0.5")}


@pytest.fixture
def floor() -> Iterator[Floor]:
    """A floor with a position, half a TWAP and a resting limit."""
    floor = Floor()
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.give(a_new_trade(size="5", **SLICED))
    floor.give(a_new_trade(limit="97", **PATIENT))
    floor.bar(open=100)
    floor.bar(open=100)
    assert floor.held() == 3
    yield floor
    floor.assert_books_agree()


def test_everything_is_cancelled_at_once_and_closed_at_the_next_market(floor: Floor) -> None:
    progress = floor.handler.flatten()

    assert progress.state is FlattenState.WORKING
    assert floor.working(OrderRole.ENTRY) == []
    assert sum(order.quantity for order in floor.working(OrderRole.CLOSE)) == 3

    floor.bar(open=99)

    assert floor.handler.flatten_status().state is FlattenState.FLAT
    assert floor.held() == 0
    assert floor.ledger.get_open_orders() == []


def test_it_stays_flat_while_the_latch_holds(floor: Floor) -> None:
    floor.handler.flatten()
    floor.bar(open=99)

    outcome = floor.give(a_new_trade())
    for _ in range(12):
        floor.bar(open=96)

    assert outcome.rule == "trading state"
    assert floor.handler.trading_state is TradingState.REDUCING
    assert floor.held() == 0


def test_every_position_stays_protected_until_it_is_closed(floor: Floor) -> None:
    floor.handler.flatten()

    assert sum(order.quantity for order in floor.working(OrderRole.STOP_LOSS)) == 3


def test_a_crash_between_asking_and_closing_sells_once(floor: Floor) -> None:
    floor.handler.flatten()
    floor.bar(open=80)

    assert floor.held() == 0
    assert floor.handler.flatten_status().state is FlattenState.FLAT


def test_flattening_twice_changes_nothing(floor: Floor) -> None:
    floor.handler.flatten()
    before = len(floor.orders())

    floor.handler.flatten()

    assert len(floor.orders()) == before


def test_a_person_clears_the_latch_only_when_it_is_flat(floor: Floor) -> None:
    floor.handler.flatten()
    assert not floor.handler.clear_latch("in a hurry").is_accepted

    floor.bar(open=99)

    assert floor.handler.clear_latch("the exchange is back").is_accepted
    assert floor.handler.trading_state is TradingState.ACTIVE
    assert floor.handler.flatten_status().state is FlattenState.IDLE
    assert not floor.handler.clear_latch("twice").is_accepted


def test_one_symbol_is_flattened_alone(floor: Floor) -> None:
    floor.handler.flatten(("ETH/USDT",))
    floor.bar(open=100)

    assert floor.handler.flatten_status().state is FlattenState.FLAT
    assert floor.held() == 4  # a slice was on its way
    assert floor.working(OrderRole.CLOSE) == []


def test_a_short_is_bought_back(floor: Floor) -> None:
    floor.bar(open=100, symbol="ETH/USDT")
    floor.give(a_new_trade(direction=Direction.SELL, target="90", symbol="ETH/USDT"))
    floor.bar(open=100, symbol="ETH/USDT")
    assert floor.held("ETH/USDT") == -2

    floor.handler.flatten()
    floor.bars({"BTC/USDT": {"open": 100}, "ETH/USDT": {"open": 100}})

    assert floor.held("ETH/USDT") == 0
    assert floor.handler.flatten_status().state is FlattenState.FLAT


def refuse_closes(floor: Floor) -> Callable[[], None]:
    """Let the venue refuse every close from now on; call what is returned to let it take them again."""
    place = floor.venue.place

    def refuse(order, spec=None):  # type: ignore[no-untyped-def]  # stands in for one method of the venue
        if order.role is not OrderRole.CLOSE:
            return place(order, spec)
        floor.venue._reports.append(
            OrderRefused(order_id=order.order_id, at=order.created_at, reason="closed for lunch")
        )
        return None

    def take_again() -> None:
        floor.venue.place = place  # type: ignore[method-assign]  # a venue that stumbles

    floor.venue.place = refuse  # type: ignore[method-assign]  # a venue that stumbles
    return take_again


@pytest.mark.allow_warnings
def test_a_venue_that_will_not_close_is_said_to_be_stuck(floor: Floor, caplog: pytest.LogCaptureFixture) -> None:
    refuse_closes(floor)

    progress = floor.handler.flatten()

    assert progress.state is FlattenState.STUCK
    assert "close by hand" in progress.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2
    assert sum(order.quantity for order in floor.working(OrderRole.STOP_LOSS)) == 3


@pytest.mark.allow_warnings
def test_what_was_stuck_is_tried_again_when_somebody_asks_again(floor: Floor) -> None:
    take_again = refuse_closes(floor)
    floor.handler.flatten()
    take_again()

    floor.bar(open=100)
    assert floor.handler.flatten().state is FlattenState.WORKING
    floor.bar(open=100)

    assert floor.handler.flatten_status().state is FlattenState.FLAT


@pytest.mark.allow_warnings
def test_asking_again_at_the_same_instant_sends_nothing(floor: Floor) -> None:
    refuse_closes(floor)
    floor.handler.flatten()
    before = len(floor.orders())

    floor.handler.flatten()
    (trade, *_) = floor.ledger.get_open_trades()
    answer = floor.handler.close_trade(trade.trade_id, "asked twice")

    assert not answer.is_accepted
    assert len(floor.orders()) == before
