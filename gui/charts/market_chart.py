"""The chart of one strategy: price, volume and oscillators over one another, moved as one."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from engine.contracts.context import ColumnKind, ColumnSpec
from engine.contracts.market import BarSeries, FloatColumn
from gui.bridge.rows import BarRow
from gui.charts.axis import VALUE_AXIS_PX, AxisTag, TimeAxis, TimeScale
from gui.charts.candles import CandleItem, VolumeItem
from gui.charts.columns import ChartColumns
from gui.charts.crosshair import Reading
from gui.charts.export_menu import ExportMenu
from gui.charts.exports import TableFormat, write_table
from gui.charts.gaps import GapItem
from gui.charts.geometry import visible_span
from gui.charts.marks import Mark, MarkItem
from gui.charts.panes import Pane
from gui.charts.plans import PlanItem, PlanLine, PlannedItem, PlannedOrder
from gui.charts.reading import Study, bar_readings, mark_readings, study_readings
from gui.charts.studies import BandFill, CategoryStudy, FlagStudy, LineStudy
from gui.theme.formats import float_text, places_of, time_ns_text
from gui.theme.ink import ink
from gui.theme.tokens import STUDIES, Tone

_BARS_FIRST: Final = 120
_BARS_MIN: Final = 10
_ZOOM_STEP: Final = 1.2
_PAN_SHARE: Final = 0.1
_FREE_SHARE: Final = 0.07  # right of the newest bar, where its plan lines have their names
_OSCILLATOR_PANES_MAX: Final = 4


class MarketChart(QWidget):
    """Shows the enriched bars of one strategy as their columns ask to be shown; nothing is configured.

    It follows the newest bar until somebody pans away; *Follow* brings it back.

    Args:
        specs: The enriched columns in chain order.
        tick_size: The price step, quote per base.
        parent: Qt parent.
    """

    follow_changed = Signal(bool)
    pointed = Signal(object)  # int, UTC nanoseconds of the open of the bar under the pointer; None when there is none
    bar_clicked = Signal(object, object, object)  # int and int, its open and close in UTC nanoseconds; Mark or None

    def __init__(self, specs: Sequence[ColumnSpec], *, tick_size: Decimal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tick_size = tick_size
        self._columns = ChartColumns([spec.name for spec in specs])
        self._times = TimeScale(self._columns)
        self._studies: dict[Pane, list[Study]] = {}
        self._follows = True
        self._pointer_index: int | None = None
        self._left, self._right = 0.0, float(_BARS_FIRST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Market chart"))
        self._view = pg.GraphicsView(self, background=ink(Tone.PANEL))
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._layout = pg.GraphicsLayout()
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._view.setCentralItem(self._layout)
        self._marks = MarkItem(self._columns)
        self._plans = PlanItem(self._columns)
        self._planned = PlannedItem(self._columns)
        self._gaps = GapItem(self._columns)
        self._panes = self._make_panes(specs)
        self._time_axis = TimeAxis(self._panes[0].view, self._times)
        self._place_panes()
        self._empty = QLabel(self.tr("The first bars appear here when the session runs."), self)
        self._empty.setProperty("role", "hint")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._follow_button = QPushButton(self.tr("Follow"), self)
        self._follow_button.setToolTip(self.tr("Go back to the newest bar and stay there (End)"))
        self._follow_button.clicked.connect(self.follow)
        self._follow_button.hide()
        self.export_menu = ExportMenu(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._view)
        self._view.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._view.viewport().installEventFilter(self)

    @property
    def columns(self) -> ChartColumns:
        """What is drawn, bar by bar."""
        return self._columns

    @property
    def bar_count(self) -> int:
        """How many bars the chart has."""
        return len(self._columns)

    @property
    def follows(self) -> bool:
        """Whether the newest bar stays in view."""
        return self._follows

    @property
    def span(self) -> tuple[float, float]:
        """The bar indices at the left and right edge."""
        return self._left, self._right

    @property
    def pane_names(self) -> tuple[str, ...]:
        """The panes from top to bottom."""
        return tuple(pane.name for pane in self._panes)

    def read_out(self, pane: str = "price") -> str:
        """Return what a pane's read-out says."""
        return next(each.read_out.text for each in self._panes if each.name == pane)

    def load(self, series: BarSeries, enriched: Mapping[str, FloatColumn]) -> None:
        """Show the bars before the first live one."""
        self._columns.load(series, enriched)
        self.follow()

    def append(self, columns: Sequence[str], rows: Sequence[BarRow]) -> None:
        """Add bars, oldest first; drawn once for all of them."""
        before = self.bar_count
        for row in rows:
            self._columns.append(row.opened_ns, columns, row.values)
        if self.isVisible():
            self._show_new(before)

    def add_mark(self, mark: Mark) -> None:
        """Put a signal or a fill on the chart."""
        self._marks.add(mark)
        if self._pointer_index is not None:
            self._say()

    def show_plans(self, lines: Sequence[PlanLine]) -> None:
        """Draw the lines of the open trades, and no others."""
        self._plans.show_lines(lines)
        self._panes[0].guide_by([line.price for line in self._plans.lines])
        if self.isVisible():
            self._refresh()

    def show_planned(self, orders: Sequence[PlannedOrder]) -> None:
        """Draw these orders that are still to be sent, and no others."""
        self._planned.show_orders(orders)

    def tell_time(self, now_ns: int | None) -> None:
        """Take the time of the engine, UTC nanoseconds, so that old data is seen to be old; None when none is to come."""
        was_stale = self.is_stale
        self._gaps.tell_time(now_ns)
        if self.is_stale != was_stale:
            self._say()

    @property
    def is_stale(self) -> bool:
        """Whether a bar that should have come is missing."""
        return self._gaps.stale_since_ns is not None

    def point_at_instant(self, at_ns: int | None) -> None:
        """Put the cursor on the bar of an instant, because another chart's pointer is there; None takes it away."""
        index = None if at_ns is None else int(self._columns.index_of(np.array([at_ns], dtype=np.int64))[0])
        self._point_at(index if index is not None and 0 <= index < self.bar_count else None, None, 0.0)

    def picture(self) -> QPixmap:
        """Return what is seen."""
        return self.grab()

    def write_table(self, path: Path, table_format: TableFormat) -> None:
        """Write all bars with their columns to a file.

        Raises:
            OSError: the file cannot be written.
        """
        write_table(self._columns, path, table_format)

    def follow(self) -> None:
        """Go to the newest bar and stay there."""
        self._set_follows(True)
        self._show_newest()

    def zoom(self, notches: float, *, at: float | None = None) -> None:
        """Show fewer bars (notches above zero) or more, holding the bar `at`, or the newest, where it is."""
        width = self._right - self._left
        wanted = float(np.clip(width / _ZOOM_STEP**notches, _BARS_MIN, max(self.bar_count * 1.5, _BARS_FIRST)))
        if self._follows:
            self._left = self._right - wanted
            self._show_newest()
            return
        anchor = self._right if at is None else at
        left = anchor - (anchor - self._left) * wanted / width
        self._set_span(left, left + wanted)

    def pan(self, bars: float) -> None:
        """Move the view by bars; to the left below zero. The newest bar is not followed any more."""
        self._set_follows(False)
        width = self._right - self._left
        left = float(np.clip(self._left + bars, -width / 2, max(self.bar_count - width / 2, 0)))
        self._set_span(left, left + width)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Pan with the arrows, zoom with plus and minus, Home and End go to the oldest and newest bar."""
        width = self._right - self._left
        match event.key():
            case Qt.Key.Key_Left:
                self.pan(-width * _PAN_SHARE)
            case Qt.Key.Key_Right:
                self.pan(width * _PAN_SHARE)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal | Qt.Key.Key_Up:
                self.zoom(1)
            case Qt.Key.Key_Minus | Qt.Key.Key_Down:
                self.zoom(-1)
            case Qt.Key.Key_Home:
                self.pan(-self._left)
            case Qt.Key.Key_End:
                self.follow()
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Keep what lies over the chart in its place."""
        super().resizeEvent(event)
        self._empty.setGeometry(self.rect())
        self._follow_button.adjustSize()
        corner = QPoint(self.width() - VALUE_AXIS_PX - self._follow_button.width() - 8, 8)
        self._follow_button.move(corner)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Draw what arrived while the chart was hidden."""
        super().showEvent(event)
        self._show_new(0)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802  # Qt's name
        """Offer picture and table; also by the menu key."""
        self.export_menu.popup(event.globalPos())
        event.accept()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._view.setBackground(ink(Tone.PANEL))
            self._refresh()

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Hide the cursor when the pointer leaves the chart."""
        if event.type() == QEvent.Type.Leave:
            self._point_at(None, None, 0.0)
            self._tell_pointed(None)
        return super().eventFilter(watched, event)  # type: ignore[arg-type]  # Qt gives a QObject

    def _make_panes(self, specs: Sequence[ColumnSpec]) -> list[Pane]:
        price = Pane("price", self._times, margins=(0.12, 0.10))
        price.add_main(CandleItem(self._columns))
        volume = Pane("volume", self._times, margins=(0.2, 0.0), is_compact=True)
        volume.add_main(VolumeItem(self._columns))
        self._studies = {price: [], volume: []}
        oscillators: dict[str, Pane] = {}
        for number, spec in enumerate(specs):
            tone = STUDIES[number % len(STUDIES)]
            match spec.kind:
                case ColumnKind.PRICE_OVERLAY | ColumnKind.BAND:
                    line = LineStudy(self._columns, spec, tone)
                    price.add_guide(line)
                    self._studies[price].append(line)
                case ColumnKind.FLAG:
                    flag = FlagStudy(self._columns, spec, tone, rank=self._count(price, FlagStudy))
                    price.add_mark(flag)
                    self._studies[price].append(flag)
                case ColumnKind.CATEGORY:
                    strip = CategoryStudy(self._columns, spec, rank=self._count(price, CategoryStudy))
                    price.add_mark(strip)
                    self._studies[price].append(strip)
                case ColumnKind.OSCILLATOR:
                    pane = self._oscillator_pane(oscillators, spec)
                    oscillator = LineStudy(self._columns, spec, STUDIES[len(self._studies[pane]) % len(STUDIES)])
                    pane.add_main(oscillator)
                    self._studies[pane].append(oscillator)
        for band in self._bands_of(specs):
            price.add_mark(band)
        price.add_mark(self._gaps)
        price.add_mark(self._planned)
        price.add_mark(self._plans)
        price.add_mark(self._marks)
        return [price, volume, *oscillators.values()]

    def _bands_of(self, specs: Sequence[ColumnSpec]) -> Iterator[BandFill]:
        """Give the room between the boundaries of each band, in the colour of the first of them."""
        bounds: dict[str, list[tuple[str, Tone]]] = {}
        for number, spec in enumerate(specs):
            if spec.kind is ColumnKind.BAND and spec.band is not None:
                bounds.setdefault(spec.band, []).append((spec.name, STUDIES[number % len(STUDIES)]))
        for (one, tone), *others in bounds.values():
            if others:
                yield BandFill(self._columns, (one, others[-1][0]), tone)

    def _oscillator_pane(self, panes: dict[str, Pane], spec: ColumnSpec) -> Pane:
        """Return the pane of an oscillator: columns of one unit share one, as do all beyond the fourth."""
        key = spec.unit or spec.name.split("_")[0]
        if key not in panes and len(panes) == _OSCILLATOR_PANES_MAX:
            key = next(reversed(panes))
        if key not in panes:
            panes[key] = Pane(key, self._times, margins=(0.25, 0.08))
            self._studies[panes[key]] = []
        return panes[key]

    def _count(self, pane: Pane, kind: type[Study]) -> int:
        return sum(isinstance(study, kind) for study in self._studies[pane])

    def _place_panes(self) -> None:
        grid = self._layout.layout
        for row, pane in enumerate(self._panes):
            self._layout.addItem(pane.view, row, 0)
            self._layout.addItem(pane.axis, row, 1)
            grid.setRowStretchFactor(row, 60 if row == 0 else 10 if row == 1 else 16)
            pane.view.wheel_turned.connect(self._on_wheel_turned)
            pane.view.dragged.connect(self._on_dragged)
            pane.view.double_clicked.connect(self.follow)
            pane.view.clicked.connect(self._on_clicked)
            if row:
                pane.view.setXLink(self._panes[0].view)
        self._layout.addItem(self._time_axis, len(self._panes), 0)

    def _set_follows(self, follows: bool) -> None:
        if follows != self._follows:
            self._follows = follows
            self._follow_button.setVisible(not follows)
            self.follow_changed.emit(follows)

    def _show_new(self, before: int) -> None:
        """Show the bars from `before` on; they are painted alone where nothing that was there has to move for them."""
        if self._follows and not self._is_near_newest():
            self._show_newest()
        else:
            self._refresh(changed_from=max(before - 1, 0))

    def _is_near_newest(self) -> bool:
        """Tell whether following would move the view by less than a pixel."""
        width = self._right - self._left
        wanted = self.bar_count - 0.5 + width * _FREE_SHARE
        return bool(abs(wanted - self._right) * self._panes[0].view.width() < width)

    def _show_newest(self) -> None:
        width = self._right - self._left
        right = self.bar_count - 0.5 + width * _FREE_SHARE
        self._set_span(right - width, right)

    def _set_span(self, left: float, right: float) -> None:
        self._left, self._right = left, right
        self._panes[0].view.setXRange(left, right, padding=0)
        self._refresh()

    def _refresh(self, *, changed_from: int = 0) -> None:
        """Fit the heights and paint from bar `changed_from` to the right edge; all of a pane whose height has changed."""
        self._empty.setVisible(not self.bar_count)
        if not self.bar_count:
            return
        first, last = visible_span(left=self._left, right=self._right, count=self.bar_count)
        for pane in self._panes:
            if pane.fit(first, last):
                pane.view.update()
            else:
                pane.view.update(pane.strip_from(changed_from))
        close = float(self._columns.column("close")[-1])
        rises = close >= float(self._columns.column("open")[-1])
        tag = float_text(close, places_of(self._tick_size))
        newest = AxisTag(close, tag, Tone.RISE if rises else Tone.FALL, is_strong=True)
        plans = [AxisTag(line.price, line.text, line.tone) for line in self._plans.lines]
        self._panes[0].axis.show_tags([newest, *plans])
        if not changed_from:
            self._time_axis.update()
            self._view.viewport().update()
        self._say()

    def _say(self) -> None:
        """Write the read-outs: of the bar under the pointer, else of the newest."""
        if not self.bar_count:
            return
        pointed = self._pointer_index
        index = self.bar_count - 1 if pointed is None else min(max(pointed, 0), self.bar_count - 1)
        for pane in self._panes:
            studies = study_readings(self._columns, index, self._studies[pane], tick_size=self._tick_size)
            if pane is self._panes[0]:
                bar = bar_readings(self._columns, index, tick_size=self._tick_size)
                marks = mark_readings(self._marks.of_bar(index)) if pointed is not None else []
                since_ns = self._gaps.stale_since_ns
                if since_ns is not None:
                    silent = self.tr("No bar since {time}").format(time=time_ns_text(since_ns))
                    bar = [*bar, Reading(silent, Tone.WARNING)]
                pane.read_out.say([bar, studies, marks])
            else:
                pane.read_out.say([studies or [Reading(self.tr("Volume"), Tone.MUTED)]])

    def _on_wheel_turned(self, notches: float, at: float) -> None:
        self.zoom(notches, at=at)

    def _on_dragged(self, bars: float) -> None:
        self.pan(-bars)

    def _on_clicked(self, at: float, value: float) -> None:
        index = round(at)
        if not 0 <= index < self.bar_count:
            return
        marks = self._marks.of_bar(index)
        with_price = [mark for mark in marks if mark.price is not None]
        # Of several fills in a bar the one that was clicked is the nearest; a signal stands beside its bar.
        near = min(with_price, key=lambda mark: abs((mark.price or 0.0) - value), default=marks[-1] if marks else None)
        opened_ns = int(self._columns.opened_ns[index])
        self.bar_clicked.emit(opened_ns, opened_ns + self._columns.bar_ns, near)

    def _on_mouse_moved(self, at: QPointF) -> None:
        pane = next((each for each in self._panes if each.view.sceneBoundingRect().contains(at)), None)
        point = pane.view.mapSceneToView(at) if pane is not None else None
        index = None if point is None else round(point.x())
        self._point_at(index, pane, 0.0 if point is None else point.y())
        self._tell_pointed(index)

    def _tell_pointed(self, index: int | None) -> None:
        is_bar = index is not None and 0 <= index < self.bar_count
        self.pointed.emit(int(self._columns.opened_ns[index]) if is_bar and index is not None else None)

    def _point_at(self, index: int | None, pane: Pane | None, value: float) -> None:
        for each in self._panes:
            each.crosshair.point_at(index, value if each is pane else None)
        if index != self._pointer_index:
            self._pointer_index = index
            self._say()
