"""The icons on the bars of panels, drawn in the colours of the theme."""

from collections.abc import Callable
from typing import Final

import PySide6QtAds as QtAds
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPen, QPixmap

from gui.theme.ink import ink
from gui.theme.tokens import Tone

_LINE: Final = 0.09  # of the size of the icon


class DrawnIcon(QIconEngine):
    """Draws its strokes in the theme of the moment, so that a change of theme needs no new icon.

    Args:
        draw: Draws on a field of 1 x 1 with the pen that is set.
    """

    def __init__(self, draw: Callable[[QPainter], None]) -> None:
        super().__init__()
        self._draw = draw

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw the icon into a rectangle."""
        tone = Tone.DISABLED if mode is QIcon.Mode.Disabled else Tone.MUTED
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.topLeft())
        painter.scale(rect.width(), rect.height())
        painter.setPen(QPen(ink(tone), _LINE, c=Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._draw(painter)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon as a picture."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """Return another of the same."""
        return DrawnIcon(self._draw)


def _cross(painter: QPainter) -> None:
    painter.drawLine(QPointF(0.25, 0.25), QPointF(0.75, 0.75))
    painter.drawLine(QPointF(0.25, 0.75), QPointF(0.75, 0.25))


def _chevron(painter: QPainter) -> None:
    painter.drawPolyline([QPointF(0.22, 0.38), QPointF(0.5, 0.66), QPointF(0.78, 0.38)])


def _window_that_leaves(painter: QPainter) -> None:
    painter.drawPolyline(
        [QPointF(0.45, 0.2), QPointF(0.15, 0.2), QPointF(0.15, 0.85), QPointF(0.8, 0.85), QPointF(0.8, 0.55)]
    )
    painter.drawLine(QPointF(0.45, 0.55), QPointF(0.85, 0.15))
    painter.drawPolyline([QPointF(0.6, 0.15), QPointF(0.85, 0.15), QPointF(0.85, 0.4)])


def _line_below(painter: QPainter) -> None:
    painter.drawLine(QPointF(0.2, 0.75), QPointF(0.8, 0.75))


def _pin(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(0.3, 0.12, 0.4, 0.4))
    painter.drawLine(QPointF(0.5, 0.52), QPointF(0.5, 0.9))


def give_icons() -> None:
    """Register our icons; QtAds asks for them when it makes a bar."""
    provider = QtAds.CDockManager.iconProvider()
    for which, draw in (
        (QtAds.TabCloseIcon, _cross),
        (QtAds.DockAreaCloseIcon, _cross),
        (QtAds.DockAreaMenuIcon, _chevron),
        (QtAds.DockAreaUndockIcon, _window_that_leaves),
        (QtAds.DockAreaMinimizeIcon, _line_below),
        (QtAds.AutoHideIcon, _pin),
    ):
        provider.registerCustomIcon(which, QIcon(DrawnIcon(draw)))
