"""Reads the six columns of a file of bars, whatever their spelling and types, without judging the bars."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from engine.backtest.dataset_times import nanoseconds
from engine.contracts.market import BAR_COLUMNS, FloatColumn, IntColumn
from engine.primitives.errors import DataError

_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "ts": ("ts", "timestamp", "open_time", "opentime", "time", "datetime", "date", "date_utc", "unix", "t"),
    "open": ("open", "o", "open_price"),
    "high": ("high", "h", "high_price"),
    "low": ("low", "l", "low_price"),
    "close": ("close", "c", "close_price"),
    "volume": ("volume", "v", "vol", "base_volume", "volume_base"),
}
_PARQUET: Final = (".parquet", ".pq")
_CSV: Final = (".csv", ".txt", ".csv.gz")
_ROWS_NAMED: Final = 3
_FILES_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class BarTable:
    """The rows of a file as they stand there; arrays have shape ``(n_rows,)``.

    `row` counts rows from 1, without the header. `opened_ns` is UTC nanoseconds. A missing value is NaN.
    `zoneless` is how many times were written without a time zone and were taken as UTC.
    """

    row: IntColumn
    opened_ns: IntColumn
    columns: tuple[FloatColumn, ...]
    zoneless: int

    def __len__(self) -> int:
        return int(self.row.shape[0])

    def take(self, chosen: IntColumn | np.typing.NDArray[np.bool_]) -> "BarTable":
        """Return the chosen rows, by mask or by position."""
        return BarTable(
            self.row[chosen], self.opened_ns[chosen], tuple(each[chosen] for each in self.columns), self.zoneless
        )


def read_table(path: Path) -> BarTable:
    """Read a Parquet or CSV file.

    Raises:
        DataError: there is no such file, it cannot be read, columns are missing, or values have the wrong type.
    """
    frame = _read(path)
    names = _match(path, frame.columns)
    if frame.is_empty():
        raise DataError("The file has no rows; choose a file with bars.", file=str(path))
    times, zoneless = nanoseconds(frame[names["ts"]], file=str(path))
    return BarTable(
        row=np.arange(1, frame.height + 1, dtype=np.int64),
        opened_ns=times,
        columns=_numbers(path, [frame[names[column]] for column in BAR_COLUMNS]),
        zoneless=zoneless,
    )


def _read(path: Path) -> pl.DataFrame:
    name = path.name.lower()
    if path.is_dir():
        bars = sorted(each.name for each in path.iterdir() if each.name.lower().endswith((*_PARQUET, *_CSV)))
        raise DataError(
            "This is a folder; name the file in it.",
            file=str(path),
            files=", ".join(bars[:_FILES_NAMED]) or "none of bars",
        )
    if not path.is_file():
        near = difflib.get_close_matches(path.name, _neighbours(path), n=3, cutoff=0.5)
        raise DataError("There is no such file; check the path.", file=str(path), nearest=", ".join(near) or "none")
    try:
        if name.endswith(_PARQUET):
            return pl.read_parquet(path)
        if name.endswith(_CSV):
            # As text, so that a cell that is no number can be named instead of turning its whole column into text.
            return pl.read_csv(path, infer_schema=False, separator=_separator(path))
    except pl.exceptions.NoDataError as error:
        raise DataError("The file is empty; choose a file with bars.", file=str(path)) from error
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError("The file cannot be read; it may be damaged.", file=str(path), reason=str(error)) from error
    raise DataError(
        "The kind of this file is not known by its name; give it one of these endings.",
        file=str(path),
        expected=", ".join((*_PARQUET, *_CSV)),
    )


def _neighbours(path: Path) -> list[str]:
    return [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []


def _separator(path: Path) -> str:
    if path.name.lower().endswith(".gz"):
        return ","
    with path.open(encoding="utf-8", errors="replace") as file:
        header = file.readline()
    return max((",", ";", "\t"), key=header.count)


def _match(path: Path, columns: Sequence[str]) -> dict[str, str]:
    """Return the file's name of each of our columns."""
    spelled: dict[str, list[str]] = {}
    for column in columns:
        spelled.setdefault(column.strip().lower().replace(" ", "_").replace("-", "_"), []).append(column)
    found: dict[str, str] = {}
    for name, spellings in _SPELLINGS.items():
        candidates = next((spelled[each] for each in spellings if each in spelled), [])
        if len(candidates) > 1:
            raise DataError(
                "Two columns have the same meaning; remove or rename one.",
                file=str(path),
                column=name,
                candidates=", ".join(candidates),
            )
        found |= {name: candidates[0]} if candidates else {}
    missing = [name for name in _SPELLINGS if name not in found]
    if missing:
        raise DataError(
            "Columns are missing; rename those that are meant, or add a header line if the file has none.",
            file=str(path),
            missing=", ".join(f"{name}{_nearest(name, columns, found)}" for name in missing),
            found=", ".join(columns),
        )
    return found


def _nearest(name: str, columns: Sequence[str], found: Mapping[str, str]) -> str:
    free = {each.lower(): each for each in columns if each not in found.values()}
    near = difflib.get_close_matches(name if name != "ts" else "timestamp", free, n=1, cutoff=0.5)
    return f" (nearest: {free[near[0]]})" if near else ""


def _numbers(path: Path, columns: Sequence[pl.Series]) -> tuple[FloatColumn, ...]:
    """Return columns as float64, a missing value as NaN; every column that is not of numbers is named."""
    numbers: list[FloatColumn] = []
    wrong: list[str] = []
    for column in columns:
        if not (column.dtype.is_numeric() or column.dtype == pl.String):
            wrong.append(f"{column.name} holds {column.dtype}")
            continue
        text = column.str.strip_chars() if column.dtype == pl.String else column
        values = text.cast(pl.Float64, strict=False)
        if column.dtype == pl.String:
            bad = (values.is_null() & text.is_not_null() & (text != "")).arg_true()
            wrong += [f"{column.name} holds {text[at]!r} in row {at + 1}" for at in bad.head(_ROWS_NAMED).to_list()]
        numbers.append(values.fill_null(float("nan")).to_numpy())
    if wrong:
        raise DataError(
            "Prices and volumes must be numbers with a decimal point; correct these cells.",
            file=str(path),
            wrong="; ".join(wrong),
        )
    return tuple(numbers)
