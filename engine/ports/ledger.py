"""The truth about money, on two levels: groups, and the orders in them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol

from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.orders import AccountSnapshot, Balance, Fill, Order, OrderStatus, Position, Trade
from engine.contracts.schedules import GroupPlan
from engine.contracts.venue import FundingPaid, OrderExecuted, VenueReport
from engine.primitives.ids import GroupId, OrderId, TradeId


class LedgerReader(Protocol):
    """What a worker may ask of the books. Reading never blocks and never changes anything.

    `strategy_id` None means all strategies of the account.
    """

    def get_open_positions(self, strategy_id: str | None = None) -> Sequence[Position]:
        """Return all positions that are not flat, oldest first."""
        ...

    def get_execution_groups(
        self, status: ExecutionGroupStatus | None = None, strategy_id: str | None = None
    ) -> Sequence[ExecutionGroup]:
        """Return groups, oldest first; all of them if no status is given."""
        ...

    def get_open_orders(
        self, strategy_id: str | None = None, *, trade_id: TradeId | None = None, group_id: GroupId | None = None
    ) -> Sequence[Order]:
        """Return orders that are not terminal, oldest first. Connector-specific details are exposed here.

        Of a trade or of a group if one is given; the time then goes with what works for it alone.
        """
        ...

    def get_open_trades(self, strategy_id: str | None = None) -> Sequence[Trade]:
        """Return trades that are pending or open, oldest first."""
        ...

    def get_closed_trades(self, strategy_id: str | None = None, *, newest: int) -> Sequence[Trade]:
        """Return at most so many of the trades that were opened last and are closed, the one opened last first."""
        ...

    def get_trade(self, trade_id: TradeId) -> Trade:
        """Return one trade.

        Raises:
            LedgerMismatch: there is no such trade.
        """
        ...

    def get_order(self, order_id: OrderId) -> Order:
        """Return one order.

        Raises:
            LedgerMismatch: there is no such order.
        """
        ...

    def get_group(self, group_id: GroupId) -> ExecutionGroup:
        """Return one group.

        Raises:
            LedgerMismatch: there is no such group.
        """
        ...

    def get_balance(self) -> Balance:
        """Return the cash of the account."""
        ...

    def get_funding(self) -> Decimal:
        """Return the sum of all funding payments, in quote: below zero when more was paid than received."""
        ...

    def get_account(self) -> AccountSnapshot:
        """Return cash, positions at their last marks, and equity."""
        ...

    def get_peak_equity(self) -> Decimal:
        """Return the highest equity seen at any mark since the session began, in quote."""
        ...


class LedgerChange(NamedTuple):
    """What one step changed, for the journal, the reply flow and the window. None means untouched."""

    at: datetime
    strategy_id: str
    order: Order | None = None
    fill: Fill | None = None
    position: Position | None = None
    trade: Trade | None = None
    group: ExecutionGroup | None = None
    funding: FundingPaid | None = None
    plan: GroupPlan | None = None
    """The schedule of a group that changed. The books do not hold it: it is for those who watch."""
    refused: str = ""
    """Why a report was not booked: an illegal transition, a duplicate, a refused cancel. It is journaled all the same."""


Worth = tuple[int, Decimal]
"""When (UTC nanoseconds) all positions of an account together were worth how much (quote)."""


class StrategyLedger(LedgerReader, Protocol):
    """The books, for the one writer that may change them. Every change is handed to the journal before it returns."""

    def open_trade(self, trade: Trade) -> LedgerChange:
        """Open the books of a new trade, PENDING."""
        ...

    def register_execution_group(self, group: ExecutionGroup) -> LedgerChange:
        """Record a group before any of its orders.

        Raises:
            LedgerMismatch: the id is taken.
        """
        ...

    def register_order(self, order: Order) -> LedgerChange:
        """Record an order as NEW, before it is sent, and put it into its group.

        Raises:
            LedgerMismatch: the id is taken, or its group or trade is unknown.
        """
        ...

    def move_order(self, order_id: OrderId, status: OrderStatus, *, reason: str = "") -> LedgerChange:
        """Move an order to a state that we decide: SUBMITTED, CANCEL_PENDING, UNKNOWN, or REJECTED before it was sent.

        An illegal move is not made; the change then says why in `refused`.
        """
        ...

    def book(self, report: VenueReport) -> LedgerChange:
        """Book what a venue reports. An execution is booked once, always, also late; a duplicate is refused."""
        ...

    def has_booked(self, report: OrderExecuted | FundingPaid) -> bool:
        """Tell whether an execution or a funding payment is in the books: unique by symbol and the venue's own id."""
        ...

    def move_group(self, group_id: GroupId, status: ExecutionGroupStatus) -> LedgerChange:
        """Move a group to CANCELLING, CANCELLED, FAILED or COMPLETED; an illegal move is refused like in `move_order`."""
        ...

    def move_stop(
        self, trade_id: TradeId, *, stop_loss_price: Decimal | None = None, take_profit_price: Decimal | None = None
    ) -> LedgerChange:
        """Record where a trade's stop and target stand now; None leaves one as it is."""
        ...

    def leave_dust(self, trade_id: TradeId) -> LedgerChange:
        """Count a trade as closed though something stays held, because it is less than the venue trades."""
        ...

    @property
    def is_idle(self) -> bool:
        """Whether nothing is held and no order and no trade is open."""
        ...

    def net(self, symbol: str) -> Decimal:
        """Return what is held of a symbol, all strategies together: base units, positive long."""
        ...

    def holds(self, symbol: str) -> bool:
        """Tell whether anything is held of a symbol, so that a mark changes what the account is worth."""
        ...

    def mark(self, symbol: str, price: Decimal, at_ns: int) -> Worth | None:
        """Value positions of a symbol at a price (quote per base) from an instant on (UTC nanoseconds).

        Returns:
            What all positions are worth since then; None if a mark changed nothing of that.
        """
        ...

    def mark_along(self, symbol: str, prices: Sequence[Decimal], closed_ns: Sequence[int]) -> Sequence[Worth]:
        """Mark what is held of a symbol at one price (quote per base) after the other, as many single marks would.

        Returns:
            When all positions were worth something else than just before, and how much.
        """
        ...

    def cancel_execution_group(self, group_id: GroupId) -> bool:
        """Mark a group and its working orders as to be cancelled; False when nothing works in it any more.

        It sends nothing: the execution handler carries it out.
        """
        ...

    def cancel_order(self, order_id: OrderId) -> bool:
        """Mark one order as to be cancelled; False when it is terminal. It sends nothing."""
        ...
