"""Builders for venues: a desk in front of a simulated venue, with or without a line of latency and faults between."""

from decimal import Decimal
from typing import Any

from engine.config.policies import FaultParameters, FillParameters, LineParameters, PositionMode
from engine.contracts.base import Direction
from engine.contracts.market import BookLevel, BookSnapshot, Instrument, TradePrint
from engine.contracts.orders import Order, OrderRole, TimeInForce
from engine.contracts.plans import OrderType
from engine.contracts.venue import FundingPaid, OrderReport, VenueAnswer, VenueReport
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.phase5_execution.venue_books import VenueBooks
from engine.phase5_execution.venue_faults import Faults
from engine.phase5_execution.venue_line import VenueLine
from engine.primitives.ids import ORDER, IdSource
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_MS
from tests.support import notes
from tests.support.execution import FREE, HandClock, a_bar_of, an_open_market

D = Decimal


class Far:
    """A trader at one end of a line, a simulated venue at the other, and a market that is moved by hand."""

    def __init__(
        self,
        *,
        market: Instrument | None = None,
        parameters: FillParameters = FREE,
        faults: FaultParameters | None = None,
        cash: str | None = None,
        position_mode: PositionMode = PositionMode.ONE_WAY,
        **line: Any,
    ) -> None:
        self.clock = HandClock()
        self.market = market or an_open_market()
        self.ids = IdSource(self.clock.now_ns)
        starting_cash = None if cash is None else D(cash)
        self.venue = SimulatedVenue(
            instruments={self.market.symbol: self.market},
            clock=self.clock,
            parameters=parameters,
            position_mode=position_mode,
            books=VenueBooks(starting_cash=starting_cash, currency="USDT"),
        )
        self.faults = Faults(faults)
        self.line = VenueLine(self.venue, clock=self.clock, line=LineParameters(**line), faults=self.faults)

    def place(self, **changes: Any) -> Order:
        """Send an order: BUY 0.5 at market unless told otherwise."""
        order = notes.an_order(order_id=self.ids.next(ORDER), created_at=self.clock.now(), **changes)
        self.line.place(order)
        return order

    def rest(self, price: str = "90", **changes: Any) -> Order:
        """Send an order that waits at a price."""
        how = {"order_type": OrderType.LIMIT, "time_in_force": TimeInForce.GTC, "limit_price": D(price)}
        return self.place(**(how | changes))

    def close(self, quantity: str = "0.5", **changes: Any) -> Order:
        """Send a reduce-only SELL at market."""
        how = {"role": OrderRole.CLOSE, "direction": Direction.SELL, "reduce_only": True, "quantity": D(quantity)}
        return self.place(time_in_force=TimeInForce.GTC, **(how | changes))

    def wait(self, ms: int) -> None:
        """Let time pass in a market that says nothing."""
        self.clock.move_to(self.clock.now_ns() + ms * NS_PER_MS)

    def bar(self, open_: float = 100.0, **prices: float) -> None:
        """Close a bar of one minute."""
        opened_ns = self.clock.now_ns()
        self.clock.move_to(opened_ns + NS_PER_MINUTE)
        self.line.on_market(a_bar_of(self.market.symbol, opened_ns, {"open": open_} | prices))

    def print(self, price: str = "100", quantity: str = "100", *, after_ms: int = 1000) -> None:
        """Let one trade happen."""
        self.wait(after_ms)
        self.line.on_market(
            TradePrint(
                symbol=self.market.symbol,
                traded_at=self.clock.now(),
                price=D(price),
                quantity=D(quantity),
                taker=Direction.SELL,
            )
        )

    def book(self, *, bid: str = "99", ask: str = "101", size: str = "10", after_ms: int = 1000) -> None:
        """Let the feed tell a book of one level on each side."""
        self.wait(after_ms)
        bids, asks = (BookLevel(D(bid), D(size)),), (BookLevel(D(ask), D(size)),)
        self.line.on_market(BookSnapshot(self.market.symbol, self.clock.now_ns(), bids, asks))

    def all_reports(self) -> list[VenueReport]:
        """What is heard now."""
        return list(self.line.take_reports())

    def reports(self, order: Order) -> list[OrderReport]:
        """What is heard now of one order."""
        heard = self.line.take_reports()
        return [it for it in heard if not isinstance(it, FundingPaid) and it.order_id == order.order_id]

    def kinds(self, order: Order) -> list[str]:
        """What is heard now of one order, by kind."""
        return [report.kind for report in self.reports(order)]

    def answers(self) -> list[VenueAnswer]:
        """The answers that are heard now."""
        return list(self.line.take_answers())
