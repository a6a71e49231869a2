"""Margin of perpetual markets: what an entry needs, where the venue ends a position, and what the books make of it."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from engine.config.policies import FillParameters, GuardLimits, PositionMode
from engine.contracts.base import Direction
from engine.contracts.carried import CarriedVenue
from engine.contracts.market import InstrumentKind
from engine.contracts.orders import OrderRole, OrderStatus, TradeStatus
from engine.contracts.plans import OrderType
from engine.contracts.venue import OrderCancelled, OrderExecuted, OrderForced
from engine.phase5_execution.venue_books import VenueBooks
from engine.phase5_execution.venue_margin import Leg, initial_margin, liquidation_price
from tests.support.execution import FREE, Floor, a_new_trade, an_open_market
from tests.support.far_floor import FarFloor
from tests.support.venues import Far

pytestmark = pytest.mark.unit
D = Decimal
BUY, SELL = Direction
INSTANT: dict[str, Any] = {"report_latency_ms": 0, "cancel_latency_ms": 0}
TENFOLD = FREE.model_copy(update={"leverage": D(10), "maintenance_margin": D("0.005")})
TICK = D("0.01")


def long_of(*fills: tuple[str, str]) -> Leg:
    """A leg after executions of (signed quantity, price)."""
    leg = Leg()
    for quantity, price in fills:
        leg = leg.after(D(quantity), D(price))
    return leg


@pytest.mark.parametrize(
    ("quantity", "expected"),
    # 100 * (1 - 1/10) / (1 - 0.005) = 90.4522...; 100 * (1 + 1/10) / (1 + 0.005) = 109.4527...
    [("2", "90.46"), ("-2", "109.45")],
)
def test_a_position_is_liquidated_where_margin_and_result_are_the_maintenance_margin(
    quantity: str, expected: str
) -> None:
    leg = long_of((quantity, "100"))
    price = liquidation_price(leg, TENFOLD, tick_size=TICK)

    assert price == D(expected)
    left = initial_margin(leg.value, TENFOLD) + leg.quantity * price - leg.value
    # Rounded against us: a tick earlier than the exact point, never later.
    assert D(0) <= left - abs(leg.quantity) * price * TENFOLD.maintenance_margin < abs(leg.quantity) * TICK


def test_a_long_without_borrowed_money_is_never_liquidated() -> None:
    parameters = FREE.model_copy(update={"leverage": D(1)})

    assert liquidation_price(long_of(("1", "100")), parameters, tick_size=TICK) is None


@pytest.mark.parametrize(
    ("fills", "expected"),
    [
        ([("1", "100"), ("1", "200")], Leg(D(2), D(300))),
        ([("1", "100"), ("1", "200"), ("-1", "50")], Leg(D(1), D(150))),
        ([("1", "100"), ("-3", "90")], Leg(D(-2), D(-180))),
        ([("-2", "100"), ("2", "90")], Leg(D(0), D(0))),
    ],
)
def test_the_entry_price_is_an_average_that_closing_leaves_as_it_was(
    fills: list[tuple[str, str]], expected: Leg
) -> None:
    assert long_of(*fills) == expected


def test_margins_that_would_liquidate_every_position_at_once_are_refused() -> None:
    with pytest.raises(ValidationError, match="maintenance_margin must be below 1 / leverage"):
        FillParameters(leverage=D(100), maintenance_margin=D("0.01"))


def liquidated(far: Far) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Price, quantity and fee of what the venue forced."""
    done = [it.report for it in far.venue.executions if it.order.role is OrderRole.LIQUIDATION]
    return [(report.price, report.quantity, report.fee) for report in done]


def a_long(parameters: FillParameters = TENFOLD, **far: Any) -> Far:
    """One BTC bought at 100 at ten times leverage, on a bar that has gone by."""
    made = Far(parameters=parameters, **(INSTANT | far))
    made.bar()
    made.place(quantity=D(1))
    made.bar()
    return made


def test_a_bar_that_reaches_the_liquidation_price_ends_the_position_there() -> None:
    far = a_long()
    far.bar(95, low=91)
    assert liquidated(far) == []
    far.bar(95, low=85, high=120)

    # The fee: 0.1 % for taking, and 1.25 % for being liquidated.
    assert liquidated(far) == [(D("90.46"), D(1), D("1.22121000"))]
    assert far.venue.net_quantity("BTC/USDT") == 0


def test_a_short_is_liquidated_above() -> None:
    far = Far(parameters=TENFOLD, **INSTANT)
    far.bar()
    far.place(direction=SELL, quantity=D(1))
    far.bar()
    far.bar(100, high=115)

    assert [price for price, _, _ in liquidated(far)] == [D("109.45")]


def test_a_gap_beyond_the_liquidation_price_is_ours_to_pay() -> None:
    far = a_long()
    far.bar(70)

    assert [price for price, _, _ in liquidated(far)] == [D(70)]


def test_closing_by_force_costs_what_taking_costs() -> None:
    far = a_long(TENFOLD.model_copy(update={"half_spread_bps": D(10), "slippage_bps": D(10)}))
    far.bar(95, low=85)

    ((price, _, _),) = liquidated(far)
    assert price < D("90.46")


def test_what_the_market_cannot_take_at_once_goes_on_and_never_better() -> None:
    far = a_long(TENFOLD.model_copy(update={"max_participation": D("0.1")}))
    far.bar(95, low=85, volume=4)
    far.bar(99, volume=100)

    assert [(price, quantity) for price, quantity, _ in liquidated(far)] == [
        (D("90.46"), D("0.400")),
        (D("90.46"), D("0.600")),
    ]


@pytest.mark.parametrize("spoken", ["print", "book"])
def test_prints_and_books_liquidate_as_well(spoken: str) -> None:
    far = a_long()
    if spoken == "print":
        far.print("90.46")
    else:
        far.book(bid="90", ask="90.5")

    assert far.venue.net_quantity("BTC/USDT") == 0
    assert len(liquidated(far)) == 1


def test_a_stop_that_lies_nearer_is_hit_before() -> None:
    far = a_long()
    far.close("1", order_type=OrderType.STOP_MARKET, stop_price=D(92), role=OrderRole.STOP_LOSS)
    far.bar(95, low=85)

    assert liquidated(far) == []
    assert far.venue.executions[-1].report.price == D(92)


def test_a_stop_that_lies_beyond_comes_too_late() -> None:
    far = a_long()
    stop = far.close("1", order_type=OrderType.STOP_MARKET, stop_price=D(88), role=OrderRole.STOP_LOSS)
    far.bar(95, low=85)

    assert [price for price, _, _ in liquidated(far)] == [D("90.46")]
    assert any(isinstance(report, OrderCancelled) for report in far.reports(stop))


def test_liquidation_wins_over_a_stop_that_the_same_gap_sets_off() -> None:
    far = a_long()
    far.close("1", order_type=OrderType.STOP_MARKET, stop_price=D(92), role=OrderRole.STOP_LOSS)
    far.bar(85)

    assert [price for price, _, _ in liquidated(far)] == [D(85)]


def test_a_target_in_the_bar_that_liquidates_is_not_reached() -> None:
    far = a_long()
    far.close("1", order_type=OrderType.LIMIT, limit_price=D(105), role=OrderRole.TAKE_PROFIT)
    far.bar(100, low=85, high=110)

    assert [price for price, _, _ in liquidated(far)] == [D("90.46")]


def test_what_would_add_to_a_position_is_cancelled_when_it_is_liquidated() -> None:
    far = a_long()
    more = far.rest("80")
    far.bar(95, low=85)

    assert "CANCELLED" in far.kinds(more)
    assert far.venue.open_orders() == ()


def test_a_bar_that_opens_a_position_and_breaks_it_is_paid_for_at_the_next_word_of_the_market() -> None:
    far = Far(parameters=TENFOLD, **INSTANT)
    far.bar()
    far.place(quantity=D(1))
    far.bar(100, low=80, close=99)
    assert liquidated(far) == []
    far.bar(99)

    # The bar showed the price; what the market did since makes it no better.
    assert [price for price, _, _ in liquidated(far)] == [D("90.46")]


def test_spot_knows_no_margin() -> None:
    far = a_long(market=an_open_market(kind=InstrumentKind.SPOT), cash="1000")
    far.bar(10)

    assert liquidated(far) == []


def test_a_hedged_account_has_each_side_margined_for_itself() -> None:
    far = a_long(position_mode=PositionMode.HEDGE)
    far.place(direction=SELL, quantity=D(1), trade_id="TRD_20260105_003100_00009")
    far.bar()
    far.bar(100, high=115)

    assert far.venue.net_quantity("BTC/USDT") == 1, "the short is gone, the long stays"
    assert {side: leg.quantity for side, leg in far.venue.books.legs("BTC/USDT").items()} == {BUY: D(1)}


def test_one_position_in_a_market_is_margined_net() -> None:
    far = a_long()
    far.place(direction=SELL, quantity=D(1), trade_id="TRD_20260105_003100_00009")
    far.bar()
    far.bar(50, high=200)

    assert liquidated(far) == []


def test_a_reduction_in_a_netted_market_takes_no_more_than_the_position() -> None:
    far = a_long()
    far.place(direction=SELL, quantity=D("0.6"), trade_id="TRD_20260105_003100_00009")
    far.bar()
    far.close("1")
    far.bar()

    assert far.venue.net_quantity("BTC/USDT") == 0


def test_positions_that_were_carried_over_are_liquidated_as_before() -> None:
    far = a_long()
    account = far.venue.books.account(funded_ns={}, cancels=())

    again = VenueBooks.carried(CarriedVenue.model_validate_json(CarriedVenue(account=account).model_dump_json()))

    assert dict(again.legs("BTC/USDT")) == dict(far.venue.books.legs("BTC/USDT"))


def test_a_recording_is_not_slept_through_where_a_margin_is_used_up() -> None:
    floor = Floor(parameters=TENFOLD)
    floor.bar(open=100)
    floor.give(a_new_trade(size="1", stop="50", target=None))
    floor.bar(open=100)
    floor.bar(open=100, low=99)
    floor.bar(open=100, low=80)

    trade = floor.trade()
    assert (trade.status, trade.exit_reason) == (TradeStatus.CLOSED, "LIQUIDATION")
    floor.assert_books_agree()


def test_the_ledger_books_what_nobody_of_us_asked_for() -> None:
    floor = FarFloor(parameters=TENFOLD)
    floor.bar(open=100)
    floor.give(a_new_trade(size="1", stop="50", target=None))
    floor.bar(open=100)
    floor.bar(open=95, low=85)
    floor.wait(1000)

    (forced,) = floor.orders(OrderRole.LIQUIDATION)
    assert (forced.status, forced.filled_quantity) == (OrderStatus.FILLED, D(1))
    assert floor.trade().exit_reason == "LIQUIDATION"
    assert floor.ledger.get_account().cash == floor.venue.books.cash
    assert [level for level, text in floor.notes if "liquidated" in text] == ["ERROR"]
    floor.assert_books_agree()


def test_a_liquidation_that_was_never_told_is_found_in_the_books_of_the_venue() -> None:
    floor = FarFloor(parameters=TENFOLD)
    floor.bar(open=100)
    floor.give(a_new_trade(size="1", stop="50", target=None))
    floor.bar(open=100)
    hear = floor.line._hear
    floor.line._hear = lambda report: None if isinstance(report, OrderForced | OrderExecuted) else hear(report)  # type: ignore[method-assign]  # the line loses exactly these
    floor.print("85")
    assert floor.held() == 1
    floor.wait(60_000)

    assert floor.held() == 0
    assert floor.trade().exit_reason == "LIQUIDATION"
    assert floor.ledger.get_account().cash == floor.venue.books.cash


def test_an_entry_against_what_is_held_is_refused_in_a_market_with_one_position() -> None:
    floor = Floor()
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.bar(open=100)

    outcome = floor.give(a_new_trade(direction=SELL, target="90"))

    assert outcome.rule == "one position"
    assert floor.trade().trade_id in outcome.reason


def test_an_entry_against_one_that_still_works_is_refused_too() -> None:
    floor = Floor()
    floor.bar(open=100)
    floor.give(a_new_trade(limit="95", stop="90", execution_urgency=D("0.6")))

    assert floor.give(a_new_trade(direction=SELL, target="90")).rule == "one position"


def test_a_hedged_account_holds_both_sides_and_closes_each_for_itself() -> None:
    floor = Floor(position_mode=PositionMode.HEDGE)
    floor.bar(open=100)
    floor.give(a_new_trade(size="2"))
    floor.give(a_new_trade(direction=SELL, size="2", target="90"))
    floor.bar(open=100)
    assert floor.held() == 0
    assert len(floor.working(OrderRole.STOP_LOSS)) == 2

    floor.bar(open=100, high=106)

    long, short = floor.trades()
    assert (long.open_quantity, short.open_quantity) == (D(2), D(0))
    assert floor.held() == 2
    floor.assert_books_agree()


def test_spot_is_never_hedged() -> None:
    spot = an_open_market(kind=InstrumentKind.SPOT)
    floor = Floor(
        instrument=spot,
        limits=GuardLimits(check_funds=False, position_mode=PositionMode.HEDGE),
        position_mode=PositionMode.HEDGE,
    )
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.bar(open=100)

    assert floor.give(a_new_trade(direction=SELL, target="90")).rule == "one position"
