"""The checker of the invariants sees what it is there to see: for each, books that break it.

Every floor here has kept its word first, so that what fails is what was broken afterwards.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from engine.config.reconciling import ReconciliationSettings
from engine.contracts.base import Direction
from engine.contracts.execution import ExecutionMode
from engine.contracts.orders import OrderRole, OrderStatus
from engine.contracts.specs import BatchTranslation
from tests.support import notes
from tests.support.execution import a_closing, a_new_trade
from tests.support.far_floor import FarFloor
from tests.support.invariants import (
    assert_a_flatten_added_nothing,
    assert_again_sends_nothing,
    assert_books_agree,
    assert_ends_have_evidence,
    assert_every_venue_order_is_ours,
    assert_flat,
    assert_invariants,
    assert_reductions_reduce,
    assert_report_is_the_venue,
    assert_sent_once,
)

pytestmark = [pytest.mark.flow, pytest.mark.allow_warnings]
D = Decimal


@pytest.fixture
def floor() -> FarFloor:
    """A floor that holds 3 of one market after a batch that closed 2 of another, and waits for an entry below."""
    floor = FarFloor(settings=ReconciliationSettings(interval_s=5), report_latency_ms=50, cancel_latency_ms=100)
    minutes(floor)
    floor.give(a_new_trade(size="3"))
    floor.give(a_new_trade(symbol="ETH/USDT", size="2"))
    floor.give(a_new_trade(size="1", limit="90", stop="80", execution_urgency=D("0.6")))
    minutes(floor, 2)
    closing = floor.translate(a_closing(floor.trades()[1].trade_id))
    batch = notes.a_batch(directives=(closing.directive,), execution_mode=ExecutionMode.PARALLEL)
    floor.handler.on_batch_translation_complete(BatchTranslation(batch=batch, translations=(closing,)))
    floor.handler.settle()
    minutes(floor, 3)
    assert_invariants(floor)
    assert (floor.held(), floor.held("ETH/USDT"), len(floor.reports)) == (3, 0, 1)
    return floor


def minutes(floor: FarFloor, count: int = 1) -> None:
    for _ in range(count):
        floor.bars({symbol: {"open": 100} for symbol in floor.markets})
        floor.watch(2)


def fails(check: Callable[[], object]) -> None:
    with pytest.raises(AssertionError):
        check()


def test_i1_an_order_that_is_not_on_disk_cannot_leave(floor: FarFloor) -> None:
    stranger = floor.working(OrderRole.ENTRY)[0].model_copy(update={"order_id": notes.an_id("ORD", 77)})

    fails(lambda: floor.line.place(stranger))


def test_i2_an_execution_of_nobodys_order_is_seen(floor: FarFloor) -> None:
    books = floor.venue.books
    done = books.executions[0]
    stranger = done.order.model_copy(update={"order_id": notes.an_id("ORD", 77)})
    books.executions.append(replace(done, order=stranger))

    fails(lambda: assert_every_venue_order_is_ours(books, floor.ledger))


def test_i2_more_than_was_ordered_is_seen(floor: FarFloor) -> None:
    books = floor.venue.books
    books.executions.append(books.executions[0])

    fails(lambda: assert_every_venue_order_is_ours(books, floor.ledger))


def test_i2_an_order_that_is_sent_twice_is_seen(floor: FarFloor) -> None:
    floor.line.sent.append(floor.line.sent[0])

    fails(lambda: assert_sent_once(floor.line.sent))


@pytest.mark.parametrize("keeps_both_sides", [False, True])
def test_i3_a_reduction_that_raises_is_seen(floor: FarFloor, keeps_both_sides: bool) -> None:
    done = floor.venue.books.executions
    close = next(each for each in done if each.order.reduce_only)
    assert_reductions_reduce(done, keeps_both_sides=keeps_both_sides)

    fails(lambda: assert_reductions_reduce([close, *done], keeps_both_sides=keeps_both_sides))
    too_much = close.report.model_copy(update={"quantity": close.report.quantity * 3})
    turned = [replace(each, report=too_much) if each is close else each for each in done]
    fails(lambda: assert_reductions_reduce(turned, keeps_both_sides=keeps_both_sides))


def test_i4_what_is_added_after_a_flatten_was_pressed_is_seen(floor: FarFloor) -> None:
    floor.handler.flatten()
    minutes(floor, 3)
    assert_invariants(floor)
    books = floor.venue.books
    entry = next(each for each in books.executions if not each.order.reduce_only)
    later = {"order_id": notes.an_id("ORD", 77), "created_at": floor.clock.now()}
    report = entry.report.model_copy(update={"at": floor.clock.now()})
    books.executions.append(replace(entry, order=entry.order.model_copy(update=later), report=report))

    fails(lambda: assert_a_flatten_added_nothing(floor))


def test_i5_an_execution_that_we_missed_is_seen(floor: FarFloor) -> None:
    order = next(each for each in floor.orders(OrderRole.ENTRY) if each.filled_quantity)
    floor.ledger._orders[order.order_id] = order.model_copy(update={"filled_quantity": order.filled_quantity - 1})

    fails(lambda: assert_books_agree(floor.venue.books, floor.ledger))


def test_i5_a_position_that_differs_in_the_last_digit_is_seen(floor: FarFloor) -> None:
    ((key, position),) = ((key, it) for key, it in floor.ledger._positions.items() if it.quantity)
    floor.ledger._positions[key] = position.model_copy(update={"quantity": position.quantity + D("1E-20")})

    fails(lambda: assert_books_agree(floor.venue.books, floor.ledger))


@pytest.mark.parametrize("what", ["left_quantity", "fees"])
def test_i5_a_report_that_differs_from_the_venue_is_seen(floor: FarFloor, what: str) -> None:
    (report,) = floor.reports
    (leg,) = report.legs
    totals = leg.totals.model_copy(update={what: getattr(leg.totals, what) + D("0.001")})
    told = report.model_copy(update={"legs": (leg.model_copy(update={"totals": totals}),)})
    assert_report_is_the_venue(floor.venue.books, report)

    fails(lambda: assert_report_is_the_venue(floor.venue.books, told))


@pytest.mark.parametrize("end", [OrderStatus.CANCELLED, OrderStatus.REJECTED, OrderStatus.EXPIRED])
def test_i6_an_end_while_the_order_works_at_the_venue_is_seen(floor: FarFloor, end: OrderStatus) -> None:
    (entry,) = floor.working(OrderRole.ENTRY)
    floor.ledger._orders[entry.order_id] = entry.model_copy(update={"status": end})

    fails(lambda: assert_ends_have_evidence(floor.venue.books, floor.ledger, sent=floor.line.sent))


def test_i6_an_end_that_the_venue_knows_otherwise_is_seen(floor: FarFloor) -> None:
    filled = next(each for each in floor.orders() if each.status is OrderStatus.FILLED)
    floor.ledger._orders[filled.order_id] = filled.model_copy(update={"status": OrderStatus.CANCELLED})

    fails(lambda: assert_ends_have_evidence(floor.venue.books, floor.ledger, sent=floor.line.sent))


def test_i6_a_cancel_of_what_was_sent_and_never_arrived_is_seen(floor: FarFloor) -> None:
    (entry,) = floor.working(OrderRole.ENTRY)
    lost = entry.model_copy(update={"order_id": notes.an_id("ORD", 77), "status": OrderStatus.CANCELLED})
    group = floor.ledger.get_group(entry.group_id)
    floor.ledger._orders[lost.order_id] = lost
    floor.ledger._groups[group.group_id] = group.with_order_ids((*group.order_ids, lost.order_id))
    assert_ends_have_evidence(floor.venue.books, floor.ledger, sent=floor.line.sent)

    fails(lambda: assert_ends_have_evidence(floor.venue.books, floor.ledger, sent=[*floor.line.sent, lost.order_id]))


def test_i7_what_is_sent_again_at_once_or_later_is_seen(floor: FarFloor) -> None:
    fails(lambda: assert_again_sends_nothing(floor, lambda: floor.give(a_new_trade(size="1"))))
    sliced = {"execution_urgency": D("0.2"), "chunk_count_hint": 10, "max_execution_window_minutes": 2}
    floor.give(a_new_trade(size="4", target=None, **sliced))

    fails(lambda: assert_again_sends_nothing(floor, lambda: None))


def test_a_flat_that_is_not_is_seen(floor: FarFloor) -> None:
    floor.handler.flatten()
    minutes(floor, 3)
    floor.watch(10)
    job = floor.handler.flatten_job
    assert job is not None
    assert_flat(floor.venue.books, job)
    before = floor.venue.books.executions[0]
    order = before.order.model_copy(update={"order_id": notes.an_id("ORD", 77), "direction": Direction.BUY})
    floor.venue.books.enter(order, floor.clock.now())

    fails(lambda: assert_flat(floor.venue.books, job))
