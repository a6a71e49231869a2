"""What one session leaves to the next: its books, and, where the venue is simulated, the venue's."""

from collections.abc import Mapping
from decimal import Decimal

from engine.contracts.base import Contract, Direction, Symbol, UtcDatetime
from engine.contracts.batches import BatchReport
from engine.contracts.commands import TradingState
from engine.contracts.execution import ExecutionGroup
from engine.contracts.orders import Fill, Order, OrderIdField, OrderStatus, Position, Trade, TradeIdField
from engine.contracts.schedules import GroupPlan
from engine.contracts.venue import FundingPaid, OrderExecuted


class CarriedBooks(Contract):
    """The books of an account between two sessions: what lives, and what the venue may still speak of.

    `orders`, `groups`, `trades` and `fills` are those that live or that something happened to at or after `since`, each
    with all that it belongs to, oldest first. Amounts in quote.
    """

    predecessor: str
    """Id of the session that left them."""
    journal: str
    """Name of its file."""
    as_of: UtcDatetime
    """The last instant that it knew."""
    since: UtcDatetime
    """From here on everything is carried: older words of the venue are about what is done and forgotten."""
    id_second: int
    """The latest second (since the epoch) in which an id was given out; new ones come from later seconds."""
    currency: str
    starting_cash: Decimal
    """With which the first session of the line began."""
    cash: Decimal
    funding: Decimal
    peak_equity: Decimal
    fees_in: Mapping[str, Decimal] = {}
    """Fees by currency, of all currencies but the quote."""
    balances: Mapping[str, Decimal] = {}
    """What fees did to balances that are neither cash nor held, by currency."""
    equity: Decimal | None = None
    """What the account was worth last; None if an older program left them."""
    day_began_with: Decimal | None = None
    """What it was worth when the day (UTC) of `as_of` began."""
    positions: tuple[Position, ...] = ()
    """Also those that are flat: they keep what was realised."""
    trades: tuple[Trade, ...] = ()
    closed_trades: tuple[Trade, ...] = ()
    """The newest trades that are done, for those who learn from results; oldest first, none of them in `trades`."""
    groups: tuple[ExecutionGroup, ...] = ()
    orders: tuple[Order, ...] = ()
    plans: tuple[GroupPlan, ...] = ()
    """The schedules of those groups, as they stood last."""
    batches: tuple[BatchReport, ...] = ()
    """The newest batches, oldest first: none of them runs again."""
    fills: tuple[Fill, ...] = ()
    fundings: tuple[FundingPaid, ...] = ()
    """Payments at or after `since`: none of them is booked again."""
    trading_state: TradingState = TradingState.ACTIVE
    latch_reason: str = ""
    pauses: Mapping[str, str] = {}
    """Why each paused strategy is paused, by its id."""
    closings: Mapping[TradeIdField, str] = {}
    """Why each trade was being closed that was on its way out."""


class CarriedOrder(Contract):
    """One order in the books of a simulated venue. `filled` in base units."""

    order: Order
    number: int
    """Its place in the venue's own count."""
    at: UtcDatetime
    filled: Decimal
    ended: OrderStatus | None = None
    reason: str = ""
    at_work: str = ""
    """How it stands in the simulation, as JSON; empty when it is done."""


class CarriedCancel(Contract):
    """A cancel that is on its way to a simulated venue, and when it is there (UTC nanoseconds)."""

    order_id: OrderIdField
    arrives_ns: int


class CarriedExecution(Contract):
    """One execution in the books of a simulated venue, and its place in the venue's own count."""

    number: int
    report: OrderExecuted


class CarriedLeg(Contract):
    """A position as the venue margins it, signed: base units, and what was paid for it in quote.

    `side` is that of a hedged account, BUY for its longs; None where the market has one position.
    """

    symbol: Symbol
    side: Direction | None
    quantity: Decimal
    value: Decimal


class CarriedVenueAccount(Contract):
    """The account at a simulated venue: `cash_moved` in quote, quantities in base units, nothing that is zero."""

    currency: str
    starting_cash: Decimal | None
    cash_moved: Decimal = Decimal(0)
    orders_counted: int = 0
    executions_counted: int = 0
    net: Mapping[Symbol, Decimal] = {}
    held: Mapping[TradeIdField, Decimal] = {}
    legs: tuple[CarriedLeg, ...] = ()
    funded_ns: Mapping[Symbol, int] = {}
    """Up to when funding is paid (UTC nanoseconds)."""
    cancels: tuple[CarriedCancel, ...] = ()


class CarriedVenue(Contract):
    """The books of a simulated venue between two processes: what works, what is held, what is young; oldest first."""

    account: CarriedVenueAccount
    orders: tuple[CarriedOrder, ...] = ()
    executions: tuple[CarriedExecution, ...] = ()
    fundings: tuple[FundingPaid, ...] = ()
