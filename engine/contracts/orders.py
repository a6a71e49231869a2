"""What stands in the ledger: orders, fills, positions, trades, balances."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from engine.contracts.base import Contract, Direction, Price, Quantity, Symbol, UtcDatetime, Word
from engine.contracts.plans import OrderType
from engine.primitives.ids import (
    FILL,
    GROUP,
    ORDER,
    POSITION,
    TRADE,
    FillId,
    GroupId,
    OrderId,
    PositionId,
    TradeId,
    id_pattern,
)

OrderIdField = Annotated[OrderId, StringConstraints(pattern=id_pattern(ORDER))]
GroupIdField = Annotated[GroupId, StringConstraints(pattern=id_pattern(GROUP))]
TradeIdField = Annotated[TradeId, StringConstraints(pattern=id_pattern(TRADE))]


class OrderStatus(Word):
    """Where an order stands (decisions 6.1)."""

    NEW = "NEW"
    SUBMITTED = "SUBMITTED"
    OPEN = "OPEN"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCEL_PENDING = "CANCEL_PENDING"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    UNKNOWN = "UNKNOWN"


TERMINAL_ORDER_STATUSES: Final = frozenset(
    {OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.REJECTED, OrderStatus.EXPIRED}
)


class OrderRole(Word):
    """What an order is for."""

    ENTRY = "ENTRY"
    STOP_LOSS = "STOP_LOSS"
    TAKE_PROFIT = "TAKE_PROFIT"
    CLOSE = "CLOSE"
    LIQUIDATION = "LIQUIDATION"
    """The venue's own: it ends a position whose margin is used up. None of us asks for one."""


class TimeInForce(Word):
    """How long an order works."""

    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"


class Liquidity(Word):
    """Which side of the book a fill came from; decides the fee."""

    MAKER = "MAKER"
    TAKER = "TAKER"


class Order(Contract):
    """One order as our ledger knows it. Quantities in base, prices quote per base.

    `expires_at` ends a GTC order that has an execution window. `average_fill_price` is for display; money is always
    counted from fills.
    """

    order_id: OrderIdField
    group_id: GroupIdField
    trade_id: TradeIdField
    strategy_id: str
    symbol: Symbol
    direction: Direction
    role: OrderRole
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: Quantity
    limit_price: Price | None = None
    stop_price: Price | None = None
    reduce_only: bool = False
    status: OrderStatus = OrderStatus.NEW
    filled_quantity: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    average_fill_price: Price | None = None
    created_at: UtcDatetime
    updated_at: UtcDatetime
    expires_at: UtcDatetime | None = None
    reason: str = ""
    """Why it was rejected, cancelled or expired."""

    @property
    def remaining_quantity(self) -> Decimal:
        """What is still to be filled, base units."""
        return self.quantity - self.filled_quantity

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more can happen to it, but a late fill."""
        return self.status in TERMINAL_ORDER_STATUSES


class Fill(Contract):
    """One execution. `fee` is in `fee_currency` and already the exact amount that left the account."""

    fill_id: Annotated[FillId, StringConstraints(pattern=id_pattern(FILL))]
    order_id: OrderIdField
    group_id: GroupIdField
    trade_id: TradeIdField
    symbol: Symbol
    direction: Direction
    role: OrderRole
    price: Price
    quantity: Quantity
    fee: Decimal
    liquidity: Liquidity
    filled_at: UtcDatetime
    venue_trade_id: str
    """The venue's own id of the execution: with account and symbol it is booked once."""
    fee_currency: str = ""
    """Empty: the quote currency. A fee in base has made the position smaller (`contracts.fees`)."""


class Position(Contract):
    """What is held of a symbol by one strategy, signed: positive long, negative short (base units).

    `cost_quote` is what was paid for it (signed like the quantity); `average_price` is for display.
    """

    position_id: Annotated[PositionId, StringConstraints(pattern=id_pattern(POSITION))]
    strategy_id: str
    symbol: Symbol
    quantity: Decimal
    cost_quote: Decimal
    realised_pnl: Decimal
    fees_paid: Decimal
    mark_price: Price | None = None
    updated_at: UtcDatetime

    @property
    def average_price(self) -> Decimal | None:
        """Cost per base unit, or None when flat."""
        return self.cost_quote / self.quantity if self.quantity else None

    @property
    def open_pnl(self) -> Decimal | None:
        """What closing at the mark price would win before fees, in quote; None without a mark."""
        if not self.quantity:
            return Decimal(0)
        return None if self.mark_price is None else self.quantity * self.mark_price - self.cost_quote


class TradeStatus(Word):
    """Where a trade stands."""

    PENDING = "PENDING"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    """All that came in went out, but for what is less than the venue trades (`Trade.dust`)."""
    ABANDONED = "ABANDONED"
    """No entry was ever filled."""


class Trade(Contract):
    """One trading idea from entry to exit: its fills, what it earned, and how it ended. Amounts in quote.

    `entry_quantity` is what came in and `exit_quantity` what went out of what is held: a fee in base makes them differ
    from what was executed. `fees` are those in quote.
    """

    trade_id: TradeIdField
    strategy_id: str
    symbol: Symbol
    direction: Direction
    status: TradeStatus
    opened_at: UtcDatetime
    closed_at: UtcDatetime | None = None
    entry_quantity: Decimal = Decimal(0)
    exit_quantity: Decimal = Decimal(0)
    entry_value: Decimal = Decimal(0)
    exit_value: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    stop_loss_price: Price | None = None
    take_profit_price: Price | None = None
    exit_reason: str = ""

    @property
    def held_quantity(self) -> Decimal:
        """What is held of it, base units, never signed: what is open, or the dust that stays."""
        return self.entry_quantity - self.exit_quantity

    @property
    def open_quantity(self) -> Decimal:
        """What is still to be closed of it, base units, never signed; nothing once it is closed."""
        return Decimal(0) if self.status is TradeStatus.CLOSED else self.held_quantity

    @property
    def dust(self) -> Decimal:
        """What stays held when it is closed: base units, too little for the venue to trade, as a fee in base leaves it.

        It counts as nothing in the result of the trade; the position and the equity have it.
        """
        return self.held_quantity if self.status is TradeStatus.CLOSED else Decimal(0)

    @property
    def realised_pnl(self) -> Decimal | None:
        """Result after fees in quote, once closed."""
        if self.status is not TradeStatus.CLOSED:
            return None
        return (self.exit_value - self.entry_value) * self.direction.sign - self.fees


class Balance(Contract):
    """Cash of one account in its quote currency. `reserved` is held for working orders."""

    currency: str
    cash: Decimal
    reserved: Annotated[Decimal, Field(ge=0)] = Decimal(0)

    @property
    def free(self) -> Decimal:
        """What new orders may use."""
        return self.cash - self.reserved


class AccountSnapshot(Contract):
    """The account at one instant, in quote: equity = cash + the value of all positions at their marks.

    `positions_value` contains what `balances` are worth, as far as their rates are known; `left_out` names those without.
    """

    at: UtcDatetime
    currency: str
    cash: Decimal
    positions_value: Decimal
    fees_paid: Decimal
    """Those in quote."""
    realised_pnl: Decimal
    """Before fees in quote; a fee in base is a loss of what is held, and in it."""
    fees_in: Mapping[str, Decimal] = {}
    """Fees by currency, of all currencies but the quote."""
    balances: Mapping[str, Decimal] = {}
    """What fees did to balances that are neither cash nor a position, by currency: below zero when they were paid."""
    left_out: tuple[str, ...] = ()
    """Currencies of `balances` whose rate is not known: they are not in the equity, rather than guessed."""

    @property
    def equity(self) -> Decimal:
        """Cash plus positions."""
        return self.cash + self.positions_value
