"""A stop follows the price, in steps, and never goes back."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.base import Direction
from engine.contracts.orders import OrderRole, Trade
from engine.contracts.plans import OrderType
from engine.phase3_strategy.rules.trailing import TrailingRule, TrailingTerms
from engine.primitives.ids import TradeId
from tests.support.context import StandingMarket
from tests.support.ledger import Books
from tests.support.notes import a_trade, an_instrument

pytestmark = pytest.mark.unit

D = Decimal


def a_rule(books: Books | None = None, *, price: str = "50000", **terms: Any) -> TrailingRule:
    market = StandingMarket(an_instrument(), D(price))
    ledger = (books or Books()).ledger
    return TrailingRule(TrailingTerms.model_validate(terms), strategy_id="demo", market=market, ledger=ledger)


def a_long(**more: Any) -> Trade:
    """Half a coin bought at 50,000."""
    return a_trade(**({"stop_loss_price": D(49000)} | more))


def a_short(**more: Any) -> Trade:
    return a_trade(**({"direction": Direction.SELL, "stop_loss_price": D(51000)} | more))


def held(books: Books, stop: str, direction: Direction = Direction.BUY) -> TradeId:
    entry = books.order("0.1", direction=direction)
    books.fill(entry, "0.1", "50000")
    books.ledger.move_stop(entry.trade_id, stop_loss_price=D(stop))
    return entry.trade_id


def next_stop(trade: Trade, price: str, atr: str | None = "100", **terms: Any) -> Decimal | None:
    return a_rule(**terms).next_stop(trade, price=D(price), atr=None if atr is None else D(atr))


def test_it_stands_three_average_true_ranges_behind_the_price() -> None:
    assert next_stop(a_long(), "50500") == 50200
    assert next_stop(a_short(), "49500") == 49800


def test_a_distance_as_a_ratio_needs_no_average_true_range() -> None:
    assert next_stop(a_long(), "51000", None, distance_atr=None, distance_pct="0.01") == 50490


def test_while_the_average_true_range_is_unknown_stops_stay() -> None:
    assert next_stop(a_long(), "60000", None) is None
    assert next_stop(a_long(), "60000", "0") is None


def test_it_never_moves_against_the_trade() -> None:
    assert next_stop(a_long(), "49100") is None
    assert next_stop(a_short(), "50900") is None


def test_a_move_smaller_than_the_step_is_not_worth_an_order() -> None:
    # 0.1 % of 50,330 is 50.33
    assert next_stop(a_long(stop_loss_price=D(49980)), "50330") is None
    assert next_stop(a_long(stop_loss_price=D("49979.67")), "50330") == 50030


def test_below_the_profit_that_it_waits_for_it_does_not_trail() -> None:
    assert next_stop(a_long(), "50499", activate_from_pct="0.01") is None
    assert next_stop(a_long(), "50500", activate_from_pct="0.01") == 50200


def test_a_trade_without_a_stop_gets_one() -> None:
    assert next_stop(a_long(stop_loss_price=None), "50500") == 50200


def test_it_never_stands_beyond_the_target() -> None:
    assert next_stop(a_long(take_profit_price=D(50100)), "50500") is None


def test_it_is_rounded_to_the_tick_towards_the_price() -> None:
    assert next_stop(a_long(), "50500", "33.3333") == D("50400.01")
    assert next_stop(a_short(), "49500", "33.3333") == D("49599.99")


def test_the_trade_whose_stop_lags_most_moves_first() -> None:
    books = Books("100000")
    held(books, "49500")
    laggard = held(books, "48000")

    move = a_rule(books, price="50500").decide(D(100))
    assert move is not None
    assert move.trade_id == laggard
    assert move.exit_.new_stop_price == 50200
    assert "48000 to 50200" in move.rationale


def test_the_target_stays_where_it_is() -> None:
    books = Books("100000")
    trade_id = held(books, "49500")
    books.ledger.move_stop(trade_id, take_profit_price=D(52000))

    move = a_rule(books, price="50500").decide(D(100))
    assert move is not None
    assert move.exit_.new_target_price == 52000


def test_a_trade_on_its_way_out_is_left_alone() -> None:
    books = Books("100000")
    trade_id = held(books, "49500")
    books.order("0.1", trade_id=trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)

    assert a_rule(books, price="50500").decide(D(100)) is None


def test_a_stop_stays_while_an_entry_of_its_trade_waits_beyond_the_new_place() -> None:
    books = Books("100000")
    trade_id = held(books, "49500")
    layer = books.order("0.1", trade_id=trade_id, order_type=OrderType.LIMIT, limit_price=D(50100))
    assert a_rule(books, price="50500").decide(D(100)) is None  # it would stand at 50,200

    books.fill(layer, "0.1", "50100")
    assert a_rule(books, price="50500").decide(D(100)) is not None


def test_a_trade_that_holds_nothing_yet_has_nothing_to_protect() -> None:
    books = Books()
    books.order("0.1")
    rule = a_rule(books)

    assert not rule.holds
    assert rule.decide(D(100)) is None


@given(
    direction=st.sampled_from(Direction),
    prices=st.lists(st.decimals("40000", "60000", places=2), min_size=1, max_size=30),
)
def test_whatever_the_price_does_a_stop_only_ever_comes_nearer(direction: Direction, prices: list[Decimal]) -> None:
    trade = a_trade(direction=direction, stop_loss_price=D(50000) - direction.sign * 1000)
    for price in prices:
        stop = a_rule().next_stop(trade, price=price, atr=D(100))
        if stop is None:
            continue
        assert trade.stop_loss_price is not None
        assert (stop - trade.stop_loss_price) * direction.sign >= price * D("0.001")
        assert (price - stop) * direction.sign > 0
        trade = trade.model_copy(update={"stop_loss_price": stop})
