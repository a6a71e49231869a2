"""Axes and grid of our own: pyqtgraph's cost more per frame than all that is drawn between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from engine.primitives.timeframes import NS_PER_SECOND
from gui.charts.canvas import ChartItem, Frame
from gui.charts.columns import ChartColumns
from gui.theme.formats import axis_time_text, chart_places, compact_text, float_text
from gui.theme.ink import ink
from gui.theme.look import text_font
from gui.theme.tokens import Tone

VALUE_AXIS_PX: Final = 84
TIME_AXIS_PX: Final = 24
_LONG_PX: Final = 16_777_215  # Qt's own QWIDGETSIZE_MAX
_VALUE_STEP_PX: Final = 44
_VALUE_STEP_PX_MIN: Final = 22
_TIME_STEP_PX: Final = 96
_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400
_STEPS_S: Final = (
    *(1, 5, 15, 30),
    *(_MINUTE * count for count in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * count for count in (1, 2, 4, 6, 12)),
    *(_DAY * count for count in (1, 2, 7, 14, 30, 90, 180, 365)),
)


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the grid: where, in chart values, and what stands at the axis."""

    at: float
    text: str
    first_text: str = ""
    """What stands there when it is the first tick that has room; empty if the same."""


@dataclass(frozen=True, slots=True)
class AxisTag:
    """A value that is written beside the ticks. A strong one has a ground of its colour: the newest price."""

    value: float
    text: str
    tone: Tone
    is_strong: bool = False


def value_ticks(low: float, high: float, *, height_px: float, is_compact: bool = False) -> list[Tick]:
    """Return round values between two ends, about one for every 44 pixels."""
    if not (np.isfinite(low) and np.isfinite(high)) or high <= low or height_px <= 0:
        return []
    step_px = min(_VALUE_STEP_PX, max(height_px / 3, _VALUE_STEP_PX_MIN))
    wanted = max((high - low) * step_px / height_px, 1e-12)
    magnitude = 10.0 ** np.floor(np.log10(wanted))
    step = next(float(factor * magnitude) for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= wanted)
    values = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    places = max(chart_places(0.0, step * 10), _places_of_step(step))
    return [Tick(float(value), compact_text(value) if is_compact else float_text(value, places)) for value in values]


def time_ticks(columns: ChartColumns, *, left: float, right: float, width_px: float) -> list[Tick]:
    """Return round times between two bar indices, about one for every 96 pixels.

    A tick stands at the first bar that opened at or after a round time, so gaps in the data do not move it off the grid;
    right of the newest bar times go on at the distance of the last two.
    """
    count = len(columns)
    if not count or right <= left or width_px <= 0:
        return []
    bar_s = max(columns.bar_ns / NS_PER_SECOND, 1e-9)
    wanted_s = (right - left) / width_px * _TIME_STEP_PX * bar_s
    step_ns = next((step for step in _STEPS_S if step >= wanted_s), _STEPS_S[-1]) * NS_PER_SECOND
    first, last = int(np.ceil(left)), int(np.floor(right))
    begin_ns, end_ns = _time_at(columns, first), _time_at(columns, last)
    marks_ns = np.arange(-(-begin_ns // step_ns) * step_ns, end_ns + 1, step_ns, dtype=np.int64)
    newest_ns = int(columns.opened_ns[-1])
    inside = columns.opened_ns.places_of(marks_ns[marks_ns <= newest_ns]).astype(np.float64)
    beyond = count - 1 + (marks_ns[marks_ns > newest_ns] - newest_ns) / columns.bar_ns
    ticks: list[Tick] = []
    for at, mark_ns in zip(np.concatenate((inside, beyond)), marks_ns, strict=True):
        if not ticks or (at - ticks[-1].at) / (right - left) * width_px >= _TIME_STEP_PX * 0.6:
            text = axis_time_text(int(mark_ns), is_first=False)
            ticks.append(Tick(float(at), text, axis_time_text(int(mark_ns), is_first=True)))
    return ticks


class TimeScale:
    """The times of a chart's grid and axis, found once for all that show the same span.

    Args:
        columns: The bars of the chart.
    """

    def __init__(self, columns: ChartColumns) -> None:
        self._columns = columns
        self._asked: tuple[float, ...] = ()
        self._ticks: list[Tick] = []

    def ticks(self, *, left: float, right: float, width_px: float) -> list[Tick]:
        """Return what `time_ticks` does."""
        newest = int(self._columns.opened_ns[-1]) if len(self._columns) else 0
        asked = left, right, round(width_px), len(self._columns), newest
        if asked != self._asked:
            self._asked = asked
            self._ticks = time_ticks(self._columns, left=left, right=right, width_px=width_px)
        return self._ticks


def _time_at(columns: ChartColumns, index: int) -> int:
    opened_ns, count = columns.opened_ns, len(columns)
    if index < 0:
        return int(opened_ns[0]) + index * columns.bar_ns
    if index < count:
        return int(opened_ns[index])
    return int(opened_ns[-1]) + (index - count + 1) * columns.bar_ns


def _places_of_step(step: float) -> int:
    return next((places for places in range(9) if abs(round(step, places) - step) < step * 1e-6), 8)


class GridItem(ChartItem):
    """Lines behind everything, opaque and one pixel wide: translucent ones cost a hundred times as much.

    A stronger line closes the pane at the top and at the right, where its axis begins.
    """

    def __init__(self, times: TimeScale, *, is_compact: bool = False) -> None:
        super().__init__(z=-10)
        self._times = times
        self._is_compact = is_compact

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the lines of both axes."""
        tone, area, view = ink(Tone.GRID), frame.area, frame.view
        for tick in value_ticks(view.top(), view.bottom(), height_px=area.height(), is_compact=self._is_compact):
            y = round(tick.at * frame.scale.y_scale + frame.scale.y_offset)
            painter.fillRect(QRectF(area.left(), y, area.width(), 1), tone)
        for tick in self._times.ticks(left=view.left(), right=view.right(), width_px=area.width()):
            x = round(tick.at * frame.scale.x_scale + frame.scale.x_offset)
            painter.fillRect(QRectF(x, area.top(), 1, area.height()), tone)
        painter.fillRect(QRectF(area.left(), round(area.top()), area.width(), 1), ink(Tone.BORDER))
        painter.fillRect(QRectF(round(area.right()) - 1, area.top(), 1, area.height()), ink(Tone.BORDER))


class _AxisStrip(QGraphicsWidget):
    """A strip beside a view that writes its ticks. It follows the view's range."""

    def __init__(self, view: pg.ViewBox) -> None:
        super().__init__()
        self._view = view
        self._font = text_font(8)
        self._metrics = QFontMetricsF(self._font)
        view.sigRangeChanged.connect(self._on_range_changed)
        view.sigResized.connect(self._on_range_changed)

    def _on_range_changed(self, *_range: object) -> None:
        self.update()

    def sizeHint(self, which: Qt.SizeHint, constraint: QSizeF | None = None) -> QSizeF:  # type: ignore[override]  # noqa: ARG002, N802  # Qt's name; it gives no constraint
        """Return the size that the layout is to keep free: a strip may be as long as its pane."""
        if which is Qt.SizeHint.MaximumSize:
            return QSizeF(_LONG_PX, _LONG_PX)
        return QSizeF(VALUE_AXIS_PX, TIME_AXIS_PX)


class ValueAxis(_AxisStrip):
    """Prices or other values, at the right of a pane, and tags: values that are written wherever they are."""

    def __init__(self, view: pg.ViewBox, *, is_compact: bool = False) -> None:
        super().__init__(view)
        self._is_compact = is_compact
        self._tags: tuple[AxisTag, ...] = ()
        self.setMinimumWidth(VALUE_AXIS_PX)
        self.setMaximumWidth(VALUE_AXIS_PX)

    def show_tags(self, tags: Sequence[AxisTag]) -> None:
        """Write these values at their heights, and no others; of two that would meet the later one makes room."""
        if tuple(tags) != self._tags:
            self._tags = tuple(tags)
            self.update()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Write the ticks where no tag is, and the tags."""
        low, high = self._view.viewRange()[1]
        height = self.size().height()
        if high <= low or height <= 0:
            return
        painter.setFont(self._font)
        placed = self._placed(low, high, height)
        line = self._metrics.height()
        painter.setPen(ink(Tone.MUTED))
        for tick in value_ticks(low, high, height_px=height, is_compact=self._is_compact):
            y = (high - tick.at) / (high - low) * height
            is_free = all(abs(y - taken) > line for taken, _ in placed)
            if line / 2 <= y <= height - line / 2 and is_free:
                self._write(painter, y, tick.text)
        for y, tag in placed:
            if tag.is_strong:
                painter.fillRect(QRectF(2, y - line / 2 - 1, self.size().width() - 4, line + 2), ink(tag.tone))
            painter.setPen(ink(Tone.WINDOW if tag.is_strong else tag.tone))
            self._write(painter, y, tag.text)

    def _write(self, painter: QPainter, y: float, text: str) -> None:
        line = self._metrics.height()
        box = QRectF(0, y - line / 2, self.size().width() - 8, line)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _placed(self, low: float, high: float, height: float) -> list[tuple[float, AxisTag]]:
        """Return the tags with their heights in pixels, in the order of their values also where they make room.

        A strong tag stays at the edge when its value is out of view; others are then left out.
        """
        edge = self._metrics.height() / 2 + 1
        wanted = [
            (min(max((high - tag.value) / (high - low) * height, edge), height - edge), tag)
            for tag in self._tags
            if tag.is_strong or low <= tag.value <= high
        ]
        wanted.sort(key=lambda pair: -pair[1].value)
        fixed = next((place for place, (_, tag) in enumerate(wanted) if tag.is_strong), 0)
        placed = wanted[fixed : fixed + 1]
        for y, tag in wanted[fixed + 1 :]:
            placed.append((max(y, placed[-1][0] + 2 * edge), tag))
        for y, tag in reversed(wanted[:fixed]):
            placed.insert(0, (min(y, placed[0][0] - 2 * edge), tag))
        return placed


class TimeAxis(_AxisStrip):
    """Times in UTC, below the lowest pane."""

    def __init__(self, view: pg.ViewBox, times: TimeScale) -> None:
        super().__init__(view)
        self._times = times
        self.setMinimumHeight(TIME_AXIS_PX)
        self.setMaximumHeight(TIME_AXIS_PX)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Write the ticks."""
        left, right = self._view.viewRange()[0]
        width = self.size().width()
        painter.setFont(self._font)
        painter.setPen(ink(Tone.MUTED))
        has_first = False
        for tick in self._times.ticks(left=left, right=right, width_px=width):
            text = tick.text if has_first else tick.first_text
            x = (tick.at - left) / (right - left) * width
            half = self._metrics.horizontalAdvance(text) / 2 + 1
            if half <= x <= width - half:
                has_first = True
                box = QRectF(x - half, 0, 2 * half, self.size().height())
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
