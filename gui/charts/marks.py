"""What was seen and what was done, on the chart: signals and fills. Shape and text tell them apart, not colour alone."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPolygonF

from engine.contracts.market import IntColumn
from gui.charts.canvas import ChartItem, Frame, fill_rects, pen_of
from gui.charts.columns import ChartColumns
from gui.charts.geometry import diamond_rects
from gui.theme.ink import ink
from gui.theme.look import text_font
from gui.theme.tokens import Tone

_LABELS_MAX: Final = 40  # more marks than this on the screen go without text: the read-out has it
_SHAPES_MAX: Final = 250  # more than this are dots: nobody could tell shapes apart
_DOTS_MAX: Final = 2_000  # more than there are pixel columns to see them in
_DOT_PX: Final = 2
_SIZE_PX: Final = 6.0
_GAP_PX: Final = 8.0


class MarkKind(Enum):
    """What a mark stands for, and the shape that says so."""

    SIGNAL_BUY = "a ring below the bar"
    SIGNAL_SELL = "a ring above the bar"
    THREAT = "a cross above the bar"
    ENTRY_BUY = "a filled triangle that points up at its price"
    ENTRY_SELL = "a filled triangle that points down at its price"
    EXIT_BUY = "a hollow triangle that points up at its price"
    EXIT_SELL = "a hollow triangle that points down at its price"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One mark. `at_ns` is UTC nanoseconds; `price` is None for marks that stand beside the bar.

    `label` is short and drawn; `text` is whole and shown in the read-out. The ids say what it is a mark of.
    """

    at_ns: int
    kind: MarkKind = field(compare=False)
    label: str = field(compare=False)
    text: str = field(compare=False)
    price: float | None = field(compare=False, default=None)
    flow_id: str = field(compare=False, default="")
    trade_id: str = field(compare=False, default="")
    order_id: str = field(compare=False, default="")


_BELOW: Final = {MarkKind.SIGNAL_BUY, MarkKind.ENTRY_BUY, MarkKind.EXIT_BUY}
_TONES: Final = {
    MarkKind.SIGNAL_BUY: Tone.RISE,
    MarkKind.SIGNAL_SELL: Tone.FALL,
    MarkKind.THREAT: Tone.WARNING,
    MarkKind.ENTRY_BUY: Tone.RISE,
    MarkKind.ENTRY_SELL: Tone.FALL,
    MarkKind.EXIT_BUY: Tone.RISE,
    MarkKind.EXIT_SELL: Tone.FALL,
}


class MarkItem(ChartItem):
    """All marks of one chart, oldest first."""

    def __init__(self, columns: ChartColumns) -> None:
        super().__init__(z=40)
        self._columns = columns
        self._marks: list[Mark] = []
        self._at_ns: IntColumn | None = None
        self._font: QFont = text_font(8)

    def add(self, mark: Mark) -> None:
        """Put a mark in its place in time."""
        insort(self._marks, mark)
        self._at_ns = None
        self.update()

    def of_bar(self, index: int) -> list[Mark]:
        """Return the marks that stand at a bar."""
        first, last = self._between(index, index + 1)
        return self._marks[first:last]

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the visible marks; those that stand beside the same bar are stacked."""
        first, last = self._between(int(np.floor(frame.view.left())), int(np.ceil(frame.view.right())) + 1)
        if first == last:
            return
        if last - first > _SHAPES_MAX:
            self._draw_dots(painter, frame, self._marks[first:last])
            return
        indices = self._indices()[first:last].tolist()
        seen = [pair for pair in zip(indices, self._marks[first:last], strict=True) if pair[0] >= 0]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        stacked: dict[tuple[int, bool], int] = {}
        labels: list[tuple[QRectF, Mark]] = []
        taken: list[QRectF] = []
        for index, mark in seen:
            is_below = mark.kind in _BELOW
            level = stacked.get((index, is_below), 0)
            stacked[index, is_below] = level + 1
            point = self._place(frame, index, mark, level=level)
            _draw_shape(painter, mark.kind, point)
            taken.append(QRectF(point.x() - _SIZE_PX, point.y() - _SIZE_PX, 2 * _SIZE_PX, 2 * _SIZE_PX))
            if len(seen) <= _LABELS_MAX and mark.label:
                labels.append((_label_box(metrics, mark, point, is_below=is_below), mark))
        _draw_labels(painter, labels, taken=taken, area=frame.area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _between(self, first: int, last: int) -> tuple[int, int]:
        """Return the first mark of the bars ``[first, last)`` and the one after the last."""
        begin, end = np.searchsorted(self._indices(), [max(first, 0), last], side="left").tolist()
        return begin, end

    def _indices(self) -> IntColumn:
        if self._at_ns is None:
            self._at_ns = np.array([mark.at_ns for mark in self._marks], dtype=np.int64)
        return self._columns.index_of(self._at_ns)

    def _draw_dots(self, painter: QPainter, frame: Frame, marks: Sequence[Mark]) -> None:
        """Paint marks that are too many for shapes: small diamonds, newest over oldest, no more than the pane has room for."""
        step = -(-len(marks) // _DOTS_MAX)
        for kind, tone in _TONES.items():
            of_kind = [mark for mark in marks[::step] if mark.kind is kind]
            at = self._columns.index_of(np.array([mark.at_ns for mark in of_kind], dtype=np.int64))
            bars = np.clip(at, 0, len(self._columns) - 1)
            edge = self._columns.column("low" if kind in _BELOW else "high").at(bars)
            prices = np.array([np.nan if mark.price is None else mark.price for mark in of_kind])
            y = frame.scale.y_px(np.where(np.isnan(prices), edge, prices)) + (_GAP_PX if kind in _BELOW else -_GAP_PX)
            rects = diamond_rects(x=frame.scale.x_px(at.astype(np.float64)), y=y, reach=_DOT_PX)
            fill_rects(painter, rects, ink(tone))

    def _place(self, frame: Frame, index: int, mark: Mark, *, level: int) -> QPointF:
        """Return where a mark stands, in pixels: its tip at its price, or clear of the bar."""
        x = index * frame.scale.x_scale + frame.scale.x_offset
        is_below = mark.kind in _BELOW
        if mark.price is not None:
            y = mark.price * frame.scale.y_scale + frame.scale.y_offset
            return QPointF(x, y + (_SIZE_PX + 1 if is_below else -_SIZE_PX - 1))
        bar = min(index, len(self._columns) - 1)
        edge = self._columns.column("low" if is_below else "high")[bar]
        y = edge * frame.scale.y_scale + frame.scale.y_offset
        away = _GAP_PX + _SIZE_PX + level * (3 * _SIZE_PX)
        return QPointF(x, y + away if is_below else y - away)


def _draw_shape(painter: QPainter, kind: MarkKind, at: QPointF) -> None:
    tone = _TONES[kind]
    match kind:
        case MarkKind.SIGNAL_BUY | MarkKind.SIGNAL_SELL:
            painter.setPen(pen_of(tone, width=1.75))
            painter.setBrush(ink(Tone.PANEL))
            painter.drawEllipse(at, _SIZE_PX - 2, _SIZE_PX - 2)
        case MarkKind.THREAT:
            painter.setPen(pen_of(tone, width=2))
            reach = _SIZE_PX - 2
            painter.drawLine(at + QPointF(-reach, -reach), at + QPointF(reach, reach))
            painter.drawLine(at + QPointF(-reach, reach), at + QPointF(reach, -reach))
        case MarkKind.ENTRY_BUY | MarkKind.EXIT_BUY | MarkKind.ENTRY_SELL | MarkKind.EXIT_SELL:
            up = -1 if kind in _BELOW else 1
            painter.setPen(pen_of(tone if kind in (MarkKind.EXIT_BUY, MarkKind.EXIT_SELL) else Tone.WINDOW, width=1.5))
            is_entry = kind in (MarkKind.ENTRY_BUY, MarkKind.ENTRY_SELL)
            painter.setBrush(ink(tone if is_entry else Tone.PANEL))
            tip = QPointF(at.x(), at.y() + up * _SIZE_PX)
            left = QPointF(at.x() - _SIZE_PX, at.y() - up * _SIZE_PX)
            painter.drawPolygon(QPolygonF([tip, left, QPointF(at.x() + _SIZE_PX, left.y())]))


def _label_box(metrics: QFontMetricsF, mark: Mark, at: QPointF, *, is_below: bool) -> QRectF:
    size = metrics.size(0, mark.label)
    if mark.price is None:
        return QRectF(at.x() + _SIZE_PX + 2, at.y() - size.height() / 2, size.width() + 2, size.height())
    top = at.y() + _SIZE_PX + 2 if is_below else at.y() - _SIZE_PX - 2 - size.height()
    return QRectF(at.x() - size.width() / 2 - 1, top, size.width() + 2, size.height())


def _draw_labels(painter: QPainter, labels: list[tuple[QRectF, Mark]], *, taken: list[QRectF], area: QRectF) -> None:
    """Write the labels, newest first; one that would cover a mark or is cut off is left out: the read-out has it."""
    for box, mark in reversed(labels):
        if not area.contains(box) or any(box.intersects(other) for other in taken):
            continue
        taken.append(box)
        painter.fillRect(box, ink(Tone.PANEL))
        painter.setPen(ink(_TONES[mark.kind]))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark.label)
