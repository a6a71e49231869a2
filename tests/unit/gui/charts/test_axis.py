"""Where the lines of the grid stand."""

import numpy as np
import pytest

from gui.charts.axis import time_ticks, value_ticks
from gui.charts.columns import ChartColumns
from tests.support.market import MONDAY_NS, a_bar_series

pytestmark = pytest.mark.unit

MINUTE_NS = 60_000_000_000


def minutes(bars: int, *, without: tuple[int, ...] = ()) -> ChartColumns:
    columns = ChartColumns([])
    columns.load(a_bar_series([100.0] * bars, without=without), {})
    return columns


@pytest.mark.parametrize(("low", "high"), [(60_000.0, 61_234.0), (0.00012, 0.00019), (-3.0, 5.0), (99.99, 100.01)])
def test_values_are_round_inside_the_range_and_not_too_many(low: float, high: float) -> None:
    ticks = value_ticks(low, high, height_px=400)

    assert 3 <= len(ticks) <= 12
    assert all(low <= tick.at <= high for tick in ticks)
    assert len({tick.text for tick in ticks}) == len(ticks), "each reads differently"


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (float("nan"), 2.0), (2.0, 1.0)])
def test_a_range_without_height_has_no_ticks(low: float, high: float) -> None:
    assert value_ticks(low, high, height_px=400) == []


def test_times_are_round_and_stand_at_their_bars() -> None:
    ticks = time_ticks(minutes(300), left=0, right=299, width_px=900)

    assert [(tick.at, tick.text) for tick in ticks] == [
        (0, "04 Mar"),
        (60, "01:00"),
        (120, "02:00"),
        (180, "03:00"),
        (240, "04:00"),
    ]


def test_a_gap_moves_no_tick_off_its_time() -> None:
    columns = minutes(200, without=tuple(range(60, 90)))

    ticks = time_ticks(columns, left=0, right=len(columns) - 1, width_px=700)

    for tick in ticks:
        hour, minute = (
            (int(part) for part in tick.first_text.split()[-1].split(":")) if ":" in tick.first_text else (0, 0)
        )
        opened = (int(columns.opened_ns[int(tick.at)]) - MONDAY_NS) // MINUTE_NS
        assert opened >= hour * 60 + minute


def test_times_go_on_to_the_right_of_the_newest_bar() -> None:
    ticks = time_ticks(minutes(60), left=30, right=150, width_px=600)

    assert max(tick.at for tick in ticks) > 60


def test_without_bars_there_are_no_times() -> None:
    assert time_ticks(ChartColumns([]), left=0, right=10, width_px=100) == []
    assert np.isfinite(minutes(1).bar_ns)
