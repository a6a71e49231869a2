"""What every execution venue promises (engine.ports.venue); each implementation is one more parameter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.market import TradePrint
from engine.contracts.orders import Order, OrderRole, OrderStatus, TimeInForce
from engine.contracts.plans import OrderType
from engine.contracts.venue import (
    AccountStated,
    CancelRefused,
    ExecutionsListed,
    FundingPaid,
    OpenOrdersListed,
    OrderAccepted,
    OrderCancelled,
    OrderExecuted,
    OrderExpired,
    OrderLookedUp,
    OrderRefused,
    Refusal,
    VenueAnswer,
    VenueReport,
)
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.phase5_execution.venue_line import VenueLine
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
    is_instant: bool = True

    def wait(self) -> None:
        """Let what is on its way be heard."""
        if not self.is_instant:
            self.clock.pass_seconds(1)

    def place(self, **changes: Any) -> Order:
        order = notes.an_order(order_id=self.ids.next(ORDER), created_at=self.clock.now(), **changes)
        self.venue.place(order)
        return order

    def resting(self, price: str = "90") -> Order:
        return self.place(order_type=OrderType.LIMIT, time_in_force=TimeInForce.GTC, limit_price=D(price))

    def answer(self) -> VenueAnswer:
        """The answer to the one question that was asked."""
        self.wait()
        (answer,) = self.venue.take_answers()
        return answer

    def working(self) -> list[OrderId]:
        """What works by the venue's own books."""
        self.venue.ask_open_orders()
        answer = self.answer()
        assert isinstance(answer, OpenOrdersListed)
        return [OrderId(standing.client_order_id) for standing in answer.orders]

    def reports(self, order: Order | None = None) -> list[VenueReport]:
        self.wait()
        reports = self.venue.take_reports()
        return [
            report
            for report in reports
            if order is None or (not isinstance(report, FundingPaid) and report.order_id == order.order_id)
        ]


def a_bench(*, on_prints: bool, is_far: bool = False) -> Bench:
    clock = HandClock()
    market = an_open_market()
    simulated = SimulatedVenue(instruments={market.symbol: market}, clock=clock, parameters=FREE)
    venue = VenueLine(simulated, clock=clock) if is_far else simulated

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

    bench = Bench(venue, trade_at, clock, IdSource(clock.now_ns), is_instant=not is_far)
    bench.trade_at(100.0)
    return bench


BENCHES = {
    "simulated on bars": {"on_prints": False},
    "simulated on prints": {"on_prints": True},
    "far away on bars": {"on_prints": False, "is_far": True},
    "far away on prints": {"on_prints": True, "is_far": True},
}


@pytest.fixture(params=BENCHES.values(), ids=list(BENCHES))
def bench(request: pytest.FixtureRequest) -> Bench:
    return a_bench(**request.param)


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

    assert bench.working() == orders


def test_a_cancelled_order_is_confirmed_and_never_fills(bench: Bench) -> None:
    order = bench.resting()
    bench.venue.cancel(order.order_id)
    bench.wait()
    bench.trade_at(80.0)

    reports = bench.reports(order)
    assert isinstance(reports[-1], OrderCancelled)
    assert not [report for report in reports if isinstance(report, OrderExecuted)]
    assert order.order_id not in bench.working()


def test_a_cancel_that_comes_too_late_is_refused(bench: Bench) -> None:
    order = bench.place()
    bench.trade_at(100.0)
    bench.reports()

    bench.venue.cancel(order.order_id)

    (report,) = bench.reports()
    assert isinstance(report, CancelRefused)
    assert (report.order_id, report.why) == (order.order_id, Refusal.NOT_OPEN)


def test_a_cancel_of_what_never_arrived_is_not_found(bench: Bench) -> None:
    bench.venue.cancel(bench.ids.next(ORDER))

    (report,) = bench.reports()
    assert isinstance(report, CancelRefused)
    assert report.why is Refusal.NOT_FOUND


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
    assert order.order_id not in bench.working()


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
    assert order.order_id not in bench.working()


@pytest.mark.parametrize("time_in_force", [TimeInForce.IOC, TimeInForce.FOK])
def test_now_or_never_never_rests(bench: Bench, time_in_force: TimeInForce) -> None:
    order = bench.place(order_type=OrderType.LIMIT, time_in_force=time_in_force, limit_price=D(90))
    bench.trade_at(100.0)
    bench.trade_at(80.0)

    reports = bench.reports(order)
    assert isinstance(reports[-1], OrderExpired)
    assert not [report for report in reports if isinstance(report, OrderExecuted)]
    assert order.order_id not in bench.working()


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
    assert bench.working() == []


def test_what_works_can_be_asked_for_by_market(bench: Bench) -> None:
    order = bench.resting()

    bench.venue.ask_open_orders("ETH/USDT")
    assert bench.answer().orders == ()  # type: ignore[union-attr]  # it lists open orders
    bench.venue.ask_open_orders("BTC/USDT")
    (standing,) = bench.answer().orders  # type: ignore[union-attr]  # it lists open orders
    assert (standing.client_order_id, standing.status, standing.limit_price) == (
        order.order_id,
        OrderStatus.OPEN,
        D(90),
    )


def test_an_order_is_found_by_our_own_id_however_it_ended(bench: Bench) -> None:
    filled, cancelled, working = bench.place(), bench.resting(), bench.resting("89")
    bench.trade_at(100.0)
    bench.venue.cancel(cancelled.order_id)
    bench.wait()
    bench.trade_at(100.0)

    found = []
    for order in (filled, cancelled, working):
        bench.venue.ask_order(order.order_id)
        answer = bench.answer()
        assert isinstance(answer, OrderLookedUp)
        assert answer.standing is not None
        assert answer.order_id == answer.standing.client_order_id == order.order_id
        found.append((answer.standing.status, answer.standing.filled_quantity))
    nothing = D(0)
    assert found == [
        (OrderStatus.FILLED, filled.quantity),
        (OrderStatus.CANCELLED, nothing),
        (OrderStatus.OPEN, nothing),
    ]


def test_a_refused_order_leaves_no_trace(bench: Bench) -> None:
    order = bench.place(quantity=D("0.0001"))

    bench.venue.ask_order(order.order_id)
    answer = bench.answer()

    assert isinstance(answer, OrderLookedUp)
    assert answer.standing is None


def test_the_books_list_the_executions_that_were_reported(bench: Bench) -> None:
    began = bench.clock.now()
    for _ in range(3):
        bench.place()
        bench.trade_at(100.0)
        bench.wait()
    reported = [report for report in bench.reports() if isinstance(report, OrderExecuted)]

    bench.venue.ask_executions(began)
    every = bench.answer()
    bench.venue.ask_executions(reported[1].at)
    later = bench.answer()

    assert isinstance(every, ExecutionsListed)
    assert isinstance(later, ExecutionsListed)
    assert list(every.executions) == reported
    assert list(later.executions) == reported[1:]


def test_the_books_state_what_is_held_and_nothing_that_is_flat(bench: Bench) -> None:
    bench.venue.ask_account()
    before = bench.answer()
    order = bench.place()
    bench.trade_at(100.0)
    bench.venue.ask_account()
    after = bench.answer()

    assert isinstance(before, AccountStated)
    assert isinstance(after, AccountStated)
    assert before.positions == ()
    assert [(held.symbol, held.quantity) for held in after.positions] == [(order.symbol, order.quantity)]


def test_every_question_has_a_number_of_its_own_and_one_answer(bench: Bench) -> None:
    asked = [bench.venue.ask_account(), bench.venue.ask_open_orders(), bench.venue.ask_executions(bench.clock.now())]
    bench.wait()

    assert [answer.ask_id for answer in bench.venue.take_answers()] == asked
    assert len(set(asked)) == len(asked)
    assert bench.venue.take_answers() == []
