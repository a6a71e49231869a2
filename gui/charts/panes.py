"""One pane of a chart: a view that takes wheel and drag, its grid, axis, cursor and read-out."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal

from gui.charts.axis import GridItem, TimeScale, ValueAxis
from gui.charts.canvas import ChartItem
from gui.charts.crosshair import CrosshairItem, ReadOut

# Guides (overlays, plan lines) may widen a pane by at most this share of what the bars need, so that they never squash it.
_GUIDE_REACH: Final = 0.6
_FLAT_SHARE: Final = 0.001
_STRIP_MARGIN_PX: Final = 24  # a flag or a mark at a bar is wider than the bar


class Ranged(Protocol):
    """Something that knows how high and low it reaches over some bars."""

    def extent(self, first: int, last: int) -> tuple[float, float]:
        """Return smallest and largest value of the bars ``[first, last)``; NaN when there is none."""
        ...


class PaneView(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph brings no types
    """A view without a menu whose wheel and drag are told, not done: all panes move as one."""

    wheel_turned = Signal(float, float)  # notches, bar index under the pointer
    dragged = Signal(float)  # bars, to the right
    double_clicked = Signal()
    clicked = Signal(float, float)  # bar index, value

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.setMouseEnabled(x=False, y=False)
        self.disableAutoRange()

    def wheelEvent(self, event: object, axis: int | None = None) -> None:  # noqa: ARG002, N802  # Qt's name
        """Tell how far the wheel was turned, and where."""
        at = self.mapSceneToView(event.scenePos()).x()  # type: ignore[attr-defined]  # a QGraphicsSceneWheelEvent
        self.wheel_turned.emit(event.delta() / 120.0, at)  # type: ignore[attr-defined]  # likewise
        event.accept()  # type: ignore[attr-defined]  # likewise

    def mouseDragEvent(self, event: object, axis: int | None = None) -> None:  # noqa: ARG002, N802  # pyqtgraph's name
        """Tell how many bars the pointer moved."""
        if event.button() != Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]  # pyqtgraph's MouseDragEvent
            return
        event.accept()  # type: ignore[attr-defined]  # likewise
        moved = self.mapSceneToView(event.scenePos()).x() - self.mapSceneToView(event.lastScenePos()).x()  # type: ignore[attr-defined]  # likewise
        self.dragged.emit(moved)

    def mouseClickEvent(self, event: object) -> None:  # noqa: N802  # pyqtgraph's name
        """Tell where somebody clicked."""
        if event.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]  # pyqtgraph's MouseClickEvent
            at = self.mapSceneToView(event.scenePos())  # type: ignore[attr-defined]  # likewise
            self.clicked.emit(at.x(), at.y())
            event.accept()  # type: ignore[attr-defined]  # likewise

    def mouseDoubleClickEvent(self, event: object) -> None:  # noqa: N802  # Qt's name
        """Tell that somebody double-clicked."""
        self.double_clicked.emit()
        event.accept()  # type: ignore[attr-defined]  # a QGraphicsSceneMouseEvent


class Pane:
    """A view with everything around it. `main` decides the height of the view, `guides` widen it a little.

    Args:
        name: Shown nowhere; for tests and accessibility.
        times: What its grid and the time axis share.
        margins: Free room above and below, as ratios of what is shown.
        is_compact: Whether the axis writes 12.3k for 12,300.
    """

    def __init__(self, name: str, times: TimeScale, *, margins: tuple[float, float], is_compact: bool = False) -> None:
        self.name: Final = name
        self.view: Final = PaneView()
        self.axis: Final = ValueAxis(self.view, is_compact=is_compact)
        self.crosshair: Final = CrosshairItem()
        self.read_out: Final = ReadOut()
        self._margins = margins
        self._height = (0.0, 0.0)
        self._main: list[Ranged] = []
        self._guides: list[Ranged] = []
        self._guide_values: Sequence[float] = ()
        for item in (GridItem(times, is_compact=is_compact), self.crosshair, self.read_out):
            self.view.addItem(item, ignoreBounds=True)

    def add_main(self, item: ChartItem) -> None:
        """Show something that must be visible from top to bottom."""
        self.view.addItem(item, ignoreBounds=True)
        self._main.append(item)

    def add_guide(self, item: ChartItem) -> None:
        """Show something that widens the pane only a little."""
        self.view.addItem(item, ignoreBounds=True)
        self._guides.append(item)

    def add_mark(self, item: ChartItem) -> None:
        """Show something that has no say in what is visible."""
        self.view.addItem(item, ignoreBounds=True)

    def guide_by(self, values: Sequence[float]) -> None:
        """Let single values, like plan lines, widen the pane a little."""
        self._guide_values = values

    def strip_from(self, index: int) -> QRectF:
        """Return what is right of the bar before this one, in the view's own coordinates."""
        left = self.view.mapFromView(QPointF(index - 1.0, 0.0)).x() - _STRIP_MARGIN_PX
        return QRectF(left, 0.0, max(self.view.width() - left, 1.0), self.view.height())

    def fit(self, first: int, last: int) -> bool:
        """Choose the height for the bars ``[first, last)``; keeps the last one when there is nothing to show.

        Returns:
            Whether the height is another one now.
        """
        low, high = _union([item.extent(first, last) for item in self._main])
        if not np.isfinite(low):
            return False
        reach = (high - low) * _GUIDE_REACH
        guides = [item.extent(first, last) for item in self._guides] + [(value, value) for value in self._guide_values]
        guide_low, guide_high = _union(guides)
        if np.isfinite(guide_low):
            low, high = min(low, max(guide_low, low - reach)), max(high, min(guide_high, high + reach))
        if high - low <= 0:
            half = abs(high) * _FLAT_SHARE or 1.0
            low, high = low - half, high + half
        above, below = self._margins
        spread = (high - low) / (1 - above - below)
        wanted = low - below * spread, high + above * spread
        if wanted == self._height:
            return False
        self._height = wanted
        self.view.setYRange(*wanted, padding=0)
        return True


def _union(extents: Sequence[tuple[float, float]]) -> tuple[float, float]:
    known = [extent for extent in extents if np.isfinite(extent[0])]
    if not known:
        return float("nan"), float("nan")
    return min(low for low, _ in known), max(high for _, high in known)
