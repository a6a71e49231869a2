"""The engine takes in one market event at a time."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts.market import InstrumentKind
from engine.contracts.orders import OrderRole, OrderStatus
from engine.primitives.errors import DataError, InvariantBroken
from tests.support.engine import ScriptedStrategy, Workshop, a_small_buy
from tests.support.execution import a_change, a_closing, a_new_trade

pytestmark = pytest.mark.unit
D = Decimal


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    made = Workshop(tmp_path / "journal.sqlite", strategies=[("one", "BTC/USDT"), ("two", "BTC/USDT")])
    yield made
    made.journal.close()


def test_what_one_strategy_still_holds_is_marked_when_another_has_left(shop: Workshop) -> None:
    shop.bar(number=0, open=100)
    shop.scripts["one"].order(a_small_buy())
    shop.scripts["two"].order(a_small_buy())
    shop.bar(number=1, open=100)
    (trade,) = shop.ledger.get_open_trades("two")
    shop.scripts["two"].order(a_closing(trade.trade_id))
    shop.bar(number=2, open=100)

    shop.bar(number=3, open=100, close=150)

    assert [position.strategy_id for position in shop.ledger.get_open_positions()] == ["one"]
    assert shop.ledger.get_account().positions_value == D(150)


def test_the_loss_of_a_day_is_counted_from_its_last_bar_of_the_day_before(shop: Workshop) -> None:
    shop.bar(number=0, open=100)
    shop.scripts["one"].order(a_small_buy())
    shop.bar(number=1, open=100)
    shop.bar(number=2, open=100, close=150)
    shop.bar(number=1440, open=150, close=130)

    equity = shop.ledger.get_account().equity
    assert shop.day.loss(shop.clock.now_ns(), equity) == 20


@pytest.mark.parametrize("number", [0, 1], ids=["an older bar", "the same bar again"])
def test_a_bar_that_does_not_follow_moves_neither_the_market_nor_a_strategy(shop: Workshop, number: int) -> None:
    shop.bar(number=0, open=100)
    shop.bar(number=1, open=100)
    shop.scripts["one"].order(a_small_buy())

    with pytest.raises(DataError, match="follow"):
        shop.bar(number=number, open=40)
    shop.bar(number=2, open=100)

    assert len(shop.scripts["one"].bars) == 3
    assert [done.report.price for done in shop.venue.executions] == [D(100)]


@pytest.mark.parametrize(
    "prices",
    [
        {"open": float("nan")},
        {"open": 100, "high": float("inf")},
        {"open": -1},
        {"open": 100, "low": 0},
        {"open": 100, "high": 99},
        {"open": 100, "volume": -1},
        {"open": 100, "volume": 1e300},
        {"open": 100, "volume": float("nan")},
    ],
    ids=str,
)
def test_a_bar_that_cannot_be_is_refused_before_anything_fills(shop: Workshop, prices: dict[str, float]) -> None:
    shop.bar(number=0, open=100)
    shop.scripts["one"].order(a_small_buy())

    with pytest.raises(DataError):
        shop.bar(number=1, **prices)

    assert shop.venue.executions == []
    shop.bar(number=1, open=100)
    assert len(shop.venue.executions) == 1


def test_two_market_entries_of_one_instant_cannot_spend_the_same_cash(tmp_path: Path) -> None:
    strategies = [("one", "BTC/USDT"), ("two", "ETH/USDT")]
    shop = Workshop(tmp_path / "spot.sqlite", strategies=strategies, cash="1000", kind=InstrumentKind.SPOT)
    for symbol in ("BTC/USDT", "ETH/USDT"):
        shop.bar(symbol, number=0, open=100)

    shop.scripts["one"].order(a_small_buy(size="8"))
    shop.scripts["two"].order(a_small_buy(size="8", symbol="ETH/USDT"))
    for symbol in ("BTC/USDT", "ETH/USDT"):
        shop.bar(symbol, number=1, open=100)

    assert [position.strategy_id for position in shop.ledger.get_open_positions()] == ["one"]
    assert shop.ledger.get_account().cash > 0
    shop.journal.close()


def test_a_strategy_that_answers_each_change_with_another_is_stopped(shop: Workshop) -> None:
    shop.bar(number=0, open=100)
    one = shop.scripts["one"]

    def move_the_stop(*_: object) -> None:
        for trade in shop.ledger.get_open_trades("one"):
            one.order(a_change(trade.trade_id, stop="50"))

    one.on_each_update = move_the_stop
    one.order(a_small_buy())

    with pytest.raises(InvariantBroken, match="without end"):
        shop.bar(number=1, open=100)


def test_a_strategy_that_closes_from_a_ledger_update_is_carried_out(shop: Workshop) -> None:
    shop.bar(number=0, open=100)
    one = shop.scripts["one"]

    def close_what_came_in(strategy: object, _: object) -> None:
        for trade in shop.ledger.get_open_trades("one"):
            closing = [order for order in shop.ledger.get_open_orders("one") if order.role is OrderRole.CLOSE]
            if trade.open_quantity and not closing:
                one.order(a_closing(trade.trade_id))

    one.on_each_update = close_what_came_in
    one.order(a_small_buy())
    shop.bar(number=1, open=100)
    shop.bar(number=2, open=100)

    assert shop.ledger.get_open_positions() == []
    assert shop.ledger.get_open_orders() == []


def test_a_strategy_that_pauses_itself_sends_nothing_more_of_what_is_sliced(shop: Workshop) -> None:
    sliced = a_new_trade(size="5", execution_urgency=D("0.2"), chunk_count_hint=5, max_execution_window_minutes=10)
    shop.bar(number=0, open=100)
    one = shop.scripts["one"]
    one.order(sliced)

    def give_up(strategy: ScriptedStrategy, _: object) -> None:
        strategy.pause_reason = "5 flows in a row failed"

    one.on_each_update = give_up
    for number in range(1, 15):
        shop.bar(number=number, open=100)

    assert shop.venue.net_quantity("BTC/USDT") == D(1)
    assert shop.ledger.get_open_trades("one")[0].open_quantity == D(1)
    waiting = [order for order in shop.ledger.get_open_orders("one") if order.role is OrderRole.ENTRY]
    assert {order.status for order in waiting} == {OrderStatus.NEW}, "the rest waits for a person"
