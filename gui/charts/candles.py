"""Candles and volume: only what is visible is drawn, from the columns, in bounded work per frame."""

import numpy as np
from PySide6.QtGui import QPainter

from gui.charts.canvas import ChartItem, Frame, fill_rects
from gui.charts.columns import ChartColumns
from gui.charts.geometry import bar_rects, candle_rects
from gui.theme.ink import ink
from gui.theme.tokens import Tone


class CandleItem(ChartItem):
    """Open, high, low and close of each visible bar; when bars are narrower than a pixel, each pixel's range."""

    def __init__(self, columns: ChartColumns) -> None:
        super().__init__(z=10)
        self._columns = columns

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint wicks and bodies."""
        first, last = frame.bars(len(self._columns))
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
        fill_rects(painter, rects.rising_wicks, ink(Tone.RISE))
        fill_rects(painter, rects.falling_wicks, ink(Tone.FALL))
        fill_rects(painter, rects.rising_bodies, ink(Tone.RISE))
        fill_rects(painter, rects.falling_bodies, ink(Tone.FALL))
        # A rising body is hollow where there is room, so that rise and fall differ in shape as well as colour.
        wide = rects.rising_bodies[:, 2] - rects.rising_bodies[:, 0] >= 4
        inner = rects.rising_bodies[wide] + np.array([1, 1, -1, -1], dtype=np.int32)
        fill_rects(painter, inner[inner[:, 3] >= inner[:, 1]], ink(Tone.PANEL))

    def extent(self, first: int, last: int) -> tuple[float, float]:
        """Return lowest low and highest high of the bars ``[first, last)``; NaN when there is none."""
        low, _ = self._columns.column("low").extent(first, last)
        _, high = self._columns.column("high").extent(first, last)
        return (low, high) if np.isfinite(high) else (high, high)


class VolumeItem(ChartItem):
    """Volume in base units as columns from zero."""

    def __init__(self, columns: ChartColumns) -> None:
        super().__init__(z=10)
        self._columns = columns

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the columns."""
        first, last = frame.bars(len(self._columns))
        if first == last:
            return
        rects = bar_rects(heights=self._columns.column("volume"), first=first, last=last, scale=frame.scale)
        if frame.scale.x_scale < 1.0:
            fill_rects(painter, rects, ink(Tone.DISABLED))
            return
        rises = self._columns.column("close").part(first, last) >= self._columns.column("open").part(first, last)
        fill_rects(painter, rects[rises], ink(Tone.RISE_DIM))
        fill_rects(painter, rects[~rises], ink(Tone.FALL_DIM))

    def extent(self, first: int, last: int) -> tuple[float, float]:
        """Return zero and the largest volume of the bars ``[first, last)``."""
        low, high = self._columns.column("volume").extent(first, last)
        return (0.0, high) if np.isfinite(low) else (low, high)
