"""The simulated venue: books before trades before bars, funding, funds, and what it says in its own books."""

from decimal import Decimal
from typing import Any

import pytest

from engine.config.policies import FeeCurrency
from engine.contracts.base import Direction
from engine.contracts.market import Instrument, InstrumentKind
from engine.contracts.orders import Liquidity, OrderRole, TimeInForce
from engine.contracts.plans import OrderType
from engine.contracts.venue import FundingPaid, OrderExecuted, OrderExpired, OrderRefused, Refusal
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_MS
from tests.support.execution import FREE, a_bar_of, an_open_market
from tests.support.venues import Far

pytestmark = pytest.mark.unit
D = Decimal
SELL = Direction.SELL
INSTANT: dict[str, Any] = {"report_latency_ms": 0, "cancel_latency_ms": 0}
COSTS = FREE.model_copy(update={"half_spread_bps": D(10), "slippage_bps": D(10)})


def fills(far: Far) -> list[tuple[Decimal, Decimal, Liquidity]]:
    return [(it.report.price, it.report.quantity, it.report.liquidity) for it in far.venue.executions]


def test_an_order_takes_from_the_first_book_after_it_is_live() -> None:
    far = Far(parameters=COSTS.model_copy(update={"default_latency_ms": 100}))
    far.book(ask="50")
    far.place()
    far.book(ask="60", after_ms=99)
    assert fills(far) == []
    far.book(ask="101", after_ms=1)

    assert fills(far) == [(D(101), D("0.5"), Liquidity.TAKER)]


def test_a_market_order_that_may_wait_walks_on_through_the_next_book() -> None:
    far = Far()
    order = far.place(quantity=D(15), time_in_force=TimeInForce.GTC)
    far.book(ask="101", size="10")
    far.book(ask="103", size="10")

    assert fills(far) == [(D(101), D(10), Liquidity.TAKER), (D(103), D(5), Liquidity.TAKER)]
    assert order.order_id not in far.venue.open_orders()


def test_two_orders_do_not_take_the_same_level() -> None:
    far = Far()
    far.place(quantity=D(6))
    far.place(quantity=D(6))
    far.book(ask="101", size="10")

    assert sum(quantity for _, quantity, _ in fills(far)) == D(10)


@pytest.mark.parametrize("is_resting", [True, False])
def test_the_same_offer_told_again_fills_nobody_twice(is_resting: bool) -> None:
    far = Far()
    if is_resting:
        far.book(ask="103", size="1")
        far.rest("102", quantity=D(5))
        far.book(ask="103", size="1", after_ms=100)
    else:
        far.place(quantity=D(5), time_in_force=TimeInForce.GTC)
    for _ in range(5):
        far.book(ask="101", size="1", after_ms=100)
    assert sum(quantity for _, quantity, _ in fills(far)) == D(1)
    far.book(ask="101", size="2", after_ms=100)

    assert sum(quantity for _, quantity, _ in fills(far)) == D(3)


def test_while_the_book_is_fresh_a_trade_fills_only_what_stands_in_it() -> None:
    far = Far()
    far.book()
    resting = far.rest("95")
    far.book()
    far.place()
    far.print("94", after_ms=500)

    assert fills(far) == [(D(95), resting.quantity, Liquidity.MAKER)]


def test_orders_that_stand_at_one_price_share_a_trade_and_do_not_each_get_it() -> None:
    far = Far()
    far.bar(100.0, volume=1000.0)
    for _ in range(5):
        far.rest("99", quantity=D(1))
    far.print("100", "9")  # it shows that they stand there
    far.print("98", "1.5")

    assert sum(quantity for _, quantity, _ in fills(far)) == D("1.5")


def test_when_the_book_falls_silent_trades_take_over_and_then_bars() -> None:
    far = Far(parameters=FREE.model_copy(update={"book_age_ms_max": 2000}))
    far.book()
    far.place()
    far.print("100", after_ms=2000)
    assert fills(far) == []
    far.print("100", after_ms=1)
    assert fills(far) == [(D(100), D("0.5"), Liquidity.TAKER)]

    far.wait(1)
    far.place()
    far.bar(104.0)
    assert fills(far)[1:] == [(D(104), D("0.5"), Liquidity.TAKER)]


def test_a_bar_that_the_book_covers_fills_nothing() -> None:
    far = Far()
    far.rest("90")
    opened_ns = far.clock.now_ns()
    far.book(after_ms=59_000)
    far.clock.move_to(opened_ns + NS_PER_MINUTE)
    far.line.on_market(a_bar_of(far.market.symbol, opened_ns, {"open": 100.0, "low": 80.0}))

    assert fills(far) == []


def test_a_stop_that_a_trade_sets_off_takes_from_the_next_book() -> None:
    far = Far(**INSTANT)
    far.place()
    far.book(bid="99", ask="100")
    far.close(order_type=OrderType.STOP_MARKET, stop_price=D(95), role=OrderRole.STOP_LOSS)
    far.print("94.99", after_ms=100)
    assert len(fills(far)) == 1
    far.book(bid="93", ask="94", after_ms=100)

    assert fills(far)[1:] == [(D(93), D("0.5"), Liquidity.TAKER)]


def test_a_gap_through_a_stop_is_filled_at_the_book_beyond_it() -> None:
    far = Far(**INSTANT)
    far.place()
    far.book(bid="99", ask="100")
    far.close(order_type=OrderType.STOP_MARKET, stop_price=D(95), role=OrderRole.STOP_LOSS)
    far.book(bid="80", ask="81")

    assert fills(far)[1:] == [(D(80), D("0.5"), Liquidity.TAKER)]


def test_what_no_book_level_gives_expires_with_the_rest() -> None:
    far = Far(**INSTANT)
    order = far.place(quantity=D(15))
    far.book(ask="101", size="10")

    last = far.reports(order)[-1]
    assert isinstance(last, OrderExpired)
    assert last.reason == "5.000 of 15 were not there at once"


FUNDED = FREE.model_copy(update={"funding_rate": D("0.0001"), "funding_interval_hours": 8})


def at_half_past(far: Far, hours: int) -> None:
    """Let bars of one minute pass until this many hours after the start, which is 14:30:22."""
    far.clock.move_to(far.clock.now_ns() + hours * 60 * NS_PER_MINUTE)
    far.bar()


@pytest.mark.parametrize(("direction", "amount"), [(Direction.BUY, "-0.00500000"), (SELL, "0.00500000")])
def test_longs_pay_funding_and_shorts_get_it(direction: Direction, amount: str) -> None:
    far = Far(parameters=FUNDED, **INSTANT)
    far.bar()
    far.place(direction=direction)
    far.bar()
    at_half_past(far, 2)

    (payment,) = [report for report in far.all_reports() if isinstance(report, FundingPaid)]
    assert (payment.amount, payment.rate, payment.mark_price) == (D(amount), D("0.0001"), D(100))
    assert (payment.at.hour, payment.at.minute, payment.at.second) == (16, 0, 0)
    assert far.venue.books.fundings == [payment]


def test_funding_is_paid_for_every_interval_that_passed_and_for_none_before_the_entry() -> None:
    far = Far(parameters=FUNDED, **INSTANT)
    far.bar()
    at_half_past(far, 24)
    far.place()
    far.bar()
    at_half_past(far, 24)

    payments = far.venue.books.fundings
    assert [payment.at.hour for payment in payments] == [16, 0, 8]
    assert len({payment.funding_id for payment in payments}) == 3


def test_an_odd_funding_amount_is_rounded_against_us() -> None:
    odd = FUNDED.model_copy(update={"funding_rate": D("0.000012345678")})
    amounts = []
    for direction in Direction:
        far = Far(parameters=odd, **INSTANT)
        far.bar()
        far.place(direction=direction, quantity=D("0.057"))
        far.bar()
        at_half_past(far, 2)
        amounts += [payment.amount for payment in far.venue.books.fundings]

    assert amounts == [D("-0.00007038"), D("0.00007037")]


def test_spot_pays_no_funding() -> None:
    far = Far(market=an_open_market(kind=InstrumentKind.SPOT), parameters=FUNDED, **INSTANT)
    far.bar()
    far.place()
    far.bar()
    at_half_past(far, 24)

    assert far.venue.books.fundings == []


def spot() -> Instrument:
    return an_open_market(kind=InstrumentKind.SPOT, may_short=False)


def refusals(far: Far) -> list[Refusal]:
    return [report.why for report in far.all_reports() if isinstance(report, OrderRefused)]


def test_a_purchase_needs_the_cash_and_its_fee() -> None:
    far = Far(market=spot(), cash="100.1", **INSTANT)
    far.bar()
    far.rest("100", quantity=D(1))
    assert refusals(far) == []

    far = Far(market=spot(), cash="100.09", **INSTANT)
    far.bar()
    far.rest("100", quantity=D(1))
    assert refusals(far) == [Refusal.FUNDS]


def test_a_market_order_below_the_minimum_value_is_judged_by_the_last_price() -> None:
    far = Far(**INSTANT)  # nothing below 5 USDT
    far.bar()
    far.place(quantity=D("0.049"))
    assert refusals(far) == [Refusal.TERMS]
    far.place(quantity=D("0.05"))

    assert refusals(far) == []


def test_what_working_orders_have_spoken_for_is_not_free() -> None:
    far = Far(market=spot(), cash="150", **INSTANT)
    far.bar()
    first = far.rest("100", quantity=D(1))
    far.rest("100", quantity=D(1))
    assert refusals(far) == [Refusal.FUNDS]

    far.line.cancel(first.order_id)
    far.rest("100", quantity=D(1))
    assert refusals(far) == []


def test_on_spot_only_what_is_held_can_be_sold() -> None:
    far = Far(market=spot(), cash="1000", **INSTANT)
    far.bar()
    far.place(direction=SELL, quantity=D("0.5"))
    assert refusals(far) == [Refusal.FUNDS]

    far.place(quantity=D("0.5"))
    far.bar()
    far.rest("110", direction=SELL, quantity=D("0.5"))
    assert refusals(far) == []
    far.rest("111", direction=SELL, quantity=D("0.5"))
    assert refusals(far) == [Refusal.FUNDS]


def test_a_perpetual_order_whose_margin_is_not_free_is_refused() -> None:
    # At a leverage of 2, an order of 200 needs 100 and its fee of 0.2.
    far = Far(cash="100.2", parameters=FREE.model_copy(update={"leverage": D(2)}), **INSTANT)
    far.bar()
    far.rest("100", quantity=D(2))
    assert refusals(far) == []
    far.rest("100", quantity=D("0.1"))
    assert refusals(far) == [Refusal.FUNDS]


def test_a_way_out_needs_no_funds() -> None:
    far = Far(cash="60", parameters=FREE.model_copy(update={"leverage": D(1)}), **INSTANT)
    far.bar()
    far.place()
    far.bar()
    far.close()
    far.bar(50.0)

    assert refusals(far) == []
    assert far.venue.net_quantity("BTC/USDT") == 0


def test_the_cash_at_the_venue_is_what_every_execution_fee_and_payment_left() -> None:
    far = Far(cash="1000", parameters=FUNDED, **INSTANT)
    far.bar()
    far.place()
    far.bar()
    at_half_past(far, 2)
    far.close()
    far.bar(110.0)

    paid = sum((report.fee for report in far.all_reports() if isinstance(report, OrderExecuted)), D(0))
    assert far.venue.books.cash == D(1000) + D(5) - paid - D("0.005")


@pytest.mark.parametrize("latency_ms", [0, 100])
def test_a_cancel_in_a_silent_market_is_confirmed_when_no_bar_can_overtake_it(latency_ms: int) -> None:
    far = Far(cancel_latency_ms=latency_ms, report_latency_ms=0, request_timeout_ms=600_000)
    far.bar()
    order = far.rest()
    far.all_reports()
    far.line.cancel(order.order_id)

    far.clock.move_to(far.clock.now_ns() + latency_ms * NS_PER_MS)
    assert far.kinds(order) == ([] if latency_ms else ["CANCELLED"])
    far.wait(60_000)
    assert far.kinds(order) == (["CANCELLED"] if latency_ms else [])


def test_a_spot_purchase_pays_out_of_what_it_buys_where_the_venue_takes_what_is_received() -> None:
    parameters = FREE.model_copy(update={"fee_currency": FeeCurrency.RECEIVED})
    far = Far(market=spot(), parameters=parameters, cash="1000", **INSTANT)
    far.bar()
    far.place(quantity=D(2))
    far.bar()
    far.close("1.998")
    far.bar()

    bought, sold = [done.report for done in far.venue.executions]
    assert (bought.fee, bought.fee_currency) == (D("0.002"), "BTC")
    assert (sold.fee, sold.fee_currency) == (D("0.1998"), "")
    assert far.venue.net_quantity(far.market.symbol) == 0
    assert far.venue.books.cash == D(1000) - D(200) + D("199.8") - D("0.1998")
