"""Walking an order book that can be worked out by hand; recorded ones are walked in tests/flow."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.market import BookLevel, BookSnapshot
from engine.contracts.orders import Liquidity, TimeInForce
from engine.contracts.plans import OrderType
from engine.contracts.specs import FillModel
from engine.phase5_execution.book_walking import (
    BookMeeting,
    StandingBook,
    Taking,
    average_price,
    fills_of,
    meet_book,
    total_of,
    walk,
)
from engine.phase5_execution.fill_models import FillTerms, OrderAtVenue
from tests.support.execution import START_NS

pytestmark = pytest.mark.unit
D = Decimal
BUY, SELL = Direction.BUY, Direction.SELL


def a_book(*, asks: str = "101x2 102x3 105x5", bids: str = "99x2 98x3 95x5", at_ns: int = START_NS) -> BookSnapshot:
    return BookSnapshot("BTC/USDT", at_ns, _levels(bids), _levels(asks))


def _levels(text: str) -> tuple[BookLevel, ...]:
    return tuple(BookLevel(*map(D, level.split("x"))) for level in text.split())


def standing(book: BookSnapshot | None = None, *, tick: str = "0.01", lot: str = "0.001") -> StandingBook:
    return StandingBook(book or a_book(), tick_size=D(tick), lot_step=D(lot))


def an_order(
    kind: OrderType = OrderType.MARKET,
    side: Direction = BUY,
    *,
    quantity: str = "4",
    limit: str | None = None,
    stop: str | None = None,
    bound: str | None = None,
    **changes: Any,
) -> OrderAtVenue:
    return OrderAtVenue(
        direction=side,
        order_type=kind,
        remaining=D(quantity),
        live_ns=START_NS,
        terms=FillTerms(FillModel.IMMEDIATE, 0, price_bound=None if bound is None else D(bound)),
        limit_price=None if limit is None else D(limit),
        stop_price=None if stop is None else D(stop),
        **changes,
    )


def met(order: OrderAtVenue, book: StandingBook | None = None, *, how: TimeInForce = TimeInForce.GTC) -> BookMeeting:
    return meet_book(order, book or standing(), wanted=order.remaining, time_in_force=how, margin=D("0.01"))


def taken(meeting: BookMeeting) -> list[tuple[Decimal, Decimal]]:
    return [(taking.price, taking.quantity) for taking, _ in fills_of(meeting)]


def test_a_walk_takes_whole_levels_and_a_part_of_the_last() -> None:
    takings = walk(a_book().asks, D(4))

    assert takings == (Taking(D(101), D(2)), Taking(D(102), D(2)))
    assert average_price(takings) == D("101.5")


def test_a_walk_ends_with_the_book() -> None:
    assert total_of(walk(a_book().asks, D(50))) == D(10)
    assert average_price(walk((), D(1))) is None


@pytest.mark.parametrize(("side", "prices"), [(BUY, (101, 102)), (SELL, (99, 98))])
def test_a_market_order_takes_from_the_other_side(side: Direction, prices: tuple[int, int]) -> None:
    meeting = met(an_order(side=side))

    assert taken(meeting) == [(D(price), D(2)) for price in prices]
    assert {liquidity for _, liquidity in fills_of(meeting)} == {Liquidity.TAKER}


def test_what_one_order_took_is_gone_for_the_next() -> None:
    book = standing()
    book.take(BUY, book.look(BUY, D(4)))

    assert book.look(BUY, D(2)) == (Taking(D(102), D(1)), Taking(D(105), D(1)))
    assert book.best(SELL) == D(99), "the other side is untouched"


def test_what_was_taken_stays_taken_until_the_feed_tells_another_quantity_there() -> None:
    first = standing()
    first.take(BUY, first.look(BUY, D(4)))
    steps = {"tick_size": D("0.01"), "lot_step": D("0.001")}
    unchanged = StandingBook(a_book(at_ns=START_NS + 1), **steps, before=first)
    changed = StandingBook(a_book(asks="101x3 102x3 105x5"), **steps, before=unchanged)
    gone = StandingBook(a_book(asks="102x3 105x5"), **steps, before=unchanged)
    back = StandingBook(a_book(), **steps, before=gone)

    assert unchanged.look(BUY, D(2)) == (Taking(D(102), D(1)), Taking(D(105), D(1)))
    assert changed.look(BUY, D(4)) == (Taking(D(101), D(3)), Taking(D(102), D(1)))
    assert gone.look(BUY, D(1)) == (Taking(D(102), D(1)),)
    assert back.look(BUY, D(3)) == (Taking(D(101), D(2)), Taking(D(102), D(1)))


def test_our_own_orders_do_not_move_the_middle_of_the_market() -> None:
    book = standing()
    book.take(BUY, book.look(BUY, D(10)))

    assert book.best(BUY) is None
    assert book.middle == D(100)


def test_a_level_of_a_finer_tick_is_rounded_against_the_taker() -> None:
    book = standing(a_book(asks="101.001x1 101.004x1", bids="99.009x1"), tick="0.01")

    assert book.look(BUY, D(2)) == (Taking(D("101.01"), D(1)), Taking(D("101.01"), D(1)))
    assert book.best(SELL) == D("99.00")
    book.take(BUY, book.look(BUY, D(1)))
    assert total_of(book.look(BUY, D(2))) == D(1)


def test_less_than_a_lot_stands_for_nothing() -> None:
    assert standing(a_book(asks="101x0.0009 102x1.0009")).look(BUY, D(5)) == (Taking(D(102), D("1.000")),)


def test_a_limit_takes_no_worse_level_and_stands_with_the_rest() -> None:
    meeting = met(an_order(OrderType.LIMIT, limit="101"))

    assert (taken(meeting), meeting.rests, meeting.ended) == ([(D(101), D(2))], True, "")


def test_the_rest_of_an_order_that_cannot_wait_ends() -> None:
    meeting = met(an_order(OrderType.LIMIT, limit="101"), how=TimeInForce.IOC)

    assert (taken(meeting), meeting.ended) == ([(D(101), D(2))], "2.000 of 4 were not there at once")


def test_all_or_nothing_is_nothing_when_a_part_is_missing() -> None:
    meeting = met(an_order(OrderType.LIMIT, limit="101"), how=TimeInForce.FOK)

    assert (taken(meeting), meeting.ended) == ([], "only 2.000 of 4 were there")


def test_a_market_order_stops_at_its_bound_and_ends_when_nothing_is_within() -> None:
    partly = met(an_order(bound="101.5"))
    never = met(an_order(bound="100.5"))

    assert (taken(partly), partly.ended) == ([(D(101), D(2))], "")
    assert (taken(never), never.ended) == ([], "a fill at 101.00 would break the price bound 100.5")


@pytest.mark.parametrize(
    ("side", "limit", "through", "short_of"),
    [(BUY, "100", "99.99", "100.00"), (SELL, "100", "100.01", "100.00")],
)
def test_a_resting_limit_is_filled_at_its_price_when_the_other_side_comes_through(
    side: Direction, limit: str, through: str, short_of: str
) -> None:
    resting = an_order(OrderType.LIMIT, side, limit=limit, has_rested=True)

    def coming(price: str) -> StandingBook:
        return standing(
            a_book(asks=f"{price}x3", bids="90x1") if side is BUY else a_book(bids=f"{price}x3", asks="110x1")
        )

    assert taken(met(resting, coming(short_of))) == []
    ((taking, liquidity),) = fills_of(met(resting, coming(through)))
    assert (taking, liquidity) == (Taking(D(limit), D(3)), Liquidity.MAKER)


@pytest.mark.parametrize(("side", "asleep", "awake"), [(SELL, "98.99", "99"), (BUY, "101.01", "101")])
def test_a_stop_is_set_off_by_the_side_that_it_would_take(side: Direction, asleep: str, awake: str) -> None:
    assert met(an_order(OrderType.STOP_MARKET, side, stop=asleep)) == BookMeeting()
    assert total_of(met(an_order(OrderType.STOP_MARKET, side, stop=awake)).takings) == D(4)
