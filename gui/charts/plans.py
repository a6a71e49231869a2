"""Open trades on the chart: entry, stop and target as lines with their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.charts.canvas import ChartItem, Frame, fill_rects, pen_of
from gui.charts.columns import ChartColumns
from gui.theme.ink import ink
from gui.theme.look import text_font
from gui.theme.tokens import Tone


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One price of an open trade. `name` stands at its end and `text`, the price, at the axis: colour is not needed."""

    price: float
    name: str
    text: str
    tone: Tone
    dashes: tuple[float, ...]
    from_ns: int


_SQUARE_PX: Final = 4
ENTRY_DASHES: Final = ()
STOP_DASHES: Final = (5.0, 3.0)
TARGET_DASHES: Final = (8.0, 3.0, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """An order that is still to be sent: when it is due (UTC nanoseconds), at which price, and whether it buys."""

    due_ns: int
    price: float
    is_buy: bool


class PlannedItem(ChartItem):
    """Orders before they are sent: hollow squares, apart from the triangles of fills, at their price and due time.

    One that is due beyond the right edge stands at the edge.
    """

    def __init__(self, columns: ChartColumns) -> None:
        super().__init__(z=46)
        self._columns = columns
        self._orders: tuple[PlannedOrder, ...] = ()

    @property
    def orders(self) -> tuple[PlannedOrder, ...]:
        """What is drawn."""
        return self._orders

    def show_orders(self, orders: Sequence[PlannedOrder]) -> None:
        """Draw these orders, and no others."""
        if tuple(orders) != self._orders:
            self._orders = tuple(orders)
            self.update()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the squares."""
        if not self._orders or not len(self._columns):
            return
        newest = len(self._columns) - 1
        due_ns = np.array([order.due_ns for order in self._orders], dtype=np.int64)
        ahead = (due_ns - int(self._columns.opened_ns[-1])) / self._columns.bar_ns
        known = self._columns.index_of(due_ns)
        x = frame.scale.x_px(np.where(ahead > 0, newest + ahead, known))
        x = np.minimum(x, frame.area.right() - _SQUARE_PX - 3)
        y = frame.scale.y_px(np.array([order.price for order in self._orders]))
        centre = np.column_stack((x, y, x, y))
        outer = np.floor(centre + np.array([-1, -1, 1, 1]) * _SQUARE_PX).astype(np.int32)
        buys = np.array([order.is_buy for order in self._orders])
        fill_rects(painter, outer[buys], ink(Tone.RISE))
        fill_rects(painter, outer[~buys], ink(Tone.FALL))
        fill_rects(painter, outer + np.array([1, 1, -1, -1], dtype=np.int32), ink(Tone.PANEL))


class PlanItem(ChartItem):
    """The plan lines of the open trades, from where each trade began to the right edge."""

    def __init__(self, columns: ChartColumns) -> None:
        super().__init__(z=45)
        self._columns = columns
        self._lines: tuple[PlanLine, ...] = ()
        self._font = text_font(8)

    @property
    def lines(self) -> tuple[PlanLine, ...]:
        """What is drawn."""
        return self._lines

    def show_lines(self, lines: Sequence[PlanLine]) -> None:
        """Draw these lines, and no others."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.update()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint lines and names; a name that would cover another one is moved up."""
        if not self._lines or not len(self._columns):
            return
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        starts = self._columns.index_of(np.array([line.from_ns for line in self._lines], dtype=np.int64))
        taken: list[float] = []
        for line, start in sorted(zip(self._lines, starts, strict=True), key=lambda pair: pair[0].price):
            y = round(line.price * frame.scale.y_scale + frame.scale.y_offset) + 0.5
            if not frame.area.top() <= y <= frame.area.bottom():
                continue
            left = max(float(start) * frame.scale.x_scale + frame.scale.x_offset, frame.area.left())
            painter.setPen(pen_of(line.tone, dashes=line.dashes))
            painter.drawLine(round(left), int(y), round(frame.area.right()), int(y))
            self._draw_name(painter, metrics, line, frame=frame, y=y, taken=taken)

    def _draw_name(
        self, painter: QPainter, metrics: QFontMetricsF, line: PlanLine, *, frame: Frame, y: float, taken: list[float]
    ) -> None:
        size = metrics.size(0, line.name)
        top = y - size.height() - 1
        while any(abs(top - other) < size.height() for other in taken):
            top -= size.height()
        taken.append(top)
        box = QRectF(frame.area.right() - size.width() - 7, top, size.width() + 6, size.height())
        painter.fillRect(box, ink(Tone.PANEL))
        painter.setPen(ink(line.tone))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, line.name)
