"""Scores between 0 and 1, and inclusive ranges over them."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

Fraction = Annotated[Decimal, Field(ge=0, le=1)]
"""A score from 0 to 1: confidence, severity, urgency, visibility."""

Ratio = Annotated[Decimal, Field(ge=0)]
"""A non-negative ratio; 0.01 is one per cent."""

SCORE_STEP: Final = Decimal("0.0001")
"""Scores that come from float arithmetic are rounded to this step before they become Decimal."""


def clamp(value: Decimal) -> Decimal:
    """Return the value, held between 0 and 1 (decisions 3.3)."""
    return min(max(value, Decimal(0)), Decimal(1))


def score_from_float(value: float) -> Decimal:
    """Cross from a float to a score: clamped to 0-1, rounded half even to `SCORE_STEP`.

    Raises:
        ValueError: the value is not a number.
    """
    if value != value:  # noqa: PLR0124  # NaN is the only value unequal to itself
        raise ValueError("a score cannot be NaN")
    return Decimal(repr(min(max(value, 0.0), 1.0))).quantize(SCORE_STEP)


def _decimal_range(value: object) -> object:
    if isinstance(value, list | tuple) and len(value) == 2:
        return tuple(
            Decimal(repr(edge)) if isinstance(edge, int | float) and not isinstance(edge, bool) else edge
            for edge in value
        )
    return value


Range = Annotated[tuple[Decimal, Decimal], BeforeValidator(_decimal_range)]
"""An inclusive range, written ``[low, high]`` in YAML."""


def in_range(value: Decimal, bounds: tuple[Decimal, Decimal]) -> bool:
    """Tell whether a value lies in an inclusive range (decisions 4.1)."""
    low, high = bounds
    return low <= value <= high
