"""The simulated venue's books: with a memory they forget what is over, and say so instead of answering wrongly."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.orders import Liquidity, Order
from engine.contracts.venue import OrderExecuted
from engine.phase5_execution.venue_books import VenueBooks
from engine.primitives.errors import InvariantBroken
from engine.primitives.timeframes import datetime_from_ns
from tests.support import notes

pytestmark = pytest.mark.unit
OPENED = datetime_from_ns(1_700_000_000 * 10**9)
MINUTE = timedelta(minutes=1)


def filled(books: VenueBooks, number: int) -> Order:
    """Let an order work, one minute after the one before it, and fill it at once."""
    order_id: Any = notes.an_id("ORD", number)
    order, at = notes.an_order(order_id=order_id, quantity=Decimal(1)), OPENED + number * MINUTE
    books.enter(order, at)
    books.execute(
        order,
        OrderExecuted(
            order_id=order.order_id,
            at=at,
            price=Decimal(100),
            quantity=Decimal(1),
            fee=Decimal(0),
            liquidity=Liquidity.TAKER,
            venue_trade_id=f"SIM-{number}",
        ),
    )
    return order


def test_books_without_a_memory_keep_everything() -> None:
    books = VenueBooks()
    first, *_ = [filled(books, number) for number in range(9)]

    assert books.standing(first.order_id) is not None
    assert len(books.executions_since(OPENED)) == books.executions_counted == 9


def test_books_with_a_memory_keep_the_newest_and_count_all() -> None:
    forgetful, whole = VenueBooks(memory=3), VenueBooks()
    for number in range(9):
        filled(forgetful, number)
        newest = filled(whole, number)

    assert len(forgetful.executions) < 6
    assert forgetful.executions_counted == 9
    assert forgetful.standing(newest.order_id) == whole.standing(newest.order_id)
    assert forgetful.net(newest.symbol) == whole.net(newest.symbol) == 9
    assert forgetful.held(newest.trade_id) == whole.held(newest.trade_id)
    assert forgetful.executions_since(OPENED + 8 * MINUTE) == whole.executions_since(OPENED + 8 * MINUTE)


def test_a_forgotten_order_is_known_and_never_said_not_to_have_arrived() -> None:
    books = VenueBooks(memory=3)
    first, *_ = [filled(books, number) for number in range(9)]

    assert books.knows(first.order_id)
    with pytest.raises(InvariantBroken, match="forgotten"):
        books.standing(first.order_id)
    with pytest.raises(InvariantBroken, match="forgotten"):
        books.executions_since(OPENED)
