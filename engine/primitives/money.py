"""Decimal helpers: the only crossing from float, and rounding by name."""

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import partial
from math import isfinite
from typing import Final

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
BASIS_POINT: Final = Decimal("0.0001")
LARGEST_FLOAT: Final = 1e15
"""No price and no volume is larger: beyond it the 28 digits of a Decimal would not hold the steps of a venue as well."""


_DECIMAL_STEPS: Final = {step: step for step in (ONE.scaleb(-places) for places in range(19))}
"""Steps that are a number of decimal places: rounding to these is one operation of Decimal."""


def from_float(value: float, step: Decimal) -> Decimal:
    """Cross from a float column to money: the nearest multiple of `step`.

    This is the one named border between indicator floats and money (decisions 1.3).

    Raises:
        ValueError: the value is not a finite number or beyond `LARGEST_FLOAT`, or the step is not positive.
    """
    # Written so that NaN fails as well.
    if not -LARGEST_FLOAT <= value <= LARGEST_FLOAT:
        raise ValueError(f"{value} is not a finite number up to {LARGEST_FLOAT:g} and cannot become money")
    return round_to_step(Decimal(repr(float(value))), step)


def from_floats(values: Sequence[float], step: Decimal) -> list[Decimal]:
    """Cross with a whole column, each as `from_float` does; in one go where the step is a number of decimal places.

    Raises:
        ValueError: as `from_float`, for the first value that cannot become money.
    """
    decimals = _DECIMAL_STEPS.get(step)
    # A NaN can hide from the least and the largest, but not from the sum.
    is_sound = bool(values) and isfinite(sum(values)) and -LARGEST_FLOAT <= min(values) <= max(values) <= LARGEST_FLOAT
    if decimals is None or not is_sound:
        return [from_float(value, step) for value in values]
    text_of = float.__repr__
    return [Decimal(text_of(value)).quantize(decimals, rounding=ROUND_HALF_EVEN) for value in values]


def _to_step(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    decimals = _DECIMAL_STEPS.get(step)
    if decimals is not None:
        return value.quantize(decimals, rounding=rounding)
    if step <= 0:
        raise ValueError(f"a step must be positive, not {step}")
    return (value / step).quantize(ONE, rounding=rounding) * step


# Partials, for they are no further call of Python: every price and size passes here.
round_down_to_step: Final[Callable[[Decimal, Decimal], Decimal]] = partial(_to_step, rounding=ROUND_FLOOR)
"""Return the largest multiple of a positive step that is not above the value."""

round_up_to_step: Final[Callable[[Decimal, Decimal], Decimal]] = partial(_to_step, rounding=ROUND_CEILING)
"""Return the smallest multiple of a positive step that is not below the value."""

round_to_step: Final[Callable[[Decimal, Decimal], Decimal]] = partial(_to_step, rounding=ROUND_HALF_EVEN)
"""Return the multiple of a positive step nearest to the value; a tie goes to the even multiple."""


def in_basis_points(ratio: Decimal) -> Decimal:
    """Return a ratio (0.01 = 1 %) in basis points (100)."""
    return ratio / BASIS_POINT
