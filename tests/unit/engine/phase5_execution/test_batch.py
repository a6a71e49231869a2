"""Batches: admitted together or not at all; what was opened can be closed again, what was closed stays closed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.batches import BatchReport, BatchStatus, LegStatus
from engine.contracts.disposition import DispositionEnvelope
from engine.contracts.execution import ExecutionDirective, ExecutionMode
from engine.contracts.flows import FlowOutcome, OutcomeKind
from engine.contracts.intents import ExecutionAction
from engine.contracts.orders import OrderRole, TradeStatus
from engine.contracts.specs import BatchTranslation
from tests.support import notes
from tests.support.execution import Floor, a_closing, a_new_trade

pytestmark = pytest.mark.unit
D = Decimal
SEQUENTIAL, PARALLEL, ATOMIC = ExecutionMode.SEQUENTIAL, ExecutionMode.PARALLEL, ExecutionMode.ATOMIC
SLICED: dict[str, Any] = {"execution_urgency": D("0.2"), "chunk_count_hint": 5, "max_execution_window_minutes": 10}
BATCH_ID: Any = notes.an_id("BAT")


@pytest.fixture
def floor() -> Iterator[Floor]:
    """A floor with two positions, 2 and 1, and the rest of a TWAP of 5."""
    floor = Floor()
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.give(a_new_trade(size="5", **SLICED))
    floor.bar(open=100)
    assert floor.held() == 3
    yield floor
    floor.assert_books_agree()


def start(floor: Floor, mode: ExecutionMode, *directives: ExecutionDirective, rollback: bool = True) -> FlowOutcome:
    translations = tuple(floor.translate(directive) for directive in directives)
    batch = notes.a_batch(
        directives=tuple(translation.directive for translation in translations),
        execution_mode=mode,
        rollback_on_failure=rollback,
    )
    envelope: DispositionEnvelope = floor.handler.on_batch_translation_complete(
        BatchTranslation(batch=batch, translations=translations)
    )
    floor.handler.settle()
    assert envelope.outcome is not None
    return envelope.outcome


def progress(floor: Floor) -> BatchReport:
    return floor.handler.batch_progress(BATCH_ID)


def legs(floor: Floor) -> list[LegStatus]:
    return [leg.status for leg in progress(floor).legs]


def flash_crash(floor: Floor) -> tuple[ExecutionDirective, ...]:
    """The document's example: close one position, cancel the TWAP, close the other."""
    first, second = floor.trades()
    twap = floor.orders(OrderRole.ENTRY)[-1].group_id
    return (
        a_closing(first.trade_id),
        a_closing(groups=(twap,), action=ExecutionAction.CANCEL_GROUP),
        a_closing(second.trade_id),
    )


@pytest.mark.parametrize("mode", [PARALLEL, ATOMIC])
def test_a_flash_crash_closes_two_trades_and_cancels_a_group_at_once(floor: Floor, mode: ExecutionMode) -> None:
    outcome = start(floor, mode, *flash_crash(floor))
    assert outcome.kind is OutcomeKind.EXECUTED
    assert floor.working(OrderRole.ENTRY) == []

    floor.bar(open=90)

    assert floor.held() == 0
    assert progress(floor).status is BatchStatus.COMMITTED
    assert legs(floor) == [LegStatus.DONE] * 3


def test_one_by_one_waits_for_each_to_be_settled(floor: Floor) -> None:
    start(floor, SEQUENTIAL, *flash_crash(floor))
    assert legs(floor) == [LegStatus.WORKING, LegStatus.WAITING, LegStatus.WAITING]
    assert len(floor.working(OrderRole.CLOSE)) == 1

    floor.bar(open=99)
    assert legs(floor) == [LegStatus.DONE, LegStatus.DONE, LegStatus.WORKING]

    floor.bar(open=99)
    assert progress(floor).status is BatchStatus.COMMITTED
    assert floor.held() == 0


def test_one_bad_part_and_nothing_is_sent(floor: Floor) -> None:
    before = len(floor.orders())

    outcome = start(floor, ATOMIC, a_closing(floor.trades()[0].trade_id), a_closing(notes.an_id("TRD", 9)))

    assert (outcome.kind, outcome.rule) == (OutcomeKind.REJECTED, "batch admission")
    assert notes.an_id("TRD", 9) in outcome.reason
    assert len(floor.orders()) == before


def test_an_exit_goes_through_although_one_part_of_it_cannot_be(floor: Floor) -> None:
    first, second = floor.trades()
    nobody = a_closing(notes.an_id("TRD", 99))

    outcome = start(floor, PARALLEL, a_closing(first.trade_id), nobody, a_closing(second.trade_id), rollback=False)
    floor.bar(open=100)

    assert outcome.kind is OutcomeKind.EXECUTED
    assert floor.held() == 0
    assert legs(floor) == [LegStatus.DONE, LegStatus.FAILED, LegStatus.DONE]
    assert progress(floor).status is BatchStatus.PARTIAL
    assert "not in the books" in progress(floor).legs[1].text


def test_an_exit_of_which_no_part_can_be_is_refused(floor: Floor) -> None:
    outcome = start(floor, PARALLEL, a_closing(notes.an_id("TRD", 98)), a_closing(notes.an_id("TRD", 99)))

    assert outcome.rule == "batch admission"


def test_one_by_one_stops_at_the_first_failure(floor: Floor) -> None:
    unfillable = a_new_trade(price="98", stop="90")  # its bound is 98.98, and the market is at 100

    start(floor, SEQUENTIAL, unfillable, a_closing(floor.trades()[0].trade_id), rollback=False)
    floor.bar(open=100)

    assert legs(floor) == [LegStatus.FAILED, LegStatus.SKIPPED]
    assert progress(floor).status is BatchStatus.STOPPED
    assert "price bound" in progress(floor).legs[0].text
    assert floor.trades()[0].status is TradeStatus.OPEN


def test_at_once_lets_the_others_stand(floor: Floor) -> None:
    start(floor, PARALLEL, a_new_trade(price="98", stop="90"), a_closing(floor.trades()[0].trade_id), rollback=False)
    floor.bar(open=100)

    assert legs(floor) == [LegStatus.FAILED, LegStatus.DONE]
    assert progress(floor).status is BatchStatus.PARTIAL


def test_all_or_nothing_closes_what_it_opened_and_states_the_cost(floor: Floor) -> None:
    start(floor, ATOMIC, a_new_trade(size="1"), a_new_trade(price="98", stop="90"))
    floor.bar(open=100)
    assert progress(floor).status is BatchStatus.COMPENSATING

    floor.bar(open=99)

    report = progress(floor)
    assert report.status is BatchStatus.ROLLED_BACK
    assert report.residual_cost == D(1) + D("0.1") + D("0.099")
    assert floor.trades()[2].status is TradeStatus.CLOSED


def test_rolling_back_cancels_what_works_and_never_re_opens_what_was_closed(floor: Floor) -> None:
    closed = floor.trades()[0].trade_id
    resting = a_new_trade(limit="90", stop="80", execution_urgency=D("0.5"))

    start(floor, ATOMIC, a_closing(closed), resting, a_new_trade(price="98", stop="90"))
    floor.bar(open=100)
    floor.bar(open=100)

    assert progress(floor).status is BatchStatus.ROLLED_BACK
    assert floor.ledger.get_trade(closed).status is TradeStatus.CLOSED
    assert [trade.status for trade in floor.trades()[2:]] == [TradeStatus.ABANDONED] * 2
    assert floor.trades()[1].status is TradeStatus.OPEN


def test_a_batch_that_comes_again_is_only_reported(floor: Floor) -> None:
    crash = flash_crash(floor)
    start(floor, PARALLEL, *crash)
    floor.bar(open=90)
    before = len(floor.orders())

    start(floor, PARALLEL, *crash)

    assert len(floor.orders()) == before
    assert progress(floor).status is BatchStatus.COMMITTED
