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


def stop_within_plan(directive: StrategyDirective, instrument: Instrument, wished: Decimal) -> Decimal:
    """Return a stop that an exit planner wishes for, quote per base, but never farther than `planned_stop_price`.

    The size was made for the planned stop: a nearer one loses less than planned, a farther one would lose more. It is
    rounded to the tick towards the entry.

    Raises:
        PlanError: there is no planned stop, or the wish is not on the losing side of the reference price.
    """
    planned, entry = planned_stop_price(directive, instrument), directive.entry_directive
    if entry is None:
        raise PlanError("a new trade needs an entry directive", directive=directive.directive_id)
    is_buy = entry.direction is Direction.BUY
    towards_entry = round_up_to_step if is_buy else round_down_to_step
    stop = towards_entry(wished, instrument.tick_size)
    if (entry.reference_price - stop) * entry.direction.sign <= 0:
        raise PlanError(
            "the stop would not be on the losing side of the entry", stop=stop, reference_price=entry.reference_price
        )
    return max(stop, planned) if is_buy else min(stop, planned)


def target_at(directive: StrategyDirective, instrument: Instrument, *, stop: Decimal, reward_risk: Decimal) -> Decimal:
    """Return the target that is `reward_risk` times as far from the reference price as the stop, quote per base.

    It is rounded to the tick away from the entry, so that rounding never takes away from the ratio.

    Raises:
        PlanError: it would not be a positive price.
    """
    entry = directive.entry_directive
    if entry is None:
        raise PlanError("a new trade needs an entry directive", directive=directive.directive_id)
    away_from_entry = round_up_to_step if entry.direction is Direction.BUY else round_down_to_step
    distance = (entry.reference_price - stop) * reward_risk
    target = away_from_entry(entry.reference_price + distance, instrument.tick_size)
    if target <= 0:
        raise PlanError("the target would not be a positive price", stop_price=stop, target_price=target)
    return target
