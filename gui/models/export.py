"""Rows as files: CSV and Parquet, with money exact. Nothing here goes through a float."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from gui.models.column import Column, Exact

_PRECISION_MAX: Final = 38
"""Digits that Parquet's DECIMAL and polars' Decimal can hold."""

# Any: rows of any list; they are handed to their own columns unread.
Columns = Sequence[Column[Any]]


def tab_separated(columns: Columns, rows: Sequence[object]) -> str:
    """Return rows as they are shown, with a line of headings: what a spreadsheet takes from the clipboard."""
    lines = [[column.header for column in columns], *([column.text(row) for column in columns] for row in rows)]
    return "\n".join("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in line) for line in lines)


def write_csv(path: Path, columns: Columns, rows: Sequence[object]) -> None:
    """Write rows with a line of headings, UTF-8; money with all its digits, instants in ISO 8601 with their zone.

    Raises:
        OSError: the file cannot be written; there is then no half of it under this name.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.header for column in columns])
    writer.writerows([[_plain(column.exact_of(row)) for column in columns] for row in rows])
    _put(path, text.getvalue().encode())


def write_parquet(path: Path, columns: Columns, rows: Sequence[object]) -> None:
    """Write rows as Parquet: money as DECIMAL, or as text where 38 digits are too few; instants in UTC.

    Raises:
        OSError: the file cannot be written; there is then no half of it under this name.
    """
    import polars as pl  # noqa: PLC0415  # a sixth of a second, and few sessions export anything

    series = [_series_of(column.header, [column.exact_of(row) for row in rows]) for column in columns]
    buffer = io.BytesIO()
    pl.DataFrame(series).write_parquet(buffer)
    _put(path, buffer.getvalue())


def _series_of(name: str, values: Sequence[Exact]) -> Any:  # Any: polars is imported when it is needed
    import polars as pl  # noqa: PLC0415  # as above

    known = [value for value in values if value is not None]
    if known and all(isinstance(value, datetime) for value in known):
        return pl.Series(name, values, dtype=pl.Datetime("us", "UTC"))
    amounts = [value for value in known if isinstance(value, Decimal)]
    if amounts and len(amounts) == len(known):
        scale = max(_places(value) for value in amounts)
        whole = max(max(value.adjusted() + 1, 1) for value in amounts)
        if whole + scale <= _PRECISION_MAX:
            return pl.Series(name, values, dtype=pl.Decimal(_PRECISION_MAX, scale))
    return pl.Series(name, [None if value is None else _plain(value) for value in values], dtype=pl.String)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _plain(value: Exact) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat()
    return str(value)


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside it first, then under its name."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
