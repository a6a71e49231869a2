"""What an instrument cannot do, said before the order goes out (decisions 5.5)."""

from decimal import Decimal
from typing import Final

from engine.contracts.base import Direction
from engine.contracts.directives import DirectiveScope
from engine.contracts.execution import ExecutionDirective
from engine.contracts.market import Instrument
from engine.contracts.plans import EntryPlan, SizePlan
from engine.primitives.errors import VenueRejected
from engine.primitives.money import ZERO, round_down_to_step, round_up_to_step

BPS_PER_ONE: Final = 10_000


def slippage_bps(max_slippage_pct: Decimal) -> int:
    """Return a slippage ratio (0.01 = 1 %) in whole basis points, cut down: the limit may only become tighter."""
    return int(max_slippage_pct * BPS_PER_ONE)


def slippage_bound(
    *, price: Decimal, direction: Direction, max_slippage_pct: Decimal, tick_size: Decimal
) -> Decimal | None:
    """Return the worst price that a fill may have: `price` moved against us, on the tick nearer to `price`.

    Prices are quote per base. A buy is rounded down and a sell up, so that rounding can only tighten the limit; but
    never past `price` itself. None for a sell that may lose everything (a slippage of 100 % or more): nothing binds it.
    """
    worst = price * (1 + direction.sign * max_slippage_pct)
    if worst <= 0:
        return None
    if direction is Direction.BUY:
        return max(round_down_to_step(worst, tick_size), round_down_to_step(price, tick_size))
    return min(round_up_to_step(worst, tick_size), round_up_to_step(price, tick_size))


def require_step(value: Decimal, step: Decimal, *, rule: str, **facts: object) -> None:
    """Refuse a value that is not a whole number of steps.

    Raises:
        VenueRejected: it is not; the facts name the nearest value that is, towards zero.
    """
    if value % step != ZERO:
        raise VenueRejected(
            "the value is not a whole number of the venue's steps",
            rule=rule,
            value=value,
            step=step,
            nearest=round_down_to_step(value, step),
            **facts,
        )


def require_size(size: SizePlan, *, instrument: Instrument, price: Decimal) -> None:
    """Refuse a size that the venue would not take at `price` (quote per base).

    Raises:
        VenueRejected: lot step, minimum quantity or minimum value is missed.
    """
    quantity = size.position_size
    require_step(quantity, instrument.lot_step, rule="lot step", symbol=instrument.symbol)
    if quantity < instrument.min_quantity:
        raise VenueRejected(
            "the size is below the venue's minimum quantity",
            rule="minimum quantity",
            symbol=instrument.symbol,
            quantity=quantity,
            minimum=instrument.min_quantity,
        )
    if quantity * price < instrument.min_notional:
        raise VenueRejected(
            "the order's value is below the venue's minimum",
            rule="minimum notional",
            symbol=instrument.symbol,
            value=quantity * price,
            minimum=instrument.min_notional,
            smallest_quantity=instrument.least_quantity(price),
        )


def require_entry(entry: EntryPlan, *, instrument: Instrument, scope: DirectiveScope) -> None:
    """Refuse an entry that the venue cannot carry out.

    Raises:
        VenueRejected: a price is off the tick or below it, or a new trade would sell what cannot be borrowed.
    """
    if scope is DirectiveScope.NEW_TRADE and entry.direction is Direction.SELL and not instrument.may_short:
        raise VenueRejected(
            "this market cannot be sold short: a new trade may only BUY",
            rule="no short selling",
            symbol=instrument.symbol,
        )
    if entry.expected_price < instrument.tick_size:
        raise VenueRejected(
            "the price is below one tick of this market: no order could stand there",
            rule="tick size",
            symbol=instrument.symbol,
            price=entry.expected_price,
            tick_size=instrument.tick_size,
        )
    prices = [("limit_price", entry.limit_price), ("stop_price", entry.stop_price)]
    for name, price in [*prices, *(("layers", layer.limit_price) for layer in entry.layers or ())]:
        if price is not None:
            require_step(price, instrument.tick_size, rule="tick size", symbol=instrument.symbol, field=name)


def require_feasible(directive: ExecutionDirective, instrument: Instrument) -> None:
    """Refuse a directive whose plans the instrument does not allow; nothing has been sent yet.

    Raises:
        VenueRejected: with the rule and the numbers as facts.
    """
    if directive.entry_plan is None:
        return
    require_entry(directive.entry_plan, instrument=instrument, scope=directive.scope)
    if directive.size_plan is not None and directive.scope is DirectiveScope.NEW_TRADE:
        # Children may fill at the bound, but the venue judges an order by its own price: the planned one.
        require_size(directive.size_plan, instrument=instrument, price=directive.entry_plan.expected_price)
