"""What phase 4a plans: static snapshots of what, how much and where out."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engine.contracts.base import Contract, Direction, Price, Quantity, Symbol, Word
from engine.primitives.ids import ENTRY, EXIT, SIZE, EntryPlanId, ExitPlanId, SizePlanId, id_pattern


class OrderType(Word):
    """How an order meets the market."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP_LIMIT = "STOP_LIMIT"
    STOP_MARKET = "STOP_MARKET"


class EntryLayer(Contract):
    """One of several limit prices of an entry (quote per base), and its share of the size, as a ratio."""

    limit_price: Price
    share: Annotated[Decimal, Field(gt=0, lt=1)]


class EntryPlan(Contract):
    """WHAT and WHERE. `reference_price` is the price that the plan was made against, quote per base.

    A LIMIT entry may stand in `layers`, each at a better price than the one before; the first is `limit_price`. What is
    planned and checked against it (risk, slippage, exits) is counted at that first price, the worst of them.
    """

    plan_id: Annotated[EntryPlanId, StringConstraints(pattern=id_pattern(ENTRY))]
    symbol: Symbol
    direction: Direction
    order_type: OrderType
    reference_price: Price
    limit_price: Price | None = None
    stop_price: Price | None = None
    layers: Annotated[tuple[EntryLayer, ...], Field(min_length=2)] | None = None

    @model_validator(mode="after")
    def _layers_fit_the_plan(self) -> "EntryPlan":
        if self.layers is None:
            return self
        prices = [layer.limit_price for layer in self.layers]
        if self.order_type is not OrderType.LIMIT or prices[0] != self.limit_price:
            raise ValueError("only LIMIT takes layers, and limit_price is the price of the first")
        if any((before - after) * self.direction.sign <= 0 for before, after in pairwise(prices)):
            raise ValueError("each layer has a better price than the one before")
        if sum(layer.share for layer in self.layers) != 1:
            raise ValueError("the shares of all layers add up to 1")
        return self

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
        """The price that the entry is planned at, quote per base; the worst of several layers."""
        return self.limit_price if self.limit_price is not None else self.reference_price

    @property
    def best_price(self) -> Decimal:
        """The price of the last layer, quote per base; the expected price where there are none."""
        return self.layers[-1].limit_price if self.layers else self.expected_price


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
