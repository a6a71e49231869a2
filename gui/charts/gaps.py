"""Where market data is missing: between bars, and after the newest one when the market has gone silent."""

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.charts.canvas import ChartItem, Frame, fill_rects, mixed
from gui.charts.columns import ChartColumns
from gui.theme.ink import ink
from gui.theme.tokens import Tone

STALE_BARS: Final = 2.5
"""After how many bar lengths since its open the newest bar is old: its successor should have closed half a bar ago."""
_GAP_SHARE: Final = 0.45
_STALE_SHARE: Final = 0.12
_GAP_PX: Final = 3


class GapItem(ChartItem):
    """Shades where bars are missing: a strip between two bars, and all that is right of the newest one when it is old.

    The read-out says in words what is missing.
    """

    def __init__(self, columns: ChartColumns) -> None:
        super().__init__(z=-15)
        self._columns = columns
        self._now_ns: int | None = None

    @property
    def stale_since_ns(self) -> int | None:
        """When the newest bar closed, UTC nanoseconds, if one that should have followed is missing; else None."""
        if self._now_ns is None or not len(self._columns):
            return None
        newest, bar_ns = int(self._columns.opened_ns[-1]), self._columns.bar_ns
        return newest + bar_ns if self._now_ns > newest + STALE_BARS * bar_ns else None

    def tell_time(self, now_ns: int | None) -> None:
        """Take the time of the engine, UTC nanoseconds; None when no bars are to be expected."""
        before, self._now_ns = self.stale_since_ns, now_ns
        if self.stale_since_ns != before:
            self.update()

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the strips; each is named in the read-out of the bar after it."""
        top, bottom, scale = int(frame.area.top()), int(frame.area.bottom()), frame.scale
        gaps = self._columns.gaps
        seen = gaps[np.searchsorted(gaps, frame.left) : np.searchsorted(gaps, frame.right + 1)]
        left = np.floor(scale.x_px(seen.astype(np.float64) - 0.5)).astype(np.int64) - _GAP_PX // 2
        rects = np.column_stack((left, np.full_like(left, top), left + _GAP_PX - 1, np.full_like(left, bottom)))
        fill_rects(painter, rects.astype(np.int32), mixed(ink(Tone.PANEL), ink(Tone.WARNING), share=_GAP_SHARE))
        if self.stale_since_ns is not None:
            self._draw_stale(painter, frame)

    def _draw_stale(self, painter: QPainter, frame: Frame) -> None:
        left = (len(self._columns) - 0.5) * frame.scale.x_scale + frame.scale.x_offset
        room = QRectF(left, frame.area.top(), frame.area.right() - left, frame.area.height())
        if room.width() <= 0:
            return
        painter.fillRect(room, mixed(ink(Tone.PANEL), ink(Tone.WARNING), share=_STALE_SHARE))
