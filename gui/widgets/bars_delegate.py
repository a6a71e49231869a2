"""Ratios drawn as bars behind the text of a cell, in tables and trees alike."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.models.column import BARS_ROLE, Bars
from gui.theme.ink import ink
from gui.theme.tokens import Tone

_BAR_MARGIN_PX: Final = 3
Index = QModelIndex | QPersistentModelIndex


class BarsDelegate(QStyledItemDelegate):
    """Draws what is planned as a frame with a light ground, and what is done in it; the text says both."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell; one without bars as usual."""
        bars = index.data(BARS_ROLE)
        if not isinstance(bars, Bars):
            super().paint(painter, option, index)
            return
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        margin = _BAR_MARGIN_PX
        area = option.rect.adjusted(margin, margin, -margin, -margin)
        painter.save()
        painter.setPen(ink(Tone.BORDER))
        painter.drawRect(area.adjusted(0, 0, -1, -1))
        inner = area.adjusted(1, 1, -1, -1)
        height = inner.height() // 2 if bars.planned is not None else inner.height()
        if bars.planned is not None:
            planned = QRect(inner.left(), inner.top(), round(inner.width() * bars.planned), inner.height() - height)
            painter.fillRect(planned, ink(Tone.CATEGORY_8))
        done = QRect(inner.left(), inner.bottom() + 1 - height, round(inner.width() * bars.done), height)
        painter.fillRect(done, ink(Tone.CATEGORY_1))
        painter.setPen(ink(Tone.TEXT))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.restore()
