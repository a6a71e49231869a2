"""The line to a simulated venue: what is heard, when, and what a fault makes of it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.config.policies import FaultParameters
from engine.contracts.base import Direction
from engine.contracts.orders import OrderStatus
from engine.contracts.venue import (
    AccountStated,
    AskFailed,
    CancelRefused,
    ExecutionsListed,
    OrderAccepted,
    OrderCancelled,
    OrderExecuted,
    OrderInDoubt,
    OrderLookedUp,
    OrderRefused,
    Refusal,
    VenueRequest,
)
from engine.phase5_execution.venue_faults import Fault, FaultPoint, Faults
from engine.primitives.errors import InvariantBroken
from tests.support.execution import FREE
from tests.support.venues import Far

pytestmark = pytest.mark.unit
D = Decimal
PLACE, CANCEL, REPORT, QUESTION = FaultPoint.PLACE, FaultPoint.CANCEL, FaultPoint.REPORT, FaultPoint.QUESTION


def a_market_that_was_seen(**how: object) -> Far:
    far = Far(**how)  # type: ignore[arg-type]  # as the test says
    far.print()
    far.all_reports()
    return far


def test_a_report_is_not_heard_before_it_can_be_here() -> None:
    far = a_market_that_was_seen(report_latency_ms=50)
    order = far.place()

    far.wait(49)
    assert far.kinds(order) == []
    far.wait(1)
    assert far.kinds(order) == ["ACCEPTED"]


def test_a_cancel_can_lose_the_race_against_a_fill() -> None:
    far = a_market_that_was_seen(cancel_latency_ms=100, report_latency_ms=0)
    order = far.rest("90")
    far.line.cancel(order.order_id)
    far.print("89", after_ms=99)
    far.print("89", after_ms=1)

    assert far.kinds(order) == ["ACCEPTED", "EXECUTED", "CANCEL_REFUSED"]
    assert far.venue.net_quantity("BTC/USDT") == order.quantity


def test_a_cancel_that_is_there_first_wins_it() -> None:
    far = a_market_that_was_seen(cancel_latency_ms=100, report_latency_ms=0)
    order = far.rest("90")
    far.line.cancel(order.order_id)
    far.print("89", after_ms=100)

    assert far.kinds(order) == ["ACCEPTED", "CANCELLED"]
    assert far.venue.net_quantity("BTC/USDT") == 0


@pytest.mark.parametrize(
    ("cancel_ms", "bar", "kinds"),
    [
        (100, {"open_": 85.0}, ["ACCEPTED", "EXECUTED", "CANCEL_REFUSED"]),
        (100, {"open_": 100.0, "low": 85.0}, ["ACCEPTED", "CANCELLED"]),
        (6_001, {"open_": 100.0, "low": 85.0}, ["ACCEPTED", "EXECUTED", "CANCEL_REFUSED"]),
    ],
    ids=["the open comes first", "in time for the rest of the bar", "too late for the rest of the bar"],
)
def test_in_the_bar_of_its_arrival_a_cancel_is_too_late_for_the_open(
    cancel_ms: int, bar: dict[str, float], kinds: list[str]
) -> None:
    far = Far(cancel_latency_ms=cancel_ms, report_latency_ms=0, request_timeout_ms=120_000)
    far.bar()
    order = far.rest("90")
    far.line.cancel(order.order_id)
    far.bar(**bar)

    assert far.kinds(order) == kinds


def test_an_order_that_never_arrived_is_in_doubt_and_not_in_the_books() -> None:
    far = a_market_that_was_seen(request_timeout_ms=3000, request_window_ms=5000)
    far.faults.plan(PLACE, Fault.LOST_BEFORE)
    sent_at = far.clock.now()
    order = far.place()

    far.wait(2999)
    assert far.reports(order) == []
    far.wait(1)
    (doubt,) = far.reports(order)
    assert isinstance(doubt, OrderInDoubt)
    assert (doubt.request, doubt.sent_at) == (VenueRequest.PLACE, sent_at)
    assert (doubt.at, doubt.not_after) == (sent_at + timedelta(seconds=3), sent_at + timedelta(seconds=5))
    assert far.venue.books.standing(order.order_id) is None


def test_an_order_whose_answer_was_lost_is_in_doubt_and_works() -> None:
    far = a_market_that_was_seen()
    far.faults.plan(PLACE, Fault.LOST_AFTER)
    order = far.rest()
    far.wait(3000)

    assert far.kinds(order) == ["IN_DOUBT"]
    far.line.ask_order(order.order_id)
    far.wait(100)
    (answer,) = far.answers()
    assert isinstance(answer, OrderLookedUp)
    assert answer.standing is not None
    assert answer.standing.status is OrderStatus.OPEN


def test_a_venue_without_a_window_never_proves_that_an_order_is_absent() -> None:
    far = a_market_that_was_seen(request_window_ms=None)
    far.faults.plan(PLACE, Fault.LOST_BEFORE)
    order = far.place()
    far.wait(3000)

    (doubt,) = far.reports(order)
    assert isinstance(doubt, OrderInDoubt)
    assert doubt.not_after is None


def test_a_late_answer_comes_after_the_doubt() -> None:
    far = a_market_that_was_seen()
    far.faults.plan(PLACE, Fault.ANSWER_LATE)
    order = far.rest()

    far.wait(3000)
    assert far.kinds(order) == ["IN_DOUBT"]
    far.wait(3000)
    assert far.kinds(order) == ["ACCEPTED"]


def test_an_answer_that_names_no_order_is_a_doubt_at_once_and_once() -> None:
    far = a_market_that_was_seen()
    far.faults.plan(PLACE, Fault.ANSWER_WITHOUT_ID)
    order = far.rest()

    far.wait(50)
    assert far.kinds(order) == ["IN_DOUBT"]
    far.wait(10_000)
    assert far.kinds(order) == []
    assert order.order_id in far.venue.open_orders()


def test_a_slow_order_arrives_inside_the_window_and_after_the_doubt() -> None:
    far = a_market_that_was_seen(request_timeout_ms=3000, request_window_ms=5000)
    far.faults.plan(PLACE, Fault.ARRIVES_LATE)
    order = far.rest()

    far.wait(3999)
    assert far.kinds(order) == ["IN_DOUBT"]
    assert far.venue.open_orders() == ()
    far.wait(51)
    assert far.kinds(order) == ["ACCEPTED"]
    assert far.venue.open_orders() == (order.order_id,)


def test_a_cancel_overtakes_a_slow_order_and_proves_nothing() -> None:
    far = a_market_that_was_seen(cancel_latency_ms=100, report_latency_ms=0)
    far.faults.plan(PLACE, Fault.ARRIVES_LATE)
    order = far.rest()
    far.line.cancel(order.order_id)
    far.wait(100)

    (refused,) = far.reports(order)
    assert isinstance(refused, CancelRefused)
    assert refused.why is Refusal.NOT_FOUND
    far.wait(5000)
    assert order.order_id in far.venue.open_orders() or far.kinds(order)
    assert order.order_id in far.venue.open_orders()


def test_a_request_beyond_the_rate_is_refused_at_the_gate() -> None:
    far = a_market_that_was_seen(faults=FaultParameters(requests_per_second=2), report_latency_ms=0)
    first, second, third = far.rest("90"), far.rest("89"), far.rest("88")

    refused = [report for report in far.all_reports() if isinstance(report, OrderRefused)]
    assert [(report.order_id, report.why) for report in refused] == [(third.order_id, Refusal.RATE_LIMIT)]
    assert far.venue.open_orders() == (first.order_id, second.order_id)
    far.wait(1000)
    assert far.rest("87").order_id in far.venue.open_orders()


def test_a_refused_cancel_leaves_the_order_working() -> None:
    far = a_market_that_was_seen(report_latency_ms=0)
    order = far.rest()
    far.all_reports()
    far.faults.plan(CANCEL, Fault.RATE_LIMITED)
    far.line.cancel(order.order_id)
    far.wait(1000)

    (refused,) = far.reports(order)
    assert isinstance(refused, CancelRefused)
    assert refused.why is Refusal.RATE_LIMIT
    assert far.venue.open_orders() == (order.order_id,)


@pytest.mark.parametrize(("fault", "works"), [(Fault.LOST_BEFORE, True), (Fault.LOST_AFTER, False)])
def test_a_cancel_in_doubt_may_have_worked_or_not(fault: Fault, works: bool) -> None:
    far = a_market_that_was_seen()
    order = far.rest()
    far.wait(50)
    far.all_reports()
    far.faults.plan(CANCEL, fault)
    far.line.cancel(order.order_id)
    far.print(after_ms=3000)

    (doubt,) = far.reports(order)
    assert isinstance(doubt, OrderInDoubt)
    assert doubt.request is VenueRequest.CANCEL
    assert (order.order_id in far.venue.open_orders()) is works


def test_a_second_cancel_ends_the_doubt_about_the_first() -> None:
    far = a_market_that_was_seen()
    order = far.rest()
    far.faults.plan(CANCEL, Fault.LOST_AFTER)
    far.line.cancel(order.order_id)
    far.print(after_ms=3000)
    far.all_reports()

    far.line.cancel(order.order_id)
    far.print(after_ms=3000)
    far.print(after_ms=3000)

    (refused,) = far.reports(order)
    assert isinstance(refused, CancelRefused)
    assert refused.why is Refusal.NOT_OPEN


def test_a_doubled_report_is_one_execution_in_the_books() -> None:
    far = a_market_that_was_seen(report_latency_ms=0)
    order = far.place()
    far.all_reports()
    far.faults.plan(REPORT, Fault.DOUBLED)
    far.print(after_ms=200)
    far.wait(1)

    first, second = far.reports(order)
    assert isinstance(first, OrderExecuted)
    assert first == second
    assert len(far.venue.executions) == 1


def test_a_missing_execution_is_found_in_the_books() -> None:
    far = a_market_that_was_seen(report_latency_ms=0)
    began = far.clock.now()
    order = far.place()
    far.all_reports()
    far.faults.plan(REPORT, Fault.MISSING)
    far.print(after_ms=200)
    far.wait(60_000)
    assert far.reports(order) == []

    far.line.ask_executions(began)
    far.wait(100)
    (answer,) = far.answers()
    assert isinstance(answer, ExecutionsListed)
    assert [execution.order_id for execution in answer.executions] == [order.order_id]


def test_a_word_for_a_request_is_never_simply_missing() -> None:
    far = a_market_that_was_seen(report_latency_ms=0)
    far.faults.plan(REPORT, Fault.MISSING)
    order = far.rest()

    assert far.kinds(order) == ["ACCEPTED"]


def test_a_fill_can_be_heard_before_its_acknowledgement() -> None:
    far = a_market_that_was_seen(report_latency_ms=0)
    far.faults.plan(REPORT, Fault.REORDERED)
    order = far.place()
    far.print(after_ms=999)
    far.wait(1)

    assert far.kinds(order) == ["EXECUTED", "ACCEPTED"]


@pytest.mark.parametrize("is_replayed", [True, False])
def test_after_a_partition_everything_is_heard_or_lost(is_replayed: bool) -> None:
    far = a_market_that_was_seen(faults=FaultParameters(is_replayed=is_replayed), report_latency_ms=0)
    order = far.rest("90")
    far.all_reports()
    far.line.partition(20)
    began = far.clock.now()
    far.print("89", after_ms=1000)
    assert far.line.silent_since == began
    assert far.reports(order) == []

    far.wait(18_999)
    assert far.reports(order) == []
    far.wait(1)
    assert far.line.silent_since is None
    assert far.kinds(order) == (["EXECUTED"] if is_replayed else [])
    assert far.venue.net_quantity("BTC/USDT") == order.quantity


def test_a_request_inside_a_partition_is_in_doubt_whether_or_not_it_got_through() -> None:
    far = a_market_that_was_seen()
    far.line.partition(20)
    orders = [far.rest("90") for _ in range(20)]
    far.wait(3000)

    doubts = [report.order_id for report in far.all_reports() if isinstance(report, OrderInDoubt)]
    assert doubts == [order.order_id for order in orders]
    assert 0 < len(far.venue.open_orders()) < 20
    far.wait(17_050)
    heard = [report.order_id for report in far.all_reports() if isinstance(report, OrderAccepted)]
    assert heard == list(far.venue.open_orders())


def test_a_question_inside_a_partition_fails_when_we_give_up() -> None:
    far = a_market_that_was_seen()
    far.line.partition(20)
    ask_id = far.line.ask_account()

    far.wait(2999)
    assert far.answers() == []
    far.wait(1)
    (answer,) = far.answers()
    assert isinstance(answer, AskFailed)
    assert answer.ask_id == ask_id


def test_partitions_come_at_their_interval() -> None:
    far = Far(faults=FaultParameters(partition_every_s=60, partition_s=20))
    far.line.ask_account()

    silent = []
    for _ in range(14):
        silent.append(far.line.silent_since is not None)
        far.wait(10_000)
    assert silent == [False] * 6 + [True] * 2 + [False] * 4 + [True] * 2


@pytest.mark.parametrize("fault", [Fault.UNANSWERED, Fault.RATE_LIMITED])
def test_a_question_that_is_not_answered_says_so(fault: Fault) -> None:
    far = a_market_that_was_seen()
    far.faults.plan(QUESTION, fault, None)
    failed, answered = far.line.ask_account(), far.line.ask_account()
    far.wait(3000)

    by_id = {answer.ask_id: answer for answer in far.answers()}
    assert isinstance(by_id[failed], AskFailed)
    assert isinstance(by_id[answered], AccountStated)


def test_an_order_is_placed_once_also_when_it_was_lost() -> None:
    far = a_market_that_was_seen()
    far.faults.plan(PLACE, Fault.LOST_BEFORE)
    order = far.place()

    with pytest.raises(InvariantBroken):
        far.line.place(order)


def test_an_answer_to_a_report_leaves_when_the_report_was_heard() -> None:
    far = Far(parameters=FREE, report_latency_ms=50)
    far.bar()
    born = far.clock.now()
    far.wait(1000)
    far.line.place(far.place().model_copy(update={"order_id": "ORD_20251027_143022_zzzzz", "created_at": born}))

    assert far.venue.books.standing("ORD_20251027_143022_zzzzz").updated_at == born + timedelta(milliseconds=50)  # type: ignore[union-attr, arg-type]  # it is known


def test_what_is_due_next_is_known() -> None:
    far = a_market_that_was_seen(report_latency_ms=50)
    assert far.line.next_due_ns is None
    far.place()
    now_ns = far.clock.now_ns()
    assert far.line.next_due_ns == now_ns + 50_000_000


def test_the_same_seed_gives_the_same_faults_and_another_one_others() -> None:
    def drawn(seed: int) -> list[Fault | None]:
        faults = Faults(FaultParameters(seed=seed, lost_before=D("0.3"), lost_after=D("0.3")))
        return [faults.at(PLACE) for _ in range(50)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert set(drawn(1)) == {Fault.LOST_BEFORE, Fault.LOST_AFTER, None}


def test_one_more_report_does_not_change_what_becomes_of_the_next_order() -> None:
    parameters = FaultParameters(lost_before=D("0.5"), doubled=D("0.5"))
    quiet, busy = Faults(parameters), Faults(parameters)
    for _ in range(7):
        busy.at(REPORT)

    assert [quiet.at(PLACE) for _ in range(30)] == [busy.at(PLACE) for _ in range(30)]


def test_what_was_planned_comes_first() -> None:
    faults = Faults(FaultParameters(refused=D(1)))
    faults.plan(PLACE, Fault.LOST_AFTER, None)

    assert [faults.at(PLACE) for _ in range(3)] == [Fault.LOST_AFTER, None, Fault.REFUSED]


def test_a_cancelled_order_is_told_so_and_by_whom() -> None:
    far = a_market_that_was_seen(report_latency_ms=0)
    order = far.rest()
    far.line.cancel(order.order_id)
    far.print(after_ms=100)

    cancelled = far.reports(order)[-1]
    assert isinstance(cancelled, OrderCancelled)
    assert cancelled.reason == "cancelled by us"


def test_a_close_that_was_doubted_and_sent_again_does_not_flip() -> None:
    far = a_market_that_was_seen(report_latency_ms=0)
    far.place(direction=Direction.BUY)
    far.print(after_ms=200)
    far.faults.plan(PLACE, Fault.LOST_AFTER)
    far.close()
    far.wait(3000)
    far.close()
    far.print()
    far.print()

    assert far.venue.net_quantity("BTC/USDT") == 0
