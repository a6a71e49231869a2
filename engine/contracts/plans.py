"""What phase 4a plans: static snapshots of what, how much and where out."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engine.contracts.base import Contract, Direction, Price, Quantity, Symbol
from engine.primitives.ids import ENTRY, EXIT, SIZE, EntryPlanId, ExitPlanId, SizePlanId, id_pattern


class OrderType(StrEnum):
    """How an order meets the market."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP_LIMIT = "STOP_LIMIT"
    STOP_MARKET = "STOP_MARKET"


class EntryPlan(Contract):
    """WHAT and WHERE. `reference_price` is the price that the plan was made against, quote per base."""

    plan_id: Annotated[EntryPlanId, StringConstraints(pattern=id_pattern(ENTRY))]
    symbol: Symbol
    direction: Direction
    order_type: OrderType
    reference_price: Price
    limit_price: Price | None = None
    stop_price: Price | None = None

    @model_validator(mode="after")
    def _prices_fit_the_type(self) -> "EntryPlan":
        match self.order_type:
            case OrderType.MARKET:
                if self.limit_price is not None or self.stop_price is not None:
                    raise ValueError("MARKET takes neither limit_price nor stop_price")
            case OrderType.LIMIT:
                if self.limit_price is None or self.stop_price is not None:
                    raise ValueError("LIMIT needs limit_price and takes no stop_price")
            case OrderType.STOP_LIMIT:
                if self.limit_price is None or self.stop_price is None:
                    raise ValueError("STOP_LIMIT needs limit_price and stop_price")
            case OrderType.STOP_MARKET:
                raise ValueError("an entry is MARKET, LIMIT or STOP_LIMIT")
        return self

    @property
    def expected_price(self) -> Decimal:
        """The price that the entry is planned at, quote per base."""
        return self.limit_price if self.limit_price is not None else self.reference_price


class SizePlan(Contract):
    """HOW MUCH, in absolute numbers: base units, quote value, and the quote amount lost at the stop."""

    plan_id: Annotated[SizePlanId, StringConstraints(pattern=id_pattern(SIZE))]
    position_size: Quantity
    position_value: Annotated[Decimal, Field(gt=0)]
    risk_amount: Annotated[Decimal, Field(ge=0)]
    leverage: Annotated[Decimal, Field(gt=0)] = Decimal(1)


class ExitPlan(Contract):
    """WHERE OUT: absolute prices, quote per base."""

    plan_id: Annotated[ExitPlanId, StringConstraints(pattern=id_pattern(EXIT))]
    stop_loss_price: Price
    take_profit_price: Price | None = None


def exit_mistake(*, direction: Direction, entry_price: Decimal, exit_plan: ExitPlan) -> str | None:
    """Return why an exit does not fit an entry (wrong side), or None when it does (decisions 4.3)."""
    sign = direction.sign
    if (entry_price - exit_plan.stop_loss_price) * sign <= 0:
        return f"the stop {exit_plan.stop_loss_price} is on the wrong side of the {direction} entry at {entry_price}"
    target = exit_plan.take_profit_price
    if target is not None and (target - entry_price) * sign <= 0:
        return f"the target {target} is on the wrong side of the {direction} entry at {entry_price}"
    return None
