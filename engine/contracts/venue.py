"""What a venue reports about our orders, and what it answers when it is asked. Money is counted from executions alone.

Reports come by themselves and may be late, doubled, out of order or lost, as messages of an exchange are. Answers are
read from the venue's own books: they are the evidence that settles what reports leave open.
"""

from decimal import Decimal
from typing import Annotated, Literal, NewType

from pydantic import Field

from engine.contracts.base import Contract, Direction, Price, Quantity, Symbol, UtcDatetime, Word
from engine.contracts.orders import Liquidity, OrderIdField, OrderStatus, TradeIdField

AskId = NewType("AskId", int)
"""Which question an answer belongs to: counted from 1 by the venue's adapter, new in every process."""


class VenueRequest(Word):
    """What we asked the venue to do with an order."""

    PLACE = "PLACE"
    CANCEL = "CANCEL"


class Refusal(Word):
    """What a definite no means for the next step."""

    TERMS = "TERMS"
    """Precision, minimum, unknown market, price band: the same request is refused again."""
    FUNDS = "FUNDS"
    """There is no money for it: read the balance before anything else is tried."""
    NOTHING_TO_REDUCE = "NOTHING_TO_REDUCE"
    """Reduce-only, and nothing is held against it."""
    RATE_LIMIT = "RATE_LIMIT"
    """Refused at the gate for too many requests: it may be asked again later, an order as a new one."""
    MAINTENANCE = "MAINTENANCE"
    """The venue takes no requests, or only cancels, until it says otherwise."""
    NOT_SENT = "NOT_SENT"
    """It never left this machine: it may be asked again, an order as a new one."""
    ABSENT = "ABSENT"
    """Proven by the venue's books after the end of its window: it never arrived. It may be asked again as a new order."""
    NOT_OPEN = "NOT_OPEN"
    """A cancel that came too late: the order is done, and its own reports say how."""
    NOT_FOUND = "NOT_FOUND"
    """A cancel of what the venue does not know: not yet, or not any more. It proves nothing about the order."""
    OTHER = "OTHER"


class _VenueReport(Contract):
    order_id: OrderIdField
    at: UtcDatetime


class OrderAccepted(_VenueReport):
    """The order rests at the venue."""

    kind: Literal["ACCEPTED"] = "ACCEPTED"
    venue_order_id: str = ""
    """The venue's own name for it; empty where it has none."""


class OrderRefused(_VenueReport):
    """A definite no: nothing of it will ever fill."""

    kind: Literal["REFUSED"] = "REFUSED"
    reason: str
    why: Refusal = Refusal.OTHER


class OrderExecuted(_VenueReport):
    """One execution. `fee` is in `fee_currency`, `venue_trade_id` is unique per account and symbol."""

    kind: Literal["EXECUTED"] = "EXECUTED"
    price: Price
    quantity: Quantity
    fee: Decimal
    liquidity: Liquidity
    venue_trade_id: str
    fee_currency: str = ""
    """Empty: the quote currency. The base currency, and any other, are allowed too (`contracts.fees`)."""


class OrderCancelled(_VenueReport):
    """What was left of the order is gone."""

    kind: Literal["CANCELLED"] = "CANCELLED"
    reason: str = ""


class OrderExpired(_VenueReport):
    """Its time ran out: an execution window, IOC or FOK."""

    kind: Literal["EXPIRED"] = "EXPIRED"
    reason: str = ""


class CancelRefused(_VenueReport):
    """A definite no to our cancel. The order is as it was; only its own reports or the venue's books say how."""

    kind: Literal["CANCEL_REFUSED"] = "CANCEL_REFUSED"
    reason: str
    why: Refusal = Refusal.OTHER


class OrderInDoubt(_VenueReport):
    """A request went out and no answer came that can be relied on: it is neither yes nor no.

    The order counts as if it worked until the venue's books say otherwise. `FOUND` is proven by any answer or report
    that shows it. `ABSENT` is proven for a PLACE alone, by two complete answers in a row that miss it, both read after
    `not_after` and a margin for the venue's own lag; without `not_after` it is never proven, and a person decides.
    `at` is when we gave up waiting.
    """

    kind: Literal["IN_DOUBT"] = "IN_DOUBT"
    request: VenueRequest
    sent_at: UtcDatetime
    not_after: UtcDatetime | None
    """The venue takes the request until this instant of its clock and never later; None where it sets no such end."""
    reason: str


class OrderForced(_VenueReport):
    """The venue made an order of its own that ends a position of ours: its margin is used up. Executions follow.

    `order_id` is made by the venue's adapter, and nobody else gives out the same. The adapter names the trade: of several
    that make up the position each gets an order of its own, the oldest first.
    """

    kind: Literal["FORCED"] = "FORCED"
    trade_id: TradeIdField
    symbol: Symbol
    direction: Direction
    quantity: Quantity
    reason: str


class FundingPaid(Contract):
    """One funding payment of a perpetual market, for what the account held of it. Not about any order.

    `amount` is what it did to the cash, in quote and exact: below zero when we paid. It is -(quantity * mark_price *
    rate), rounded as the venue rounds. `funding_id` is unique per account and symbol.
    """

    kind: Literal["FUNDING"] = "FUNDING"
    symbol: Symbol
    at: UtcDatetime
    rate: Decimal
    """Ratio of the position's value for one interval; above zero longs pay shorts."""
    mark_price: Price
    quantity: Decimal
    """What the account held, base units: positive long, negative short."""
    amount: Decimal
    funding_id: str


OrderReport = (
    OrderAccepted
    | OrderRefused
    | OrderExecuted
    | OrderCancelled
    | OrderExpired
    | CancelRefused
    | OrderInDoubt
    | OrderForced
)
"""What is about one order of ours, or one that the venue made for us."""

VenueReport = Annotated[OrderReport | FundingPaid, Field(discriminator="kind")]


class OrderStanding(Contract):
    """How one order stands in the venue's own books."""

    client_order_id: str
    """Our order id for orders of ours; what another hand called it, or empty, for a foreign one."""
    venue_order_id: str
    symbol: Symbol
    direction: Direction
    quantity: Quantity
    filled_quantity: Annotated[Decimal, Field(ge=0)]
    """Base units, of all executions so far."""
    limit_price: Price | None = None
    stop_price: Price | None = None
    reduce_only: bool = False
    status: OrderStatus
    """OPEN, PARTIALLY_FILLED, FILLED, CANCELLED or EXPIRED. Refused orders leave no trace at a venue."""
    updated_at: UtcDatetime
    reason: str = ""


class VenuePosition(Contract):
    """What the account holds of one market by the venue's books: base units, positive long, never zero.

    A hedged account has up to two of a market, a long and a short.
    """

    symbol: Symbol
    quantity: Decimal


class _VenueAnswer(Contract):
    ask_id: AskId
    as_of: UtcDatetime
    """The venue's clock when its books were read."""


class OrderLookedUp(_VenueAnswer):
    """What open orders, history and executions together know of one order; `standing` None: none of them shows it."""

    kind: Literal["ORDER"] = "ORDER"
    order_id: OrderIdField
    standing: OrderStanding | None


class OpenOrdersListed(_VenueAnswer):
    """All orders that work at the venue, of every hand, oldest first. What is not in it may have ended in any way."""

    kind: Literal["OPEN_ORDERS"] = "OPEN_ORDERS"
    symbol: Symbol | None
    orders: tuple[OrderStanding, ...]


class ExecutionsListed(_VenueAnswer):
    """All executions of our orders at or after `since`, oldest first: they may be booked as they are."""

    kind: Literal["EXECUTIONS"] = "EXECUTIONS"
    since: UtcDatetime
    executions: tuple[OrderExecuted, ...]
    fundings: tuple[FundingPaid, ...] = ()
    forced: tuple[OrderForced, ...] = ()
    """The venue's own orders to which those executions belong, and those that still work."""


class AccountStated(_VenueAnswer):
    """What the account holds and has; `cash` is in `currency`, None where the venue was not told what there is."""

    kind: Literal["ACCOUNT"] = "ACCOUNT"
    positions: tuple[VenuePosition, ...]
    cash: Decimal | None
    currency: str = ""


class AskFailed(_VenueAnswer):
    """The question was not answered, or not completely: nothing is known that was not known before.

    `as_of` is our own clock, because the venue's was not read.
    """

    kind: Literal["FAILED"] = "FAILED"
    reason: str


VenueAnswer = Annotated[
    OrderLookedUp | OpenOrdersListed | ExecutionsListed | AccountStated | AskFailed, Field(discriminator="kind")
]
