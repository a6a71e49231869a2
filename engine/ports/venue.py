"""Where orders go: an exchange, a chain, or a simulation of one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from engine.contracts.market import BarSeries, Instrument, MarketEvent
from engine.contracts.orders import Order
from engine.contracts.specs import ConnectorExecutionSpec
from engine.contracts.venue import AskId, VenueAnswer, VenueReport
from engine.primitives.ids import OrderId


class ExecutionVenue(Protocol):
    """Takes orders, reports what became of them, and answers questions from the venue's own books.

    No method waits. An order is placed once; it is known at the venue by its `order_id` (the client order id).

    **What is promised.** Every `place` and every `cancel` gets at least one word, within the adapter's time limit and
    as long as the process lives: `place` OrderAccepted, OrderRefused or OrderInDoubt; `cancel` OrderCancelled,
    CancelRefused or OrderInDoubt. OrderRefused and CancelRefused are said on evidence alone, never for an error or a
    silence. OrderInDoubt may be followed by any other word later, OrderAccepted included. A cancel of an order that
    ends by itself meanwhile may be answered by the order's own end.

    **What is not promised.** Everything else that `take_reports` brings (executions, ends, and the words themselves)
    may come late, twice, out of order (a fill before its acknowledgement, a fill after a cancel) or, executions and
    ends, never. So a position is counted from executions by their trade id, and what must be true is asked for.

    **Asking.** `ask_...` sends a question and returns its number; every question gets exactly one answer through
    `take_answers`: complete as of the instant that it names, or AskFailed. Asking changes nothing and may be repeated.
    """

    @property
    def request_window_ms(self) -> int | None:
        """For how many milliseconds after it was sent the venue takes a request (its fence); None if it sets no end.

        After a crash, an order that was sent at T is proven ABSENT as in `OrderInDoubt`, with T + this as `not_after`.
        """
        ...

    @property
    def silent_since(self) -> datetime | None:
        """Since when nothing can be heard from the venue (UTC); None while the line is up.

        While it is silent, and after it until executions were asked for over the gap, no new risk is sound.
        """
        ...

    def instrument(self, symbol: str) -> Instrument:
        """Return the market of a symbol.

        Raises:
            VenueRejected: the venue does not trade it.
        """
        ...

    def place(self, order: Order, spec: ConnectorExecutionSpec | None = None) -> None:
        """Send an order. The spec carries the terms that the order itself has no field for (latency, price bound).

        It is sent once and never again by itself, whatever happens to the request.

        Raises:
            InvariantBroken: this order id was placed before.
        """
        ...

    def cancel(self, order_id: OrderId) -> None:
        """Ask for the rest of an order to be cancelled. The order may fill until the venue has the request.

        It may be asked again: a second cancel of a cancelled order is refused as NOT_OPEN. `NOT_FOUND` proves nothing:
        a slow order may arrive after its own cancel.
        """
        ...

    def take_reports(self) -> Sequence[VenueReport]:
        """Return the reports since the last call, in the order in which they were heard."""
        ...

    def ask_order(self, order_id: OrderId) -> AskId:
        """Ask what the venue knows of one order, by our own id: OrderLookedUp."""
        ...

    def ask_open_orders(self, symbol: str | None = None) -> AskId:
        """Ask for all orders that work now, foreign ones included, in one market or in all: OpenOrdersListed."""
        ...

    def ask_executions(self, since: datetime) -> AskId:
        """Ask for all executions and funding payments at or after an instant (venue time, UTC): ExecutionsListed."""
        ...

    def ask_account(self) -> AskId:
        """Ask what the account holds: AccountStated. Two answers in a row are what `flat` is proven with."""
        ...

    def take_answers(self) -> Sequence[VenueAnswer]:
        """Return the answers since the last call, in the order in which they were heard."""
        ...


class SimulatedMarket(Protocol):
    """The extra door of a venue that fills orders itself: it must see the market to do so."""

    def on_market(self, event: MarketEvent) -> None:
        """Move the simulated market; reports of what filled are ready afterwards."""
        ...

    def still_bars(self, series: BarSeries, first: int, most: int) -> int:
        """Return on how many bars of a recording, from `first` on and at most so many, nothing happens to any order.

        0 where that is not known.
        """
        ...

    def on_silence(self, now_ns: int) -> None:
        """Let time pass in a market that says nothing (UTC nanoseconds): closes are not made to wait for its next word."""
        ...
