"""What must hold after every run with a venue that keeps books of its own, whatever went wrong on the way (I1 to I9).

`assert_invariants` is the one checker; each check in it reads the venue's books, never ours alone, and can fail
(`flow/test_invariants_can_fail.py`). I1 (nothing leaves that is not on disk) is watched while a floor runs
(`far_floor.WatchedLine`); I8 is about time and I9 about processes: `flow/test_batches_on_a_bad_line.py` and
`end2end/test_killed_anywhere.py`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal

from engine.contracts.base import Direction
from engine.contracts.batches import BatchReport
from engine.contracts.commands import TradingState
from engine.contracts.fees import fee_parts
from engine.contracts.flatten import FlattenJob
from engine.contracts.orders import TERMINAL_ORDER_STATUSES, Order, OrderRole, OrderStatus, Position
from engine.contracts.venue import VenuePosition
from engine.phase0_bootstrap.drill import raised_by
from engine.phase5_execution.venue_books import SimulatedExecution, VenueBooks
from engine.ports.ledger import LedgerReader
from engine.primitives.ids import OrderId
from engine.primitives.money import ZERO
from tests.support.far_floor import FarFloor

_QUIET_S = 30
"""So long nothing may leave once everything has settled, whatever is asked for again."""


def assert_invariants(floor: FarFloor) -> None:
    """Let everything arrive on a good line, then hold our books, reports and ends against the venue's: I2 to I7."""
    floor.settle_all()
    floor.assert_ledger_is_the_venue()
    books = floor.venue.books
    assert_every_venue_order_is_ours(books, floor.ledger)
    assert_sent_once(floor.line.sent)
    assert_reductions_reduce(books.executions, keeps_both_sides=floor.guard.keeps_both_sides)
    assert_a_flatten_added_nothing(floor)
    assert_books_agree(books, floor.ledger)
    for report in floor.reports:
        assert_report_is_the_venue(books, report)
    assert_ends_have_evidence(books, floor.ledger, sent=floor.line.sent)
    assert_again_sends_nothing(floor, lambda: None)


def every_order(ledger: LedgerReader) -> list[Order]:
    """All orders that our books know, whatever became of them."""
    return [ledger.get_order(order_id) for group in ledger.get_execution_groups() for order_id in group.order_ids]


def assert_every_venue_order_is_ours(books: VenueBooks, ledger: LedgerReader) -> None:
    """I2: the venue executed no order that we did not write down, and none beyond what was asked."""
    ours = {order.order_id: order for order in every_order(ledger)}
    strangers = [done.order.order_id for done in books.executions if done.order.order_id not in ours]
    assert strangers == [], "the venue executed what we never wrote down"
    for order_id, order in ours.items():
        executed = sum((it.report.quantity for it in books.executions if it.order.order_id == order_id), ZERO)
        assert executed <= order.quantity, f"{order_id} executed {executed} of {order.quantity}"


def assert_sent_once(sent: Collection[OrderId]) -> None:
    """I2: no intent was sent to the venue a second time."""
    assert [order_id for order_id, times in Counter(sent).items() if times > 1] == []


def assert_reductions_reduce(executions: Sequence[SimulatedExecution], *, keeps_both_sides: bool) -> None:
    """I3: no execution of an order that may only reduce made any |position| of the venue larger."""
    held: Counter[tuple[str, Direction | None]] = Counter()
    for done in executions:
        order = done.order
        side = order.direction.opposite if order.reduce_only else order.direction
        at = order.symbol, side if keeps_both_sides else None
        was = Decimal(held[at])
        parts = fee_parts(done.report.fee, done.report.fee_currency, order.symbol)
        now = was + done.report.quantity * order.direction.sign - parts.base
        held[at] = now  # type: ignore[assignment]  # Decimal counts like int
        assert not order.reduce_only or abs(now) <= abs(was), f"{order.order_id} took {at} from {was} to {now}"


def assert_a_flatten_added_nothing(floor: FarFloor) -> None:
    """I3, I4: since the last flatten was pressed nothing was added but what was on its way, until a person cleared it."""
    job = floor.handler.flatten_job
    if job is None:
        return
    executions = floor.venue.books.executions
    if floor.handler.trading_state is not TradingState.REDUCING:
        executions = [done for done in executions if done.report.at <= job.updated_at]
    before = sum(done.report.at <= job.asked_at for done in executions)
    in_flight = {order.order_id for order in floor.orders(OrderRole.ENTRY) if order.created_at <= job.asked_at}
    assert_nothing_was_raised(executions, before=before, in_flight=in_flight)


def assert_nothing_was_raised(
    executions: Sequence[SimulatedExecution], *, before: int, in_flight: set[OrderId]
) -> None:
    """I3, I4: after the first so many executions no order raised any |position|, but those on their way already."""
    assert raised_by(executions, before, in_flight) == []


def assert_books_agree(books: VenueBooks, ledger: LedgerReader) -> None:
    """I5: what we count is what the venue executed, order by order and market by market, to the last digit."""
    for order in every_order(ledger):
        executed = sum((it.report.quantity for it in books.executions if it.order.order_id == order.order_id), ZERO)
        assert executed == order.filled_quantity, f"{order.order_id}: venue {executed}, books {order.filled_quantity}"
    assert _net(ledger.get_open_positions()) == _net(books.positions())


def _net(positions: Sequence[Position | VenuePosition]) -> dict[str, Decimal]:
    """Return what is held of each market, both sides together."""
    held: dict[str, Decimal] = {}
    for position in positions:
        held[position.symbol] = held.get(position.symbol, ZERO) + position.quantity
    return {symbol: quantity for symbol, quantity in held.items() if quantity}


def assert_report_is_the_venue(books: VenueBooks, report: BatchReport) -> None:
    """I5: quantities and fees of a batch that is over are those of the venue's own executions, to the last digit."""
    if not report.is_over:
        return
    groups = {leg.group_id for leg in report.legs}
    done = [it.report for it in books.executions if it.order.group_id in groups]
    assert report.executed_quantity == sum((it.quantity for it in done), ZERO), report.batch_id
    assert report.fees == sum((it.fee for it in done), ZERO), report.batch_id


def assert_ends_have_evidence(
    books: VenueBooks, ledger: LedgerReader, *, sent: Collection[OrderId] | None = None
) -> None:
    """I6: an order that is done by our books is done at the venue, in the same way, or the venue never had it.

    Args:
        books: The venue's.
        ledger: Ours.
        sent: Every order that was ever sent; None where nobody watched.
    """
    for order in every_order(ledger):
        if not order.is_terminal:
            continue
        standing = books.standing(order.order_id)
        if standing is not None:
            assert standing.status in TERMINAL_ORDER_STATUSES, (
                f"{order.order_id} is {order.status} and works at the venue"
            )
            assert standing.status is order.status, f"{order.order_id}: venue {standing.status}, books {order.status}"
            continue
        assert not order.filled_quantity, f"{order.order_id} is filled and the venue never had it"
        was_dropped = order.status in (OrderStatus.CANCELLED, OrderStatus.EXPIRED)
        is_proven = order.status is OrderStatus.REJECTED or (
            was_dropped and (sent is None or order.order_id not in sent)
        )
        assert is_proven, f"{order.order_id} was sent, the venue never had it, and our books say {order.status}"


def assert_again_sends_nothing(floor: FarFloor, again: Callable[[], object]) -> None:
    """I7: asking for the same again sends nothing, neither at once nor while time passes."""
    before = list(floor.line.sent), list(floor.line.cancels)
    again()
    floor.watch(_QUIET_S)
    assert (list(floor.line.sent), list(floor.line.cancels)) == before


def assert_flat(books: VenueBooks, job: FlattenJob, symbols: Sequence[str] = ()) -> None:
    """A job that says FLAT is right: the venue holds nothing of it, and nothing works there."""
    assert job.result.is_final
    assert [at for at in books.positions() if not symbols or at.symbol in symbols] == []
    assert [order.order_id for order, _ in books.working() if not symbols or order.symbol in symbols] == []
