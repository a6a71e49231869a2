"""The charts of one strategy: its own timeframe, and beside it a longer one of the same context."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from engine.contracts.market import BAR_COLUMNS, BarSeries, FloatColumn
from engine.ports.session import StrategySummary
from engine.primitives.timeframes import Timeframe
from gui.bridge.rows import BarRows
from gui.charts.longer import LongerBars, longer_than
from gui.charts.market_chart import MarketChart
from gui.charts.marks import Mark
from gui.charts.plans import PlanLine, PlannedOrder


class StrategyCharts(QSplitter):
    """Keeps both charts in step: what is told to it is drawn on each.

    Args:
        strategy: Whose charts they are.
        tick_size: The price step, quote per base.
        parent: Qt parent.
    """

    pointed = Signal(object)  # as of `MarketChart`
    bar_clicked = Signal(object, object, object)  # likewise
    columns_asked = Signal()

    def __init__(self, strategy: StrategySummary, *, tick_size: Decimal, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self._symbol = strategy.symbol
        self._specs = [spec for spec in strategy.columns if spec.name not in BAR_COLUMNS]
        self._tick_size = tick_size
        self.offered: Final[Sequence[Timeframe]] = longer_than(strategy.timeframe)
        self.own: Final = self._a_chart()
        self.beside: MarketChart | None = None
        self._longer: LongerBars | None = None
        self._marks: list[Mark] = []
        self._plans: Sequence[PlanLine] = ()
        self._planned: Sequence[PlannedOrder] = ()
        self._now_ns: int | None = None

    @property
    def charts(self) -> Sequence[MarketChart]:
        """The charts that are seen, the strategy's own first."""
        return [self.own] if self.beside is None else [self.own, self.beside]

    @property
    def beside_of(self) -> Timeframe | None:
        """The longer timeframe that is shown beside the strategy's own."""
        return None if self._longer is None else self._longer.timeframe

    def show_beside(self, timeframe: Timeframe | None) -> None:
        """Show a longer timeframe beside the strategy's own, or none. One that is not offered here shows none."""
        wanted = timeframe if timeframe in self.offered else None
        if wanted == self.beside_of:
            return
        if self.beside is not None:
            self.beside.setParent(None)
            self.beside.deleteLater()
            self.beside = self._longer = None
        if wanted is None:
            return
        self._longer = LongerBars(wanted, self._specs)
        self.beside = self._a_chart()
        self.beside.setAccessibleName(self.tr("Market chart, {timeframe}").format(timeframe=wanted.name))
        self.beside.load(*self._longer.fold(self.own.columns, self._symbol))
        for mark in self._marks:
            self.beside.add_mark(mark)
        self.beside.show_plans(self._plans)
        self.beside.show_planned(self._planned)
        self.beside.tell_time(self._now_ns)
        self.setSizes([3, 2])

    def load(self, series: BarSeries, enriched: Mapping[str, FloatColumn]) -> None:
        """Show the bars before the first live one."""
        self.own.load(series, enriched)

    def append(self, batch: BarRows) -> None:
        """Add bars, oldest first."""
        self.own.append(batch.columns, batch.rows)
        if self.beside is not None and self._longer is not None:
            rows = [self._longer.add(batch.columns, row) for row in batch.rows]
            self.beside.append(batch.columns, rows)

    def add_mark(self, mark: Mark) -> None:
        """Put a signal or a fill on each chart."""
        self._marks.append(mark)
        for chart in self.charts:
            chart.add_mark(mark)

    def show_plans(self, lines: Sequence[PlanLine]) -> None:
        """Draw the lines of the open trades, and no others."""
        self._plans = lines
        for chart in self.charts:
            chart.show_plans(lines)

    def show_planned(self, orders: Sequence[PlannedOrder]) -> None:
        """Draw these orders that are still to be sent, and no others."""
        self._planned = orders
        for chart in self.charts:
            chart.show_planned(orders)

    def tell_time(self, now_ns: int | None) -> None:
        """Take the time of the engine, UTC nanoseconds; None when no bar is to come."""
        self._now_ns = now_ns
        for chart in self.charts:
            chart.tell_time(now_ns)

    def point_at_instant(self, at_ns: int | None) -> None:
        """Put the cursor on the bar of an instant, on every chart that the pointer is not on itself."""
        for chart in self.charts:
            if not chart.underMouse():
                chart.point_at_instant(at_ns)

    def _a_chart(self) -> MarketChart:
        chart = MarketChart(self._specs, tick_size=self._tick_size, parent=self)
        chart.pointed.connect(self.pointed)
        chart.bar_clicked.connect(self.bar_clicked)
        chart.export_menu.addSeparator()
        columns = chart.export_menu.addAction(self.tr("List the columns…"))
        columns.triggered.connect(lambda _checked: self.columns_asked.emit())
        return chart
