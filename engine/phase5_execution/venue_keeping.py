"""What of a simulated venue has to outlive the process, picked out as it changes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from pydantic import TypeAdapter

from engine.contracts.carried import CarriedCancel, CarriedExecution, CarriedVenue
from engine.contracts.venue import FundingPaid, VenueReport
from engine.phase5_execution.fill_models import OrderAtVenue
from engine.phase5_execution.venue_books import VenueBooks
from engine.primitives.ids import OrderId

Keep = Callable[[CarriedVenue], None]
"""Puts what changed on disk before it returns."""

_AT_WORK: Final = TypeAdapter(OrderAtVenue)


def at_work_of(text: str) -> OrderAtVenue:
    """Return how an order stands in the simulation, as it was kept."""
    return _AT_WORK.validate_json(text)


class VenueKeeping:
    """Has everything that changed at a simulated venue written down, before anybody hears of it.

    Args:
        books: The venue's.
        keep: Writes.
    """

    def __init__(self, books: VenueBooks, keep: Keep) -> None:
        self._books = books
        self._keep = keep
        self._kept: dict[OrderId, OrderAtVenue] = {}
        self._executions, self._fundings = len(books.executions), len(books.fundings)
        self._cancels: tuple[CarriedCancel, ...] | None = None

    def begin(self, at_work: Mapping[OrderId, OrderAtVenue]) -> None:
        """Take what works at the start as kept: it was carried over."""
        self._kept = dict(at_work)

    def keep(
        self,
        reports: Iterable[VenueReport],
        at_work: Mapping[OrderId, OrderAtVenue],
        *,
        cancels: tuple[CarriedCancel, ...],
        funded_ns: Mapping[str, int],
    ) -> None:
        """Write down what changed since the last call; cheap when nothing did.

        Args:
            reports: What is about to be told.
            at_work: How the orders that work stand in the simulation.
            cancels: Those that are on their way.
            funded_ns: Up to when funding is paid, by market (UTC nanoseconds).
        """
        # What changes is made anew, so identity tells.
        moved = [order_id for order_id, stands in at_work.items() if self._kept.get(order_id) is not stands]
        told = [report.order_id for report in reports if not isinstance(report, FundingPaid)]
        done = self._books.executions[self._executions :]
        paid = self._books.fundings[self._fundings :]
        if not (moved or told or done or paid or cancels != self._cancels):
            return
        first = self._books.executions_counted - len(done) + 1
        self._keep(
            CarriedVenue(
                account=self._books.account(funded_ns=funded_ns, cancels=cancels),
                orders=tuple(
                    self._books.entry(order_id, _text_of(at_work.get(order_id)))
                    for order_id in dict.fromkeys((*moved, *told))
                    if self._books.knows(order_id)
                ),
                executions=tuple(
                    CarriedExecution(number=number, report=one.report) for number, one in enumerate(done, first)
                ),
                fundings=tuple(paid),
            )
        )
        self._kept, self._cancels = dict(at_work), cancels
        self._executions += len(done)
        self._fundings += len(paid)


def _text_of(stands: OrderAtVenue | None) -> str:
    return "" if stands is None else _AT_WORK.dump_json(stands).decode()
