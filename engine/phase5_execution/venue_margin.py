"""Margin of perpetual markets at the simulated venue: what a position needs, and where the venue ends it.

Isolated margin of linear contracts: each position has its entry value over the leverage set aside, and nothing else
answers for it. The formulas are those of Binance's USD-M futures help, "How to Calculate Liquidation Price of USD-M
Futures Contracts", for one position in isolated mode (wallet balance of the position = its initial margin, one
maintenance bracket): LP = (WB - side * Q * EP) / (Q * MMR - side * Q). An index price is not known here, so the last
price decides, in a bar its worst: that is never kinder. No insurance fund stands in for what a gap costs beyond the
margin.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal
from typing import Final, NamedTuple

from engine.config.policies import FillParameters
from engine.contracts.base import Direction
from engine.contracts.market import Instrument
from engine.contracts.orders import Order, OrderRole, OrderStatus, TimeInForce
from engine.contracts.plans import OrderType
from engine.primitives.ids import ORDER, OrderId, base36
from engine.primitives.money import ONE, ZERO, round_down_to_step, round_up_to_step

_WIDE: Final = Context(prec=100)
"""What is kept of an average; half even at the hundredth digit. No money is counted from it."""
_SUFFIX: Final = 5


class Leg(NamedTuple):
    """A position as the venue margins it, at its average entry price. Both are signed: positive long, negative short.

    `quantity` is in base units, `value` what was paid for it in quote.
    """

    quantity: Decimal = ZERO
    value: Decimal = ZERO

    def after(self, signed: Decimal, price: Decimal) -> "Leg":
        """Return the leg after an execution; what closes leaves the average entry price as it was."""
        quantity = _WIDE.add(self.quantity, signed)
        if self.quantity * signed >= ZERO:
            return Leg(quantity, _WIDE.add(self.value, _WIDE.multiply(signed, price)))
        if quantity * self.quantity <= ZERO:
            return Leg(quantity, _WIDE.multiply(quantity, price))
        return Leg(quantity, _WIDE.divide(_WIDE.multiply(self.value, quantity), self.quantity))

    @property
    def direction(self) -> Direction:
        """BUY for a long, SELL for a short."""
        return Direction.BUY if self.quantity > ZERO else Direction.SELL


def initial_margin(value: Decimal, parameters: FillParameters) -> Decimal:
    """Return what is set aside for a position or an order of this value (quote, of any sign)."""
    return abs(value) / parameters.leverage


def liquidation_price(leg: Leg, parameters: FillParameters, *, tick_size: Decimal) -> Decimal | None:
    """Return where margin and open result together fall to the maintenance margin; None where they never do.

    Quote per base, rounded onto the tick against us: up for a long, down for a short.
    """
    if not leg.quantity:
        return None
    entry, margin, maintenance = leg.value / leg.quantity, ONE / parameters.leverage, parameters.maintenance_margin
    if leg.direction is Direction.BUY:
        price = round_up_to_step(entry * (1 - margin) / (1 - maintenance), tick_size)
        return price if price > ZERO else None
    return round_down_to_step(entry * (1 + margin) / (1 + maintenance), tick_size)


@dataclass(frozen=True, slots=True)
class Reached:
    """A position that the market has brought to its liquidation price (quote per base)."""

    leg: Leg
    price: Decimal


def reached(
    legs: Mapping[Direction | None, Leg],
    instrument: Instrument,
    parameters: FillParameters,
    *,
    low: Decimal,
    high: Decimal,
) -> Iterator[Reached]:
    """Yield the positions in one market that a stretch between two prices (quote per base) ends."""
    for leg in legs.values():
        price = liquidation_price(leg, parameters, tick_size=instrument.tick_size)
        if price is not None and (low <= price if leg.direction is Direction.BUY else high >= price):
            yield Reached(leg, price)


def forced_order(like: Order, *, quantity: Decimal, direction: Direction, at: datetime, number: int) -> Order:
    """Return the order with which the venue closes what a trade holds.

    Args:
        like: An order of the trade.
        quantity: Base units.
        direction: Of the order: against the position.
        at: When.
        number: How many orders the venue knew before: makes its id one that nobody else gives out.
    """
    return Order(
        order_id=OrderId(f"{ORDER.prefix}_{at:%Y%m%d_%H%M%S}_liq{base36(number % 36**_SUFFIX, _SUFFIX)}"),
        group_id=like.group_id,
        trade_id=like.trade_id,
        strategy_id=like.strategy_id,
        symbol=like.symbol,
        direction=direction,
        role=OrderRole.LIQUIDATION,
        order_type=OrderType.MARKET,
        time_in_force=TimeInForce.GTC,
        quantity=quantity,
        reduce_only=True,
        status=OrderStatus.OPEN,
        created_at=at,
        updated_at=at,
        reason="liquidated by the venue",
    )
