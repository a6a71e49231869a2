from datetime import UTC, date, datetime

import polars as pl
import pytest

from engine.backtest.dataset_times import nanoseconds
from engine.primitives.errors import DataError
from tests.support.market import MONDAY_NS

pytestmark = pytest.mark.unit

SECONDS = MONDAY_NS // 1_000_000_000


@pytest.mark.parametrize("per_second", [1, 1_000, 1_000_000, 1_000_000_000])
@pytest.mark.parametrize("dtype", [pl.Int64, pl.Float64, pl.String])
def test_the_unit_of_a_count_is_seen_by_its_size(per_second: int, dtype: type[pl.DataType]) -> None:
    column = pl.Series("ts", [SECONDS * per_second, (SECONDS + 60) * per_second]).cast(dtype)

    times, zoneless = nanoseconds(column, file="bars.csv")

    assert times.tolist() == [MONDAY_NS, MONDAY_NS + 60_000_000_000]
    assert zoneless == 0


@pytest.mark.parametrize(
    ("text", "zoneless"),
    [
        ("2024-03-04T00:00:00Z", 0),
        ("2024-03-04 00:00:00+00:00", 0),
        ("2024-03-04T01:00:00+01:00", 0),
        ("2024-03-04 00:00:00 UTC", 0),
        ("2024-03-04T00:00:00.000Z", 0),
        ("2024-03-04T00:00Z", 0),
        ("2024-03-04T00:00:00", 1),
        ("2024-03-04 00:00:00.000", 1),
        ("2024-03-04 00:00", 1),
        ("2024-03-04", 1),
    ],
)
def test_iso_text_is_understood_and_a_missing_zone_is_counted(text: str, zoneless: int) -> None:
    times, assumed = nanoseconds(pl.Series("time", [text]), file="bars.csv")

    assert times.tolist() == [MONDAY_NS]
    assert assumed == zoneless


@pytest.mark.parametrize(
    ("column", "zoneless"),
    [
        (pl.Series("ts", [datetime(2024, 3, 4, tzinfo=UTC)]), 0),
        (pl.Series("ts", [datetime(2024, 3, 4)]), 1),  # noqa: DTZ001  # the point of the test
        (pl.Series("ts", [datetime(2024, 3, 4, tzinfo=UTC)]).dt.convert_time_zone("Europe/Amsterdam"), 0),
        (pl.Series("ts", [date(2024, 3, 4)]), 0),
    ],
)
def test_columns_of_dates_are_understood(column: pl.Series, zoneless: int) -> None:
    times, assumed = nanoseconds(column, file="bars.parquet")

    assert times.tolist() == [MONDAY_NS]
    assert assumed == zoneless


@pytest.mark.parametrize(
    "column",
    [
        pl.Series("ts", [SECONDS, SECONDS * 1_000]),
        pl.Series("ts", [0, 1, 2]),
        pl.Series("ts", [20_240_304]),
        pl.Series("ts", ["04/03/2024"]),
        pl.Series("ts", ["2024-03-04", "soon"]),
        pl.Series("ts", [SECONDS + 0.5]),
        pl.Series("ts", [float("nan")]),
        pl.Series("ts", [SECONDS, None]),
        pl.Series("ts", [True]),
        pl.Series("ts", ["9" * 30]),
    ],
)
def test_what_is_no_time_is_refused(column: pl.Series) -> None:
    with pytest.raises(DataError) as refused:
        nanoseconds(column, file="bars.csv")

    assert refused.value.facts["file"] == "bars.csv"


def test_a_bad_time_is_named_by_its_row() -> None:
    with pytest.raises(DataError, match="'soon' in row 2"):
        nanoseconds(pl.Series("ts", ["2024-03-04", "soon"]), file="bars.csv")
