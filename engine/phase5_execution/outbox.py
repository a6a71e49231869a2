"""Requests on their way out: what the books say is on disk first, one commit for all that leaves together."""

import logging
from collections.abc import Sequence
from typing import Final, NamedTuple

from engine.contracts.orders import Order
from engine.contracts.specs import ConnectorExecutionSpec
from engine.contracts.venue import VenueRequest
from engine.ports.intents import IntentLog
from engine.ports.venue import ExecutionVenue
from engine.primitives.errors import LedgerMismatch
from engine.primitives.ids import OrderId

_logger: Final = logging.getLogger("engine.phase5_execution")


class Outgoing(NamedTuple):
    """One request to the venue, already in the books: the order as it is to be sent, or to be cancelled."""

    request: VenueRequest
    order: Order
    spec: ConnectorExecutionSpec | None = None

    @property
    def adds_risk(self) -> bool:
        """Whether it could make a position larger: an order that is not reduce-only."""
        return self.request is VenueRequest.PLACE and not self.order.reduce_only


class Outbox:
    """Keeps requests in their order until they are sent together.

    Where there is a journal, they wait for its commit. If that fails, what adds risk is not sent, and comes back;
    cancels and reductions leave all the same (live-execution.md 5.3).

    Args:
        venue: Where they go.
        intents: What must be on disk first; None where a run can be made again.
    """

    def __init__(self, venue: ExecutionVenue, intents: IntentLog | None = None) -> None:
        self._venue = venue
        self._intents = intents
        self.waiting: list[Outgoing] = []
        """What is to be sent."""
        self._trouble = ""

    @property
    def trouble(self) -> str:
        """Why nothing that adds risk may leave: the journal cannot be written. Empty while it can."""
        return self._trouble or ("" if self._intents is None else self._intents.failure)

    def put(self, outgoing: Outgoing) -> None:
        """Take one request; its order must be in the books as SUBMITTED or CANCEL_PENDING."""
        self.waiting.append(outgoing)

    def send(self) -> Sequence[Order]:
        """Send all that waits; return the orders that were not sent, because they add risk and are not on disk."""
        if not self.waiting:
            return ()
        waiting, self.waiting = self.waiting, []
        self._write_down()
        kept: dict[OrderId, Order] = {}
        for outgoing in waiting:
            order = outgoing.order
            if outgoing.adds_risk and self.trouble:
                kept[order.order_id] = order
            elif outgoing.request is VenueRequest.PLACE:
                self._venue.place(order, outgoing.spec)
            elif order.order_id not in kept:
                self._venue.cancel(order.order_id)
        return tuple(kept.values())

    def _write_down(self) -> None:
        if self._intents is None:
            return
        before = self.trouble
        try:
            self._intents.commit()
        except LedgerMismatch as error:
            self._trouble = str(error)
        else:
            self._trouble = ""
        if self.trouble and not before:
            _logger.error("the journal cannot be written: no new risk is sent", extra={"reason": self.trouble})
