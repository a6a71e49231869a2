"""What goes wrong between us and a venue, played against the simulated one, whose books are the truth.

The numbers are those of the acceptance scenarios for live execution; numbers that are missing there are missing here.
Each ends on a good line with the invariants I1 to I7, checked against the venue's own books (`support.invariants`).

Elsewhere: 16 and 17 (kill -9 anywhere, also between the commit of an intent and its request) in
`end2end/test_killed_anywhere.py`; 18 from the full disk to the file that is taken back in `end2end/test_full_disk.py`; 19 (a
damaged journal) in `unit/engine/phase0_bootstrap/test_recovery.py`; 22 (a loop, and an engine, that hangs) in
`end2end/test_flatten_command.py`.

Of 14 the maintenance is played, and not its announcement. Not played, because a simulated venue has no wire and no clock of
its own: 15 (a skewed clock), 35 (a dead-man's switch), 37 (lanes of requests).
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.config.policies import LineParameters, PositionMode
from engine.config.reconciling import ReconciliationSettings
from engine.contracts.base import Direction
from engine.contracts.commands import TradingState
from engine.contracts.disposition import DispositionEnvelope
from engine.contracts.execution import ExecutionDirective, ExecutionGroupStatus, ExecutionMode
from engine.contracts.flatten import FlattenJob, FlattenResult
from engine.contracts.flows import FlowOutcome, OutcomeKind
from engine.contracts.market import InstrumentKind
from engine.contracts.orders import OrderRole, OrderStatus, TradeStatus
from engine.contracts.specs import BatchTranslation
from engine.phase5_execution.batch import BatchStatus, LegStatus
from engine.phase5_execution.venue_faults import Fault, FaultPoint
from tests.support import notes
from tests.support.execution import a_closing, a_new_trade, an_open_market
from tests.support.far_floor import FarFloor
from tests.support.invariants import (
    assert_again_sends_nothing,
    assert_flat,
    assert_invariants,
    assert_nothing_was_raised,
)

pytestmark = [pytest.mark.flow, pytest.mark.allow_warnings]
D = Decimal
PLACE, REPORT = FaultPoint.PLACE, FaultPoint.REPORT
SLICED: dict[str, Any] = {"execution_urgency": D("0.2"), "chunk_count_hint": 10, "max_execution_window_minutes": 20}
PATIENT: dict[str, Any] = {"execution_urgency": D("0.6")}
SHY: dict[str, Any] = {"execution_urgency": D("0.5"), "visibility_preference": D("0.1")}
BATCH_ID: Any = notes.an_id("BAT")
MARKETS = ("BTC/USDT", "ETH/USDT", "SOL/USDT")


@pytest.fixture
def floor() -> Iterator[FarFloor]:
    floor = FarFloor(settings=ReconciliationSettings(interval_s=5), report_latency_ms=50, cancel_latency_ms=100)
    floor.bars({symbol: {"open": 100} for symbol in MARKETS})
    yield floor
    assert_invariants(floor)


def most_entries_at_once(floor: FarFloor, *, floor_minutes: int) -> int:
    """Let so many minutes pass, and return the most entries of the first market that left within one of them."""
    most = 0
    for _ in range(floor_minutes):
        before = entries_sent(floor)
        minutes(floor)
        most = max(most, entries_sent(floor) - before)
    return most


def entries_sent(floor: FarFloor) -> int:
    """Count the entries of the first market that have left."""
    unsent = (OrderStatus.NEW, OrderStatus.CANCELLED)
    entries = [order for order in floor.orders(OrderRole.ENTRY) if order.symbol == floor.symbol]
    return sum(order.status not in unsent for order in entries)


def minutes(floor: FarFloor, count: int = 1, **prices: float) -> None:
    """Let all markets go on for some minutes, and let what they said arrive."""
    for _ in range(count):
        floor.bars({symbol: {"open": 100} | prices for symbol in MARKETS})
        floor.watch(2)


def start(floor: FarFloor, mode: ExecutionMode, *parts: ExecutionDirective, rollback: bool = True) -> FlowOutcome:
    """Give a batch to the handler as its flow would."""
    translations = tuple(floor.translate(part) for part in parts)
    batch = notes.a_batch(
        directives=tuple(each.directive for each in translations), execution_mode=mode, rollback_on_failure=rollback
    )
    envelope: DispositionEnvelope = floor.handler.on_batch_translation_complete(
        BatchTranslation(batch=batch, translations=translations)
    )
    floor.handler.settle()
    assert envelope.outcome is not None
    return envelope.outcome


def legs(floor: FarFloor) -> list[LegStatus]:
    return [leg.status for leg in floor.handler.batch_progress(BATCH_ID).legs]


def hold_three(floor: FarFloor) -> None:
    """Hold a position in each of three markets, with stop and target."""
    for number, symbol in enumerate(MARKETS):
        floor.give(a_new_trade(symbol=symbol, size=str(number + 1)))
    minutes(floor, 2)
    assert len(floor.ledger.get_open_positions()) == 3


def flatten(floor: FarFloor, *, seconds: int = 120) -> FlattenJob:
    """Press, let time and market go on until it says that it is through, and hold it to the venue's books."""
    before = len(floor.venue.executions)
    in_flight = {order.order_id for order in floor.ledger.get_open_orders() if not order.reduce_only}
    floor.handler.flatten()
    for _ in range(seconds // 6):
        job = floor.handler.flatten_job
        assert job is not None
        if job.result.is_final:
            break
        floor.watch(4)
        minutes(floor)
    job = floor.handler.flatten_job
    assert job is not None
    assert_flat(floor.venue.books, job)
    assert_nothing_was_raised(floor.venue.books.executions, before=before, in_flight=in_flight)
    assert_again_sends_nothing(floor, floor.handler.flatten)
    return job


def test_1_an_entry_whose_answer_is_lost_is_found_within_the_window(floor: FarFloor) -> None:
    floor.fault(PLACE, Fault.LOST_AFTER)
    floor.give(a_new_trade(limit="90", stop="80", **PATIENT))
    asked = floor.clock.now()
    while floor.entry().status is not OrderStatus.UNKNOWN:
        floor.wait(100)
    waited_for = timedelta(milliseconds=LineParameters().request_timeout_ms)
    assert floor.clock.now() - asked <= waited_for + timedelta(seconds=1), "shown within a second of the timeout"
    floor.watch(2)

    assert floor.entry().status is OrderStatus.OPEN
    assert len(floor.venue.books.open_orders()) == 1


def test_2_an_entry_that_never_arrived_is_absent_and_not_sent_again(floor: FarFloor) -> None:
    """Ours is the policy of no new attempt: an entry that was wanted then is not wanted now, a strategy may ask again."""
    floor.fault(PLACE, Fault.LOST_BEFORE)
    floor.give(a_new_trade(limit="90", stop="80", **PATIENT))
    floor.watch(5)
    assert floor.entry().status is OrderStatus.UNKNOWN, "the venue may take it for five seconds"

    floor.watch(10)

    assert floor.entry().status is OrderStatus.REJECTED
    assert "absent: 2 complete answers" in floor.entry().reason
    assert floor.line.sent == [floor.entry().order_id]
    assert floor.venue.books.open_orders() == ()


def test_3_an_entry_that_arrives_late_is_found_and_not_doubled(floor: FarFloor) -> None:
    floor.fault(PLACE, Fault.ARRIVES_LATE)
    floor.give(a_new_trade(limit="90", stop="80", **PATIENT))
    floor.watch(15)

    assert floor.entry().status is OrderStatus.OPEN
    assert len(floor.orders(OrderRole.ENTRY)) == len(floor.venue.books.open_orders()) == 1


def test_5_every_message_twice_changes_nothing() -> None:
    def run(*, twice: bool) -> FarFloor:
        floor = FarFloor(report_latency_ms=50, position_mode=PositionMode.HEDGE)
        if twice:
            floor.faults.plan(REPORT, *[Fault.DOUBLED] * 500)
        floor.bar(open=100)
        floor.give(a_new_trade(size="3"))
        floor.give(a_new_trade(size="5", direction=Direction.SELL, target="90"))
        for price in (100, 101, 104, 106, 111):
            floor.bar(open=price)
            floor.watch(2)
        assert_invariants(floor)
        return floor

    clean, doubled = run(twice=False), run(twice=True)

    assert len(clean.venue.executions) == len(doubled.venue.executions) >= 4
    assert doubled.ledger.get_account().cash == clean.ledger.get_account().cash
    assert doubled.ledger.get_open_positions() == clean.ledger.get_open_positions()


def test_7_what_filled_while_nothing_was_heard_is_booked_once_and_nothing_new_is_risked(floor: FarFloor) -> None:
    floor.give(a_new_trade(size="7", limit="98", stop="80", **PATIENT))
    floor.print("100", after_s=1)
    floor.faults.parameters = floor.faults.parameters.model_copy(update={"is_replayed": False})
    floor.line.partition(20)
    for _ in range(7):
        floor.print("97.9", "1", after_s=2)
    sent = len(floor.line._placed)
    assert floor.give(a_new_trade()).kind is OutcomeKind.REJECTED
    assert (floor.held(), len(floor.line._placed)) == (0, sent)

    floor.watch(15)

    assert floor.held() == 7
    assert len(floor.venue.executions) == 7
    assert floor.give(a_new_trade(size="1")).kind is OutcomeKind.EXECUTED


def test_8_what_a_mute_stream_does_not_tell_is_read_and_meanwhile_nothing_new_is_risked(floor: FarFloor) -> None:
    floor.give(a_new_trade(size="7", limit="98", stop="80", **PATIENT))
    floor.print("100", after_s=1)
    floor.line.mute(60)
    for _ in range(7):
        floor.print("97.9", "1", after_s=1)
    assert floor.held() == 0, "nothing is told"
    seconds = 0
    while floor.outcomes.why_wait("ETH/USDT") == "":
        floor.watch(1)
        seconds += 1
    assert seconds + 7 <= 15, "the stream is known to be stale within fifteen seconds of its first silence"
    assert floor.give(a_new_trade(symbol="ETH/USDT")).kind is OutcomeKind.REJECTED
    floor.watch(8 - min(seconds, 8))

    assert floor.held() == 7, "what was executed is read"
    assert any("never told" in text for text in floor.noted("WARNING"))


def test_8_while_a_stream_goes_on_not_telling_no_new_risk_is_taken(floor: FarFloor) -> None:
    floor.give(a_new_trade(size="40", limit="98", stop="80", **PATIENT))
    floor.print("100", after_s=1)
    floor.line.mute(60)
    refused = []
    for _ in range(20):
        floor.print("97.9", "1", after_s=1)
        floor.watch(1)
        refused.append(floor.outcomes.why_wait("ETH/USDT"))

    assert refused[0] == ""
    assert all("did not tell" in why for why in refused[8:])
    floor.watch(60)
    assert floor.outcomes.why_wait("ETH/USDT") == ""


def test_10_a_group_that_is_cancelled_with_thirty_per_cent_keeps_thirty_per_cent(floor: FarFloor) -> None:
    floor.give(a_new_trade(size="10", limit="98", stop="80", **PATIENT))
    floor.print("100", after_s=1)
    floor.print("97.9", "3")
    floor.watch(1)

    floor.handler.cancel_group(floor.entry().group_id)
    floor.handler.settle()
    minutes(floor, 2, low=99)

    (group,) = floor.ledger.get_execution_groups()
    assert group.status is ExecutionGroupStatus.CANCELLED
    assert (floor.held(), floor.entry().filled_quantity, floor.entry().status) == (3, 3, OrderStatus.CANCELLED)
    assert {order.role for order in floor.ledger.get_open_orders()} == {OrderRole.STOP_LOSS, OrderRole.TAKE_PROFIT}


def test_11_a_slice_that_the_venue_refuses_pauses_its_group_and_is_not_tried_again(floor: FarFloor) -> None:
    floor.give(a_new_trade(size="20", target=None, **SLICED))
    while sum(order.filled_quantity > 0 for order in floor.orders(OrderRole.ENTRY)) < 3:
        minutes(floor)
    floor.fault(PLACE, Fault.REFUSED)
    sent = len(floor.line._placed)
    minutes(floor, 30)

    entries = floor.orders(OrderRole.ENTRY)
    assert [order.status for order in entries].count(OrderStatus.REJECTED) == 1
    assert [order.status for order in entries].count(OrderStatus.NEW) == 6
    assert len(floor.line._placed) == sent + 1, "nothing more was asked of the venue"
    assert floor.held() == 6
    (plan,) = floor.handler.group_plans
    assert plan.pause is not None
    assert "does not want it" in plan.pause.reason


@pytest.mark.parametrize("size", ["1.001", "0.999", "0.55"])
def test_12_the_last_slice_is_never_too_small_and_the_sum_is_what_was_asked(size: str) -> None:
    floor = FarFloor(instrument=an_open_market(min_notional=D(10)))
    floor.bar(open=100)
    floor.give(a_new_trade(size=size, target=None, **SLICED | {"execution_urgency": D("0.1")}))
    for _ in range(30):
        floor.bar(open=100)
        floor.watch(2)

    assert all(order.quantity * 100 >= 10 for order in floor.orders(OrderRole.ENTRY))
    assert floor.held() == D(size)
    assert_invariants(floor)


def test_14_while_the_venue_is_silent_no_slice_is_sent_and_afterwards_none_is_burst(floor: FarFloor) -> None:
    floor.give(a_new_trade(size="20", target=None, **SLICED))
    minutes(floor, 4)
    floor.line.partition(360)
    sent = len(floor.line._placed)
    minutes(floor, 5)
    assert len(floor.line._placed) == sent

    largest = most_entries_at_once(floor, floor_minutes=12)

    assert largest == 1
    assert floor.held() == 20


def test_14_maintenance_in_the_middle_of_an_iceberg_reduces_only_until_a_person_resumes() -> None:
    floor = FarFloor(family="CEX", settings=ReconciliationSettings(interval_s=5))
    minutes(floor)
    floor.give(a_new_trade(size="6", limit="99", stop="80", target=None, **SHY))
    minutes(floor, 2, open=99.5, low=98)
    held = floor.held()
    assert 0 < held < 6
    floor.line.maintain(120)
    minutes(floor, 10, open=99.5, low=98)

    assert floor.handler.trading_state is TradingState.REDUCING
    assert any("under maintenance" in text for text in floor.noted("ERROR"))
    one_piece = max(order.quantity for order in floor.orders(OrderRole.ENTRY))
    assert floor.held() <= held + one_piece, "what worked already may fill, nothing new is sent"
    (plan,) = floor.handler.group_plans
    assert plan.pause is not None
    assert not floor.handler.resume_group(plan.group_id).is_accepted

    assert floor.handler.clear_latch("the venue is back").is_accepted
    assert floor.handler.resume_group(plan.group_id).is_accepted
    minutes(floor, 15, open=99.5, low=98)
    assert floor.held() == 6
    assert_invariants(floor)


def test_14_a_flatten_during_maintenance_is_not_through_until_the_venue_is_back(floor: FarFloor) -> None:
    hold_three(floor)
    floor.line.maintain(150)

    job = flatten(floor, seconds=600)

    assert job.result is FlattenResult.FLAT


def test_18_with_a_full_disk_nothing_new_is_risked_and_flatten_works(floor: FarFloor) -> None:
    hold_three(floor)
    floor.disk.is_full = True

    sent = len(floor.line._placed)
    floor.give(a_new_trade(limit="90", stop="80", **PATIENT))
    floor.watch(1)
    assert len(floor.line._placed) == sent
    refused = floor.orders(OrderRole.ENTRY)[-1]
    assert refused.status is OrderStatus.REJECTED
    assert refused.reason == "never sent, because it could not be written down: the disk is full"
    assert flatten(floor).result is FlattenResult.FLAT
    floor.disk.is_full = False


@pytest.mark.parametrize("prices", [{"open": 100}, {"open": 100, "high": 120, "low": 85}])
def test_21_a_machine_that_slept_reads_the_venue_first_and_bursts_nothing(
    floor: FarFloor, prices: dict[str, float]
) -> None:
    floor.give(a_new_trade(size="20", stop="70", target=None, **SLICED))
    minutes(floor, 3)
    held, readings = floor.held(), floor.outcomes.readings
    floor.clock.pass_seconds(600)
    sent, entries = len(floor.line._placed), entries_sent(floor)

    floor.bars(dict.fromkeys(MARKETS, prices))
    assert len(floor.line._placed) == sent, "nothing is sent before the venue's books are read"
    assert floor.give(a_new_trade(symbol="ETH/USDT")).kind is OutcomeKind.REJECTED
    floor.watch(3)
    assert floor.outcomes.readings > readings
    assert entries_sent(floor) == entries + 1, "six were missed"
    assert floor.give(a_new_trade(symbol="ETH/USDT", size="1")).kind is OutcomeKind.EXECUTED

    assert most_entries_at_once(floor, floor_minutes=9) <= 2, "what is left goes out over the rest of the window"
    assert held < floor.held() == 20


def test_21_a_window_that_was_slept_through_waits_for_a_person(floor: FarFloor) -> None:
    floor.give(a_new_trade(size="20", target=None, **SLICED))
    minutes(floor, 3)
    held = floor.held()
    floor.clock.pass_seconds(3600)
    minutes(floor, 5)

    (plan,) = floor.handler.group_plans
    assert floor.held() == held
    assert plan.pause is not None
    assert "its window is over" in plan.pause.reason


def test_23_three_positions_and_a_twap_end_flat(floor: FarFloor) -> None:
    hold_three(floor)
    floor.give(a_new_trade(size="20", target=None, **SLICED))
    minutes(floor, 3)

    job = flatten(floor)

    assert job.result is FlattenResult.FLAT
    assert floor.handler.trading_state is TradingState.REDUCING
    assert floor.ledger.get_open_orders() == []


def test_24_a_leg_that_is_refused_twice_is_tried_again_and_the_others_close(floor: FarFloor) -> None:
    hold_three(floor)
    floor.fault(PLACE, None, Fault.REFUSED, None, Fault.REFUSED)

    assert flatten(floor).result is FlattenResult.FLAT


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.ANSWER_LATE, Fault.ARRIVES_LATE])
def test_24_a_leg_whose_outcome_is_unknown_closes_once(floor: FarFloor, fault: Fault) -> None:
    hold_three(floor)
    floor.fault(PLACE, None, fault)

    assert flatten(floor, seconds=240).result is FlattenResult.FLAT


def test_26_a_mixed_batch_that_fails_closes_what_it_opened_and_re_opens_nothing(floor: FarFloor) -> None:
    hold_three(floor)
    closed = floor.trades()[0].trade_id

    start(
        floor,
        ExecutionMode.ATOMIC,
        a_closing(closed),
        a_new_trade(symbol="ETH/USDT", size="1"),
        a_new_trade(price="98", stop="90"),
    )
    minutes(floor, 4)

    assert floor.handler.batch_progress(BATCH_ID).status is BatchStatus.ROLLED_BACK
    assert floor.ledger.get_trade(closed).status is TradeStatus.CLOSED
    assert floor.held() == 0
    assert floor.held("ETH/USDT") == 2


def test_27_one_leg_that_cannot_be_and_nothing_is_sent(floor: FarFloor) -> None:
    hold_three(floor)
    sent = len(floor.line._placed)

    nobody = a_closing(notes.an_id("TRD", 9))
    outcome = start(floor, ExecutionMode.ATOMIC, a_closing(floor.trades()[0].trade_id), nobody)

    assert outcome.kind is OutcomeKind.REJECTED
    assert len(floor.line._placed) == sent
    assert floor.line.cancels == []


def test_28_one_by_one_nothing_follows_a_failure(floor: FarFloor) -> None:
    hold_three(floor)
    first, second, third = (trade.trade_id for trade in floor.trades())

    unfillable = a_new_trade(price="98", stop="90")
    start(
        floor,
        ExecutionMode.SEQUENTIAL,
        a_closing(first),
        unfillable,
        a_closing(second),
        a_closing(third),
        rollback=False,
    )
    minutes(floor, 4)

    assert legs(floor) == [LegStatus.DONE, LegStatus.FAILED, LegStatus.SKIPPED, LegStatus.SKIPPED]
    assert [floor.held(symbol) for symbol in MARKETS] == [0, 2, 3]


def test_28_one_by_one_waits_for_the_proof_of_what_is_unknown(floor: FarFloor) -> None:
    hold_three(floor)
    first, second, _ = (trade.trade_id for trade in floor.trades())
    floor.fault(PLACE, Fault.LOST_AFTER)

    start(floor, ExecutionMode.SEQUENTIAL, a_closing(first), a_closing(second), rollback=False)
    floor.watch(2)
    assert legs(floor) == [LegStatus.WORKING, LegStatus.WAITING]

    floor.watch(5)
    minutes(floor, 3)
    assert legs(floor) == [LegStatus.DONE, LegStatus.DONE]


def test_30_a_batch_that_comes_again_sends_nothing(floor: FarFloor) -> None:
    hold_three(floor)
    parts = [a_closing(trade.trade_id) for trade in floor.trades()]
    start(floor, ExecutionMode.PARALLEL, *parts)
    sent = len(floor.line._placed)

    start(floor, ExecutionMode.PARALLEL, *parts)
    assert len(floor.line._placed) == sent, "during"
    minutes(floor, 3)
    sent = len(floor.line._placed)
    start(floor, ExecutionMode.PARALLEL, *parts)

    assert len(floor.line._placed) == sent, "after"
    assert legs(floor) == [LegStatus.DONE] * 3


def test_31_dust_is_named_and_not_tried_again(floor: FarFloor) -> None:
    floor.give(a_new_trade(size="2"))
    minutes(floor, 2)
    floor.venue._instruments[floor.symbol] = floor.instrument.model_copy(update={"lot_step": D(5)})
    sent = len(floor.line._placed)

    floor.handler.flatten()
    minutes(floor, 10)

    job = floor.handler.flatten_job
    assert job is not None
    assert job.result is FlattenResult.FLAT_WITH_DUST
    assert [leg.held for leg in job.dust] == [2]
    assert len(floor.line._placed) == sent


def test_33_on_spot_what_locks_the_balance_is_cancelled_before_it_is_sold() -> None:
    floor = FarFloor(
        instrument=an_open_market(kind=InstrumentKind.SPOT, may_short=False),
        settings=ReconciliationSettings(interval_s=5),
    )
    floor.bar(open=100)
    floor.give(a_new_trade(size="2"))
    floor.bar(open=100)
    floor.watch(3)
    assert floor.working(OrderRole.TAKE_PROFIT)

    job = flatten(floor)

    assert job.result is FlattenResult.FLAT
    refused = [order for order in floor.orders(OrderRole.CLOSE) if order.status is OrderStatus.REJECTED]
    assert refused == []
    assert_invariants(floor)


def test_34_an_order_of_another_hand_is_shown_within_five_seconds(floor: FarFloor) -> None:
    other = FarFloor()
    other.bar(open=100)
    other.give(a_new_trade(limit="90", stop="80", **PATIENT))
    theirs = other.entry().model_copy(update={"order_id": "ORD_20200101_000000_zzzzz", "created_at": floor.clock.now()})
    floor.venue.place(theirs)
    floor.watch(6)

    assert [it.client_order_id for it in floor.outcomes.foreign_orders] == [theirs.order_id]
    floor.handler.flatten()
    floor.watch(30)
    job = floor.handler.flatten_job
    assert job is not None
    assert job.foreign_orders == 1
    assert floor.standing(theirs) is OrderStatus.OPEN, "it is theirs"
    floor.venue.cancel(theirs.order_id)
