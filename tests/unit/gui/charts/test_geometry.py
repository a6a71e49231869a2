"""What is painted of candles and lines, against a plain loop over every bar."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.contracts.market import FloatColumn
from gui.charts.geometry import (
    RectArray,
    Scale,
    bar_rects,
    candle_rects,
    diamond_rects,
    line_columns,
    line_rects,
    pixel_columns,
    runs_of,
    sampled,
    visible_span,
)
from gui.charts.pyramid import LeveledColumn

pytestmark = pytest.mark.unit


def a_market(bars: int, *, seed: int = 3) -> dict[str, LeveledColumn]:
    return {name: LeveledColumn(values) for name, values in walk(bars, seed=seed).items()}


def walk(bars: int, *, seed: int = 3) -> dict[str, FloatColumn]:
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

    wicks: dict[bool, set[tuple[int, ...]]] = {True: set(), False: set()}
    bodies: dict[bool, set[tuple[int, ...]]] = {True: set(), False: set()}
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


@given(
    bars=st.integers(2, 3_000),
    x_scale=st.floats(0.0004, 0.9999),
    begin=st.floats(0, 0.99),
    seed=st.integers(0, 50),
    holes=st.floats(0, 0.9),
)
@example(
    bars=154, x_scale=0.0390625, begin=0.5, seed=0, holes=0.0
)  # the first bar is in a column that begins before it
def test_at_any_zoom_a_pixel_column_has_the_low_and_high_of_its_bars(
    bars: int, x_scale: float, begin: float, seed: int, holes: float
) -> None:
    values = walk(bars, seed=seed)
    unknown = np.random.default_rng(seed).random(bars) < holes
    for column in values.values():
        column[unknown] = np.nan
    first = int(begin * bars)
    market = {name: LeveledColumn(column) for name, column in values.items()}

    pixels = pixel_columns(first=first, last=bars, count=bars, x_scale=x_scale)
    lows = market["low"].lowest(pixels.edges, level=pixels.level)
    highs = market["high"].highest(pixels.edges, level=pixels.level)

    assert pixels.edges[0] <= first
    assert pixels.edges[-1] == bars
    assert np.all(np.diff(pixels.edges) > 0), "the bars are divided up: none is left out, none is seen twice"
    for place, number in enumerate(pixels.number.tolist()):
        begin_bar, end_bar = int(pixels.edges[place]), int(pixels.edges[place + 1])
        assert abs(begin_bar - min(number / x_scale, bars)) * x_scale <= max(0.25, x_scale) + 1e-6
        low, high = values["low"][begin_bar:end_bar], values["high"][begin_bar:end_bar]
        known = low[np.isfinite(low)]
        assert len(known) or np.isnan(lows[place])
        assert not len(known) or (lows[place], highs[place]) == (known.min(), np.nanmax(high))


@given(bars=st.integers(1, 2_000), x_scale=st.floats(0.001, 9.0), seed=st.integers(0, 50))
def test_no_extreme_of_a_line_is_lost_at_any_zoom(bars: int, x_scale: float, seed: int) -> None:
    values = np.random.default_rng(seed).normal(0, 100, bars)
    scale = Scale(x_scale, 7.3, -1.0, 0.0)

    line = line_columns(values=LeveledColumn(values), first=0, last=bars, scale=scale)

    assert line.top.min() == -values.max()
    assert line.bottom.max() == -values.min()
    joined = np.minimum(line.bottom[1:], line.bottom[:-1]) - np.maximum(line.top[1:], line.top[:-1])
    assert np.all(joined >= -1e-9), "a line without holes has none on the screen"


def test_work_is_bounded_by_pixels_when_zoomed_out() -> None:
    market = a_market(50_000)

    rects = candle_rects(**market, first=0, last=50_000, scale=a_scale(0.02))

    assert len(rects.rising_wicks) + len(rects.falling_wicks) <= 1_000 + 1


def test_columns_do_not_flicker_while_the_chart_is_panned() -> None:
    one = pixel_columns(first=103, last=160, count=1_000, x_scale=0.13)
    other = pixel_columns(first=104, last=161, count=1_000, x_scale=0.13)

    assert set(one.edges[1:-1]) - set(other.edges) == set()


def test_a_bar_without_a_close_hides_nothing_of_its_pixel_column() -> None:
    values = walk(1_000)
    values["close"][:] = np.nan
    market = {name: LeveledColumn(column) for name, column in values.items()}

    rects = candle_rects(**market, first=0, last=1_000, scale=a_scale(0.1))

    assert len(rects.rising_wicks) + len(rects.falling_wicks) == 100


def test_a_bar_of_nan_is_left_out() -> None:
    values = walk(10)
    values["close"][4] = np.nan
    market = {name: LeveledColumn(column) for name, column in values.items()}

    rects = candle_rects(**market, first=0, last=10, scale=a_scale(5.0))

    assert len(rects.rising_wicks) + len(rects.falling_wicks) == 9


def test_a_doji_still_has_a_body_of_one_pixel() -> None:
    flat = {name: LeveledColumn(np.array([100.0])) for name in ("open_", "high", "low", "close")}

    rects = candle_rects(**flat, first=0, last=1, scale=a_scale(10.0))

    assert rects.rising_bodies[0, 1] == rects.rising_bodies[0, 3]


@pytest.mark.parametrize(
    ("left", "right", "span"),
    [(-0.4, 9.4, (0, 10)), (0.6, 3.4, (1, 4)), (-50, -10, (0, 0)), (20, 30, (10, 10)), (9.6, 12, (10, 10))],
)
def test_only_bars_that_touch_the_view_are_seen(left: float, right: float, span: tuple[int, int]) -> None:
    assert visible_span(left=left, right=right, count=10) == span


@pytest.mark.parametrize("x_scale", [0.05, 3.0])
def test_a_line_keeps_its_spikes_and_its_gaps(x_scale: float) -> None:
    values = np.zeros(1_000)
    values[501] = 50.0
    values[:100] = np.nan

    line = line_columns(values=LeveledColumn(values), first=0, last=1_000, scale=Scale(x_scale, 0.0, -1.0, 0.0))

    assert np.nanmin(line.top) == -50.0
    assert np.isnan(line.top[: int(99 * x_scale)]).all()
    assert line_rects(line)[:, 0].min() >= 99 * x_scale


def test_dashes_leave_pixels_out_and_stand_still() -> None:
    values = LeveledColumn(np.zeros(1_000))
    whole = line_columns(values=values, first=0, last=1_000, scale=Scale(0.5, 0.0, -1.0, 0.0))

    drawn = {int(left) for left, *_ in line_rects(whole, dashes=(4, 3))}

    assert drawn == {x for x in range(500) if x % 7 < 4}


def test_volume_stands_on_zero() -> None:
    heights = LeveledColumn(np.array([2.0, np.nan, 5.0]))

    rects = bar_rects(heights=heights, first=0, last=3, scale=Scale(10.0, 0.0, -4.0, 100.0))

    assert rects[:, 1].tolist() == [92, 100, 80]
    assert rects[:, 3].tolist() == [100, 100, 100]


def test_a_diamond_stands_on_its_corner() -> None:
    rects = diamond_rects(x=np.array([10.5, np.nan]), y=np.array([20.0, 5.0]), reach=1)

    assert rects.tolist() == [[10, 19, 10, 19], [9, 20, 11, 20], [10, 21, 10, 21]]


def test_a_category_makes_a_stretch_of_equal_bars_and_nan_makes_none() -> None:
    codes = np.array([np.nan, 0, 0, 1, 1, np.nan, 1])

    def runs(part: FloatColumn) -> list[tuple[int, int, int]]:
        return list(zip(*(column.tolist() for column in runs_of(part)), strict=True))

    assert runs(codes) == [(1, 3, 0), (3, 5, 1), (6, 7, 1)]
    assert runs(codes[2:4]) == [(0, 1, 0), (1, 2, 1)]
    assert runs(codes[:0]) == []


def test_of_many_categories_in_a_pixel_the_newest_is_seen() -> None:
    codes = LeveledColumn(np.arange(100, dtype=np.float64))

    seen, edges = sampled(codes, first=0, last=100, scale=Scale(0.1, 0.0, 1.0, 0.0))

    assert seen.tolist() == [9, 19, 29, 39, 49, 59, 69, 79, 89, 99]
    assert edges.tolist() == list(range(11))
