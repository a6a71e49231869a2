"""Enriched columns, each drawn as its kind says: lines on price, oscillators, flags and category bands."""

from typing import Final

import numpy as np
from PySide6.QtGui import QPainter

from engine.contracts.context import ColumnKind, ColumnSpec
from gui.charts.canvas import ChartItem, Frame, draw_smooth_line, fill_rects, mixed, pen_of
from gui.charts.columns import ChartColumns
from gui.charts.geometry import (
    LineColumns,
    diamond_rects,
    line_columns,
    line_points,
    line_rects,
    pixel_columns,
    runs_of,
    sampled,
)
from gui.theme.ink import ink
from gui.theme.tokens import CATEGORIES, STUDIES, Tone

CATEGORY_STRIP_PX: Final = 5
"""Height of the strip in which one category column is drawn, at the bottom of the price pane."""

_SMOOTH_PX_MIN: Final = 4.0  # a bar; a smooth line of more corners costs more than a frame has
_FLAG_PX: Final = 4
_BAND_SHARE: Final = 0.1  # of its colour in the ground: candles and lines stay what one sees first


class LineStudy(ChartItem):
    """One column as a line, in the price pane or in a pane of its own.

    Args:
        columns: Where its values are.
        spec: Which column, and how it is meant.
        tone: Its colour.
    """

    def __init__(self, columns: ChartColumns, spec: ColumnSpec, tone: Tone) -> None:
        super().__init__(z=20)
        self._columns = columns
        self.spec: Final = spec
        self.tone: Final = tone
        self._dashes = (4, 3) if spec.kind is ColumnKind.BAND else None

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the visible part; NaN interrupts it."""
        first, last = frame.bars(len(self._columns))
        if first == last:
            return
        first = max(first - 1, 0)
        values = self._columns.column(self.spec.name)
        if frame.scale.x_scale >= _SMOOTH_PX_MIN:
            points = line_points(values=values, first=first, last=last, scale=frame.scale)
            draw_smooth_line(painter, points, pen_of(self.tone, width=1.25, dashes=self._dashes or ()))
            return
        line = line_columns(values=values, first=first, last=last, scale=frame.scale)
        fill_rects(painter, line_rects(line, dashes=self._dashes), ink(self.tone))

    def extent(self, first: int, last: int) -> tuple[float, float]:
        """Return the smallest and largest value of the bars ``[first, last)``; NaN when there is none."""
        return self._columns.column(self.spec.name).extent(first, last)


class BandFill(ChartItem):
    """The room between the two columns of a band, tinted; NaN in either interrupts it.

    It is opaque and lies below the grid: blending would cost ten times as much.

    Args:
        columns: Where its values are.
        bounds: Names of the two columns, in any order.
        tone: Its colour.
    """

    def __init__(self, columns: ChartColumns, bounds: tuple[str, str], tone: Tone) -> None:
        super().__init__(z=-20)
        self._columns = columns
        self.bounds: Final = bounds
        self._tone = tone

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the visible part."""
        first, last = frame.bars(len(self._columns))
        if first == last:
            return
        first = max(first - 1, 0)
        one, other = (
            line_columns(values=self._columns.column(name), first=first, last=last, scale=frame.scale)
            for name in self.bounds
        )
        room = LineColumns(one.x, np.minimum(one.top, other.top), np.maximum(one.bottom, other.bottom))
        fill_rects(painter, line_rects(room), mixed(ink(Tone.PANEL), ink(self._tone), share=_BAND_SHARE))


class FlagStudy(ChartItem):
    """A flag column: a small mark below each bar on which it is set; several flags stand below one another."""

    def __init__(self, columns: ChartColumns, spec: ColumnSpec, tone: Tone, *, rank: int) -> None:
        super().__init__(z=25)
        self._columns = columns
        self.spec: Final = spec
        self.tone: Final = tone
        self._rank = rank

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the marks; where bars are narrower than a pixel, a dot below each pixel column that has one."""
        first, last = frame.bars(len(self._columns))
        if first == last:
            return
        flags, lows, scale = self._columns.column(self.spec.name), self._columns.column("low"), frame.scale
        if scale.x_scale >= 1.0:
            places = first + np.flatnonzero(flags.part(first, last) > 0)
            x, low = scale.x_px(places.astype(np.float64)), lows.at(places)
        else:
            pixels = pixel_columns(first=first, last=last, count=len(lows), x_scale=scale.x_scale)
            is_set = flags.highest(pixels.edges, level=pixels.level) > 0
            x = pixels.x_px(scale)[is_set].astype(np.float64)
            low = lows.lowest(pixels.edges, level=pixels.level)[is_set]
        y = scale.y_px(low) + 9 + self._rank * (2 * _FLAG_PX + 1)
        reach = int(min(_FLAG_PX, max(scale.x_scale * 0.4, 1.0)))
        fill_rects(painter, diamond_rects(x=x, y=y, reach=reach), ink(self.tone))


class CategoryStudy(ChartItem):
    """A category column as a strip of colours along the bottom of the pane, named where there is room."""

    def __init__(self, columns: ChartColumns, spec: ColumnSpec, *, rank: int) -> None:
        super().__init__(z=5)
        self._columns = columns
        self.spec: Final = spec
        self._rank = rank

    def tint(self, category: int) -> Tone:
        """Return the colour of a category's strip by its index."""
        return CATEGORIES[category % len(CATEGORIES)]

    def label_tone(self, category: int) -> Tone:
        """Return a lighter colour of the same hue, in which its name can be read."""
        return STUDIES[category % len(STUDIES)]

    def draw(self, painter: QPainter, frame: Frame) -> None:
        """Paint the strip."""
        first, last = frame.bars(len(self._columns))
        if first == last:
            return
        codes, edges = sampled(self._columns.column(self.spec.name), first=first, last=last, scale=frame.scale)
        starts, ends, categories = runs_of(codes)
        bottom = int(frame.area.bottom()) - self._rank * (CATEGORY_STRIP_PX + 1)
        rects = np.empty((len(starts), 4), dtype=np.int32)
        rects[:, 0], rects[:, 2] = edges[starts], np.maximum(edges[ends] - 1, edges[starts])
        rects[:, 1], rects[:, 3] = bottom - CATEGORY_STRIP_PX, bottom - 1
        for category in np.unique(categories).tolist():
            fill_rects(painter, rects[categories == category], ink(self.tint(category)))
