"""What a venue reports about our orders. Money is counted from `OrderExecuted` alone."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from engine.contracts.base import Contract, Price, Quantity, UtcDatetime
from engine.contracts.orders import Liquidity, OrderIdField


class _VenueReport(Contract):
    order_id: OrderIdField
    at: UtcDatetime


class OrderAccepted(_VenueReport):
    """The order rests at the venue."""

    kind: Literal["ACCEPTED"] = "ACCEPTED"


class OrderRefused(_VenueReport):
    """A definite no: nothing of it will ever fill."""

    kind: Literal["REFUSED"] = "REFUSED"
    reason: str


class OrderExecuted(_VenueReport):
    """One execution. `fee` in quote, `venue_trade_id` is unique per account and symbol."""

    kind: Literal["EXECUTED"] = "EXECUTED"
    price: Price
    quantity: Quantity
    fee: Decimal
    liquidity: Liquidity
    venue_trade_id: str


class OrderCancelled(_VenueReport):
    """What was left of the order is gone."""

    kind: Literal["CANCELLED"] = "CANCELLED"
    reason: str = ""


class OrderExpired(_VenueReport):
    """Its time ran out: an execution window, IOC or FOK."""

    kind: Literal["EXPIRED"] = "EXPIRED"
    reason: str = ""


VenueReport = Annotated[
    OrderAccepted | OrderRefused | OrderExecuted | OrderCancelled | OrderExpired, Field(discriminator="kind")
]
