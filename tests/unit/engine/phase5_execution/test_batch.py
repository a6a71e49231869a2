"""Batches: admitted together or not at all; what was opened can be closed again, what was closed stays closed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.batches import BatchReport, BatchStatus, Compensation, Guarantee, LegStatus, Residual
from engine.contracts.disposition import DispositionEnvelope
from engine.contracts.execution import ExecutionDirective, ExecutionMode
from engine.contracts.flows import FlowOutcome, OutcomeKind
from engine.contracts.intents import ExecutionAction
from engine.contracts.market import InstrumentKind
from engine.contracts.orders import OrderRole, OrderStatus, TradeStatus
from engine.contracts.specs import BatchTranslation
from tests.support import notes
from tests.support.execution import Floor, a_change, a_closing, a_new_trade, an_open_market

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


def executed_by(floor: Floor, report: BatchReport) -> Decimal:
    """What the venue executed of the orders of a batch, while it ran, by the venue's own list."""
    groups = {leg.group_id for leg in report.legs}
    return sum((done.report.quantity for done in floor.venue.executions if done.order.group_id in groups), D(0))


def test_the_label_says_what_all_or_nothing_can_mean(floor: Floor) -> None:
    start(floor, ATOMIC, a_new_trade(limit="90", stop="80", execution_urgency=D("0.5")))
    assert progress(floor).guarantee is Guarantee.COMPENSABLE
    assert progress(floor).legs[0].compensation is Compensation.TAKE_BACK

    other = Floor()
    other.bar(open=100)
    other.give(a_new_trade())
    other.bar(open=100)
    start(other, ATOMIC, a_closing(other.trade().trade_id), a_new_trade(size="1"))
    assert progress(other).guarantee is Guarantee.ADMISSION_ONLY
    assert [leg.compensation for leg in progress(other).legs] == [Compensation.STANDS, Compensation.TAKE_BACK]


def test_a_refused_batch_says_why_of_each_part_and_stays_refused(floor: Floor) -> None:
    parts = (a_closing(floor.trades()[0].trade_id), a_closing(notes.an_id("TRD", 9)))
    before = len(floor.orders())
    start(floor, ATOMIC, *parts)
    first = progress(floor)

    again = start(floor, ATOMIC, *parts)

    assert first.status is BatchStatus.REFUSED
    assert [leg.status for leg in first.legs] == [LegStatus.SKIPPED, LegStatus.FAILED]
    assert "not in the books" in first.legs[1].text
    assert again.kind is OutcomeKind.REJECTED
    assert progress(floor) is first
    assert len(floor.orders()) == before


def test_what_only_rested_is_cancelled_as_if_it_had_never_been(floor: Floor) -> None:
    resting = a_new_trade(limit="90", stop="80", execution_urgency=D("0.5"))

    start(floor, ATOMIC, resting, a_new_trade(price="98", stop="90"))
    floor.bar(open=100)
    floor.bar(open=100)

    report = progress(floor)
    assert report.status is BatchStatus.ABORTED_CLEAN
    assert (report.executed_quantity, report.residual_cost, report.residuals) == (0, 0, ())
    assert [trade.status for trade in floor.trades()[2:]] == [TradeStatus.ABANDONED] * 2


def test_the_totals_are_what_the_venue_executed(floor: Floor) -> None:
    start(
        floor, ATOMIC, a_new_trade(size="1"), a_closing(floor.trades()[0].trade_id), a_new_trade(price="98", stop="90")
    )
    floor.bar(open=100)
    floor.bar(open=99)

    report = progress(floor)
    assert report.status is BatchStatus.ROLLED_BACK
    assert report.executed_quantity == executed_by(floor, report) == 1 + 1 + 2
    assert report.fees == D("0.1") + D("0.099") + D("0.2")
    assert report.legs[0].totals.left_value == 99


@pytest.mark.allow_warnings
def test_what_cannot_be_closed_again_is_stated_with_its_quantity(floor: Floor) -> None:
    start(floor, ATOMIC, a_new_trade(size="1"), a_new_trade(price="98", stop="90"))
    floor.venue._instruments[floor.symbol] = floor.instrument.model_copy(update={"lot_step": D(5)})
    for _ in range(8):
        floor.bar(open=100)

    report = progress(floor)
    assert report.status is BatchStatus.COMPENSATED_WITH_RESIDUAL
    assert report.residuals == (Residual(symbol=floor.symbol, quantity=D(1)),)
    assert report.residual_cost == D("0.1"), "the fee of the entry; what is held is not lost"


@pytest.mark.allow_warnings
def test_what_is_too_small_to_be_sold_is_dust_and_no_failure(floor: Floor) -> None:
    floor.venue._instruments[floor.symbol] = floor.instrument.model_copy(update={"lot_step": D(5)})
    start(floor, PARALLEL, a_closing(floor.trades()[0].trade_id))
    for _ in range(8):
        floor.bar(open=100)

    report = progress(floor)
    assert report.status is BatchStatus.COMMITTED_WITH_DUST
    assert report.legs[0].dust == 2


def test_what_is_closed_already_is_nothing_to_do(floor: Floor) -> None:
    first, second = floor.trades()
    floor.handler.close_trade(first.trade_id, "asked by the user")
    floor.bar(open=100)

    start(floor, PARALLEL, a_closing(first.trade_id), a_closing(second.trade_id), rollback=False)
    floor.bar(open=100)

    assert legs(floor) == [LegStatus.NOOP, LegStatus.DONE]
    assert progress(floor).status is BatchStatus.COMMITTED


def test_stopping_names_the_part_and_pauses_what_is_left(floor: Floor) -> None:
    sliced = a_new_trade(size="5", **SLICED)

    start(floor, ATOMIC, sliced, a_new_trade(price="98", stop="90"), rollback=False)
    floor.bar(open=100)
    plan = floor.handler.group_plans[-2]
    assert plan.pause is not None
    floor.handler.cancel_group(plan.group_id)
    floor.bar(open=100)

    assert progress(floor).status is BatchStatus.STOPPED
    assert progress(floor).stopped_at == 2


@pytest.mark.parametrize(("stop", "after"), [("90", D(95)), ("97", D(97))], ids=["wider", "nearer"])
def test_a_change_is_taken_back_but_never_to_a_wider_stop(floor: Floor, stop: str, after: Decimal) -> None:
    trade = floor.trades()[0]
    larger = a_change(trade.trade_id, size="3", stop=stop, target="110", entry=a_new_trade().entry_plan)

    start(floor, ATOMIC, larger, a_new_trade(price="98", stop="90"))
    for _ in range(3):
        floor.bar(open=100)

    changed = floor.ledger.get_trade(trade.trade_id)
    assert changed.open_quantity == 2
    assert changed.stop_loss_price == after
    is_back = after == trade.stop_loss_price
    assert progress(floor).status is (BatchStatus.ROLLED_BACK if is_back else BatchStatus.COMPENSATED_WITH_RESIDUAL)
    assert progress(floor).residuals == ()


def test_no_entry_leaves_for_a_group_that_only_reduces(floor: Floor) -> None:
    translation = floor.translate(a_new_trade(size="1"))
    floor.guard.only_reduce(translation.group.group_id)

    floor.handler.on_translation_complete(translation)
    floor.handler.settle()

    entry = floor.orders(OrderRole.ENTRY)[-1]
    assert entry.status is OrderStatus.REJECTED
    assert "rule no increase" in entry.reason


def test_two_purchases_that_fit_alone_but_not_together_are_refused_with_the_numbers() -> None:
    floor = Floor(instrument=an_open_market(kind=InstrumentKind.SPOT, may_short=False), cash="1000")
    for symbol in ("BTC/USDT", "ETH/USDT"):
        floor.bar(open=100, symbol=symbol)
    parts = [a_new_trade(size="6", symbol="BTC/USDT"), a_new_trade(size="6", symbol="ETH/USDT")]

    outcome = start(floor, ATOMIC, *parts)

    assert outcome.kind is OutcomeKind.REJECTED
    assert progress(floor).status is BatchStatus.REFUSED
    assert legs(floor) == [LegStatus.SKIPPED, LegStatus.FAILED]
    refusal = progress(floor).legs[1].text
    assert "not enough free equity" in refusal
    for name in ("needed", "free", "for_parts_before"):
        assert name in refusal
    assert floor.orders() == []
    assert floor.give(parts[1]).kind is OutcomeKind.EXECUTED, "what was refused holds nothing back"


def another(floor: Floor, *parts: ExecutionDirective, number: int = 2) -> BatchReport:
    """Give a second batch, all at once, and return how it stands."""
    translations = tuple(floor.translate(part) for part in parts)
    batch = notes.a_batch(
        batch_id=notes.an_id("BAT", number),
        directives=tuple(it.directive for it in translations),
        execution_mode=PARALLEL,
        rollback_on_failure=False,
    )
    floor.handler.on_batch_translation_complete(BatchTranslation(batch=batch, translations=translations))
    floor.handler.settle()
    return floor.handler.batch_progress(batch.batch_id)


def test_two_batches_never_work_on_one_market_while_either_may_raise_risk(floor: Floor) -> None:
    floor.bar(open=100, symbol="ETH/USDT")
    start(floor, ATOMIC, a_new_trade(limit="90", stop="80", execution_urgency=D("0.5")))
    assert progress(floor).status is BatchStatus.WORKING

    refused = another(floor, a_new_trade(symbol="ETH/USDT", size="1"), a_new_trade(size="1"))
    elsewhere = another(floor, a_new_trade(symbol="ETH/USDT", size="1"), number=3)

    assert refused.status is BatchStatus.REFUSED
    assert f"BTC/USDT is being worked on by {BATCH_ID}" in refused.legs[1].text
    assert elsewhere.status is BatchStatus.WORKING


def test_a_batch_that_only_reduces_waits_for_no_other(floor: Floor) -> None:
    start(floor, ATOMIC, a_new_trade(limit="90", stop="80", execution_urgency=D("0.5")))

    closing = another(floor, a_closing(floor.trades()[0].trade_id))

    assert closing.status is BatchStatus.WORKING
