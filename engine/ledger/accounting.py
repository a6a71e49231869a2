"""Fill to cash, position and trade: pure arithmetic, exact or loud.

Nothing here rounds money: `EXACT` raises when a result does not fit. The cost of a position is the one exception, named
`COST_STEP`, and what its rounding leaves always goes into the realised result, so that cash + positions = equity holds
to the last digit.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import Final, NamedTuple

from engine.contracts.base import Direction
from engine.contracts.orders import OrderRole
from engine.primitives.money import ZERO

EXACT: Final = Context(prec=200, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
"""Raises `decimal.Inexact` rather than lose a digit; 200 digits are far more than a venue's prices and sizes need."""
_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
_FOR_DISPLAY: Final = Context(prec=28, rounding=ROUND_HALF_EVEN)
COST_STEP: Final = Decimal("1e-12")
"""The cost that stays with a partly closed position is rounded to this, in quote."""


class Holding(NamedTuple):
    """What is held of a symbol. `quantity` in base, `cost` in quote, both positive long and negative short."""

    quantity: Decimal = ZERO
    cost: Decimal = ZERO


def cash_flow(*, direction: Direction, price: Decimal, quantity: Decimal) -> Decimal:
    """Return what an execution does to the cash, in quote and before its fee: negative for a BUY."""
    value = EXACT.multiply(price, quantity)
    return EXACT.minus(value) if direction is Direction.BUY else value


def hold(before: Holding, *, direction: Direction, price: Decimal, quantity: Decimal) -> tuple[Holding, Decimal]:
    """Return what is held after an execution, and the result that it realised (quote, before fees).

    Average cost: what closes takes its share of the cost with it. A fill that turns a position over closes all of it
    first and opens the rest at the fill's price.
    """
    signed = quantity if direction is Direction.BUY else EXACT.minus(quantity)
    if before.quantity == 0 or (before.quantity > 0) == (signed > 0):
        cost = EXACT.add(before.cost, EXACT.multiply(signed, price))
        return Holding(EXACT.add(before.quantity, signed), cost), ZERO
    if abs(signed) > abs(before.quantity):
        realised = _realised(before, ZERO, EXACT.minus(before.quantity), price)
        rest = EXACT.add(before.quantity, signed)
        return Holding(rest, EXACT.multiply(rest, price)), realised
    after = EXACT.add(before.quantity, signed)
    cost = _share(before.cost, part=after, whole=before.quantity)
    return Holding(after, cost), _realised(before, cost, signed, price)


def _realised(before: Holding, cost_after: Decimal, signed: Decimal, price: Decimal) -> Decimal:
    proceeds = EXACT.minus(EXACT.multiply(signed, price))
    return EXACT.subtract(proceeds, EXACT.subtract(before.cost, cost_after))


def _share(cost: Decimal, *, part: Decimal, whole: Decimal) -> Decimal:
    if part == 0:
        return ZERO
    return _WIDE.quantize(_WIDE.divide(_WIDE.multiply(cost, part), whole), COST_STEP)


def moved_by(direction: Direction, quantity: Decimal, *, fee_base: Decimal) -> Decimal:
    """Return what an execution does to what is held, unsigned base units: a BUY brings less for its fee, a SELL takes more."""
    return EXACT.subtract(quantity, EXACT.multiply(fee_base, Decimal(direction.sign)))


def lose(before: Holding, fee_base: Decimal) -> tuple[Holding, Decimal]:
    """Return what is held after a fee in base units, and the result that it realised: it goes for nothing."""
    direction = Direction.SELL if fee_base > 0 else Direction.BUY
    return hold(before, direction=direction, price=ZERO, quantity=abs(fee_base))


def value_of(quantity: Decimal, mark: Decimal) -> Decimal:
    """Return what a signed quantity is worth at a mark, in quote: negative for a short."""
    return EXACT.multiply(quantity, mark)


class TradeTotals(NamedTuple):
    """What a trade has done so far: base quantities, and quote values and fees; never signed."""

    entry_quantity: Decimal
    exit_quantity: Decimal
    entry_value: Decimal
    exit_value: Decimal
    fees: Decimal

    def with_fill(
        self, *, role: OrderRole, price: Decimal, quantity: Decimal, fee: Decimal, moved: Decimal | None = None
    ) -> "TradeTotals":
        """Return the totals with one more execution: entries on one side, all other roles on the other.

        `fee` is that in quote; `moved` what came in or went out, where a fee in base makes that another quantity.
        """
        value = EXACT.multiply(price, quantity)
        quantity = quantity if moved is None else moved
        fees = EXACT.add(self.fees, fee)
        if role is OrderRole.ENTRY:
            entered, paid = EXACT.add(self.entry_quantity, quantity), EXACT.add(self.entry_value, value)
            return TradeTotals(entered, self.exit_quantity, paid, self.exit_value, fees)
        left, got = EXACT.add(self.exit_quantity, quantity), EXACT.add(self.exit_value, value)
        return TradeTotals(self.entry_quantity, left, self.entry_value, got, fees)


def average_price(*, value: Decimal, quantity: Decimal) -> Decimal:
    """Return value per unit for display, rounded half even to 28 digits; money is never counted from it."""
    return _FOR_DISPLAY.divide(value, quantity)
