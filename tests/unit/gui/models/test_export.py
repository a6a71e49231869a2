"""Rows as files: money exact, whatever the file."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from gui.models.column import Column
from gui.models.export import tab_separated, write_csv, write_parquet

pytestmark = pytest.mark.unit
D = Decimal


@dataclass(frozen=True)
class Row:
    name: str
    amount: Decimal | None
    at: datetime


COLUMNS: tuple[Column[Row], ...] = (
    Column("Name", lambda row: row.name),
    Column("Amount", lambda row: f"{row.amount:.2f}", exact=lambda row: row.amount, is_number=True),
    Column("Time (UTC)", lambda row: f"{row.at:%H:%M}", exact=lambda row: row.at),
)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
ROWS = (Row("a, b", D("0.1234567890123456789"), NOON), Row("c", D("1E+3"), NOON), Row("d", None, NOON))


def test_csv_has_every_digit_and_the_zone(tmp_path: Path) -> None:
    write_csv(tmp_path / "rows.csv", COLUMNS, ROWS)

    with (tmp_path / "rows.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    assert lines == [
        ["Name", "Amount", "Time (UTC)"],
        ["a, b", "0.1234567890123456789", "2026-01-05T12:00:00+00:00"],
        ["c", "1000", "2026-01-05T12:00:00+00:00"],
        ["d", "", "2026-01-05T12:00:00+00:00"],
    ]


def test_parquet_holds_money_as_decimal_and_instants_in_utc(tmp_path: Path) -> None:
    write_parquet(tmp_path / "rows.parquet", COLUMNS, ROWS)

    frame = pl.read_parquet(tmp_path / "rows.parquet")
    assert frame["Amount"].to_list() == [D("0.1234567890123456789"), D(1000), None]
    assert isinstance(frame.schema["Amount"], pl.Decimal)
    assert frame["Time (UTC)"].to_list() == [NOON] * 3


def test_an_amount_of_more_digits_than_parquet_has_is_text_and_whole(tmp_path: Path) -> None:
    long = D("12345678901234567890.12345678901234567890")
    write_parquet(tmp_path / "rows.parquet", COLUMNS, (Row("a", long, NOON),))

    assert pl.read_parquet(tmp_path / "rows.parquet")["Amount"].to_list() == [str(long)]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").mkdir()

    with pytest.raises(OSError, match="rows"):
        write_csv(tmp_path / "rows.csv", COLUMNS, ROWS)
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_copied_rows_are_as_they_are_shown() -> None:
    assert tab_separated(COLUMNS, ROWS[:1]) == "Name\tAmount\tTime (UTC)\na, b\t0.12\t12:00"
