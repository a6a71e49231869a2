"""What may be asked of the books about trades that are over."""

import pytest

from engine.contracts.base import Direction
from engine.contracts.orders import OrderRole
from engine.primitives.ids import TradeId
from tests.support.ledger import Books

pytestmark = pytest.mark.unit


def a_round_trip(books: Books, price: str) -> TradeId:
    entry = books.order("1")
    books.fill(entry, "1", "100")
    out = books.order("1", trade_id=entry.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)
    books.fill(out, "1", price)
    return entry.trade_id


def test_closed_trades_come_newest_first_and_no_more_than_asked_for() -> None:
    books = Books()
    first, second, third = (a_round_trip(books, price) for price in ("110", "90", "105"))
    books.fill(books.order("1"), "1", "100")  # one that is still open

    assert [trade.trade_id for trade in books.ledger.get_closed_trades("demo", newest=10)] == [third, second, first]
    assert [trade.trade_id for trade in books.ledger.get_closed_trades(newest=2)] == [third, second]


def test_closed_trades_of_another_strategy_are_not_ours() -> None:
    books = Books()
    a_round_trip(books, "110")

    assert books.ledger.get_closed_trades("another", newest=10) == []
