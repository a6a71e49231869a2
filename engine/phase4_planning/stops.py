"""Where the stop of a new trade stands: one rule, so that size and exit planners mean the same price."""

from decimal import Decimal

from engine.contracts.base import Direction
from engine.contracts.directives import StrategyDirective
from engine.contracts.market import Instrument
from engine.primitives.errors import PlanError
from engine.primitives.money import round_down_to_step, round_up_to_step


def planned_stop_price(directive: StrategyDirective, instrument: Instrument) -> Decimal:
    """Return the stop of a NEW_TRADE directive, quote per base.

    It is the price at which the idea is wrong, if the directive names one on the losing side of the reference price
    and within the stop-loss tolerance; otherwise the reference price less (BUY) or plus (SELL) the tolerance. It is
    rounded to the tick towards the entry, so that rounding can only shrink the loss.

    Raises:
        PlanError: the directive has no entry or exit part, or the tolerance is smaller than one tick.
    """
    entry, wanted = directive.entry_directive, directive.exit_directive
    if entry is None or wanted is None:
        raise PlanError("only a directive with an entry and an exit part has a planned stop", scope=directive.scope)
    sign, reference = entry.direction.sign, entry.reference_price
    farthest = reference * (1 - sign * wanted.stop_loss_tolerance)
    stop = farthest
    if wanted.invalidation_price is not None:
        lost = (reference - wanted.invalidation_price) * sign
        if 0 < lost <= (reference - farthest) * sign:
            stop = wanted.invalidation_price
    towards_entry = round_up_to_step if entry.direction is Direction.BUY else round_down_to_step
    stop = towards_entry(stop, instrument.tick_size)
    if (reference - stop) * sign <= 0:
        raise PlanError(
            "the stop would stand at the entry: the distance is smaller than one tick",
            reference_price=reference,
            stop=stop,
            tick_size=instrument.tick_size,
        )
    return stop
