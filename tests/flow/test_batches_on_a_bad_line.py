"""Batches while the line to the venue fails: nothing is guessed, nothing is sent twice, and the report is the venue's.

Scenarios 26, 27, 28 and 30 of the acceptance list for live execution, beyond what `test_fault_scenarios.py` plays of
them. Each ends on a good line with the invariants I1 to I7, checked against the venue's own books.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.config.reconciling import ReconciliationSettings
from engine.contracts.batches import BatchReport, BatchStatus, LegStatus
from engine.contracts.commands import TradingState
from engine.contracts.execution import ExecutionDirective, ExecutionMode
from engine.contracts.orders import Order, OrderRole, OrderStatus, TradeStatus
from engine.contracts.specs import BatchTranslation
from engine.phase5_execution.venue_faults import Fault, FaultPoint
from engine.primitives.errors import VenueRejected
from tests.support import notes
from tests.support.execution import a_closing, a_new_trade
from tests.support.far_floor import FarFloor
from tests.support.invariants import (
    assert_again_sends_nothing,
    assert_invariants,
)

pytestmark = [pytest.mark.flow, pytest.mark.allow_warnings]
D = Decimal
PLACE = FaultPoint.PLACE
SEQUENTIAL, PARALLEL, ATOMIC = ExecutionMode.SEQUENTIAL, ExecutionMode.PARALLEL, ExecutionMode.ATOMIC
BATCH_ID: Any = notes.an_id("BAT")
BTC, ETH, SOL = MARKETS = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
SLICED: dict[str, Any] = {"execution_urgency": D("0.2"), "chunk_count_hint": 20, "max_execution_window_minutes": 1}


@pytest.fixture
def floor() -> Iterator[FarFloor]:
    """A floor with positions of 1, 2 and 3 in three markets."""
    floor = FarFloor(settings=ReconciliationSettings(interval_s=5), report_latency_ms=50, cancel_latency_ms=100)
    minutes(floor)
    for number, symbol in enumerate(MARKETS):
        floor.give(a_new_trade(symbol=symbol, size=str(number + 1)))
    minutes(floor, 2)
    assert [floor.held(symbol) for symbol in MARKETS] == [1, 2, 3]
    yield floor
    assert_invariants(floor)
    assert report(floor).is_over


def minutes(floor: FarFloor, count: int = 1) -> None:
    """Let all markets go on for some minutes, and let what they said arrive."""
    for _ in range(count):
        floor.bars({symbol: {"open": 100} for symbol in MARKETS})
        floor.watch(2)


def start(floor: FarFloor, mode: ExecutionMode, *parts: ExecutionDirective, rollback: bool = True) -> BatchTranslation:
    """Give a batch to the handler, and return it to be given again."""
    translations = tuple(floor.translate(part) for part in parts)
    batch = notes.a_batch(
        directives=tuple(each.directive for each in translations), execution_mode=mode, rollback_on_failure=rollback
    )
    translation = BatchTranslation(batch=batch, translations=translations)
    floor.handler.on_batch_translation_complete(translation)
    floor.handler.settle()
    return translation


def report(floor: FarFloor) -> BatchReport:
    return floor.handler.batch_progress(BATCH_ID)


def legs(floor: FarFloor) -> list[LegStatus]:
    return [leg.status for leg in report(floor).legs]


def until(floor: FarFloor, status: BatchStatus) -> None:
    """Let time pass in small steps until the batch stands so."""
    for _ in range(100):
        if report(floor).status is status:
            return
        floor.wait(100)
    raise AssertionError(f"it is {report(floor).status}")


def sent_of(floor: FarFloor, part: int) -> list[Order]:
    """The orders of a part that have left."""
    group_id = report(floor).legs[part].group_id
    return [it for it in floor.orders(OrderRole.ENTRY) if it.group_id == group_id and it.status is not OrderStatus.NEW]


def a_doomed_trade(symbol: str = BTC) -> ExecutionDirective:
    """An entry that the market does not fill: its bound is 98.98, and the market is at 100."""
    return a_new_trade(symbol=symbol, price="98", stop="90")


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.ARRIVES_LATE, Fault.REFUSED, None])
def test_26_a_mixed_batch_is_rolled_back_whatever_the_line_does(floor: FarFloor, fault: Fault | None) -> None:
    closed = floor.trades()[0].trade_id
    floor.fault(PLACE, None, fault)  # the close arrives; what happens to the entry is the question

    start(floor, ATOMIC, a_closing(closed), a_new_trade(symbol=ETH, size="1"), a_doomed_trade(SOL))
    minutes(floor)
    floor.watch(30)
    minutes(floor, 3)

    assert report(floor).status is BatchStatus.ROLLED_BACK
    assert floor.ledger.get_trade(closed).status is TradeStatus.CLOSED
    assert [floor.held(symbol) for symbol in MARKETS] == [0, 2, 3]


def test_27_one_part_that_cannot_be_and_nothing_is_sent(floor: FarFloor) -> None:
    placed, cancelled = len(floor.line._placed), len(floor.line.cancels)
    closing = a_closing(floor.trades()[0].trade_id)
    with pytest.raises(VenueRejected, match="minimum notional"):
        start(floor, ATOMIC, closing, a_new_trade(symbol=ETH, size="0.01"))

    floor.guard.latch(TradingState.REDUCING, "asked by the user")
    start(floor, ATOMIC, closing, a_new_trade(symbol=ETH, size="1"))
    minutes(floor, 2)

    assert report(floor).status is BatchStatus.REFUSED
    assert legs(floor) == [LegStatus.SKIPPED, LegStatus.FAILED]
    assert "no new risk is allowed" in report(floor).legs[1].text
    assert (len(floor.line._placed), len(floor.line.cancels)) == (placed, cancelled)


def four_parts(floor: FarFloor) -> list[ExecutionDirective]:
    first, second, third = (trade.trade_id for trade in floor.trades())
    return [a_closing(first), a_new_trade(symbol=BTC, size="1"), a_closing(second), a_closing(third)]


@pytest.mark.parametrize(
    ("fault", "status", "held"),
    [
        (Fault.LOST_AFTER, BatchStatus.COMMITTED, [1, 0, 0]),
        (Fault.LOST_BEFORE, BatchStatus.STOPPED, [0, 2, 3]),
    ],
    ids=["it had arrived", "it never arrived"],
)
def test_28_one_by_one_waits_for_the_proof_and_then_decides(
    floor: FarFloor, fault: Fault, status: BatchStatus, held: list[int]
) -> None:
    floor.fault(PLACE, None, fault)
    start(floor, SEQUENTIAL, *four_parts(floor), rollback=False)
    minutes(floor)
    until(floor, BatchStatus.IN_DOUBT)

    sent = len(floor.line._placed)
    assert legs(floor) == [LegStatus.DONE, LegStatus.WORKING, LegStatus.WAITING, LegStatus.WAITING]
    assert floor.orders(OrderRole.ENTRY)[-1].order_id in report(floor).text
    floor.wait(100)
    assert len(floor.line._placed) == sent

    floor.watch(20)
    minutes(floor, 4)
    assert report(floor).status is status
    assert [floor.held(symbol) for symbol in MARKETS] == held


def test_all_or_nothing_sends_no_further_slice_while_a_part_is_in_doubt(floor: FarFloor) -> None:
    sliced = a_new_trade(symbol=ETH, size="5", **SLICED)
    resting = a_new_trade(symbol=SOL, limit="90", stop="80", execution_urgency=D("0.6"))
    floor.fault(PLACE, None, Fault.LOST_BEFORE)
    start(floor, ATOMIC, sliced, resting)
    until(floor, BatchStatus.IN_DOUBT)
    before = len(sent_of(floor, 0))

    floor.watch(4)
    assert report(floor).status is BatchStatus.IN_DOUBT
    assert len(sent_of(floor, 0)) == before, "a slice of three seconds is due, and waits"

    floor.watch(20)
    minutes(floor, 3)
    assert legs(floor)[1] is LegStatus.FAILED
    assert report(floor).status in (BatchStatus.ROLLED_BACK, BatchStatus.ABORTED_CLEAN)
    assert floor.held(ETH) == 2


def test_at_once_the_others_do_not_wait_for_what_is_in_doubt(floor: FarFloor) -> None:
    floor.fault(PLACE, Fault.LOST_BEFORE)
    start(floor, PARALLEL, *(a_closing(trade.trade_id) for trade in floor.trades()), rollback=False)
    minutes(floor)

    assert legs(floor) == [LegStatus.WORKING, LegStatus.DONE, LegStatus.DONE]

    floor.watch(20)
    minutes(floor, 2)
    assert report(floor).status is BatchStatus.COMMITTED


def test_i8_a_part_that_hangs_holds_up_no_other(floor: FarFloor) -> None:
    floor.fault(PLACE, Fault.LOST_AFTER)
    sent, asked = len(floor.line.sent), floor.clock.now()

    start(floor, PARALLEL, *(a_closing(trade.trade_id) for trade in floor.trades()))
    while len(floor.line.sent) < sent + 3:
        floor.wait(10)

    assert floor.clock.now() - asked < timedelta(milliseconds=50)
    floor.watch(1)
    minutes(floor)
    assert legs(floor)[1:] == [LegStatus.DONE] * 2


@pytest.mark.parametrize("mode", ExecutionMode)
def test_30_a_batch_that_comes_again_sends_nothing_even_after_a_kill(floor: FarFloor, mode: ExecutionMode) -> None:
    translation = start(floor, mode, *(a_closing(trade.trade_id) for trade in floor.trades()))

    def again() -> None:
        floor.handler.on_batch_translation_complete(translation)
        floor.handler.settle()

    assert_again_sends_nothing(floor, again)
    minutes(floor, 4)
    assert report(floor).status is BatchStatus.COMMITTED
    assert_again_sends_nothing(floor, again)
    told = report(floor)
    floor.disk.commit()
    floor.kill()
    floor.watch(10)
    assert_again_sends_nothing(floor, again)
    assert report(floor) == told.model_copy(update={"updated_at": report(floor).updated_at})


@pytest.mark.parametrize("fault", [None, Fault.LOST_BEFORE, Fault.LOST_AFTER])
def test_after_a_kill_closes_go_on_and_what_was_not_sent_is_never_sent(floor: FarFloor, fault: Fault | None) -> None:
    floor.fault(PLACE, fault)
    start(floor, SEQUENTIAL, *four_parts(floor), rollback=False)
    assert legs(floor)[0] is LegStatus.WORKING

    floor.kill()
    floor.watch(20)
    minutes(floor, 3)

    assert report(floor).status is BatchStatus.NEEDS_OPERATOR
    assert legs(floor) == [LegStatus.DONE, LegStatus.SKIPPED, LegStatus.SKIPPED, LegStatus.SKIPPED]
    assert [floor.held(symbol) for symbol in MARKETS] == [0, 2, 3]


def test_after_a_kill_what_was_being_taken_back_is_taken_back(floor: FarFloor) -> None:
    start(floor, ATOMIC, a_new_trade(symbol=ETH, size="1"), a_doomed_trade())
    floor.bars({symbol: {"open": 100} for symbol in MARKETS})
    floor.wait(60)
    assert report(floor).status is BatchStatus.COMPENSATING

    floor.kill()
    floor.watch(10)
    minutes(floor, 3)

    assert report(floor).status is BatchStatus.ROLLED_BACK
    assert floor.held(ETH) == 2
