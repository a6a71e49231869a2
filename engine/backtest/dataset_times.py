"""Turns a column of times, however it was written, into UTC nanoseconds."""

from typing import Final

import numpy as np
import polars as pl

from engine.contracts.market import IntColumn
from engine.primitives.errors import DataError

# Seconds, milliseconds, microseconds and nanoseconds of the years 1973 to 2255 do not overlap.
_UNITS: Final = ((1e8, 9e9, 1_000_000_000), (1e11, 9e12, 1_000_000), (1e14, 9e15, 1_000), (1e17, 9e18, 1))
_ZONED: Final = ("%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d %H:%M%z")
_ZONELESS: Final = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d")
_ROWS_NAMED: Final = 3
_EXPECTED: Final = "a count of seconds, ms, us or ns since 1970, or text like 2024-03-01T12:00:00Z"


def nanoseconds(column: pl.Series, *, file: str) -> tuple[IntColumn, int]:
    """Return UTC nanoseconds, and how many times had no time zone and were taken as UTC.

    Counts are read as seconds, milliseconds, microseconds or nanoseconds by their magnitude; all rows must agree.

    Raises:
        DataError: a time is missing or is no time.
    """
    if column.null_count():
        _refuse(column, column.is_null(), file, "Rows without a time cannot be bars; complete or remove them.")
    if column.dtype == pl.String:
        text = column.str.strip_chars()
        if not text.str.contains(r"^-?\d+(\.\d*)?$").all():
            return _from_text(text, file)
        column = (
            text.cast(pl.Float64) if text.str.contains(".", literal=True).any() else text.cast(pl.Int64, strict=False)
        )
        if column.null_count():
            _refuse(text, column.is_null(), file, f"These are no times; expected {_EXPECTED}.")
    if isinstance(column.dtype, pl.Datetime):
        zoneless = 0 if column.dtype.time_zone else len(column)
        return column.dt.epoch("ns").to_numpy(), zoneless
    if column.dtype == pl.Date:
        return column.cast(pl.Datetime("ns")).dt.epoch("ns").to_numpy(), 0
    if not column.dtype.is_numeric():
        raise DataError(
            f"The time column must hold {_EXPECTED}.", file=file, column=column.name, type=str(column.dtype)
        )
    return _from_counts(column, file), 0


def _from_counts(column: pl.Series, file: str) -> IntColumn:
    if column.dtype.is_float():
        _refuse(column, ~column.is_finite(), file, "These are no times; complete or remove the rows.")
        _refuse(column, column != column.floor(), file, "Bars open on whole units; round these times.")
    whole = column.cast(pl.Int64).to_numpy()
    low, high = int(whole.min()), int(whole.max())
    unit_ns = next((unit for least, most, unit in _UNITS if least <= low and high < most), None)
    if unit_ns is None:
        raise DataError(
            f"The time column cannot be read as one kind of time; it must hold {_EXPECTED}, the same in all rows.",
            file=file,
            column=column.name,
            smallest=low,
            largest=high,
        )
    return np.asarray(whole * unit_ns, dtype=np.int64)


def _from_text(text: pl.Series, file: str) -> tuple[IntColumn, int]:
    plain = text.str.replace(r"^([\d-]+)T", "$1 ").str.replace(r"(Z| ?UTC)$", "+00:00")
    has_zone = plain.str.contains(r":\d\d(\.\d+)? ?[+-]\d\d:?\d\d$")
    plain = plain.str.replace(r" ([+-]\d\d:?\d\d)$", "$1")
    times = pl.select(
        pl.coalesce(
            *(
                pl.lit(plain).str.to_datetime(form, time_unit="ns", strict=False).dt.replace_time_zone(None)
                for form in (*_ZONED, *_ZONELESS)
            )
        )
    ).to_series()
    _refuse(text, times.is_null(), file, f"These are no times; expected {_EXPECTED}.")
    return times.dt.epoch("ns").to_numpy(), int((~has_zone).sum())


def _refuse(column: pl.Series, bad: pl.Series, file: str, message: str) -> None:
    rows = bad.arg_true()
    if len(rows):
        examples = "; ".join(f"{column[at]!r} in row {at + 1}" for at in rows.head(_ROWS_NAMED).to_list())
        raise DataError(message, file=file, column=column.name, count=len(rows), examples=examples)
