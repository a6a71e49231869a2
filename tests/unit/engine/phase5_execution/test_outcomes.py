"""What nobody answered is settled by the venue's books: found at once, absent by proof, never sent twice."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from engine.config.reconciling import ReconciliationSettings
from engine.contracts.commands import OrderClaim, ResolveOrderRequest
from engine.contracts.execution import ExecutionDirective
from engine.contracts.flows import OutcomeKind
from engine.contracts.orders import Liquidity, OrderRole, OrderStatus
from engine.contracts.venue import OrderCancelled, OrderExecuted
from engine.phase5_execution.handler import ExecutionAnswer
from engine.phase5_execution.venue_faults import Fault, FaultPoint
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_MS, NS_PER_SECOND
from tests.support.execution import FREE, START_NS, a_new_trade
from tests.support.far_floor import FarFloor

pytestmark = pytest.mark.unit
D = Decimal
PLACE, CANCEL, REPORT, QUESTION = FaultPoint.PLACE, FaultPoint.CANCEL, FaultPoint.REPORT, FaultPoint.QUESTION


@pytest.fixture
def floor() -> Iterator[FarFloor]:
    floor = FarFloor(report_latency_ms=50)
    floor.bar(open=100)
    yield floor
    floor.settle_all()
    floor.assert_ledger_is_the_venue()


def a_resting_trade() -> ExecutionDirective:
    return a_new_trade(limit="90", stop="80", execution_urgency=D("0.6"))


def test_an_order_whose_answer_was_lost_is_unknown_and_then_found(floor: FarFloor) -> None:
    floor.fault(PLACE, Fault.LOST_AFTER)
    floor.give(a_resting_trade())
    floor.wait(2900)
    assert floor.entry().status is OrderStatus.SUBMITTED

    floor.wait(100)
    assert floor.entry().status is OrderStatus.UNKNOWN

    floor.wait(100)
    assert floor.entry().status is OrderStatus.OPEN
    assert any("found" in text for text in floor.noted("INFO"))


def test_an_order_that_never_arrived_is_absent_only_after_its_window_and_two_answers(floor: FarFloor) -> None:
    floor.fault(PLACE, Fault.LOST_BEFORE)
    floor.give(a_resting_trade())
    statuses = {}
    for second in range(1, 13):
        floor.wait(1000)
        statuses[second] = floor.entry().status

    # Sent at 0, in doubt at 3 s, accepted by the venue until 5 s, its books a second behind at most.
    assert [statuses[second] for second in (3, 4, 5, 6)] == [OrderStatus.UNKNOWN] * 4
    assert statuses[12] is OrderStatus.REJECTED
    assert "absent: 2 complete answers" in floor.entry().reason
    assert len(floor.line._placed) == 1, "it is never sent again"


def test_a_slow_order_is_found_and_not_declared_absent(floor: FarFloor) -> None:
    floor.fault(PLACE, Fault.ARRIVES_LATE)
    floor.give(a_resting_trade())
    floor.watch(12)

    assert floor.entry().status is OrderStatus.OPEN
    assert floor.standing(floor.entry()) is OrderStatus.OPEN


def test_an_answer_that_fails_is_no_evidence_of_absence(floor: FarFloor) -> None:
    floor.fault(PLACE, Fault.LOST_BEFORE)
    floor.fault(QUESTION, *[Fault.UNANSWERED] * 4)
    floor.give(a_resting_trade())
    floor.watch(9)

    assert floor.entry().status is OrderStatus.UNKNOWN


def test_a_venue_without_a_window_leaves_the_decision_to_a_person() -> None:
    floor = FarFloor(request_window_ms=None)
    floor.bar(open=100)
    floor.fault(PLACE, Fault.LOST_BEFORE)
    floor.give(a_resting_trade())
    floor.watch(300)

    assert floor.entry().status is OrderStatus.UNKNOWN
    (told,) = [text for text in floor.noted("ERROR") if "NEEDS_OPERATOR" in text]
    assert floor.entry().order_id in told


def a_claim(floor: FarFloor, claim: OrderClaim, **execution: Any) -> ResolveOrderRequest:
    return ResolveOrderRequest(
        asked_by="a person", order_id=floor.entry().order_id, claim=claim, reason="seen at the venue", **execution
    )


def a_floor_in_doubt(fault: Fault) -> FarFloor:
    """A venue without a window, and an entry of which nobody can prove what became."""
    floor = FarFloor(request_window_ms=None, settings=ReconciliationSettings(interval_s=30))
    floor.bar(open=100)
    floor.fault(PLACE, fault)
    floor.give(a_resting_trade())
    return floor


def resolve(floor: FarFloor, asked: ResolveOrderRequest) -> ExecutionAnswer:
    answer = floor.handler.resolve_order(asked)
    floor.handler.settle()
    return answer


def test_a_person_ends_a_doubt_that_the_venue_cannot_and_risk_is_allowed_again() -> None:
    floor = a_floor_in_doubt(Fault.LOST_BEFORE)
    floor.watch(300)

    answer = resolve(floor, a_claim(floor, OrderClaim.REJECTED))
    floor.watch(2)

    assert answer.is_accepted
    assert floor.entry().status is OrderStatus.REJECTED
    assert "by the word of a person: seen at the venue" in floor.entry().reason
    assert floor.give(a_new_trade()).kind is OutcomeKind.EXECUTED


def test_a_person_is_not_believed_while_the_venue_is_still_being_asked() -> None:
    floor = a_floor_in_doubt(Fault.LOST_BEFORE)
    floor.fault(QUESTION, *[Fault.UNANSWERED] * 4)
    floor.wait(3000)

    answer = resolve(floor, a_claim(floor, OrderClaim.REJECTED))

    assert not answer.is_accepted
    assert "still being asked" in answer.text
    assert floor.entry().status is OrderStatus.UNKNOWN


def test_an_order_that_works_is_cancelled_and_not_resolved(floor: FarFloor) -> None:
    floor.give(a_resting_trade())
    floor.wait(100)

    answer = resolve(floor, a_claim(floor, OrderClaim.CANCELLED))

    assert not answer.is_accepted
    assert "cancel it instead" in answer.text


def test_what_works_at_the_venue_against_a_persons_word_is_cancelled_there() -> None:
    floor = a_floor_in_doubt(Fault.LOST_BEFORE)
    floor.watch(300)
    assert resolve(floor, a_claim(floor, OrderClaim.CANCELLED)).is_accepted
    floor.venue.place(floor.entry())  # it arrives after all
    floor.watch(60)

    assert floor.standing(floor.entry()) is OrderStatus.CANCELLED
    assert any("works at the venue: cancelled" in text for text in floor.noted("ERROR"))


def test_a_fill_that_a_person_names_is_booked_once_whoever_else_tells_of_it() -> None:
    floor = a_floor_in_doubt(Fault.LOST_BEFORE)
    floor.watch(300)
    named: dict[str, Any] = {"venue_trade_id": "T-1", "price": D(90)}
    assert resolve(floor, a_claim(floor, OrderClaim.FILLED, **named)).is_accepted
    assert floor.entry().status is OrderStatus.FILLED
    assert floor.held() == 2

    told = OrderExecuted(
        order_id=floor.entry().order_id,
        at=floor.clock.now(),
        price=D(90),
        quantity=D(2),
        fee=D("0.09"),
        liquidity=Liquidity.MAKER,
        venue_trade_id="T-1",
    )
    floor.handler._desk.found(told)
    assert floor.held() == 2


def test_a_persons_word_that_an_order_never_arrived_does_not_stand_against_its_fills() -> None:
    floor = a_floor_in_doubt(Fault.LOST_BEFORE)
    floor.watch(300)
    at, part = floor.clock.now(), D("0.5")
    floor.handler._desk.found(
        OrderExecuted(
            order_id=floor.entry().order_id,
            at=at,
            price=D(90),
            quantity=part,
            fee=D(0),
            liquidity=Liquidity.MAKER,
            venue_trade_id="T-2",
        )
    )

    answer = resolve(floor, a_claim(floor, OrderClaim.REJECTED))
    assert not answer.is_accepted
    assert "0.5 of it executed" in answer.text
    assert resolve(floor, a_claim(floor, OrderClaim.CANCELLED)).is_accepted
    assert floor.held() == part


def test_nothing_new_is_risked_in_a_market_while_an_order_of_it_is_unknown(floor: FarFloor) -> None:
    floor.fault(PLACE, Fault.LOST_BEFORE)
    floor.give(a_resting_trade())
    floor.wait(3000)

    outcome = floor.give(a_new_trade())
    assert outcome.kind is OutcomeKind.REJECTED
    assert f"{floor.orders()[0].order_id} is UNKNOWN" in outcome.reason

    floor.watch(10)
    assert floor.give(a_new_trade()).kind is OutcomeKind.EXECUTED


def test_a_position_can_be_closed_while_an_entry_of_its_market_is_unknown(floor: FarFloor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100)
    floor.fault(PLACE, Fault.LOST_BEFORE)
    floor.give(a_resting_trade())
    floor.wait(3000)
    assert floor.orders(OrderRole.ENTRY)[-1].status is OrderStatus.UNKNOWN

    floor.handler.close_trade(floor.trades()[0].trade_id, reason="asked by a person")
    floor.handler.settle()
    floor.bar(open=100)

    assert floor.held() == 0


def test_a_cancel_whose_answer_was_lost_is_settled_by_a_look(floor: FarFloor) -> None:
    floor.give(a_resting_trade())
    floor.wait(10)
    floor.fault(CANCEL, Fault.LOST_AFTER)
    floor.handler.cancel_order(floor.entry().order_id)
    floor.handler.settle()
    floor.wait(3000)
    assert floor.entry().status is OrderStatus.UNKNOWN

    floor.wait(100)
    assert floor.entry().status is OrderStatus.CANCELLED


@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.RATE_LIMITED])
def test_a_cancel_that_did_not_arrive_is_asked_for_again(floor: FarFloor, fault: Fault) -> None:
    floor.give(a_resting_trade())
    floor.wait(10)
    floor.fault(CANCEL, fault)
    floor.handler.cancel_order(floor.entry().order_id)
    floor.handler.settle()
    floor.watch(10)

    assert floor.entry().status is OrderStatus.CANCELLED
    assert floor.line.cancels == [floor.entry().order_id] * 2


def test_a_cancel_of_an_order_that_is_still_on_its_way_is_not_forgotten(floor: FarFloor) -> None:
    floor.fault(PLACE, Fault.ARRIVES_LATE)
    floor.give(a_resting_trade())
    floor.wait(500)
    floor.handler.cancel_order(floor.entry().order_id)
    floor.handler.settle()
    floor.watch(15)

    assert floor.standing(floor.entry()) is OrderStatus.CANCELLED
    assert floor.entry().status is OrderStatus.CANCELLED


def test_a_cancel_that_came_too_late_finds_the_fill_that_nobody_told(floor: FarFloor) -> None:
    floor.give(a_resting_trade())
    floor.wait(10)
    floor.fault(REPORT, Fault.MISSING)
    floor.print("89", "100")
    assert floor.standing(floor.entry()) is OrderStatus.FILLED
    assert floor.held() == 0

    floor.handler.cancel_order(floor.entry().order_id)
    floor.handler.settle()
    floor.watch(5)

    assert floor.held() == 2
    assert [order.stop_price for order in floor.working(OrderRole.STOP_LOSS)] == [D(80)]


def test_a_stop_that_filled_unheard_is_found_by_the_next_reading(floor: FarFloor) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100)
    floor.fault(REPORT, Fault.MISSING, Fault.MISSING)
    floor.bar(open=97, low=94)
    assert floor.venue.net_quantity(floor.symbol) == 0
    assert floor.held() == 2

    floor.watch(40)

    assert floor.held() == 0
    assert floor.trade().exit_reason == OrderRole.STOP_LOSS
    assert any("never told" in text for text in floor.noted("WARNING"))


def test_a_stop_that_is_refused_for_the_moment_is_placed_again_and_the_trade_kept(floor: FarFloor) -> None:
    floor.give(a_new_trade())
    floor.fault(PLACE, Fault.RATE_LIMITED)
    floor.bar(open=100)
    floor.wait(100)
    assert floor.working(OrderRole.STOP_LOSS) == []

    floor.watch(3)

    assert [order.stop_price for order in floor.working(OrderRole.STOP_LOSS)] == [D(95)]
    assert floor.held() == 2


def test_a_stop_that_never_arrived_is_placed_again_under_a_new_id(floor: FarFloor) -> None:
    floor.give(a_new_trade())
    floor.fault(PLACE, Fault.LOST_BEFORE)
    floor.bar(open=100)
    floor.watch(12)

    lost, placed = floor.orders(OrderRole.STOP_LOSS)
    assert (lost.status, placed.status) == (OrderStatus.REJECTED, OrderStatus.OPEN)
    assert floor.held() == 2


def test_no_new_risk_until_the_gap_after_a_silence_is_read(floor: FarFloor) -> None:
    floor.give(a_resting_trade())
    floor.wait(10)
    floor.line.partition(20)
    floor.faults.parameters = floor.faults.parameters.model_copy(update={"is_replayed": False})
    floor.wait(1000)
    assert "silent" in floor.give(a_new_trade()).reason
    floor.print("89", "100")

    floor.clock.pass_seconds(18)
    assert floor.line.silent_since is None
    assert "have not been read" in floor.give(a_new_trade()).reason, "the line is back, and the gap is not read"
    assert floor.held() == 0

    floor.wait(1000)
    assert floor.held() == 2, "what happened meanwhile is booked"
    assert floor.give(a_new_trade()).kind is OutcomeKind.EXECUTED


def test_an_order_of_another_hand_is_shown_once_and_left_alone(floor: FarFloor) -> None:
    foreign = FarFloor()
    foreign.bar(open=100)
    foreign.give(a_resting_trade())
    theirs = foreign.entry().model_copy(update={"order_id": "ORD_20200101_000000_zzzzz"})
    floor.venue.place(theirs)
    floor.watch(100)

    assert [it.client_order_id for it in floor.outcomes.foreign_orders] == [theirs.order_id]
    assert len([text for text in floor.noted("WARNING") if "FOREIGN" in text]) == 1
    assert floor.standing(theirs) is OrderStatus.OPEN
    floor.venue.cancel(theirs.order_id)


def test_a_position_that_nobody_of_ours_opened_stops_new_risk_in_its_market() -> None:
    floor = FarFloor(settings=ReconciliationSettings(interval_s=5))
    other = FarFloor()
    for each in (floor, other):
        each.bar(open=100)
    other.give(a_new_trade())
    floor.venue.place(other.entry().model_copy(update={"order_id": "ORD_20200101_000000_zzzzz"}))
    floor.bar(open=100)
    floor.watch(10)

    assert any("NEEDS_OPERATOR" in text and "differ" in text for text in floor.noted("ERROR"))
    outcome = floor.give(a_new_trade())
    assert "the venue 2" in outcome.reason


def test_books_that_agree_are_never_said_to_differ(floor: FarFloor) -> None:
    for price in (100, 101, 99, 100):
        floor.give(a_new_trade())
        floor.bar(open=price, high=price + 3, low=price - 3)
        floor.watch(35)

    assert floor.noted("ERROR") == []
    assert floor.outcomes.readings > 4


def test_funding_that_was_paid_and_not_told_is_booked_by_the_next_reading() -> None:
    parameters = FREE.model_copy(update={"funding_rate": D("0.001"), "funding_interval_hours": 1})
    floor = FarFloor(parameters=parameters, report_latency_ms=50)
    floor.bar(open=100)
    floor.give(a_new_trade())
    for _ in range(3):
        floor.bar(open=100)
    assert floor.held() == 2
    floor.clock.move_to(START_NS - START_NS % (60 * NS_PER_MINUTE) + 60 * NS_PER_MINUTE)
    floor.fault(REPORT, Fault.MISSING)
    floor.bar(open=100)
    assert len(floor.venue.books.fundings) == 1

    floor.watch(35)

    assert floor.ledger.get_funding() == D("-0.2")
    floor.assert_ledger_is_the_venue()


def test_funding_that_was_due_longer_ago_than_readings_look_back_is_found_by_the_cash() -> None:
    parameters = FREE.model_copy(update={"funding_rate": D("0.001"), "funding_interval_hours": 1})
    floor = FarFloor(parameters=parameters, report_latency_ms=50)
    floor.bar(open=100)
    floor.give(a_new_trade())
    for _ in range(3):
        floor.bar(open=100)
    floor.clock.move_to(START_NS - START_NS % (60 * NS_PER_MINUTE) + 60 * NS_PER_MINUTE)
    for _ in range(20):
        floor.wait(30_000)  # the market says nothing for ten minutes, and the books are read
    floor.fault(REPORT, Fault.MISSING)
    floor.bar(open=100)

    floor.watch(60)
    readings = floor.outcomes.readings
    floor.watch(60)

    assert floor.ledger.get_funding() == D("-0.2")
    assert [text for text in floor.noted("WARNING") if "in cash" in text] == []
    assert floor.outcomes.readings - readings <= 3, "everything is read again once, and not for ever"
    floor.assert_ledger_is_the_venue()


def test_cash_that_nothing_explains_is_told_once_after_everything_was_read_again() -> None:
    floor = FarFloor(report_latency_ms=50)
    floor.venue.books.cash_moved += 7

    floor.watch(90)

    assert [text for text in floor.noted("WARNING") if "in cash" in text] == [
        "our books have 100000 in cash, the venue 100007"
    ]
    assert floor.outcomes.readings <= 8


def test_an_order_that_works_after_our_books_ended_it_is_cancelled_and_alarmed(floor: FarFloor) -> None:
    floor.give(a_resting_trade())
    floor.wait(100)
    order = floor.entry()
    floor.venue._reports.append(
        OrderCancelled(order_id=order.order_id, at=floor.clock.now(), reason="a venue's mistake")
    )
    floor.watch(2)
    assert floor.entry().status is OrderStatus.CANCELLED
    assert floor.standing(order) is OrderStatus.OPEN

    floor.watch(40)

    assert floor.standing(order) is OrderStatus.CANCELLED
    assert any(order.order_id in text and "works at the venue" in text for text in floor.noted("ERROR"))


def test_more_than_was_ordered_is_booked_and_alarmed() -> None:
    floor = FarFloor()
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.venue._reports.append(
        OrderExecuted(
            order_id=floor.entry().order_id,
            at=floor.clock.now(),
            price=D(100),
            quantity=D("2.5"),
            fee=D(0),
            liquidity=Liquidity.TAKER,
            venue_trade_id="OVER-1",
        )
    )
    floor.wait(10)

    assert floor.held() == D("2.5")
    assert any("filled 2.5, and" in text and "was ordered" in text for text in floor.noted("ERROR"))


def test_a_session_that_takes_over_trusts_nothing_before_the_books_of_the_venue_are_read(floor: FarFloor) -> None:
    floor.give(a_resting_trade())
    floor.wait(100)
    floor.fault(PLACE, Fault.LOST_BEFORE)
    floor.give(a_new_trade())
    found, lost = floor.orders(OrderRole.ENTRY)
    assert (found.status, lost.status) == (OrderStatus.OPEN, OrderStatus.SUBMITTED)
    killed_at = floor.clock.now()
    floor.faults.parameters = floor.faults.parameters.model_copy(update={"is_replayed": False})
    floor.line.partition(2)
    floor.print("89", "100")
    floor.clock.pass_seconds(5)

    floor.restart()
    floor.handler.take_over(killed_at)
    assert "books of another" in floor.give(a_new_trade()).reason
    floor.wait(100)
    floor.wait(100)
    assert floor.held() == 2, "the fill of the time in between is booked"

    floor.watch(10)
    assert floor.ledger.get_order(lost.order_id).status is OrderStatus.REJECTED
    assert floor.give(a_new_trade()).kind is OutcomeKind.EXECUTED


def test_a_cancel_that_was_wanted_before_the_restart_is_wanted_after_it(floor: FarFloor) -> None:
    floor.give(a_resting_trade())
    floor.wait(100)
    floor.fault(CANCEL, Fault.LOST_BEFORE)
    floor.handler.cancel_order(floor.entry().order_id)
    floor.handler.settle()

    floor.restart()
    floor.handler.take_over(floor.clock.now())
    floor.watch(5)

    assert floor.entry().status is OrderStatus.CANCELLED


def test_a_venue_that_falls_silent_within_a_bar_is_looked_at_while_orders_work_there() -> None:
    floor = FarFloor()
    floor.bar(open=100)
    assert floor.handler.next_due_ns is None
    floor.give(a_new_trade(target=None))
    floor.bar(open=100)
    floor.watch(1)
    assert floor.working(OrderRole.STOP_LOSS)

    floor.line.partition(60)
    for _ in range(10):
        due_ns = floor.handler.next_due_ns
        assert due_ns is not None
        assert due_ns - floor.clock.now_ns() <= 5 * NS_PER_SECOND
        floor.wait((due_ns - floor.clock.now_ns()) // NS_PER_MS)

    assert any("nothing is heard from the venue" in text for text in floor.noted("WARNING"))
