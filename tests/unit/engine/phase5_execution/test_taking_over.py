"""A process that goes on for one that was killed: it looks after every trade, and misses nothing that was never told."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from engine.contracts.market import InstrumentKind
from engine.contracts.orders import OrderRole, TradeStatus
from engine.phase5_execution.venue_faults import Fault, FaultPoint
from tests.support.execution import FREE, a_new_trade, an_open_market
from tests.support.far_floor import FarFloor
from tests.support.invariants import assert_invariants

pytestmark = [pytest.mark.unit, pytest.mark.allow_warnings]
D = Decimal


@pytest.fixture
def floor() -> Iterator[FarFloor]:
    floor = FarFloor(report_latency_ms=50)
    floor.bar(open=100)
    yield floor
    assert_invariants(floor)


def test_a_stop_that_rested_for_its_next_try_at_the_kill_is_placed_by_the_next_process(floor: FarFloor) -> None:
    floor.fault(FaultPoint.PLACE, None, Fault.RATE_LIMITED)  # the entry arrives, its stop is refused for the moment
    floor.give(a_new_trade(target=None))
    floor.bar(open=100)
    floor.wait(500)
    assert floor.held() == 2
    assert floor.working(OrderRole.STOP_LOSS) == []
    floor.disk.commit()  # the refusal is on disk

    floor.kill()
    floor.watch(2)

    (stop,) = floor.working(OrderRole.STOP_LOSS)
    assert (stop.quantity, stop.stop_price) == (2, 95)


def test_an_execution_that_was_never_told_is_found_however_long_ago_it_was(floor: FarFloor) -> None:
    """No reading was answered between it and the kill, and many of the books were written since."""
    floor.give(a_new_trade(target=None))
    floor.bar(open=100)
    floor.wait(100)
    assert floor.held() == 2
    floor.fault(FaultPoint.REPORT, *[Fault.MISSING] * 9)
    floor.fault(FaultPoint.QUESTION, *[Fault.UNANSWERED] * 400)
    floor.bar(open=94)
    for _ in range(6):
        floor.bar(open=94)
        floor.disk.commit()
    assert floor.held() == 2, "the stop has filled, and nobody knows"

    floor.kill()
    floor.faults.__init__()  # type: ignore[misc]  # a good line from now on
    floor.watch(5)

    assert floor.held() == 0
    assert floor.trade().status is TradeStatus.CLOSED


@pytest.mark.parametrize("killed_after_ms", [0, 30, 500])
def test_a_close_that_a_person_asked_for_is_carried_on_by_the_next_process(
    floor: FarFloor, killed_after_ms: int
) -> None:
    """The first close order is lost on its way, so nothing but the wish itself says that the trade is to be closed."""
    floor.give(a_new_trade(target=None))
    floor.bar(open=100)
    floor.wait(100)
    assert floor.held() == 2
    floor.fault(FaultPoint.PLACE, Fault.LOST_BEFORE)
    assert floor.handler.close_trade(floor.trade().trade_id, reason="asked by the user").is_accepted
    floor.handler.settle()
    floor.wait(killed_after_ms)

    floor.kill()
    for _ in range(3):
        floor.watch(40)
        floor.bar(open=100)

    assert floor.held() == 0
    assert floor.trade().status is TradeStatus.CLOSED
    assert floor.venue.books.net(floor.symbol) == 0, "never sold twice"


def test_what_is_still_to_come_of_a_trade_that_was_being_closed_is_cancelled_by_the_next_process(
    floor: FarFloor,
) -> None:
    terms = {"execution_urgency": D("0.2"), "chunk_count_hint": 6, "max_execution_window_minutes": 6}
    floor.give(a_new_trade(size="6", stop="20", target=None, **terms))
    floor.bar(open=100)
    floor.bar(open=100)
    assert 0 < floor.held() < 6
    floor.fault(FaultPoint.PLACE, Fault.LOST_BEFORE)
    floor.fault(FaultPoint.CANCEL, *[Fault.LOST_BEFORE] * 3)
    assert floor.handler.close_trade(floor.trade().trade_id, reason="asked by the user").is_accepted
    floor.handler.settle()

    floor.kill()
    for _ in range(8):
        floor.watch(40)
        floor.bar(open=100)

    assert floor.held() == 0
    assert list(floor.ledger.get_open_orders()) == []
    assert floor.trade().status is TradeStatus.CLOSED


def test_a_trade_that_is_closed_is_no_longer_on_its_way_out_on_disk(floor: FarFloor) -> None:
    floor.give(a_new_trade(target=None))
    floor.bar(open=100)
    floor.wait(100)
    trade_id = floor.trade().trade_id
    floor.handler.close_trade(trade_id, reason="asked by the user")
    floor.handler.settle()
    assert floor.disk.books.closings == {trade_id: "asked by the user"}, "on disk before the first request"

    floor.bar(open=100)
    floor.wait(200)
    floor.disk.commit()

    assert floor.trade().status is TradeStatus.CLOSED
    assert floor.disk.books.closings == {}


@pytest.mark.parametrize("killed_after", [0, 1, 4, 6])
def test_a_schedule_by_volume_goes_on_with_its_own_shares(killed_after: int) -> None:
    """A VWAP is a schedule with a share of its own for each slice: none twice, none forgotten, none made even."""
    floor = FarFloor(family="CEX", report_latency_ms=50)
    floor.bar(open=100)
    shares = (D("0.05"), D("0.25"), D("0.1"), D("0.3"), D("0.1"), D("0.05"), D("0.1"), D("0.05"))
    terms = {"execution_urgency": D("0.2"), "chunk_count_hint": 8, "max_execution_window_minutes": 16}
    translation = floor.translate(a_new_trade(size="20", target=None, **terms))
    spec = translation.spec.model_copy(update={"chunk_shares": shares})
    floor.handler.on_translation_complete(translation.model_copy(update={"spec": spec}))
    floor.handler.settle()
    for _ in range(2 * killed_after):
        minute(floor)
    before = [order.quantity for order in floor.orders(OrderRole.ENTRY)]
    assert before == [20 * share for share in shares]
    floor.disk.commit()

    floor.kill()
    floor.watch(10)
    (plan,) = floor.handler.group_plans
    assert floor.handler.resume_group(plan.group_id).is_accepted
    for _ in range(18 - 2 * killed_after):
        minute(floor)

    entries = [order for order in floor.orders(OrderRole.ENTRY) if order.filled_quantity]
    assert floor.held() == 20
    assert sum((order.quantity for order in entries), D(0)) == 20, "no slice is there twice"
    assert [order.quantity for order in entries] == before, "each has its own share"
    assert_invariants(floor)


def minute(floor: FarFloor) -> None:
    floor.bar(open=100)
    floor.watch(2)


@pytest.mark.parametrize("is_on_disk", [True, False])
def test_funding_right_before_a_kill_is_booked_once(is_on_disk: bool) -> None:
    perpetual = an_open_market(kind=InstrumentKind.PERPETUAL)
    parameters = FREE.model_copy(update={"funding_rate": D("0.001"), "funding_interval_hours": 1})
    floor = FarFloor(instrument=perpetual, parameters=parameters, report_latency_ms=50)
    floor.bar(open=100)
    floor.give(a_new_trade(size="2", target=None))
    floor.bar(open=100)
    floor.wait(100)
    held, cash = floor.held(), floor.venue.books.cash
    while floor.venue.books.cash == cash:
        floor.disk.commit()
        floor.bar(open=100)
    assert floor.venue.books.cash == (cash or D(0)) - held * 100 * D("0.001"), "the venue has taken it"
    if is_on_disk:
        floor.wait(100)
        floor.disk.commit()

    floor.kill()
    floor.watch(10)

    assert floor.ledger.get_funding() == -held * 100 * D("0.001")
    assert_invariants(floor)
