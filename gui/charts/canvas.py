"""Painting from numpy memory in pixels, inside a pyqtgraph view."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget
from shiboken6 import wrapInstance

from engine.contracts.market import FloatColumn
from gui.charts.geometry import RectArray, Scale, visible_span
from gui.theme.ink import ink
from gui.theme.tokens import Tone

_STRIP_MARGIN_PX: Final = 3  # what stands at the edge of a strip reaches into it


@dataclass(frozen=True, slots=True)
class Frame:
    """What is visible: `scale` from chart values to pixels, `view` in chart values, `area` the same in pixels.

    `left` and `right` are the ends, in bars, of what has to be painted anew: all of the view, or a strip of it.
    """

    scale: Scale
    view: QRectF
    area: QRectF
    left: float
    right: float

    def bars(self, count: int) -> tuple[int, int]:
        """Return the first of `count` bars that is to be painted and the one after the last; equal when there is none."""
        return visible_span(left=self.left, right=self.right, count=count)


class ChartItem(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph brings no types
    """Something that draws itself over all of a view, in pixels, from arrays that are ready.

    Subclasses implement `draw`. The item has no bounds of its own: the pane decides what is visible.
    """

    def __init__(self, z: float = 0.0) -> None:
        super().__init__()
        self.setZValue(z)
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:  # noqa: N802  # Qt's name
        """Return what is visible: the item reaches over all of its view."""
        return QRectF(self.viewRect()) if self.getViewBox() is not None else QRectF()

    def viewTransformChanged(self) -> None:  # noqa: N802  # pyqtgraph's name
        """Follow the view: what is visible has changed."""
        super().viewTransformChanged()
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw in pixels; the transform of the view is applied by numpy, which rounds once and well."""
        transform = painter.transform()
        view = self.viewRect()
        exposed = option.exposedRect
        margin = _STRIP_MARGIN_PX / max(abs(transform.m11()), 1e-12)
        scale = Scale(transform.m11(), transform.dx(), transform.m22(), transform.dy())
        painter.save()
        painter.resetTransform()
        area = transform.mapRect(view)
        painter.setClipRect(area)
        left, right = max(exposed.left() - margin, view.left()), min(exposed.right() + margin, view.right())
        self.draw(painter, Frame(scale, view, area, left, right))
        painter.restore()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint what is visible; the painter is in pixels."""
        raise NotImplementedError


def fill_rects(painter: QPainter, rects: RectArray, colour: QColor) -> None:
    """Fill rectangles straight from numpy memory: no pen and no blending, which cost ten times as much."""
    if not len(rects):
        return
    memory = np.ascontiguousarray(rects, dtype=np.int32)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRects(wrapInstance(memory.ctypes.data, QRect), len(memory))  # type: ignore[call-overload]  # pointer and count: not in the stubs


def draw_smooth_line(painter: QPainter, points: tuple[FloatColumn, FloatColumn], pen: QPen) -> None:
    """Draw a line through a few points in pixels; it is interrupted where a point is NaN."""
    x, y = points
    if not np.isfinite(y).any():
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(pg.arrayToQPath(x, y, connect="finite"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def pen_of(tone: Tone, *, width: float = 1.0, dashes: Sequence[float] = ()) -> QPen:
    """Return a pen; `dashes` are lengths in pen widths, empty for a solid line."""
    pen = QPen(ink(tone))
    pen.setWidthF(width)
    pen.setCosmetic(True)
    if dashes:
        pen.setDashPattern(list(dashes))
    return pen


def mixed(ground: QColor, colour: QColor, *, share: float) -> QColor:
    """Return the opaque colour that a ground has under a veil of another one; `share` is how much of that, 0-1."""
    pairs = ((ground.red(), colour.red()), (ground.green(), colour.green()), (ground.blue(), colour.blue()))
    return QColor(*(round(below + (above - below) * share) for below, above in pairs))
