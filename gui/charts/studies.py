"""Enriched columns, each drawn as its kind says: lines on price, oscillators, flags and category bands."""

from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from engine.contracts.context import ColumnKind, ColumnSpec
from engine.contracts.market import FloatColumn
from gui.charts.candles import span_of
from gui.charts.canvas import ChartItem, Frame, draw_line, fill_rects, pen_of
from gui.charts.columns import ChartColumns
from gui.charts.geometry import line_points, runs_of, visible_span
from gui.theme.ink import ink
from gui.theme.tokens import CATEGORIES, STUDIES, Tone

CATEGORY_STRIP_PX: Final = 5
"""Height of the strip in which one category column is drawn, at the bottom of the price pane."""

_SMOOTH_BARS_MAX: Final = 800  # beyond it a smooth line costs more than a frame has
_FLAG_PX: Final = 4
_BAND_ALPHA: Final = 26  # of 255: candles and lines stay what one sees first


class LineStudy(ChartItem):
    """One column as a line, in the price pane or in a pane of its own.

    Args:
        columns: Where its values are.
        spec: Which column, and how it is meant.
        tone: Its colour.
    """

    def __init__(self, columns: ChartColumns, spec: ColumnSpec, tone: Tone) -> None:
        super().__init__(z=20)
        self._columns = columns
        self.spec: Final = spec
        self.tone: Final = tone
        self._dashes = (4, 3) if spec.kind is ColumnKind.BAND else ()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the visible part; NaN interrupts it."""
        first, last = visible_span(left=frame.view.left(), right=frame.view.right(), count=len(self._columns))
        if first == last:
            return
        first = max(first - 1, 0)
        values = self._columns.column(self.spec.name)
        points = line_points(values=values, first=first, last=last, scale=frame.scale)
        pen = pen_of(self.tone, width=1.25, dashes=self._dashes)
        draw_line(painter, points, pen, is_smooth=last - first <= _SMOOTH_BARS_MAX)

    def extent(self, first: int, last: int) -> tuple[float, float]:
        """Return the smallest and largest value of the bars ``[first, last)``; NaN when there is none."""
        return span_of(self._columns.column(self.spec.name)[first:last])


class BandFill(ChartItem):
    """The room between the two columns of a band, tinted; NaN in either interrupts it.

    Args:
        columns: Where its values are.
        bounds: Names of the two columns, in any order.
        tone: Its colour.
    """

    def __init__(self, columns: ChartColumns, bounds: tuple[str, str], tone: Tone) -> None:
        super().__init__(z=4)
        self._columns = columns
        self.bounds: Final = bounds
        self._tone = tone

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the visible part."""
        first, last = visible_span(left=frame.view.left(), right=frame.view.right(), count=len(self._columns))
        if first == last:
            return
        tint = QColor(ink(self._tone))
        tint.setAlpha(_BAND_ALPHA)
        first = max(first - 1, 0)
        (x, one), (_, other) = (
            line_points(values=self._columns.column(name), first=first, last=last, scale=frame.scale)
            for name in self.bounds
        )
        known = np.where(np.isfinite(one) & np.isfinite(other), 0.0, np.nan)
        for start, end, _ in runs_of(known, first=0, last=len(known)):
            there, back = slice(start, end), slice(end - 1, start - 1 if start else None, -1)
            outline_x, outline_y = np.append(x[there], x[back]), np.append(one[there], other[back])
            painter.fillPath(pg.arrayToQPath(outline_x, outline_y), tint)


class FlagStudy(ChartItem):
    """A flag column: a small mark below each bar on which it is set; several flags stand below one another."""

    def __init__(self, columns: ChartColumns, spec: ColumnSpec, tone: Tone, *, rank: int) -> None:
        super().__init__(z=25)
        self._columns = columns
        self.spec: Final = spec
        self.tone: Final = tone
        self._rank = rank

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the marks."""
        first, last = visible_span(left=frame.view.left(), right=frame.view.right(), count=len(self._columns))
        set_bars = first + np.flatnonzero(self._columns.column(self.spec.name)[first:last] > 0)
        if not len(set_bars):
            return
        x = frame.scale.x_px(set_bars.astype(np.float64))
        y = frame.scale.y_px(self._columns.column("low")[set_bars]) + 9 + self._rank * (2 * _FLAG_PX + 1)
        if frame.scale.x_scale < 2.0:
            self._draw_dots(painter, x, y)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(self.tone))
        reach = min(_FLAG_PX, max(frame.scale.x_scale * 0.4, 2.0))
        for centre_x, centre_y in zip(x, y, strict=True):
            if np.isfinite(centre_y):
                painter.drawPolygon(diamond(centre_x, centre_y, reach))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_dots(self, painter: QPainter, x: FloatColumn, y: FloatColumn) -> None:
        known = np.isfinite(y)
        left, top = x[known].astype(np.int32), y[known].astype(np.int32)
        fill_rects(painter, np.column_stack((left, top, left, top + 1)).astype(np.int32), self.tone)


class CategoryStudy(ChartItem):
    """A category column as a strip of colours along the bottom of the pane, named where there is room."""

    def __init__(self, columns: ChartColumns, spec: ColumnSpec, *, rank: int) -> None:
        super().__init__(z=5)
        self._columns = columns
        self.spec: Final = spec
        self._rank = rank

    def tint(self, category: int) -> Tone:
        """Return the colour of a category's strip by its index."""
        return CATEGORIES[category % len(CATEGORIES)]

    def label_tone(self, category: int) -> Tone:
        """Return a lighter colour of the same hue, in which its name can be read."""
        return STUDIES[category % len(STUDIES)]

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the strip."""
        first, last = visible_span(left=frame.view.left(), right=frame.view.right(), count=len(self._columns))
        bottom = int(frame.area.bottom()) - self._rank * (CATEGORY_STRIP_PX + 1)
        for start, end, category in runs_of(self._columns.column(self.spec.name), first=first, last=last):
            left = round((start - 0.5) * frame.scale.x_scale + frame.scale.x_offset)
            right = round((end - 0.5) * frame.scale.x_scale + frame.scale.x_offset)
            strip = QRectF(left, bottom - CATEGORY_STRIP_PX, max(right - left, 1), CATEGORY_STRIP_PX)
            painter.fillRect(strip, ink(self.tint(category)))


def diamond(x: float, y: float, reach: float) -> QPolygonF:
    """Return a square that stands on its corner, in pixels."""
    return QPolygonF([QPointF(x, y - reach), QPointF(x + reach, y), QPointF(x, y + reach), QPointF(x - reach, y)])
