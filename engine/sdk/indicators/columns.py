"""What all indicators ask of their numbers: whole periods, and columns of floats, oldest first."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.contracts.market import FloatColumn

NAN: Final = float("nan")


def checked_periods(periods: int, at_least: int = 1) -> int:
    """Return a number of bars that is large enough.

    Raises:
        ValueError: it is not.
    """
    if periods < at_least:
        raise ValueError(f"periods must be at least {at_least}, not {periods}")
    return periods


def as_column(values: FloatColumn | Sequence[float]) -> FloatColumn:
    """Return values as float64, shape ``(n,)``.

    Raises:
        ValueError: they have another shape.
    """
    column = np.asarray(values, dtype=np.float64)
    if column.ndim != 1:
        raise ValueError(f"a column has one dimension, not {column.ndim}: expected shape (n,), got {column.shape}")
    return column


def as_columns(*columns: FloatColumn | Sequence[float]) -> tuple[FloatColumn, ...]:
    """Return several columns as float64, all of one length.

    Raises:
        ValueError: they differ in length, or one is no column.
    """
    checked = tuple(as_column(column) for column in columns)
    lengths = {len(column) for column in checked}
    if len(lengths) > 1:
        raise ValueError(f"the columns of one market have one length, not {sorted(lengths)}")
    return checked


def unknown(length: int) -> FloatColumn:
    """Return a column of NaN: nothing is known yet."""
    return np.full(length, NAN)
