"""Ten thousand orders, sorted by a column that changes a thousand times a second: our model against Qt's own way."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication, QTableView

from gui.models.table import Column, TableModel
from gui.widgets.table_view import TableView
from tests.benchmarks.measuring import Board, Took, Watch, alternated

pytestmark = pytest.mark.benchmark
ROWS: Final = 10_000
COLUMNS: Final = 12
UPDATES_PER_S: Final = 1_000
SECONDS: Final = 2
CHANGING: Final = 3
BEAT_MS: Final = 10
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Line:
    """An order as wide as ours."""

    cells: tuple[str, ...]
    price: Decimal


def _line(number: int, price: Decimal) -> Line:
    return Line(tuple(f"{number} {column}" for column in range(COLUMNS)), price)


def _column(number: int) -> Column[Line]:
    if number == CHANGING:
        return Column("Price", lambda line: f"{line.price:,.2f}", sort_key=lambda line: line.price, is_number=True)
    return Column(f"Column {number}", lambda line: line.cells[number], sample="10000 11")


class _Plain(QAbstractTableModel):
    """The way of most: a list of rows, and a signal for each change."""

    def __init__(self, lines: list[Line], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines = lines
        self._columns = [_column(number) for number in range(COLUMNS)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's name and default
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's name and default
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # Any: as Qt declares it
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return float(line.price)  # the proxy compares what Qt can compare
        return self._columns[index.column()].text(line) if role == Qt.ItemDataRole.DisplayRole else None

    def put(self, number: int, line: Line) -> None:
        self.lines[number] = line
        cell = self.index(number, CHANGING)
        self.dataChanged.emit(cell, cell)


def _changes() -> Sequence[tuple[int, Decimal]]:
    rng = np.random.default_rng(7)
    numbers = rng.integers(0, ROWS, UPDATES_PER_S * SECONDS)
    prices = rng.integers(1, 10_000_000, UPDATES_PER_S * SECONDS)
    return [(int(number), Decimal(int(price)) / 100) for number, price in zip(numbers, prices, strict=True)]


class _Driver:
    """Puts the changes in on the beat of a real second, and lets Qt work in between; keeps the longest turn."""

    def __init__(self, put: Callable[[int, Decimal], None]) -> None:
        self._put = put
        self.longest_s = 0.0

    def play(self) -> Took:
        changes, watch = iter(_changes()), Watch()
        beats = SECONDS * 1_000 // BEAT_MS
        began = time.perf_counter()
        for beat in range(beats):
            with watch:
                turned = time.thread_time()
                for _ in range(UPDATES_PER_S * BEAT_MS // 1_000):
                    self._put(*next(changes))
                QApplication.processEvents()
                self.longest_s = max(self.longest_s, time.thread_time() - turned)
            time.sleep(max(began + (beat + 1) * BEAT_MS / 1_000 - time.perf_counter(), 0))
        return watch.took


def test_tables_ten_thousand_rows_sorted_by_a_changing_column(qapp: QApplication, board: Board) -> None:
    lines = [_line(number, price=Decimal(number)) for number in range(ROWS)]
    longest: list[float] = []

    def ours() -> Took:
        model = TableModel([_column(number) for number in range(COLUMNS)], rows_max=ROWS)
        for number, line in enumerate(lines):
            model.put(number, line)
        model.refresh()
        view = TableView(model, name="Orders")
        view.resize(1_200, 700)
        view.sortByColumn(CHANGING, Qt.SortOrder.DescendingOrder)
        view.show()
        qapp.processEvents()
        driver = _Driver(lambda number, price: model.put(number, Line(lines[number].cells, price)))
        took = driver.play()
        longest.append(driver.longest_s)
        view.close()
        view.deleteLater()
        model.deleteLater()
        return took

    def theirs() -> Took:
        model = _Plain(list(lines))
        proxy = QSortFilterProxyModel()
        proxy.setSourceModel(model)
        proxy.setSortRole(Qt.ItemDataRole.UserRole)
        proxy.setDynamicSortFilter(True)
        view = QTableView()
        view.setModel(proxy)
        view.resize(1_200, 700)
        view.setSortingEnabled(True)
        view.sortByColumn(CHANGING, Qt.SortOrder.DescendingOrder)
        view.show()
        qapp.processEvents()
        took = _Driver(lambda number, price: model.put(number, Line(lines[number].cells, price))).play()
        view.close()
        view.deleteLater()
        proxy.deleteLater()
        model.deleteLater()
        return took

    mine, proxied = alternated(ours, theirs, runs=3)
    name = "orders table, 10,000 rows, 1,000 updates/s, against QSortFilterProxyModel"
    board.by_processor(name, of=mine, to=proxied, goal=1 / 6, better="less")
    note = "processor time of the window's thread in one turn of its loop; the worst of all runs"
    board.count("the same: longest stall", max(longest) * 1_000, goal=33, unit=" ms", note=note)
