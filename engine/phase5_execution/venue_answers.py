"""Questions about the simulated venue's books, asked and answered as the port wants it."""

from collections.abc import Sequence
from datetime import datetime

from engine.contracts.venue import (
    AccountStated,
    AskId,
    ExecutionsListed,
    OpenOrdersListed,
    OrderLookedUp,
    VenueAnswer,
)
from engine.phase5_execution.venue_books import VenueBooks
from engine.ports.clock import Clock
from engine.primitives.ids import OrderId


class AnsweringBooks:
    """Answers every question at once and completely, from the books as they stand.

    Args:
        books: The account at the venue.
        clock: The venue's clock: that of the engine.
    """

    def __init__(self, books: VenueBooks, clock: Clock) -> None:
        self.books = books
        self._clock = clock
        self._answers: list[VenueAnswer] = []
        self._asked = 0

    def ask_order(self, order_id: OrderId) -> AskId:
        """Look an order up."""
        ask_id, at = self._ask()
        standing = self.books.standing(order_id)
        self._answers.append(OrderLookedUp(ask_id=ask_id, as_of=at, order_id=order_id, standing=standing))
        return ask_id

    def ask_open_orders(self, symbol: str | None = None) -> AskId:
        """List what works."""
        ask_id, at = self._ask()
        orders = self.books.open_orders(symbol)
        self._answers.append(OpenOrdersListed(ask_id=ask_id, as_of=at, symbol=symbol, orders=orders))
        return ask_id

    def ask_executions(self, since: datetime) -> AskId:
        """List what was executed and paid at or after an instant."""
        ask_id, at = self._ask()
        executions, fundings = self.books.executions_since(since), self.books.fundings_since(since)
        answer = ExecutionsListed(
            ask_id=ask_id,
            as_of=at,
            since=since,
            executions=executions,
            fundings=fundings,
            forced=self.books.forced_since(since),
        )
        self._answers.append(answer)
        return ask_id

    def ask_account(self) -> AskId:
        """State positions and cash."""
        ask_id, at = self._ask()
        positions, cash, currency = self.books.positions(), self.books.cash, self.books.currency
        self._answers.append(AccountStated(ask_id=ask_id, as_of=at, positions=positions, cash=cash, currency=currency))
        return ask_id

    def take_answers(self) -> Sequence[VenueAnswer]:
        """Return the answers since the last call, in the order of the questions."""
        answers, self._answers = self._answers, []
        return answers

    def _catch_up(self) -> None:
        """Bring the books up to now before they are read."""

    def _ask(self) -> tuple[AskId, datetime]:
        self._catch_up()
        self._asked += 1
        return AskId(self._asked), self._clock.now()
