"""The arrays behind a chart."""

import numpy as np
import pytest

from engine.contracts.market import FloatColumn
from gui.charts.columns import ChartColumns
from tests.support.market import MONDAY_NS, a_bar_series

pytestmark = pytest.mark.unit

MINUTE_NS = 60_000_000_000
BAR = ("open", "high", "low", "close", "volume")


def loaded(bars: int = 4) -> ChartColumns:
    columns = ChartColumns(["ema"])
    columns.load(a_bar_series([100.0 + n for n in range(bars)]), {"ema": np.arange(bars, dtype=np.float64)})
    return columns


def whole(columns: ChartColumns, name: str) -> FloatColumn:
    return columns.column(name).part(0, len(columns))


def test_the_bars_of_the_past_are_not_copied() -> None:
    series = a_bar_series([100.0 + n for n in range(5_000)])
    columns = ChartColumns([])

    columns.load(series, {})

    assert np.shares_memory(columns.column("close").part(0, 4_000), series.close)


def test_history_and_live_bars_make_one_column() -> None:
    columns = loaded()

    columns.append(MONDAY_NS + 4 * MINUTE_NS, (*BAR, "ema"), (1, 2, 0.5, 1.5, 9, 77))

    assert len(columns) == 5
    assert whole(columns, "ema").tolist() == [0, 1, 2, 3, 77]
    assert columns.column("close")[-1] == 1.5


def test_a_column_that_is_shorter_than_the_bars_belongs_to_the_newest() -> None:
    columns = ChartColumns(["ema"])
    columns.load(a_bar_series(), {"ema": np.array([7.0, 8.0])})

    assert np.array_equal(whole(columns, "ema"), [np.nan, np.nan, 7.0, 8.0], equal_nan=True)


def test_a_column_that_is_not_delivered_is_empty() -> None:
    columns = loaded()

    columns.append(MONDAY_NS + 4 * MINUTE_NS, BAR, (1, 2, 0.5, 1.5, 9))

    assert np.isnan(columns.column("ema")[-1])


def test_the_same_bar_again_replaces_it_and_an_older_one_is_not_taken() -> None:
    columns = loaded()

    columns.append(MONDAY_NS + 3 * MINUTE_NS, BAR, (1, 2, 0.5, 1.5, 9))
    columns.append(MONDAY_NS, BAR, (5, 5, 5, 5, 5))

    assert len(columns) == 4
    assert columns.column("close")[-1] == 1.5
    assert columns.column("close")[0] == 100.0


def test_the_arrays_grow_without_losing_anything() -> None:
    columns = ChartColumns([])
    for number in range(3_000):
        columns.append(MONDAY_NS + number * MINUTE_NS, BAR, (number, number, number, number, 1))

    assert whole(columns, "close").tolist() == list(range(3_000))
    assert np.all(np.diff(columns.opened_ns.part(0, 3_000)) == MINUTE_NS)


def test_an_instant_belongs_to_the_bar_in_which_it_lies() -> None:
    columns = loaded()
    instants = np.array([-1, 0, MINUTE_NS - 1, MINUTE_NS, 4 * MINUTE_NS - 1, 4 * MINUTE_NS]) + MONDAY_NS

    assert columns.index_of(instants).tolist() == [-1, 0, 0, 1, 3, 4]
