"""From bars to pixels: pure numpy, so that it can be checked against a plain loop. It knows no Qt.

A pixel column is one device-independent pixel wide. Bar `i` is drawn around ``x = i``, from ``i - 0.5`` to ``i + 0.5``.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.contracts.market import FloatColumn, IntColumn
from gui.charts.pyramid import BLOCKS_MAX, FAN_OUT, LeveledColumn

RectArray = NDArray[np.int32]
"""Rectangles as Qt keeps a QRect: x1, y1, x2, y2 in pixels, both corners included; shape ``(n, 4)``."""

BODY_SHARE: Final = 0.72
"""How much of a bar's room its body takes."""
_PIXELS_MAX: Final = 16_000  # beyond any screen; keeps int32 far from its ends when a scale is tiny


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear map from chart values to pixels: ``x_px = x * x_scale + x_offset``, likewise for y."""

    x_scale: float
    x_offset: float
    y_scale: float
    y_offset: float

    def x_px(self, x: FloatColumn) -> FloatColumn:
        """Return pixels from the left."""
        return np.asarray(x * self.x_scale + self.x_offset)

    def y_px(self, y: FloatColumn) -> FloatColumn:
        """Return pixels from the top."""
        return np.asarray(y * self.y_scale + self.y_offset)


@dataclass(frozen=True, slots=True)
class PixelColumns:
    """Which bars share a pixel column: column `i` holds the bars from ``edges[i]`` to before ``edges[i + 1]``.

    `number` counts the pixel columns from that of bar 0. Edges are multiples of ``4 ** level``, or the end of the bars.
    """

    level: int
    number: IntColumn
    edges: IntColumn

    def x_px(self, scale: Scale) -> IntColumn:
        """Return the pixel of each column, from the left."""
        return self.number + int(np.floor(scale.x_offset))


@dataclass(frozen=True, slots=True)
class LineColumns:
    """What a line covers: in the pixel column `x` from `top` down to `bottom`, pixels; NaN where it does not go."""

    x: IntColumn
    top: FloatColumn
    bottom: FloatColumn


@dataclass(frozen=True, slots=True)
class CandleRects:
    """What is painted of candles: wicks and bodies of those that rose and of those that fell."""

    rising_wicks: RectArray
    rising_bodies: RectArray
    falling_wicks: RectArray
    falling_bodies: RectArray


def visible_span(*, left: float, right: float, count: int) -> tuple[int, int]:
    """Return the first bar that touches ``[left, right]`` and the one after the last; equal when there is none."""
    first = min(max(int(np.floor(left + 0.5)), 0), count)
    last = min(max(int(np.ceil(right + 0.5)), first), count)
    return first, last


def pixel_columns(*, first: int, last: int, count: int, x_scale: float) -> PixelColumns:
    """Return which bars share each pixel column from bar `first` to before bar `last`, for bars narrower than a pixel.

    Column `n` holds the bars with ``n <= bar * x_scale < n + 1``: that depends on the zoom alone, so that nothing flickers
    while the chart is panned. Edges lie on whole blocks, a quarter of a pixel off at most.
    """
    bars = 1.0 / x_scale
    level = 0
    while bars / FAN_OUT**level > BLOCKS_MAX:
        level += 1
    size = FAN_OUT**level
    # From one column before: where its end was moved to a whole block, it holds the first bar.
    begin = max(int(np.floor(first * x_scale)) - 1, 0)
    numbers = np.arange(begin, int(np.floor((last - 1) * x_scale)) + 2, dtype=np.int64)
    edges = np.minimum(np.ceil(numbers * (bars / size)).astype(np.int64) * size, count)
    held = (edges[1:] > edges[:-1]) & (edges[1:] > first)
    return PixelColumns(level, numbers[:-1][held], np.append(edges[:-1][held], edges[-1]))


def candle_rects(
    *,
    open_: LeveledColumn,
    high: LeveledColumn,
    low: LeveledColumn,
    close: LeveledColumn,
    first: int,
    last: int,
    scale: Scale,
) -> CandleRects:
    """Return the rectangles of the bars ``[first, last)``: one per bar, or one per pixel column when bars are narrower.

    A column's range is exact, and NaN in some of its bars hides nothing of the others.
    """
    if scale.x_scale >= 1.0:
        opened, closed = open_.part(first, last), close.part(first, last)
        lows, highs = low.part(first, last), high.part(first, last)
        known = np.isfinite(opened) & np.isfinite(closed) & np.isfinite(lows) & np.isfinite(highs)
        centre = _whole(scale.x_px(np.arange(first, last, dtype=np.float64)))
    else:
        pixels = pixel_columns(first=first, last=last, count=len(low), x_scale=scale.x_scale)
        lows, highs = low.lowest(pixels.edges, level=pixels.level), high.highest(pixels.edges, level=pixels.level)
        opened, closed = open_.at(pixels.edges[:-1]), close.at(pixels.edges[1:] - 1)
        known = np.isfinite(lows) & np.isfinite(highs)
        centre = pixels.x_px(scale)
    opened, closed, lows, highs, centre = opened[known], closed[known], lows[known], highs[known], centre[known]
    rises = ~(closed < opened)
    wick_half = 0 if scale.x_scale < 24 else 1
    wicks = _rects(centre - wick_half, scale.y_px(highs), centre + wick_half, scale.y_px(lows))
    half = body_half(scale.x_scale)
    if half == 0:
        none = wicks[:0]
        return CandleRects(wicks[rises], none, wicks[~rises], none)
    top, bottom = scale.y_px(np.maximum(opened, closed)), scale.y_px(np.minimum(opened, closed))
    bodies = _rects(centre - half, top, centre + half, bottom)
    return CandleRects(wicks[rises], bodies[rises], wicks[~rises], bodies[~rises])


def body_half(x_scale: float) -> int:
    """Return how many pixels a body reaches to each side of its wick; 0 when only wicks fit."""
    return int(max((x_scale * BODY_SHARE - 1) // 2, 0)) if x_scale >= 3 else 0


def bar_rects(*, heights: LeveledColumn, first: int, last: int, scale: Scale) -> RectArray:
    """Return columns from zero up to each height, for volume; one per pixel column when bars are narrower.

    NaN heights give a rectangle of one pixel at zero, so that the result stays aligned with the bars.
    """
    if scale.x_scale >= 1.0:
        tops = heights.part(first, last)
        centre = _whole(scale.x_px(np.arange(first, last, dtype=np.float64)))
    else:
        pixels = pixel_columns(first=first, last=last, count=len(heights), x_scale=scale.x_scale)
        tops, centre = heights.highest(pixels.edges, level=pixels.level), pixels.x_px(scale)
    half = body_half(scale.x_scale)
    base = np.full(len(centre), scale.y_offset)
    return _rects(centre - half, scale.y_px(np.nan_to_num(tops)), centre + half, base)


def line_points(*, values: LeveledColumn, first: int, last: int, scale: Scale) -> tuple[FloatColumn, FloatColumn]:
    """Return a line's points in pixels, one for each of the bars ``[first, last)``, with NaN where it is interrupted."""
    return scale.x_px(np.arange(first, last, dtype=np.float64)), scale.y_px(values.part(first, last))


def line_columns(*, values: LeveledColumn, first: int, last: int, scale: Scale) -> LineColumns:
    """Return what a line covers in each pixel column, joined from one to the next; NaN where it is interrupted.

    No value lies outside of its column, so no spike is lost at any zoom.
    """
    if scale.x_scale < 1.0:
        pixels = pixel_columns(first=first, last=last, count=len(values), x_scale=scale.x_scale)
        top = scale.y_px(values.highest(pixels.edges, level=pixels.level))
        bottom = scale.y_px(values.lowest(pixels.edges, level=pixels.level))
        joined_top, joined_bottom = top.copy(), bottom.copy()
        joined_top[1:] = np.where(bottom[:-1] < top[1:], bottom[:-1], top[1:])  # the last was above: reach up to it
        joined_bottom[1:] = np.where(top[:-1] > bottom[1:], top[:-1], bottom[1:])
        return LineColumns(pixels.x_px(scale), joined_top, joined_bottom)
    return _crossed_columns(*line_points(values=values, first=first, last=last, scale=scale))


def line_rects(line: LineColumns, *, dashes: tuple[int, int] | None = None) -> RectArray:
    """Return a line one pixel wide as rectangles.

    Args:
        line: What it covers.
        dashes: How many pixels are drawn and then left out; they stand still on the screen.
    """
    known = np.isfinite(line.top) & np.isfinite(line.bottom)
    if dashes is not None:
        known &= line.x % sum(dashes) < dashes[0]
    x = line.x[known]
    return _rects(x, line.top[known], x, line.bottom[known])


def diamond_rects(*, x: FloatColumn, y: FloatColumn, reach: int) -> RectArray:
    """Return squares that stand on their corners, around points in pixels, row by row; a NaN point has none."""
    known = np.isfinite(x) & np.isfinite(y)
    centre_x, centre_y = _whole(x[known])[:, None], _whole(y[known])[:, None]
    rows = np.arange(-reach, reach + 1)
    half = reach - np.abs(rows)
    sides = (centre_x - half, centre_y + rows, centre_x + half, centre_y + rows)
    return np.stack(sides, axis=-1).reshape(-1, 4).astype(np.int32)


def sampled(column: LeveledColumn, *, first: int, last: int, scale: Scale) -> tuple[FloatColumn, IntColumn]:
    """Return the values of the bars ``[first, last)`` and the pixels at which they begin, and where the last one ends.

    When bars are narrower than a pixel it is the newest value of each pixel column.
    """
    if scale.x_scale >= 1.0:
        edges = scale.x_px(np.arange(first, last + 1, dtype=np.float64) - 0.5)
        return column.part(first, last), np.rint(edges).astype(np.int64)
    pixels = pixel_columns(first=first, last=last, count=len(column), x_scale=scale.x_scale)
    x = pixels.x_px(scale)
    return column.at(pixels.edges[1:] - 1), np.append(x, x[-1] + 1)


def runs_of(codes: FloatColumn) -> tuple[IntColumn, IntColumn, IntColumn]:
    """Return where stretches of equal category begin, where the next begins, and the category; NaN has none."""
    known = np.where(np.isfinite(codes), codes, -1.0).astype(np.int64)
    edges = np.concatenate(([0], np.flatnonzero(np.diff(known)) + 1, [len(known)]))
    starts, ends = edges[:-1], edges[1:]
    held = (ends > starts) & (known[np.minimum(starts, len(known) - 1)] >= 0) if len(known) else np.zeros(1, bool)
    return starts[held], ends[held], known[starts[held]] if len(known) else starts[held]


def _crossed_columns(x: FloatColumn, y: FloatColumn) -> LineColumns:
    """Return the pixel columns that a line crosses whose points are at least a pixel apart."""
    pixels = np.arange(int(np.floor(x[0])), int(np.floor(x[-1])) + 1, dtype=np.int64)
    left, right = np.interp(pixels, x, y), np.interp(pixels + 1, x, y)
    top, bottom = np.fmin(left, right), np.fmax(left, right)
    corners = _whole(x) - pixels[0]
    top[corners], bottom[corners] = np.fmin(top[corners], y), np.fmax(bottom[corners], y)
    return LineColumns(pixels, top, bottom)


def _whole(pixels: FloatColumn) -> IntColumn:
    return np.floor(np.clip(pixels, -_PIXELS_MAX, _PIXELS_MAX)).astype(np.int64)


def _rects(left: IntColumn, top: FloatColumn, right: IntColumn, bottom: FloatColumn) -> RectArray:
    """Return rectangles that are at least one pixel high; `bottom` is the last pixel row."""
    rects = np.empty((len(left), 4), dtype=np.int32)
    rects[:, 0] = left
    rects[:, 1] = _whole(top)
    rects[:, 2] = right
    rects[:, 3] = np.maximum(_whole(bottom), rects[:, 1])
    return rects
