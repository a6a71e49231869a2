"""A chart as a picture and as a table; polars is imported when somebody asks for one."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from gui.charts.columns import ChartColumns

if TYPE_CHECKING:
    import polars as pl


class TableFormat(StrEnum):
    """How a table is written. The value is the ending of the file."""

    CSV = "csv"
    PARQUET = "parquet"


def frame_of(columns: ChartColumns) -> "pl.DataFrame":
    """Return all bars, oldest first: `opened_at` in UTC, the five of the bar, then the enriched columns; null for NaN."""
    import polars as pl  # noqa: PLC0415  # 100 ms that a window which exports nothing does not pay

    count = len(columns)
    opened = pl.Series("opened_at", columns.opened_ns.part(0, count)).cast(pl.Datetime("ns", "UTC"))
    values = [pl.Series(name, columns.column(name).part(0, count)).fill_nan(None) for name in columns.names]
    return pl.DataFrame([opened, *values])


def write_table(columns: ChartColumns, path: Path, table_format: TableFormat) -> None:
    """Write all bars to a file.

    Raises:
        OSError: the file cannot be written.
    """
    frame = frame_of(columns)
    with path.open("wb") as file:
        match table_format:
            case TableFormat.CSV:
                frame.write_csv(file)
            case TableFormat.PARQUET:
                frame.write_parquet(file)
