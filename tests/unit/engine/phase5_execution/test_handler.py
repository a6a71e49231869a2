"""A trade from entry to exit on a simulated market: every story ends with books that agree."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from engine.config.policies import FeeCurrency, FillParameters
from engine.contracts.base import Direction
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.flows import OutcomeKind
from engine.contracts.market import InstrumentKind
from engine.contracts.orders import OrderRole, OrderStatus, TradeStatus
from engine.contracts.plans import OrderType
from engine.phase5_execution.closing import MAX_REFUSALS
from engine.primitives.timeframes import NS_PER_SECOND
from tests.support.execution import FREE, Floor, a_bar_of, a_closing, a_new_trade, an_open_market, refuse_closes

pytestmark = pytest.mark.unit
D = Decimal


@pytest.fixture
def floor() -> Iterator[Floor]:
    floor = Floor()
    floor.bar(open=100)
    yield floor
    floor.assert_books_agree()


def test_an_order_waits_for_the_bar_after_the_decision(floor: Floor) -> None:
    outcome = floor.give(a_new_trade())

    assert outcome.kind is OutcomeKind.EXECUTED
    assert floor.venue.executions == []
    assert floor.orders()[0].status is OrderStatus.OPEN

    floor.bar(open=100.5)

    assert floor.orders()[0].status is OrderStatus.FILLED
    assert floor.orders()[0].average_fill_price == D("100.5")


def test_a_filled_entry_is_protected_for_what_was_filled(floor: Floor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100)

    (stop,), (target,) = floor.working(OrderRole.STOP_LOSS), floor.working(OrderRole.TAKE_PROFIT)
    assert (stop.order_type, stop.stop_price, stop.quantity) == (OrderType.STOP_MARKET, D(95), D(2))
    assert (target.order_type, target.limit_price, target.quantity) == (OrderType.LIMIT, D(110), D(2))
    assert stop.reduce_only
    assert target.reduce_only
    assert {stop.group_id, target.group_id} == {floor.orders(OrderRole.ENTRY)[0].group_id}
    assert stop.direction is Direction.SELL


def test_a_stopped_trade_loses_what_was_planned_and_its_target_is_gone(floor: Floor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100)
    floor.bar(open=98, low=94)

    trade = floor.trade()
    assert (trade.status, trade.exit_reason) == (TradeStatus.CLOSED, "STOP_LOSS")
    assert trade.realised_pnl == D(-10) - D("0.2") - D("0.19")  # two fees of 0.1 %
    assert floor.ledger.get_open_orders() == []
    assert floor.orders(OrderRole.TAKE_PROFIT)[0].status is OrderStatus.CANCELLED


def test_a_target_is_hit_at_its_price_and_its_stop_is_gone(floor: Floor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100)
    floor.bar(open=105, high=112)

    trade = floor.trade()
    assert (trade.status, trade.exit_reason) == (TradeStatus.CLOSED, "TAKE_PROFIT")
    assert trade.realised_pnl == D(20) - D("0.2") - D("0.11")  # a resting target pays the maker's fee
    assert floor.ledger.get_open_orders() == []


def test_a_bar_that_reaches_stop_and_target_is_a_loss(floor: Floor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100)
    floor.bar(open=100, high=120, low=90)

    assert floor.trade().exit_reason == "STOP_LOSS"
    assert floor.held() == 0


def test_the_bar_of_the_entry_can_already_stop_it(floor: Floor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100, high=101, low=94)

    assert floor.trade().exit_reason == "STOP_LOSS"
    assert floor.trade().exit_value == D(190)


def test_the_bar_of_the_entry_is_a_loss_when_it_reaches_both(floor: Floor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100, high=120, low=94)

    assert floor.trade().exit_reason == "STOP_LOSS"


def test_a_limit_that_is_touched_inside_a_bar_cannot_reach_its_target_in_it(floor: Floor) -> None:
    floor.give(a_new_trade(limit="99", target="103", execution_urgency=D("0.5")))
    floor.bar(open=100, high=104, low=98)

    assert floor.trade().status is TradeStatus.OPEN
    assert floor.held() == 2


def test_a_limit_that_is_touched_inside_a_bar_can_be_stopped_in_it(floor: Floor) -> None:
    floor.give(a_new_trade(limit="99", execution_urgency=D("0.5")))
    floor.bar(open=100, high=100, low=94)

    assert floor.trade().exit_reason == "STOP_LOSS"
    assert floor.trade().exit_value == D(190)


def test_a_short_trade_is_the_mirror_image(floor: Floor) -> None:
    floor.give(a_new_trade(direction=Direction.SELL, target="90"))
    floor.bar(open=100)
    assert floor.held() == -2

    floor.bar(open=95, low=88)

    assert floor.trade().exit_reason == "TAKE_PROFIT"
    assert floor.trade().exit_value == D(180)


def test_each_part_of_an_entry_is_protected_as_it_comes_in() -> None:
    floor = Floor(parameters=FREE.model_copy(update={"max_participation": D("0.1")}))
    floor.bar(open=100)
    floor.give(a_new_trade(size="5", execution_urgency=D("0.5"), visibility_preference=D(1)))
    floor.bar(open=100, volume=20)
    assert floor.held() == 2
    assert sum(order.quantity for order in floor.working(OrderRole.STOP_LOSS)) == 2

    floor.bar(open=100, volume=20)

    assert floor.held() == 4
    assert sum(order.remaining_quantity for order in floor.working(OrderRole.STOP_LOSS)) == 4
    assert sum(order.remaining_quantity for order in floor.working(OrderRole.TAKE_PROFIT)) == 4
    floor.assert_books_agree()


def test_what_an_urgent_order_does_not_get_at_once_is_given_up() -> None:
    floor = Floor(parameters=FREE.model_copy(update={"max_participation": D("0.1")}))
    floor.bar(open=100)
    floor.give(a_new_trade(size="5"))
    floor.bar(open=100, volume=20)

    assert floor.orders(OrderRole.ENTRY)[0].status is OrderStatus.EXPIRED
    assert floor.held() == 2
    assert floor.working(OrderRole.STOP_LOSS)[0].quantity == 2
    floor.assert_books_agree()


def test_a_stop_that_fills_in_parts_shrinks_the_target_with_it() -> None:
    floor = Floor(parameters=FREE.model_copy(update={"max_participation": D("0.1")}))
    floor.bar(open=100)
    floor.give(a_new_trade(size="5"))
    floor.bar(open=100, volume=1000)
    floor.bar(open=96, low=94, volume=20)

    assert floor.held() == 3
    assert [order.remaining_quantity for order in floor.working(OrderRole.TAKE_PROFIT)] == [D(3)]

    floor.bar(open=93, volume=1000)

    assert floor.trade().status is TradeStatus.CLOSED
    floor.assert_books_agree()


def test_the_rest_of_an_entry_is_cancelled_when_its_stop_is_hit() -> None:
    floor = Floor(parameters=FREE.model_copy(update={"max_participation": D("0.1")}))
    floor.bar(open=100)
    floor.give(a_new_trade(size="5", execution_urgency=D("0.5")))
    floor.bar(open=100, volume=20)
    floor.bar(open=94, volume=1000)

    assert floor.held() == 0
    assert floor.trade().status is TradeStatus.CLOSED
    assert floor.ledger.get_open_orders() == []
    floor.assert_books_agree()


def test_an_entry_beyond_its_slippage_limit_is_not_made(floor: Floor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=101.5)

    (entry,) = floor.orders()
    assert entry.status is OrderStatus.EXPIRED
    assert "price bound 101.00" in entry.reason
    assert floor.trade().status is TradeStatus.ABANDONED


def test_a_refused_directive_leaves_no_trace(floor: Floor) -> None:
    outcome = floor.give(a_new_trade(price="200", stop="150", target="300"))

    assert (outcome.kind, outcome.stage, outcome.rule) == (OutcomeKind.REJECTED, "execution", "price collar")
    assert floor.orders() == []


def test_every_order_is_in_the_books_as_new_before_it_is_sent(floor: Floor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100)

    seen: dict[str, list[OrderStatus]] = {}
    for change in floor.changes:
        if change.order is not None:
            seen.setdefault(change.order.order_id, []).append(change.order.status)
    assert all(statuses[:2] == [OrderStatus.NEW, OrderStatus.SUBMITTED] for statuses in seen.values())
    assert len(seen) == 3


def test_settling_tells_every_change_once(floor: Floor) -> None:
    floor.handler.settle()
    before = len(floor.changes)
    floor.handler.on_translation_complete(floor.translate(a_new_trade()))

    told = floor.handler.settle()

    assert list(told) == floor.changes[before:]
    assert floor.handler.settle() == ()


def test_prints_fill_a_paper_trade_without_waiting_for_a_bar(floor: Floor) -> None:
    floor.print("100")
    floor.give(a_new_trade())
    floor.print("100.1")
    assert floor.held() == 2

    floor.print("94.5")

    assert floor.trade().exit_reason == "STOP_LOSS"
    assert floor.trade().exit_value == D(189)


def test_a_bar_that_prints_have_covered_fills_nothing_again(floor: Floor) -> None:
    floor.print("100")
    floor.give(a_new_trade())
    floor.print("100", after_s=59)
    floor.print("101", after_s=30)
    half_a_minute_ago = floor.clock.now_ns() - 30 * NS_PER_SECOND
    floor.venue.on_market(a_bar_of(floor.symbol, half_a_minute_ago, {"open": 100, "low": 90, "high": 120}))
    floor.handler.settle()

    assert floor.trade().status is TradeStatus.OPEN


def test_costs_are_never_in_our_favour() -> None:
    floor = Floor(parameters=FillParameters())
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.bar(open=100, high=101, low=99)
    floor.bar(open=100, low=94)

    entry, stop = floor.orders(OrderRole.ENTRY)[0], floor.orders(OrderRole.STOP_LOSS)[0]
    assert entry.average_fill_price is not None
    assert stop.average_fill_price is not None
    assert entry.average_fill_price > 100
    assert stop.average_fill_price < 95
    floor.assert_books_agree()


def test_a_group_is_complete_when_its_entry_is(floor: Floor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100)

    (group,) = floor.ledger.get_execution_groups()
    assert group.status is ExecutionGroupStatus.COMPLETED


def test_a_target_is_not_even_sent_when_the_stop_is_hit_at_once(floor: Floor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100, high=101, low=94)

    assert floor.orders(OrderRole.TAKE_PROFIT) == []


def test_no_order_is_refused_in_a_trade_that_goes_by_the_book(floor: Floor) -> None:
    for prices in ({"open": 94.0}, {"open": 112.0}, {"open": 100.0, "low": 90.0, "high": 120.0}):
        floor.give(a_new_trade())
        floor.bar(open=100)
        floor.bars({floor.symbol: prices})
        floor.bar(open=100)

    assert not [order for order in floor.orders() if order.status is OrderStatus.REJECTED]


def test_a_stop_sells_no_more_than_a_fee_in_base_has_left() -> None:
    spot = an_open_market(kind=InstrumentKind.SPOT, may_short=False)
    floor = Floor(instrument=spot, parameters=FREE.model_copy(update={"fee_currency": FeeCurrency.RECEIVED}))
    floor.bar(open=100)
    floor.give(a_new_trade(size="1.5"))
    floor.bar(open=100)

    assert floor.held() == floor.trade().open_quantity == floor.venue.net_quantity(floor.symbol) == D("1.4985")
    (stop,) = floor.working(OrderRole.STOP_LOSS)
    assert stop.quantity == D("1.498"), "whole lots, and no more than is there"
    floor.bar(open=94)
    floor.bar(open=94)
    assert floor.held() == D("0.0005")
    assert floor.ledger.get_open_orders() == []
    floor.assert_books_agree()


def test_what_a_fee_in_base_left_keeps_no_close_waiting() -> None:
    spot = an_open_market(kind=InstrumentKind.SPOT, may_short=False)
    floor = Floor(instrument=spot, parameters=FREE.model_copy(update={"fee_currency": FeeCurrency.RECEIVED}))
    floor.bar(open=100)
    floor.give(a_new_trade(size="1.5"))
    floor.bar(open=100)
    floor.give(a_closing(floor.trade().trade_id))
    for _ in range(3):
        floor.bar(open=100)

    assert floor.held() == D("0.0005")
    assert floor.ledger.get_open_orders() == []
    assert [order.status for order in floor.orders(OrderRole.CLOSE)] == [OrderStatus.FILLED]
    assert (floor.trade().status, floor.trade().dust) == (TradeStatus.CLOSED, D("0.0005"))


def test_a_trade_is_closed_by_its_stop_though_a_fee_in_base_left_dust() -> None:
    spot = an_open_market(kind=InstrumentKind.SPOT, may_short=False)
    floor = Floor(instrument=spot, parameters=FREE.model_copy(update={"fee_currency": FeeCurrency.RECEIVED}))
    floor.bar(open=100)
    floor.give(a_new_trade(size="1.5"))
    floor.bar(open=100)
    floor.bar(open=94)
    floor.bar(open=94)

    trade = floor.trade()
    assert (trade.status, trade.exit_reason, trade.open_quantity) == (TradeStatus.CLOSED, "STOP_LOSS", 0)
    assert trade.dust == floor.held() == D("0.0005")
    assert floor.ledger.get_open_trades() == []


@pytest.mark.allow_warnings
def test_a_close_refused_for_being_below_the_minimum_leaves_dust_and_asks_no_more() -> None:
    floor = Floor()
    floor.bar(open=100)
    floor.give(a_new_trade(size="1"))
    floor.bar(open=100)
    floor.venue._instruments[floor.symbol] = floor.instrument.model_copy(update={"min_quantity": D(5)})
    refuse_closes(floor)
    floor.give(a_closing(floor.trade().trade_id))
    for _ in range(8):
        floor.bar(open=100)

    assert len(floor.orders(OrderRole.CLOSE)) == MAX_REFUSALS
    assert (floor.trade().status, floor.trade().dust) == (TradeStatus.CLOSED, 1)
    assert floor.ledger.get_open_orders() == []


def test_what_dust_of_the_other_side_has_eaten_up_is_not_ordered_again_and_again() -> None:
    """The venue nets: 0.0015 of dust and a short of 0.0022 leave a position that no order of a lot can reduce."""
    spot = an_open_market(kind=InstrumentKind.SPOT)
    floor = Floor(instrument=spot, parameters=FREE.model_copy(update={"fee_currency": FeeCurrency.RECEIVED}))
    floor.bar(open=100)
    for _ in range(3):
        floor.give(a_new_trade(size="1.5"))
        floor.bar(open=100)
        floor.give(a_closing(floor.trades()[-1].trade_id))
        floor.bar(open=100)
    assert floor.held() == D("0.0015")
    floor.give(a_new_trade(size="1.5", direction=Direction.SELL, target=None))
    floor.bar(open=100)
    floor.give(a_closing(floor.trades()[-1].trade_id))
    for _ in range(8):
        floor.bar(open=100)

    sent = len(floor.orders())
    for _ in range(5):
        floor.bar(open=100)

    assert len(floor.orders()) == sent
    assert floor.trades()[-1].status is TradeStatus.CLOSED
    assert floor.ledger.get_open_orders() == []
    assert abs(floor.held()) < spot.lot_step
    assert sum(trade.dust * trade.direction.sign for trade in floor.trades()) == floor.held()
    floor.assert_books_agree()
