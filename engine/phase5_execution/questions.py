"""Questions to the venue: each answer goes to whoever asked."""

from collections.abc import Callable
from datetime import datetime

from engine.contracts.venue import AskId, VenueAnswer
from engine.ports.venue import ExecutionVenue
from engine.primitives.ids import OrderId

Hear = Callable[[VenueAnswer], None]


class Questions:
    """The one place that takes answers from the venue: several rooms of this house ask, and none hears for another.

    Args:
        venue: Who is asked.
    """

    def __init__(self, venue: ExecutionVenue) -> None:
        self._venue = venue
        self._then: dict[AskId, Hear] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether any question has no answer yet."""
        return bool(self._then)

    def order(self, order_id: OrderId, then: Hear) -> None:
        """Ask what the venue knows of one order; `then` gets OrderLookedUp or AskFailed."""
        self._then[self._venue.ask_order(order_id)] = then

    def open_orders(self, then: Hear) -> None:
        """Ask for all orders that work; `then` gets OpenOrdersListed or AskFailed."""
        self._then[self._venue.ask_open_orders()] = then

    def executions(self, since: datetime, then: Hear) -> None:
        """Ask for all executions at or after an instant; `then` gets ExecutionsListed or AskFailed."""
        self._then[self._venue.ask_executions(since)] = then

    def account(self, then: Hear) -> None:
        """Ask what the account holds; `then` gets AccountStated or AskFailed."""
        self._then[self._venue.ask_account()] = then

    def hear(self) -> bool:
        """Hand every answer that is there to whoever asked for it; tell whether there was any."""
        if not self._then:
            return False
        answers = self._venue.take_answers()
        for answer in answers:
            then = self._then.pop(answer.ask_id, None)
            if then is not None:
                then(answer)
        return bool(answers)
