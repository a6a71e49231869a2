"""Flatten: latch, cancel, settle, close, verify; and stay flat."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.config.policies import FeeCurrency, GuardLimits, PositionMode
from engine.contracts.base import Direction
from engine.contracts.commands import TradingState
from engine.contracts.flatten import FlattenJob, FlattenResult, FlattenStage, LegState
from engine.contracts.market import InstrumentKind
from engine.contracts.orders import OrderRole, OrderStatus
from engine.primitives.errors import LedgerMismatch
from tests.support.execution import FREE, Floor, a_closing, a_new_trade, an_open_market, refuse_closes

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


def job(floor: Floor) -> FlattenJob:
    """The flatten as it stands."""
    job = floor.handler.flatten_job
    assert job is not None
    return job


def test_everything_is_cancelled_at_once_and_closed_at_the_next_market(floor: Floor) -> None:
    floor.handler.flatten()

    assert job(floor).result is FlattenResult.WORKING
    assert floor.working(OrderRole.ENTRY) == []
    assert sum(order.quantity for order in floor.working(OrderRole.CLOSE)) == 3

    floor.bar(open=99.9)

    assert job(floor).result is FlattenResult.FLAT
    assert floor.held() == 0
    assert floor.ledger.get_open_orders() == []


def test_it_goes_down_the_ladder_and_to_market_in_the_end() -> None:
    floor = Floor()
    floor.bar(open=100)
    floor.give(a_new_trade(stop="10"))
    floor.bar(open=100)

    floor.handler.flatten()
    for price in (99, 97, 91, 80):
        floor.bar(open=price)

    assert [attempt.bound_bps for attempt in job(floor).legs[0].attempts] == [50, 150, 500, None]
    assert floor.held() == 0
    assert job(floor).result is FlattenResult.FLAT


def test_a_price_bound_is_rounded_to_our_side(floor: Floor) -> None:
    floor.handler.flatten()

    assert {order.limit_price for order in floor.working(OrderRole.CLOSE)} == {D("99.50")}


def test_it_stays_flat_while_the_latch_holds(floor: Floor) -> None:
    floor.handler.flatten()
    floor.bar(open=100)

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
    floor.bar(open=80)  # the stops were there

    assert floor.held() == 0
    assert job(floor).result is FlattenResult.FLAT


def test_flattening_twice_changes_nothing(floor: Floor) -> None:
    floor.handler.flatten()
    before = len(floor.orders())

    floor.handler.flatten()

    assert len(floor.orders()) == before


def test_a_person_clears_the_latch_only_when_it_is_flat(floor: Floor) -> None:
    floor.handler.flatten()
    assert not floor.handler.clear_latch("in a hurry").is_accepted

    floor.bar(open=100)

    assert floor.handler.clear_latch("the exchange is back").is_accepted
    assert floor.handler.trading_state is TradingState.ACTIVE
    assert floor.handler.flatten_job is None
    assert not floor.handler.clear_latch("twice").is_accepted


def test_one_symbol_is_flattened_alone(floor: Floor) -> None:
    floor.handler.flatten(("ETH/USDT",))
    floor.bar(open=100)

    assert job(floor).result is FlattenResult.FLAT
    assert floor.held() == 4  # a slice was on its way
    assert floor.working(OrderRole.CLOSE) == []


def test_one_strategy_is_flattened_alone(floor: Floor) -> None:
    floor.handler.flatten(strategies=("somebody-else",))
    floor.bar(open=100)

    assert job(floor).result is FlattenResult.FLAT
    assert floor.held() == 4


def test_a_short_is_bought_back(floor: Floor) -> None:
    floor.bar(open=100, symbol="ETH/USDT")
    floor.give(a_new_trade(direction=Direction.SELL, target="90", symbol="ETH/USDT"))
    floor.bar(open=100, symbol="ETH/USDT")
    assert floor.held("ETH/USDT") == -2

    floor.handler.flatten()
    floor.bars({"BTC/USDT": {"open": 100}, "ETH/USDT": {"open": 100}})

    assert floor.held("ETH/USDT") == 0
    assert job(floor).result is FlattenResult.FLAT


def test_who_asked_and_what_for_stand_on_the_latch(floor: Floor) -> None:
    floor.handler.flatten(asked_by="a person")

    assert "asked by a person" in floor.guard.reason
    assert job(floor).scope.is_whole


def test_every_version_is_kept_and_the_first_before_any_request() -> None:
    kept: list[tuple[FlattenStage, int]] = []
    floor = Floor(keep_flatten=lambda job: kept.append((job.stage, len(floor.working(OrderRole.CLOSE)))))
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.bar(open=100)

    floor.handler.flatten()
    floor.bar(open=100)

    assert kept[0] == (FlattenStage.CANCEL, 0)
    assert kept[-1][0] is FlattenStage.REPORT


@pytest.mark.allow_warnings
def test_a_disk_that_is_full_holds_nothing_up() -> None:
    def refuse(_: FlattenJob) -> None:
        raise LedgerMismatch("the disk is full")

    floor = Floor(keep_flatten=refuse)
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.bar(open=100)

    floor.handler.flatten()
    floor.bar(open=100)

    assert job(floor).result is FlattenResult.FLAT


def test_what_is_smaller_than_a_lot_is_dust_and_not_tried_again() -> None:
    floor = Floor()
    floor.bar(open=100)
    floor.give(a_new_trade(size="2"))
    floor.bar(open=100)
    market = floor.instrument.model_copy(update={"lot_step": D(5)})
    floor.venue._instruments[floor.symbol] = market

    floor.handler.flatten()
    floor.bar(open=100)

    assert job(floor).result is FlattenResult.FLAT_WITH_DUST
    (leg,) = job(floor).dust
    assert (leg.held, leg.value) == (2, 200)
    assert leg.attempts == ()


def test_dust_of_several_trades_that_is_more_than_a_lot_is_dust_and_no_stranger() -> None:
    spot = an_open_market(kind=InstrumentKind.SPOT, may_short=False)
    floor = Floor(instrument=spot, parameters=FREE.model_copy(update={"fee_currency": FeeCurrency.RECEIVED}))
    floor.bar(open=100)
    for _ in range(3):
        floor.give(a_new_trade(size="1.5"))
        floor.bar(open=100)
        floor.give(a_closing(floor.trades()[-1].trade_id))
        floor.bar(open=100)
    assert floor.held() == D("0.0015") > floor.instrument.lot_step

    floor.handler.flatten()
    floor.bar(open=100)

    assert job(floor).result is FlattenResult.FLAT_WITH_DUST
    (leg,) = job(floor).dust
    assert (leg.held, leg.attempts) == (D("0.0015"), ())
    assert "by hand" in leg.text


def test_a_job_is_resumed_where_it_was_left(floor: Floor) -> None:
    floor.handler.flatten()
    left = job(floor)
    floor.handler._flatten._job = None  # a process ended here
    floor.guard.clear()

    floor.handler.resume_flatten(left)
    floor.bar(open=100)

    assert floor.handler.trading_state is TradingState.REDUCING
    assert job(floor).job_id == left.job_id
    assert job(floor).result is FlattenResult.FLAT


@pytest.mark.allow_warnings
def test_a_venue_that_will_not_close_is_tried_for_ever_with_pauses(
    floor: Floor, caplog: pytest.LogCaptureFixture
) -> None:
    refuse_closes(floor)
    floor.handler.flatten()

    for _ in range(30):
        floor.bar(open=100)

    assert job(floor).result is FlattenResult.INCOMPLETE
    assert "closed for lunch" in job(floor).text
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert job(floor).open_legs[0].state is LegState.WAITING
    assert len(job(floor).open_legs[0].attempts) > 20
    assert sum(order.quantity for order in floor.working(OrderRole.STOP_LOSS)) == 3


@pytest.mark.allow_warnings
def test_what_was_stuck_is_closed_as_soon_as_the_venue_takes_it(floor: Floor) -> None:
    take_again = refuse_closes(floor)
    floor.handler.flatten()
    for _ in range(12):
        floor.bar(open=100)
    assert job(floor).result is FlattenResult.INCOMPLETE

    take_again()
    floor.bar(open=100)
    floor.bar(open=100)

    assert job(floor).result is FlattenResult.FLAT


def test_refusals_are_not_repeated_at_the_same_instant(floor: Floor) -> None:
    refuse_closes(floor)
    floor.handler.flatten()
    before = len(floor.orders())

    floor.handler.flatten()
    (trade, *_) = floor.ledger.get_open_trades()
    answer = floor.handler.close_trade(trade.trade_id, "asked twice")

    assert not answer.is_accepted
    assert len(floor.orders()) == before


def of(strategy_id: str, **trade: Any) -> Any:
    """A new trade of some strategy."""
    return a_new_trade(**trade).model_copy(update={"strategy_id": strategy_id})


@pytest.fixture
def against() -> Floor:
    """A floor on which one strategy holds 2 long and another 3 short of the same market: the venue holds 1 short."""
    # Two of our own may not get here: this is what a person at the venue's own screen can make of it.
    floor = Floor()
    floor.bar(open=100)
    floor.give(of("long", size="2"))
    floor.guard._limits = GuardLimits(position_mode=PositionMode.HEDGE)
    floor.give(of("short", size="3", direction=Direction.SELL, target="90"))
    floor.bar(open=100)
    assert floor.held() == -1
    floor.guard._limits = GuardLimits()
    return floor


@pytest.mark.allow_warnings  # the venue refuses the stop of the trade that is offset: there is nothing to reduce
def test_what_another_strategy_offsets_is_said_and_not_made_into_a_larger_position(against: Floor) -> None:
    against.handler.flatten(strategies=("long",))
    against.bar(open=100)

    assert job(against).result is FlattenResult.FLAT
    assert "offset" in job(against).text
    assert against.held() == -1


def test_both_sides_of_a_hedged_market_are_closed() -> None:
    floor = Floor(position_mode=PositionMode.HEDGE)
    floor.bar(open=100)
    floor.give(of("long", size="2"))
    floor.give(of("short", size="2", direction=Direction.SELL, target="90"))
    floor.bar(open=100)
    assert len(floor.venue.books.positions()) == 2

    floor.handler.flatten()
    for _ in range(4):
        floor.bar(open=100)

    assert job(floor).result is FlattenResult.FLAT
    assert floor.venue.books.positions() == ()
    assert [trade.open_quantity for trade in floor.trades()] == [0, 0]


def test_a_strategy_of_a_hedged_account_is_flattened_without_touching_the_other_side() -> None:
    floor = Floor(position_mode=PositionMode.HEDGE)
    floor.bar(open=100)
    floor.give(of("long", size="2"))
    floor.give(of("short", size="3", direction=Direction.SELL, target="90"))
    floor.bar(open=100)

    floor.handler.flatten(strategies=("long",))
    for _ in range(3):
        floor.bar(open=100)

    assert job(floor).result is FlattenResult.FLAT
    assert [it.quantity for it in floor.venue.books.positions()] == [-3]


def test_what_is_asked_for_while_it_runs_is_added_and_nothing_else(floor: Floor) -> None:
    floor.bar(open=100, symbol="ETH/USDT")
    floor.give(of("other", symbol="ETH/USDT"))
    floor.give(of("third", symbol="SOL/USDT"))
    floor.bars({symbol: {"open": 100} for symbol in floor.markets})

    floor.handler.flatten(("BTC/USDT",))
    floor.handler.flatten(strategies=("other",))
    floor.bars({symbol: {"open": 100} for symbol in floor.markets})

    assert [floor.held(symbol) for symbol in floor.markets] == [0, 0, 2]
    assert job(floor).result is FlattenResult.FLAT
    assert job(floor).scope.words == "BTC/USDT; strategy other"


def test_one_group_is_flattened_alone(floor: Floor) -> None:
    sliced = floor.trades()[1]
    floor.handler.flatten(groups=(floor.orders(OrderRole.ENTRY)[1].group_id,))
    for _ in range(8):
        floor.bar(open=100)

    assert floor.ledger.get_trade(sliced.trade_id).open_quantity == 0
    assert floor.held() == 2
    assert job(floor).result is FlattenResult.FLAT


def test_an_aborted_flatten_sends_nothing_more_and_keeps_the_latch(floor: Floor) -> None:
    floor.handler.flatten()
    cancelled = [order.order_id for order in floor.orders(OrderRole.ENTRY) if order.status is OrderStatus.CANCELLED]
    answer = floor.handler.abort_flatten("the wrong account")
    floor.handler.settle()
    floor.bar(open=98)  # below what the close that was sent may trade
    sent = len(floor.orders(OrderRole.CLOSE))
    for _ in range(10):
        floor.bar(open=98)

    assert answer.is_accepted
    assert job(floor).result is FlattenResult.ABORTED
    assert "the wrong account" in job(floor).text
    assert floor.handler.trading_state is TradingState.REDUCING
    assert len(floor.orders(OrderRole.CLOSE)) == sent
    assert floor.held() == 3
    assert cancelled
    assert sum(order.quantity for order in floor.working(OrderRole.STOP_LOSS)) == 3
    assert floor.handler.clear_latch("checked by hand").is_accepted


def test_only_a_flatten_that_is_under_way_can_be_aborted(floor: Floor) -> None:
    assert not floor.handler.abort_flatten("by mistake").is_accepted


def test_in_a_backtest_the_latch_counts_as_cleared_after_a_while() -> None:
    floor = Floor(latch_lasts=timedelta(minutes=10))
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.bar(open=100)
    floor.handler.flatten()
    floor.bar(open=100)
    assert job(floor).result is FlattenResult.FLAT

    for _ in range(9):
        floor.bar(open=100)
    assert floor.handler.trading_state is TradingState.REDUCING
    floor.bar(open=100)
    assert floor.handler.trading_state is TradingState.ACTIVE
