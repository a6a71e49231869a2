"""What every execution venue promises (engine.ports.venue); each implementation is one more parameter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.market import TradePrint
from engine.contracts.orders import Order, OrderRole, TimeInForce
from engine.contracts.plans import OrderType
from engine.contracts.venue import (
    OrderAccepted,
    OrderCancelled,
    OrderExecuted,
    OrderExpired,
    OrderRefused,
    VenueReport,
)
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.ports.venue import ExecutionVenue
from engine.primitives.errors import InvariantBroken, VenueRejected
from engine.primitives.ids import ORDER, IdSource, OrderId
from engine.primitives.timeframes import NS_PER_MINUTE
from tests.support import notes
from tests.support.execution import FREE, HandClock, a_bar_of, an_open_market

pytestmark = pytest.mark.conformance
D = Decimal


@dataclass
class Bench:
    """A venue and the means to make its market trade at a price."""

    venue: ExecutionVenue
    trade_at: Callable[[float], None]
    clock: HandClock
    ids: IdSource

    def place(self, **changes: Any) -> Order:
        order = notes.an_order(order_id=self.ids.next(ORDER), created_at=self.clock.now(), **changes)
        self.venue.place(order)
        return order

    def resting(self, price: str = "90") -> Order:
        return self.place(order_type=OrderType.LIMIT, time_in_force=TimeInForce.GTC, limit_price=D(price))

    def reports(self, order: Order | None = None) -> list[VenueReport]:
        reports = self.venue.take_reports()
        return [report for report in reports if order is None or report.order_id == order.order_id]


def simulated(on_prints: bool) -> Bench:
    clock = HandClock()
    market = an_open_market()
    venue = SimulatedVenue(instruments={market.symbol: market}, clock=clock, parameters=FREE)

    def trade_at(price: float) -> None:
        opened_ns = clock.now_ns()
        clock.move_to(opened_ns + NS_PER_MINUTE)
        if not on_prints:
            venue.on_market(a_bar_of(market.symbol, opened_ns, {"open": price}))
            return
        print_ = TradePrint(
            symbol=market.symbol, traded_at=clock.now(), price=D(repr(price)), quantity=D(100), taker=Direction.BUY
        )
        venue.on_market(print_)

    bench = Bench(venue, trade_at, clock, IdSource(clock.now_ns))
    bench.trade_at(100.0)
    return bench


@pytest.fixture(params=[False, True], ids=["simulated on bars", "simulated on prints"])
def bench(request: pytest.FixtureRequest) -> Bench:
    return simulated(on_prints=request.param)


def test_it_knows_its_markets_and_says_so_of_others(bench: Bench) -> None:
    assert bench.venue.instrument("BTC/USDT").symbol == "BTC/USDT"
    with pytest.raises(VenueRejected):
        bench.venue.instrument("DOGE/USDT")


def test_an_order_is_acknowledged_before_anything_else_is_said_of_it(bench: Bench) -> None:
    order = bench.place()
    bench.trade_at(100.0)

    kinds = [type(report) for report in bench.reports(order)]
    assert kinds[:2] == [OrderAccepted, OrderExecuted]


def test_placing_does_not_wait_for_the_outcome(bench: Bench) -> None:
    order = bench.place()

    assert not [report for report in bench.reports(order) if isinstance(report, OrderExecuted)]


def test_every_report_comes_once(bench: Bench) -> None:
    order = bench.place()
    bench.trade_at(100.0)
    bench.reports(order)

    assert bench.reports() == []


def test_an_order_is_placed_once(bench: Bench) -> None:
    order = bench.place()

    with pytest.raises(InvariantBroken):
        bench.venue.place(order)


def test_what_works_is_listed_oldest_first(bench: Bench) -> None:
    orders: list[OrderId] = [bench.resting(price).order_id for price in ("90", "91", "89")]

    assert list(bench.venue.open_orders()) == orders


def test_a_cancelled_order_is_confirmed_and_never_fills(bench: Bench) -> None:
    order = bench.resting()
    bench.venue.cancel(order.order_id)
    bench.trade_at(80.0)

    reports = bench.reports(order)
    assert isinstance(reports[-1], OrderCancelled)
    assert not [report for report in reports if isinstance(report, OrderExecuted)]
    assert order.order_id not in bench.venue.open_orders()


def test_a_cancel_that_comes_too_late_says_nothing(bench: Bench) -> None:
    order = bench.place()
    bench.trade_at(100.0)
    bench.reports()

    bench.venue.cancel(order.order_id)

    assert bench.reports() == []


@pytest.mark.parametrize(
    "mistake",
    [
        {"symbol": "DOGE/USDT"},
        {"quantity": D("0.0001")},
        {"order_type": OrderType.LIMIT, "limit_price": D("90.001")},
        {"order_type": OrderType.LIMIT, "limit_price": D("0.01")},
        {"role": OrderRole.STOP_LOSS, "direction": Direction.SELL, "reduce_only": True},
    ],
    ids=["unknown market", "lot", "tick", "minimum value", "nothing to reduce"],
)
def test_a_refusal_is_a_report_and_final(bench: Bench, mistake: dict[str, Any]) -> None:
    order = bench.place(**mistake)
    bench.trade_at(50.0)

    (report,) = bench.reports(order)
    assert isinstance(report, OrderRefused)
    assert report.reason
    assert order.order_id not in bench.venue.open_orders()


def test_executions_have_names_of_their_own(bench: Bench) -> None:
    for _ in range(3):
        bench.place()
    bench.trade_at(100.0)

    names = [report.venue_trade_id for report in bench.reports() if isinstance(report, OrderExecuted)]
    assert len(set(names)) == len(names) == 3


def test_a_resting_order_waits_for_its_price(bench: Bench) -> None:
    order = bench.resting("90")
    bench.trade_at(95.0)
    assert not [report for report in bench.reports(order) if isinstance(report, OrderExecuted)]

    bench.trade_at(89.0)

    (fill,) = [report for report in bench.reports(order) if isinstance(report, OrderExecuted)]
    assert fill.price <= 90
    assert fill.quantity == order.quantity
    assert order.order_id not in bench.venue.open_orders()


@pytest.mark.parametrize("time_in_force", [TimeInForce.IOC, TimeInForce.FOK])
def test_now_or_never_never_rests(bench: Bench, time_in_force: TimeInForce) -> None:
    order = bench.place(order_type=OrderType.LIMIT, time_in_force=time_in_force, limit_price=D(90))
    bench.trade_at(100.0)
    bench.trade_at(80.0)

    reports = bench.reports(order)
    assert isinstance(reports[-1], OrderExpired)
    assert not [report for report in reports if isinstance(report, OrderExecuted)]
    assert order.order_id not in bench.venue.open_orders()


def test_an_order_with_a_window_expires_by_itself(bench: Bench) -> None:
    order = bench.place(
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        limit_price=D(90),
        expires_at=bench.clock.now() + timedelta(seconds=90),
    )
    for _ in range(3):
        bench.trade_at(100.0)
    bench.trade_at(80.0)

    reports = bench.reports(order)
    assert isinstance(reports[-1], OrderExpired)
    assert not [report for report in reports if isinstance(report, OrderExecuted)]


def test_a_reduction_never_turns_a_position_over(bench: Bench) -> None:
    bench.place(quantity=D("0.5"))
    bench.trade_at(100.0)
    exits = [
        bench.place(
            role=OrderRole.CLOSE,
            direction=Direction.SELL,
            time_in_force=TimeInForce.GTC,
            quantity=D("0.5"),
            reduce_only=True,
        )
        for _ in range(2)
    ]
    bench.trade_at(100.0)
    bench.trade_at(100.0)

    sold = [
        report.quantity
        for report in bench.reports()
        if isinstance(report, OrderExecuted) and report.order_id in {order.order_id for order in exits}
    ]
    assert sum(sold, D(0)) == D("0.5")
    assert bench.venue.open_orders() == ()
