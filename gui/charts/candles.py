"""Candles and volume: only what is visible is drawn, from the columns, in bounded work per frame."""

import numpy as np
from PySide6.QtGui import QPainter

from engine.contracts.market import FloatColumn
from gui.charts.canvas import ChartItem, Frame, fill_rects
from gui.charts.columns import ChartColumns
from gui.charts.geometry import bar_rects, candle_rects, visible_span
from gui.theme.tokens import Tone


class CandleItem(ChartItem):
    """Open, high, low and close of each visible bar; when bars are narrower than a pixel, each pixel's range."""

    def __init__(self, columns: ChartColumns) -> None:
        super().__init__(z=10)
        self._columns = columns

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint wicks and bodies."""
        first, last = visible_span(left=frame.view.left(), right=frame.view.right(), count=len(self._columns))
        if first == last:
            return
        column = self._columns.column
        rects = candle_rects(
            open_=column("open"),
            high=column("high"),
            low=column("low"),
            close=column("close"),
            first=first,
            last=last,
            scale=frame.scale,
        )
        fill_rects(painter, rects.rising_wicks, Tone.RISE)
        fill_rects(painter, rects.falling_wicks, Tone.FALL)
        fill_rects(painter, rects.rising_bodies, Tone.RISE)
        fill_rects(painter, rects.falling_bodies, Tone.FALL)
        # A rising body is hollow where there is room, so that rise and fall differ in shape as well as colour.
        wide = rects.rising_bodies[:, 2] - rects.rising_bodies[:, 0] >= 4
        inner = rects.rising_bodies[wide] + np.array([1, 1, -1, -1], dtype=np.int32)
        fill_rects(painter, inner[inner[:, 3] >= inner[:, 1]], Tone.PANEL)

    def extent(self, first: int, last: int) -> tuple[float, float]:
        """Return lowest low and highest high of the bars ``[first, last)``; NaN when there is none."""
        return span_of(self._columns.column("low")[first:last], self._columns.column("high")[first:last])


class VolumeItem(ChartItem):
    """Volume in base units as columns from zero."""

    def __init__(self, columns: ChartColumns) -> None:
        super().__init__(z=10)
        self._columns = columns

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the columns."""
        first, last = visible_span(left=frame.view.left(), right=frame.view.right(), count=len(self._columns))
        if first == last:
            return
        rects = bar_rects(heights=self._columns.column("volume"), first=first, last=last, scale=frame.scale)
        if frame.scale.x_scale < 1.0:
            fill_rects(painter, rects, Tone.DISABLED)
            return
        rises = self._columns.column("close")[first:last] >= self._columns.column("open")[first:last]
        fill_rects(painter, rects[rises], Tone.RISE_DIM)
        fill_rects(painter, rects[~rises], Tone.FALL_DIM)

    def extent(self, first: int, last: int) -> tuple[float, float]:
        """Return zero and the largest volume of the bars ``[first, last)``."""
        low, high = span_of(self._columns.column("volume")[first:last])
        return (0.0, high) if np.isfinite(low) else (low, high)


def span_of(*columns: FloatColumn) -> tuple[float, float]:
    """Return the smallest and largest finite value of several columns; NaN when there is none."""
    finite = [column[np.isfinite(column)] for column in columns]
    finite = [column for column in finite if len(column)]
    if not finite:
        return float("nan"), float("nan")
    return min(float(column.min()) for column in finite), max(float(column.max()) for column in finite)
