from decimal import Decimal

import pytest

from engine.contracts.base import Direction
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.orders import OrderRole, OrderStatus, TradeStatus
from engine.contracts.plans import OrderType
from engine.contracts.venue import OrderAccepted, OrderCancelled, OrderExpired, OrderRefused
from engine.ports.ledger import StrategyLedger
from engine.primitives.errors import LedgerMismatch
from engine.primitives.ids import ORDER, TradeId
from engine.primitives.timeframes import ns_from_datetime
from tests.support.ledger import Books
from tests.support.notes import AT, a_group, a_trade, an_id, an_order

pytestmark = pytest.mark.unit
D, S, G = Decimal, OrderStatus, ExecutionGroupStatus


@pytest.fixture
def books() -> Books:
    return Books()


def test_the_books_are_what_the_port_asks_for(books: Books) -> None:
    ledger: StrategyLedger = books.ledger

    assert ledger.get_account().equity == ledger.get_peak_equity() == D(10000)


def test_every_change_is_told_before_the_call_returns(books: Books) -> None:
    order = books.order()
    change = books.fill(order, "1")

    assert books.changes[-1] is change

    assert None not in (change.order, change.fill, change.position, change.trade, change.group)


def test_a_fill_takes_cash_and_leaves_a_position(books: Books) -> None:
    books.fill(books.order("2"), "2", "100.5", fee="0.201")

    account = books.ledger.get_account()
    (position,) = books.ledger.get_open_positions()
    assert account.cash == D("9798.799")
    assert (position.quantity, position.cost_quote, position.fees_paid) == (D(2), D(201), D("0.201"))
    assert account.equity == D("9999.799")


def test_equity_follows_the_marks_and_the_peak_stays(books: Books) -> None:
    books.fill(books.order("2"), "2", "100")
    books.ledger.mark("BTC/USDT", D(120), ns_from_datetime(AT))
    books.ledger.mark("BTC/USDT", D(90), ns_from_datetime(AT))

    assert books.ledger.get_account().equity == D(9980)
    assert books.ledger.get_peak_equity() == D(10040)
    assert books.ledger.get_open_positions()[0].mark_price == D(90)


def test_a_new_position_is_not_valued_at_the_mark_of_an_old_one(books: Books) -> None:
    # Marks come only while something is held: the last one may be months old.
    books.fill(books.order("1"), "1", "100")
    books.ledger.mark("BTC/USDT", D(100), ns_from_datetime(AT))
    books.fill(books.order("1", direction=Direction.SELL), "1", "100")

    change = books.fill(books.order("1"), "1", "300")

    assert books.ledger.get_account().equity == D(10000)
    assert change.position is not None
    assert change.position.mark_price == D(300)


def test_the_peak_sees_what_was_won_when_nothing_is_left_to_mark(books: Books) -> None:
    order = books.order("1")
    books.fill(order, "1", "100")
    books.fill(books.order("1", trade_id=order.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL), "1", "130")

    assert books.ledger.get_peak_equity() == D(10030)


def test_a_duplicate_execution_is_refused_and_changes_nothing(books: Books) -> None:
    order = books.order("2")
    report = books.execution(order, "1")
    books.ledger.book(report)
    before = books.ledger.get_account()

    change = books.ledger.book(report)

    assert "booked already" in change.refused
    assert change.fill is None
    assert books.ledger.get_account() == before
    assert books.ledger.get_order(order.order_id).filled_quantity == D(1)


def test_the_same_venue_trade_id_on_another_symbol_is_another_execution(books: Books) -> None:
    first, second = books.order(), books.order(symbol="ETH/USDT")
    books.ledger.book(books.execution(first, "1", venue_trade_id="7"))

    assert books.ledger.book(books.execution(second, "1", venue_trade_id="7")).refused == ""


@pytest.mark.parametrize("end", [OrderCancelled, OrderExpired])
def test_a_late_fill_on_a_dead_order_is_booked(books: Books, end: type[OrderCancelled | OrderExpired]) -> None:
    order = books.order("2")
    books.ledger.book(end(order_id=order.order_id, at=AT))
    dead = books.status(order)

    change = books.fill(order, "1")

    assert change.fill is not None
    assert books.status(order) is dead
    assert books.ledger.get_open_positions()[0].quantity == D(1)
    assert books.fill(order, "1").order is not None
    assert books.status(order) is S.FILLED


def test_a_fill_before_the_acknowledgement_is_booked_and_the_acknowledgement_changes_nothing(books: Books) -> None:
    order = books.order("2")
    books.fill(order, "1")

    change = books.ledger.book(OrderAccepted(order_id=order.order_id, at=AT))

    assert change.refused
    assert books.status(order) is S.PARTIALLY_FILLED


def test_an_overfill_is_booked_and_said(books: Books) -> None:
    order = books.order("1")
    books.fill(order, "1.5")

    after = books.ledger.get_order(order.order_id)
    assert after.filled_quantity == D("1.5")
    assert after.reason == "filled 0.5 more than was ordered"
    assert books.ledger.get_open_positions()[0].quantity == D("1.5")


def test_an_illegal_move_is_refused_and_told(books: Books) -> None:
    order = books.order()
    books.fill(order, "1")

    change = books.ledger.move_order(order.order_id, S.CANCEL_PENDING)

    assert "cannot be moved" in change.refused
    assert books.changes[-1] is change
    assert books.status(order) is S.FILLED


def test_a_cancel_of_a_filled_order_is_refused(books: Books) -> None:
    order = books.order()
    books.fill(order, "1")

    assert books.ledger.book(OrderCancelled(order_id=order.order_id, at=AT)).refused


def test_the_average_price_weighs_the_fills(books: Books) -> None:
    order = books.order("4")
    books.fill(order, "1", "100")
    books.fill(order, "3", "104")

    assert books.ledger.get_order(order.order_id).average_fill_price == D(103)


def test_a_trade_lives_from_pending_to_closed_and_says_why(books: Books) -> None:
    entry = books.order("2")
    trade = books.ledger.get_trade(entry.trade_id)
    assert trade.status is TradeStatus.PENDING

    books.fill(entry, "2", "100", fee="0.2")
    stop = books.order("2", trade_id=entry.trade_id, role=OrderRole.STOP_LOSS, direction=Direction.SELL)
    assert books.ledger.get_trade(entry.trade_id).status is TradeStatus.OPEN

    at = books.clock.move(minutes=5)
    books.fill(stop, "2", "95", fee="0.19")

    trade = books.ledger.get_trade(entry.trade_id)
    assert (trade.status, trade.exit_reason, trade.closed_at) == (TradeStatus.CLOSED, "STOP_LOSS", at)
    assert trade.realised_pnl == D("-10.39")
    assert books.ledger.get_open_trades() == []


def test_a_trade_without_a_fill_is_abandoned_when_its_entry_dies(books: Books) -> None:
    order = books.order()
    change = books.ledger.book(OrderRefused(order_id=order.order_id, at=AT, reason="too small"))

    assert change.trade is not None
    assert change.trade.status is TradeStatus.ABANDONED
    assert change.group is not None
    assert (change.group.status, change.group.completed_at) == (G.FAILED, books.clock.now())


def test_a_late_entry_fill_opens_a_closed_trade_again(books: Books) -> None:
    entry = books.order("2")
    books.fill(entry, "1")
    books.ledger.book(OrderCancelled(order_id=entry.order_id, at=AT))
    close = books.order("1", trade_id=entry.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)
    books.fill(close, "1")
    assert books.ledger.get_trade(entry.trade_id).status is TradeStatus.CLOSED

    books.fill(entry, "1")

    trade = books.ledger.get_trade(entry.trade_id)
    assert (trade.status, trade.closed_at, trade.exit_reason) == (TradeStatus.OPEN, None, "")
    assert [open_trade.trade_id for open_trade in books.ledger.get_open_trades()] == [trade.trade_id]


def test_a_group_is_done_when_all_the_orders_it_knows_of_are_done(books: Books) -> None:
    first, second = books.ids.next(ORDER), books.ids.next(ORDER)
    group_id, trade_id = books.group(first, second), books.trade()
    order = books.order("1", group_id=group_id, trade_id=trade_id, order_id=first)
    books.fill(order, "1")
    assert books.ledger.get_group(group_id).status is G.PARTIALLY_FILLED

    order = books.order("1", group_id=group_id, trade_id=trade_id, order_id=second)
    books.fill(order, "1")
    assert books.ledger.get_group(group_id).status is G.COMPLETED
    assert books.ledger.get_execution_groups(G.PARTIALLY_FILLED) == []


def test_cancelling_a_group_marks_its_working_orders(books: Books) -> None:
    group_id = books.group()
    working, unsent = books.order(group_id=group_id), books.order(group_id=group_id, is_sent=False)

    assert books.ledger.cancel_execution_group(group_id)

    assert books.status(working) is books.status(unsent) is S.CANCEL_PENDING
    assert books.ledger.get_group(group_id).status is G.CANCELLING
    assert books.ledger.move_order(unsent.order_id, S.CANCELLED).refused == ""
    assert books.ledger.move_order(working.order_id, S.CANCELLED).refused
    books.ledger.book(OrderCancelled(order_id=working.order_id, at=AT))
    assert books.ledger.get_group(group_id).status is G.CANCELLED
    assert not books.ledger.cancel_execution_group(group_id)


def test_cancelling_an_entry_leaves_the_stop_of_what_is_held(books: Books) -> None:
    group_id = books.group()
    entry = books.order("2", group_id=group_id)
    books.fill(entry, "1")
    stop = books.order(
        "1", group_id=group_id, trade_id=entry.trade_id, role=OrderRole.STOP_LOSS, direction=Direction.SELL
    )

    books.ledger.cancel_execution_group(group_id)

    assert books.status(entry) is S.CANCEL_PENDING
    assert books.status(stop) is S.SUBMITTED


def test_a_group_that_is_being_cancelled_takes_no_new_entry_but_a_stop(books: Books) -> None:
    group_id = books.group()
    entry = books.order("2", group_id=group_id)
    books.ledger.cancel_execution_group(group_id)

    with pytest.raises(LedgerMismatch, match="takes no new entries"):
        books.order(group_id=group_id, trade_id=entry.trade_id)
    books.order(group_id=group_id, trade_id=entry.trade_id, role=OrderRole.STOP_LOSS, direction=Direction.SELL)


def test_a_group_is_not_called_done_while_an_order_works(books: Books) -> None:
    order = books.order()

    assert order.order_id in books.ledger.move_group(order.group_id, G.CANCELLED).refused
    assert books.ledger.move_group(order.group_id, G.ACTIVE).refused
    assert books.ledger.get_group(order.group_id).status is G.ACTIVE


def test_a_group_without_orders_is_ended_by_hand(books: Books) -> None:
    group_id = books.group()

    assert books.ledger.move_group(group_id, G.COMPLETED).refused == ""
    assert books.ledger.move_group(group_id, G.FAILED).refused


def test_working_buys_reserve_what_they_may_cost(books: Books) -> None:
    limit = {"order_type": OrderType.LIMIT, "limit_price": D(90)}
    order = books.order("2", **limit)
    books.order("1", direction=Direction.SELL, **limit)
    books.order("5", reduce_only=True, **limit)

    assert books.ledger.get_balance().reserved == D(180)
    books.fill(order, "1", "90")
    assert books.ledger.get_balance().reserved == D(90)
    assert books.ledger.get_balance().free == D(9820)


def test_a_market_buy_reserves_its_size_at_the_last_mark(books: Books) -> None:
    books.ledger.mark("BTC/USDT", D(100), ns_from_datetime(AT))
    books.order("2")

    assert books.ledger.get_balance().reserved == D(200)


def test_a_stop_is_moved_and_the_target_stays(books: Books) -> None:
    trade_id = books.trade()
    books.ledger.move_stop(trade_id, stop_loss_price=D(90), take_profit_price=D(120))
    books.ledger.move_stop(trade_id, stop_loss_price=D(95))

    trade = books.ledger.get_trade(trade_id)
    assert (trade.stop_loss_price, trade.take_profit_price) == (D(95), D(120))


def test_strategies_see_their_own(books: Books) -> None:
    books.fill(books.order("1"), "1")
    books.fill(books.order("2", strategy_id="other"), "2")

    assert [position.quantity for position in books.ledger.get_open_positions("other")] == [D(2)]
    assert [position.quantity for position in books.ledger.get_open_positions()] == [D(1), D(2)]
    assert books.ledger.net("BTC/USDT") == D(3)
    assert books.ledger.get_account().positions_value == D(300)


def test_an_id_is_taken_once(books: Books) -> None:
    order = books.order()
    taken = (
        lambda: books.ledger.register_order(an_order(order_id=order.order_id)),
        lambda: books.ledger.register_execution_group(a_group(group_id=order.group_id)),
        lambda: books.ledger.open_trade(a_trade(trade_id=order.trade_id)),
    )
    for attempt in taken:
        with pytest.raises(LedgerMismatch, match="already"):
            attempt()


def test_an_order_without_its_group_or_trade_is_refused(books: Books) -> None:
    with pytest.raises(LedgerMismatch, match="no such group"):
        books.ledger.register_order(an_order(trade_id=books.trade(), group_id=an_id("EXG", 9999)))
    with pytest.raises(LedgerMismatch, match="no such trade"):
        books.ledger.register_order(an_order(group_id=books.group(), trade_id=an_id("TRD", 9999)))


def test_a_report_about_an_order_that_nobody_knows_halts(books: Books) -> None:
    with pytest.raises(LedgerMismatch, match="no such order"):
        books.ledger.book(OrderAccepted(order_id=an_id("ORD", 9999), at=AT))


def test_the_account_is_computed_once_per_change(books: Books) -> None:
    assert books.ledger.get_account() is books.ledger.get_account()
    books.ledger.mark("BTC/USDT", D(100), ns_from_datetime(AT))
    first = books.ledger.get_account()
    books.fill(books.order(), "1")
    assert books.ledger.get_account() is not first


def test_the_account_never_steps_back_when_a_second_market_reports_late(books: Books) -> None:
    later = books.clock.move(minutes=1)
    books.fill(books.order(), "1")
    books.ledger.mark("BTC/USDT", D(101), ns_from_datetime(AT))

    assert books.ledger.get_account().at == later
    assert books.ledger.get_account().equity == D(10001)


def test_a_fee_in_base_makes_the_position_smaller_and_leaves_the_cash_alone(books: Books) -> None:
    order = books.order("2")
    books.fill(order, "2", "100", fee="0.002", fee_currency="BTC")

    account = books.ledger.get_account()
    (position,) = books.ledger.get_open_positions()
    trade = books.ledger.get_trade(order.trade_id)
    assert position.quantity == trade.open_quantity == D("1.998")
    assert account.cash == D(9800)
    assert account.equity == D(9800) + D("199.8")
    assert (account.fees_paid, account.fees_in, account.balances) == (D(0), {"BTC": D("0.002")}, {})
    assert books.ledger.get_order(order.order_id).filled_quantity == D(2)


def test_a_trade_that_paid_in_base_is_closed_when_what_it_held_is_sold(books: Books) -> None:
    order = books.order("2")
    books.fill(order, "2", "100", fee="0.002", fee_currency="BTC")
    way_out = books.order(
        "1.998", trade_id=order.trade_id, group_id=order.group_id, role=OrderRole.CLOSE, direction=Direction.SELL
    )
    books.fill(way_out, "1.998", "110", fee="0.2", fee_currency="USDT")

    trade, account = books.ledger.get_trade(order.trade_id), books.ledger.get_account()
    assert trade.status is TradeStatus.CLOSED
    assert trade.realised_pnl == D("219.78") - D(200) - D("0.2")
    assert account.equity == account.cash == D(10000) + D("19.58")
    assert account.fees_paid == D("0.2")


def a_trade_with_dust(books: Books) -> TradeId:
    order = books.order("2")
    books.fill(order, "2", "100", fee="0.0025", fee_currency="BTC")
    way_out = books.order("1.997", trade_id=order.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)
    books.fill(way_out, "1.997", "110", fee="0.2", fee_currency="USDT")
    return order.trade_id


def test_dust_stays_in_the_position_and_its_trade_is_closed(books: Books) -> None:
    trade_id = a_trade_with_dust(books)
    assert books.ledger.get_trade(trade_id).status is TradeStatus.OPEN

    change = books.ledger.leave_dust(trade_id)

    trade = books.ledger.get_trade(trade_id)
    assert change.trade is trade
    assert (trade.status, trade.open_quantity, trade.dust) == (TradeStatus.CLOSED, 0, D("0.0005"))
    assert trade.realised_pnl == D("219.67") - D(200) - D("0.2")
    assert [position.quantity for position in books.ledger.get_open_positions()] == [D("0.0005")]
    assert books.ledger.get_open_trades() == []


def test_a_late_fill_opens_a_trade_again_with_its_dust(books: Books) -> None:
    trade_id = a_trade_with_dust(books)
    books.ledger.leave_dust(trade_id)
    entry = books.ledger.get_order(books.ledger.get_execution_groups()[0].order_ids[0])

    books.fill(entry, "1")

    trade = books.ledger.get_trade(trade_id)
    assert (trade.status, trade.open_quantity, trade.dust) == (TradeStatus.OPEN, D("1.0005"), 0)


def test_no_dust_is_left_while_an_order_works_or_when_nothing_is_held(books: Books) -> None:
    trade_id = a_trade_with_dust(books)
    stop = books.order("1", trade_id=trade_id, role=OrderRole.STOP_LOSS, direction=Direction.SELL)
    flat = books.order("1")

    assert "orders of it work" in books.ledger.leave_dust(trade_id).refused
    assert "flat" in books.ledger.leave_dust(flat.trade_id).refused
    assert books.ledger.get_trade(stop.trade_id).status is TradeStatus.OPEN


def test_a_fee_in_a_third_currency_is_left_out_of_the_equity_and_named(books: Books) -> None:
    books.fill(books.order("2"), "2", "100", fee="0.01", fee_currency="BNB")

    account = books.ledger.get_account()
    assert account.equity == D(10000)
    assert (account.balances, account.left_out) == ({"BNB": D("-0.01")}, ("BNB",))


def test_a_third_currency_is_counted_where_a_market_says_what_it_is_worth() -> None:
    books = Books(prices={"BNB/USDT": D(500)})
    books.fill(books.order("2"), "2", "100", fee="0.01", fee_currency="BNB")

    account = books.ledger.get_account()
    assert account.equity == D(9995)
    assert account.left_out == ()
    books.ledger.mark("BTC/USDT", D(110), ns_from_datetime(AT))
    assert books.ledger.get_account().equity == D(10015)


def test_a_fee_of_a_perpetual_position_never_makes_it_smaller(books: Books) -> None:
    books.fill(books.order("2", symbol="BTC/USDT:USDT"), "2", "100", fee="0.002", fee_currency="BTC")

    (position,) = books.ledger.get_open_positions()
    assert position.quantity == D(2)
    assert books.ledger.get_account().balances == {"BTC": D("-0.002")}
