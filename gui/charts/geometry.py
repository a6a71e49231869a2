"""From bars to pixels: pure numpy, so that it can be checked against a plain loop. It knows no Qt.

A pixel column is one device-independent pixel wide. Bar `i` is drawn around ``x = i``, from ``i - 0.5`` to ``i + 0.5``.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.contracts.market import FloatColumn, IntColumn

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
class Extremes:
    """The range of a column in each of several pixel columns, and the first and last value there."""

    x: FloatColumn
    low: FloatColumn
    high: FloatColumn
    first: FloatColumn
    last: FloatColumn


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


def column_starts(*, first: int, last: int, x_scale: float) -> IntColumn:
    """Return where in ``[first, last)`` each pixel column begins, for `numpy.ufunc.reduceat`.

    Columns begin at multiples of a whole number of bars, so that they do not flicker while the chart is panned.
    """
    step = max(int(np.ceil(1.0 / x_scale)), 1)
    inner = np.arange((first // step + 1) * step, last, step, dtype=np.int64)
    return np.concatenate(([first], inner)) - first


def extremes(
    *,
    open_: FloatColumn,
    high: FloatColumn,
    low: FloatColumn,
    close: FloatColumn,
    first: int,
    last: int,
    x_scale: float,
) -> Extremes:
    """Return each pixel column's range over the bars ``[first, last)``, exact in its extremes; NaN bars are passed over.

    The work is bounded by the bars that are visible.
    """
    starts = column_starts(first=first, last=last, x_scale=x_scale)
    ends = np.append(starts[1:], last - first)
    return Extremes(
        x=first + (starts + ends - 1) / 2.0,
        low=np.fmin.reduceat(low[first:last], starts),
        high=np.fmax.reduceat(high[first:last], starts),
        first=open_[first:last][starts],
        last=close[first:last][ends - 1],
    )


def candle_rects(
    *, open_: FloatColumn, high: FloatColumn, low: FloatColumn, close: FloatColumn, first: int, last: int, scale: Scale
) -> CandleRects:
    """Return the rectangles of the bars ``[first, last)``: one per bar, or one per pixel column when bars are narrower."""
    if scale.x_scale >= 1.0:
        x = np.arange(first, last, dtype=np.float64)
        opened, closed = open_[first:last], close[first:last]
        lows, highs = low[first:last], high[first:last]
    else:
        span = extremes(open_=open_, high=high, low=low, close=close, first=first, last=last, x_scale=scale.x_scale)
        x, opened, closed, lows, highs = span.x, span.first, span.last, span.low, span.high
    known = np.isfinite(opened) & np.isfinite(closed) & np.isfinite(lows) & np.isfinite(highs)
    x, opened, closed, lows, highs = x[known], opened[known], closed[known], lows[known], highs[known]
    rises = closed >= opened
    centre = _whole(scale.x_px(x))
    wick_half = 0 if scale.x_scale < 24 else 1
    wicks = _rects(centre - wick_half, scale.y_px(highs), centre + wick_half, scale.y_px(lows))
    half = body_half(scale.x_scale)
    top, bottom = scale.y_px(np.maximum(opened, closed)), scale.y_px(np.minimum(opened, closed))
    bodies = _rects(centre - half, top, centre + half, bottom)
    if half == 0:
        bodies = bodies[:0]
        return CandleRects(wicks[rises], bodies, wicks[~rises], bodies)
    return CandleRects(wicks[rises], bodies[rises], wicks[~rises], bodies[~rises])


def body_half(x_scale: float) -> int:
    """Return how many pixels a body reaches to each side of its wick; 0 when only wicks fit."""
    return int(max((x_scale * BODY_SHARE - 1) // 2, 0)) if x_scale >= 3 else 0


def bar_rects(*, heights: FloatColumn, first: int, last: int, scale: Scale) -> RectArray:
    """Return columns from zero up to each height, for volume; one per pixel column when bars are narrower.

    NaN heights give a rectangle of no height below zero, so that the result stays aligned with the bars.
    """
    if scale.x_scale >= 1.0:
        x, tops = np.arange(first, last, dtype=np.float64), heights[first:last]
    else:
        starts = column_starts(first=first, last=last, x_scale=scale.x_scale)
        ends = np.append(starts[1:], last - first)
        x, tops = first + (starts + ends - 1) / 2.0, np.fmax.reduceat(heights[first:last], starts)
    centre, half = _whole(scale.x_px(x)), body_half(scale.x_scale)
    base = np.full(len(x), scale.y_offset)
    return _rects(centre - half, scale.y_px(np.nan_to_num(tops)), centre + half, base)


def line_points(*, values: FloatColumn, first: int, last: int, scale: Scale) -> tuple[FloatColumn, FloatColumn]:
    """Return a line's points in pixels, with NaN where it is interrupted.

    With more than two bars per pixel each pixel column gives its lowest and highest value, so no spike is lost.
    """
    if scale.x_scale >= 0.5:
        x = np.arange(first, last, dtype=np.float64)
        return scale.x_px(x), scale.y_px(values[first:last])
    starts = column_starts(first=first, last=last, x_scale=scale.x_scale)
    ends = np.append(starts[1:], last - first)
    x = np.repeat(first + (starts + ends - 1) / 2.0, 2)
    y = np.empty(len(starts) * 2)
    y[0::2] = np.fmin.reduceat(values[first:last], starts)
    y[1::2] = np.fmax.reduceat(values[first:last], starts)
    return scale.x_px(x), scale.y_px(y)


def runs_of(codes: FloatColumn, *, first: int, last: int) -> list[tuple[int, int, int]]:
    """Return stretches of equal category in ``[first, last)`` as (first bar, bar after the last, category); NaN has none."""
    part = codes[first:last]
    if not len(part):
        return []
    known = np.where(np.isfinite(part), part, -1.0).astype(np.int64)
    edges = np.flatnonzero(np.diff(known)) + 1
    starts = np.concatenate(([0], edges))
    ends = np.append(edges, len(known))
    return [
        (first + int(start), first + int(end), int(known[start]))
        for start, end in zip(starts, ends, strict=True)
        if known[start] >= 0
    ]


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
