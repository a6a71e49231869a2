"""What must hold after every run with a venue that keeps books of its own, whatever went wrong on the way (I1 to I9).

Each check reads the venue's books, never ours alone. I1 (nothing leaves that is not on disk) is watched while a floor
runs (`far_floor.WatchedLine`); I8 and I9 are about time and processes, and have tests of their own.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from engine.contracts.flatten import FlattenJob
from engine.contracts.orders import Order
from engine.phase0_bootstrap.drill import raised_by
from engine.phase5_execution.venue_books import VenueBooks
from engine.ports.ledger import LedgerReader
from engine.primitives.ids import OrderId
from engine.primitives.money import ZERO


def every_order(ledger: LedgerReader) -> list[Order]:
    """All orders that our books know, whatever became of them."""
    return [ledger.get_order(order_id) for group in ledger.get_execution_groups() for order_id in group.order_ids]


def assert_every_venue_order_is_ours(books: VenueBooks, ledger: LedgerReader) -> None:
    """I2: the venue executed no order that we did not write down, and none beyond what was asked."""
    ours = {order.order_id: order for order in every_order(ledger)}
    for done in books.executions:
        assert done.order.order_id in ours
    for order_id, order in ours.items():
        executed = sum((it.report.quantity for it in books.executions if it.order.order_id == order_id), ZERO)
        assert executed <= order.quantity, f"{order_id} executed {executed} of {order.quantity}"


def assert_nothing_was_raised(books: VenueBooks, *, before: int, in_flight: set[OrderId]) -> None:
    """I3, I4: after the first so many executions no order raised any |position|, but those on their way already."""
    assert raised_by(books.executions, before, in_flight) == []


def assert_books_agree(books: VenueBooks, ledger: LedgerReader) -> None:
    """I5: what we count is what the venue executed, order by order and market by market, to the last digit."""
    for order in every_order(ledger):
        executed = sum((it.report.quantity for it in books.executions if it.order.order_id == order.order_id), ZERO)
        assert executed == order.filled_quantity, f"{order.order_id}: venue {executed}, books {order.filled_quantity}"
    held: dict[str, Decimal] = {}
    for position in ledger.get_open_positions():
        held[position.symbol] = held.get(position.symbol, ZERO) + position.quantity
    assert {symbol: quantity for symbol, quantity in held.items() if quantity} == {
        at.symbol: at.quantity for at in books.positions()
    }


def assert_ends_have_evidence(books: VenueBooks, ledger: LedgerReader) -> None:
    """I6: no order that is done by our books works at the venue."""
    done = {order.order_id for order in every_order(ledger) if order.is_terminal}
    assert [order.order_id for order, _ in books.working() if order.order_id in done] == []


def assert_again_sends_nothing(books: VenueBooks, again: Callable[[], object]) -> None:
    """I7: asking for the same again sends nothing to the venue."""
    before = (len(list(books.working())), len(books.executions))
    again()
    assert (len(list(books.working())), len(books.executions)) == before


def assert_flat(books: VenueBooks, job: FlattenJob, symbols: Sequence[str] = ()) -> None:
    """A job that says FLAT is right: the venue holds nothing of it, and nothing works there."""
    assert job.result.is_final
    assert [at for at in books.positions() if not symbols or at.symbol in symbols] == []
    assert [order.order_id for order, _ in books.working() if not symbols or order.symbol in symbols] == []
