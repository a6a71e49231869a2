"""Our chart and pyqtgraph's own: ``python -m tests.benchmarks.chart_child CONTENDER BARS``, prints what it took."""

import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPicture
from PySide6.QtWidgets import QApplication

from engine.contracts.context import ColumnKind, ColumnSpec
from engine.contracts.market import BAR_COLUMNS, BarSeries
from engine.primitives.timeframes import NS_PER_MINUTE
from gui.bridge.rows import BarRow
from gui.charts.market_chart import MarketChart
from gui.charts.marks import Mark, MarkKind
from gui.charts.plans import STOP_DASHES, PlanLine
from gui.theme.look import dress
from gui.theme.tokens import Tone
from tests.benchmarks.chart_walk import (
    HEIGHT,
    LINES,
    OSCILLATORS,
    OVERLAYS,
    WIDTH,
    candles,
    noisy,
    resident_mb,
    spans,
    tell,
    timed,
)
from tests.benchmarks.reference import START_NS


class Contender:
    """A chart that is shown, moved, and given a bar more."""

    def __init__(self, bars: int) -> None:
        self.bars = bars

    def first(self) -> None:
        """Show the chart with all its bars."""
        raise NotImplementedError

    def move(self, left: float, right: float) -> None:
        """Show these bars."""
        raise NotImplementedError

    def append(self) -> None:
        """Add one bar and show it."""
        raise NotImplementedError


class Ours(Contender):
    """The chart of the workstation, with the columns of a scene."""

    def __init__(self, bars: int, *, overlays: int = 0, oscillators: int = 0, has_trades: bool = False) -> None:
        super().__init__(bars)
        self._has_trades = has_trades
        columns = candles(bars + 1)
        opened_ns = START_NS + np.arange(bars + 1, dtype=np.int64) * NS_PER_MINUTE
        self._series = BarSeries("BTC/USDT", "1m", opened_ns, *(columns[name] for name in BAR_COLUMNS))
        kinds = [ColumnKind.PRICE_OVERLAY] * overlays + [ColumnKind.OSCILLATOR] * oscillators
        self._specs = [ColumnSpec(name=f"line_{number}", kind=kind) for number, kind in enumerate(kinds)]
        self._lines = dict(zip((spec.name for spec in self._specs), noisy(bars + 1, len(kinds)), strict=True))

    def first(self) -> None:
        """Show it."""
        self.chart = MarketChart(self._specs, tick_size=Decimal("0.01"))
        self.chart.resize(WIDTH, HEIGHT)
        past = [getattr(self._series, name)[:-1] for name in ("opened_ns", *BAR_COLUMNS)]
        self.chart.load(BarSeries("BTC/USDT", "1m", *past), {name: values[:-1] for name, values in self._lines.items()})
        if self._has_trades:
            for offset, kind in ((0, MarkKind.ENTRY_BUY), (500, MarkKind.EXIT_SELL)):
                for place in range(offset, self.bars, 1_000):
                    price = float(self._series.low[place])
                    self.chart.add_mark(Mark(int(self._series.opened_ns[place]), kind, "", "", price))
            price, from_ns = float(self._series.close[-2]), int(self._series.opened_ns[-300])
            names = ("Entry", "Stop", "Target")
            lines = [
                PlanLine(price + 50 * number, name, "", Tone.TEXT, STOP_DASHES, from_ns)
                for number, name in enumerate(names)
            ]
            self.chart.show_plans(lines)
        self.chart.show()
        self.paint()

    def paint(self) -> None:
        """Paint what has changed."""
        _painted()

    def move(self, left: float, right: float) -> None:
        """As wheel and drag do."""
        self.chart._set_follows(False)
        self.chart._set_span(left, right)
        self.paint()

    def append(self) -> None:
        """As the feed does."""
        names = (*BAR_COLUMNS, *self._lines)
        values = [float(getattr(self._series, name)[-1]) for name in BAR_COLUMNS]
        values += [float(column[-1]) for column in self._lines.values()]
        opened_ns = int(self._series.opened_ns[-1])
        self.chart.append(names, [BarRow(opened_ns, opened_ns + NS_PER_MINUTE, tuple(values), 0.5, 0.5)])
        self.paint()


class _Plotted(Contender):
    """A PlotWidget as pyqtgraph gives it."""

    def first(self) -> None:
        self.widget = pg.PlotWidget()
        self.widget.resize(WIDTH, HEIGHT)
        self.fill()
        self.widget.show()
        _painted()

    def fill(self) -> None:
        """Put what is shown into it."""

    def move(self, left: float, right: float) -> None:
        self.widget.setXRange(left, right, padding=0)
        _painted()

    def append(self) -> None:
        _painted()


class _PicturedCandles(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph brings no types
    """Candles painted once into a QPicture, which is the way that pyqtgraph's example customGraphicsItem shows."""

    def __init__(self, columns: dict[str, Any], bars: int) -> None:
        super().__init__()
        self._picture = QPicture()
        painter = QPainter(self._picture)
        painter.setPen(pg.mkPen("w"))
        rows = zip(*(columns[name][:bars].tolist() for name in ("open", "high", "low", "close")), strict=True)
        brushes = {True: pg.mkBrush("r"), False: pg.mkBrush("g")}
        for bar, (open_, high, low, close) in enumerate(rows):
            painter.drawLine(QPointF(bar, low), QPointF(bar, high))
            painter.setBrush(brushes[open_ > close])
            painter.drawRect(QRectF(bar - 0.33, open_, 0.66, close - open_))
        painter.end()

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.drawPicture(0, 0, self._picture)

    def boundingRect(self) -> QRectF:  # noqa: N802  # Qt's name
        return QRectF(self._picture.boundingRect())


class Pictured(_Plotted):
    """pyqtgraph's example candlestick."""

    def fill(self) -> None:
        """Paint all candles into a picture."""
        self._columns = candles(self.bars + 1)
        self._item = _PicturedCandles(self._columns, self.bars)
        self.widget.addItem(self._item)

    def append(self) -> None:
        """Paint all of them again: the picture knows no other way."""
        self.widget.removeItem(self._item)
        self._item = _PicturedCandles(self._columns, self.bars + 1)
        self.widget.addItem(self._item)
        _painted()


class Plotted(_Plotted):
    """pyqtgraph's lines with automatic peak downsampling and clip-to-view."""

    def fill(self) -> None:
        """Plot the lines."""
        self._lines = noisy(self.bars + 1, LINES)
        x = np.arange(self.bars + 1, dtype=np.float64)
        self._x, self._curves = x, []
        self.widget.setDownsampling(auto=True, mode="peak")
        self.widget.setClipToView(True)
        for number, line in enumerate(self._lines):
            self._curves.append(self.widget.plot(x[:-1], line[:-1], pen=pg.intColor(number)))

    def append(self) -> None:
        """Hand over all columns again, as it asks for."""
        for curve, line in zip(self._curves, self._lines, strict=True):
            curve.setData(self._x, line)
        _painted()


def _painted() -> None:
    """Let Qt paint what has changed, once, as it does for every contender."""
    QApplication.processEvents()


CONTENDERS: dict[str, Callable[[int], Contender]] = {
    "candles": Ours,
    "whole": lambda bars: Ours(bars, overlays=OVERLAYS, oscillators=OSCILLATORS, has_trades=True),
    "lines": lambda bars: Ours(bars, overlays=LINES),
    "pictured": Pictured,
    "plotted": Plotted,
    "empty": _Plotted,
}


def main() -> None:
    """Show, move, append and print."""
    name, bars = sys.argv[1], int(sys.argv[2])
    app = QApplication([])
    dress(app)
    contender = CONTENDERS[name](bars)
    memory = resident_mb()
    first = timed(contender.first)
    frames = [timed(lambda left=left, right=right: contender.move(left, right)) for left, right in spans(bars)]  # type: ignore[misc]  # defaults bind
    contender.move(bars - 300, bars)
    appended = timed(contender.append)
    tell(first=first, frames=frames, append=appended, memory_mb=resident_mb() - memory)


if __name__ == "__main__":
    main()
