"""The confidence axis with a row for each slot: who answers where, where nobody does, where several would."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.phase4_planning.coverage import Cell
from gui.editor.coverage import Segment, segments_of
from gui.theme.formats import words_text
from gui.theme.ink import faint_ink, ink
from gui.theme.tokens import STUDIES, Tone

_ROW_PX: Final = 26
_BAR_PX: Final = 20
_NAME_PX: Final = 130
_AXIS_PX: Final = 18


class CoverageStrip(QWidget):
    """Drawn, and said in words: the accessible description and the tooltip have all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, Sequence[Segment]] = {}
        self.setAccessibleName(self.tr("Which planner answers at which confidence"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """All that is drawn, in words."""
        return "\n".join(
            f"{words_text(slot)}: {', '.join(self._said(each) for each in row)}" for slot, row in self._rows.items()
        )

    def show_coverage(self, coverage: Mapping[str, Sequence[Cell]] | None) -> None:
        """Draw this; None, because the files are wrong, draws nothing."""
        self._rows = {slot: segments_of(cells) for slot, cells in (coverage or {}).items()}
        self.setAccessibleDescription(self.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Return the height that the rows need."""
        return QSize(400, len(self._rows) * _ROW_PX + (_AXIS_PX if self._rows else 0))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint the rows and the axis below them."""
        painter = QPainter(self)
        for number, (slot, row) in enumerate(self._rows.items()):
            top = number * _ROW_PX
            painter.setPen(ink(Tone.TEXT))
            name = QRectF(0, top, _NAME_PX - 8, _BAR_PX)
            painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words_text(slot))
            workers = list(dict.fromkeys(worker for segment in row for worker in segment.workers))
            for segment in row:
                self._paint_segment(painter, segment, top, workers)
        if self._rows:
            self._paint_axis(painter, len(self._rows) * _ROW_PX)

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what is below the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            rows = list(self._rows.items())
            place, at = event.pos().y() // _ROW_PX, self._value_at(event.pos().x())
            if 0 <= place < len(rows):
                slot, row = rows[place]
                said = next((self._said(each) for each in row if each.low <= at <= each.high), "")
                QToolTip.showText(event.globalPos(), f"{words_text(slot)}: {said}", self)
            return True
        return super().event(event)

    def _paint_segment(self, painter: QPainter, segment: Segment, top: int, workers: Sequence[str]) -> None:
        left, right = self._x_of(segment.low), self._x_of(segment.high)
        box = QRectF(left, top, max(right - left, 1.0), _BAR_PX)
        painter.fillRect(box, ink(Tone.RAISED))
        if segment.workers:
            tone = STUDIES[workers.index(segment.workers[0]) % len(STUDIES)]
            painter.fillRect(box, faint_ink(tone, 90))
        if segment.is_gap:
            painter.setPen(ink(Tone.FALL))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.fillRect(box, QBrush(ink(Tone.FALL), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(ink(Tone.TEXT))
        text = painter.fontMetrics().elidedText(
            self._short(segment), Qt.TextElideMode.ElideRight, max(int(box.width()) - 8, 0)
        )
        painter.drawText(box.adjusted(4, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_axis(self, painter: QPainter, top: int) -> None:
        painter.setPen(ink(Tone.MUTED))
        edges = sorted({edge for row in self._rows.values() for each in row for edge in (each.low, each.high)})
        before = -1e9
        for edge in edges:
            text, x = f"{edge:g}", self._x_of(edge)
            width = painter.fontMetrics().horizontalAdvance(text)
            left = min(max(x - width / 2, 0.0), self.width() - width)
            if left > before + 6:
                painter.drawText(QRectF(left, top - 4, width + 2, _AXIS_PX), Qt.AlignmentFlag.AlignBottom, text)
                before = left + width

    def _short(self, segment: Segment) -> str:
        if not segment.workers:
            return self.tr("nobody")
        names = ", ".join(words_text(worker) for worker in segment.workers)
        return self.tr("{names}, or nobody").format(names=names) if segment.is_gap else names

    def _said(self, segment: Segment) -> str:
        where = self.tr("{low} to {high}").format(low=f"{segment.low:g}", high=f"{segment.high:g}")
        return f"{where}: {self._short(segment)}"

    def _x_of(self, value: float) -> float:
        return _NAME_PX + value * (self.width() - _NAME_PX - 1)

    def _value_at(self, x: float) -> float:
        return (x - _NAME_PX) / max(self.width() - _NAME_PX - 1, 1)
