"""Where orders go: an exchange, a chain, or a simulation of one."""

from collections.abc import Sequence
from typing import Protocol

from engine.contracts.market import Instrument, MarketEvent
from engine.contracts.orders import Order
from engine.contracts.specs import ConnectorExecutionSpec
from engine.contracts.venue import VenueReport
from engine.primitives.ids import OrderId


class ExecutionVenue(Protocol):
    """Takes orders and reports what became of them, later and one by one.

    No method waits for the outcome: an answer, also a refusal, comes back through `take_reports`, in the order in
    which it happened. An order is placed once; it is known at the venue by its `order_id`.
    """

    def instrument(self, symbol: str) -> Instrument:
        """Return the market of a symbol.

        Raises:
            VenueRejected: the venue does not trade it.
        """
        ...

    def place(self, order: Order, spec: ConnectorExecutionSpec | None = None) -> None:
        """Send an order. The spec carries the terms that the order itself has no field for (latency, price bound).

        Raises:
            InvariantBroken: this order id was placed before.
        """
        ...

    def cancel(self, order_id: OrderId) -> None:
        """Ask for the rest of an order to be cancelled. A cancel that comes too late reports nothing."""
        ...

    def open_orders(self) -> Sequence[OrderId]:
        """Return the orders that work at the venue now, oldest first."""
        ...

    def take_reports(self) -> Sequence[VenueReport]:
        """Return the reports since the last call, oldest first, each of them once."""
        ...


class SimulatedMarket(Protocol):
    """The extra door of a venue that fills orders itself: it must see the market to do so."""

    def on_market(self, event: MarketEvent) -> None:
        """Move the simulated market; reports of what filled are ready afterwards."""
        ...
