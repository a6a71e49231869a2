"""The cursor on the chart, and the read-out of what stands at its bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.charts.canvas import ChartItem, Frame, pen_of
from gui.theme.ink import ink
from gui.theme.look import text_font
from gui.theme.tokens import Tone

_MARGIN_PX: Final = 8
_SPACE_PX: Final = 12


class CrosshairItem(ChartItem):
    """A vertical line through the bar under the pointer, and in the pane of the pointer a horizontal one."""

    def __init__(self) -> None:
        super().__init__(z=90)
        self._index: int | None = None
        self._value: float | None = None

    def point_at(self, index: int | None, value: float | None) -> None:
        """Move the cursor.

        Args:
            index: The bar, or None to hide the cursor.
            value: Chart value of the horizontal line, or None for a pane that the pointer is not in.
        """
        if (index, value) != (self._index, self._value):
            self._index, self._value = index, value
            self.update()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the lines."""
        if self._index is None:
            return
        painter.setPen(pen_of(Tone.MUTED, dashes=(3, 3)))
        x = round(self._index * frame.scale.x_scale + frame.scale.x_offset)
        painter.drawLine(x, round(frame.area.top()), x, round(frame.area.bottom()))
        if self._value is not None:
            y = round(self._value * frame.scale.y_scale + frame.scale.y_offset)
            painter.drawLine(round(frame.area.left()), y, round(frame.area.right()), y)


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that the read-out says, and its colour."""

    text: str
    tone: Tone = Tone.TEXT


class ReadOut(ChartItem):
    """Lines of readings at the top left of a pane; a line that is too long goes on below."""

    def __init__(self) -> None:
        super().__init__(z=80)
        self._lines: tuple[tuple[Reading, ...], ...] = ()
        self._font = text_font(8.5)
        self._metrics = QFontMetricsF(self._font)

    @property
    def text(self) -> str:
        """All that is said, as plain text; for accessibility and tests."""
        return "\n".join("  ".join(reading.text for reading in line) for line in self._lines)

    def say(self, lines: Sequence[Sequence[Reading]]) -> None:
        """Say this instead of what was said."""
        said = tuple(tuple(line) for line in lines if line)
        if said != self._lines:
            self._lines = said
            self.update()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Write the lines on the pane's own ground, so that they stay readable over candles."""
        painter.setFont(self._font)
        height = self._metrics.height() + 2
        y = frame.area.top() + 4
        for line in self._lines:
            x = frame.area.left() + _MARGIN_PX
            for reading in line:
                width = self._metrics.horizontalAdvance(reading.text)
                if x + width > frame.area.right() - _MARGIN_PX and x > frame.area.left() + _MARGIN_PX:
                    x = frame.area.left() + _MARGIN_PX
                    y += height
                painter.fillRect(QRectF(x - 2, y, width + 4, height), ink(Tone.PANEL))
                painter.setPen(ink(reading.tone))
                painter.drawText(QPointF(x, y + self._metrics.ascent() + 1), reading.text)
                x += width + _SPACE_PX
            y += height
        painter.setBrush(Qt.BrushStyle.NoBrush)
