"""What is painted of candles and lines, against a plain loop over every bar."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.market import FloatColumn
from gui.charts.geometry import (
    RectArray,
    Scale,
    bar_rects,
    candle_rects,
    column_starts,
    extremes,
    line_points,
    runs_of,
    visible_span,
)

pytestmark = pytest.mark.unit


def a_market(bars: int, *, seed: int = 3) -> dict[str, FloatColumn]:
    random = np.random.default_rng(seed)
    close = 100 + np.cumsum(random.normal(0, 1, bars))
    open_ = np.concatenate(([100.0], close[:-1]))
    reach = np.abs(random.normal(0, 1, bars))
    return {
        "open_": open_,
        "close": close,
        "high": np.maximum(open_, close) + reach,
        "low": np.minimum(open_, close) - reach,
    }


def a_scale(x_scale: float) -> Scale:
    return Scale(x_scale=x_scale, x_offset=3.0, y_scale=-2.0, y_offset=900.0)


def as_set(*arrays: RectArray) -> set[tuple[int, ...]]:
    return {tuple(int(value) for value in row) for rows in arrays for row in rows}


@pytest.mark.parametrize("x_scale", [1.0, 2.5, 7.0, 31.0])
def test_each_bar_has_the_wick_of_its_range_and_the_body_of_its_change(x_scale: float) -> None:
    market, scale = a_market(50), a_scale(x_scale)

    rects = candle_rects(**market, first=5, last=45, scale=scale)

    wicks, bodies = {True: set(), False: set()}, {True: set(), False: set()}
    half = int(max((x_scale * 0.72 - 1) // 2, 0)) if x_scale >= 3 else 0
    wick_half = 1 if x_scale >= 24 else 0
    for bar in range(5, 45):
        opened, closed, high, low = (float(market[name][bar]) for name in ("open_", "close", "high", "low"))
        x = math.floor(bar * x_scale + 3.0)
        rises = closed >= opened
        top, bottom = math.floor(900 - 2 * high), math.floor(900 - 2 * low)
        wicks[rises].add((x - wick_half, top, x + wick_half, max(bottom, top)))
        upper, lower = math.floor(900 - 2 * max(opened, closed)), math.floor(900 - 2 * min(opened, closed))
        if half:
            bodies[rises].add((x - half, upper, x + half, max(lower, upper)))
    assert as_set(rects.rising_wicks) == wicks[True]
    assert as_set(rects.falling_wicks) == wicks[False]
    assert as_set(rects.rising_bodies) == bodies[True]
    assert as_set(rects.falling_bodies) == bodies[False]


@given(bars=st.integers(2, 400), x_scale=st.floats(0.003, 0.99), first=st.integers(0, 100), seed=st.integers(0, 50))
def test_no_extreme_is_lost_when_bars_are_narrower_than_pixels(
    bars: int, x_scale: float, first: int, seed: int
) -> None:
    market = a_market(bars, seed=seed)
    first = min(first, bars - 1)

    seen = extremes(**market, first=first, last=bars, x_scale=x_scale)

    step = max(math.ceil(1 / x_scale), 1)
    groups: dict[int, list[int]] = {}
    for bar in range(first, bars):
        groups.setdefault(bar // step, []).append(bar)
    assert len(seen.high) == len(groups)
    for place, members in enumerate(groups.values()):
        assert seen.high[place] == max(market["high"][bar] for bar in members)
        assert seen.low[place] == min(market["low"][bar] for bar in members)
        assert seen.first[place] == market["open_"][members[0]]
        assert seen.last[place] == market["close"][members[-1]]
        assert seen.x[place] == (members[0] + members[-1]) / 2


def test_work_is_bounded_by_pixels_when_zoomed_out() -> None:
    market = a_market(50_000)

    rects = candle_rects(**market, first=0, last=50_000, scale=a_scale(0.02))

    assert len(rects.rising_wicks) + len(rects.falling_wicks) <= 1_000 + 1


def test_columns_do_not_flicker_while_the_chart_is_panned() -> None:
    one = column_starts(first=103, last=160, x_scale=0.1) + 103
    other = column_starts(first=104, last=161, x_scale=0.1) + 104

    assert set(one[1:]) - set(other) == set()


def test_a_bar_of_nan_is_left_out() -> None:
    market = a_market(10)
    market["close"][4] = np.nan

    rects = candle_rects(**market, first=0, last=10, scale=a_scale(5.0))

    assert len(rects.rising_wicks) + len(rects.falling_wicks) == 9


def test_a_doji_still_has_a_body_of_one_pixel() -> None:
    flat = {name: np.array([100.0]) for name in ("open_", "high", "low", "close")}

    rects = candle_rects(**flat, first=0, last=1, scale=a_scale(10.0))

    assert rects.rising_bodies[0, 1] == rects.rising_bodies[0, 3]


@pytest.mark.parametrize(
    ("left", "right", "span"),
    [(-0.4, 9.4, (0, 10)), (0.6, 3.4, (1, 4)), (-50, -10, (0, 0)), (20, 30, (10, 10)), (9.6, 12, (10, 10))],
)
def test_only_bars_that_touch_the_view_are_seen(left: float, right: float, span: tuple[int, int]) -> None:
    assert visible_span(left=left, right=right, count=10) == span


def test_a_line_keeps_its_spikes_and_its_gaps() -> None:
    values = np.zeros(1_000)
    values[501] = 50.0
    values[:100] = np.nan

    _, y = line_points(values=values, first=0, last=1_000, scale=Scale(0.05, 0.0, -1.0, 0.0))

    assert np.nanmin(y) == -50.0
    assert np.isnan(y[:10]).all()


def test_volume_stands_on_zero() -> None:
    rects = bar_rects(heights=np.array([2.0, np.nan, 5.0]), first=0, last=3, scale=Scale(10.0, 0.0, -4.0, 100.0))

    assert rects[:, 1].tolist() == [92, 100, 80]
    assert rects[:, 3].tolist() == [100, 100, 100]


def test_a_category_makes_a_stretch_of_equal_bars_and_nan_makes_none() -> None:
    codes = np.array([np.nan, 0, 0, 1, 1, np.nan, 1])

    assert runs_of(codes, first=0, last=7) == [(1, 3, 0), (3, 5, 1), (6, 7, 1)]
    assert runs_of(codes, first=2, last=4) == [(2, 3, 0), (3, 4, 1)]
    assert runs_of(codes, first=3, last=3) == []
