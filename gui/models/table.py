"""One typed table model for every list of the window: what differs between lists is data, their columns."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer

from gui.theme.ink import ink
from gui.theme.tokens import Tone

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
SortKey = str | int | float | Any  # anything that compares with its like: Decimal, datetime

_REFRESH_MS: Final = 50  # 20 Hz: faster cannot be read
_RESORT_EVERY: Final = 10  # refreshes, so twice a second: sorting 10,000 rows costs a frame


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """How one column of a list is read from a row.

    Args:
        header: What stands above it.
        text: What is shown.
        sort_key: What it is sorted by; None sorts by the text.
        is_number: Numbers stand at the right, so that digits are below one another.
        tone: Of the text, or None for the usual one.
        tooltip: More than fits; None shows the text itself.
        sample: The widest text that is to be readable without a tooltip; it sets the width.
    """

    header: str
    text: Callable[[R], str]
    sort_key: Callable[[R], SortKey] | None = None
    is_number: bool = False
    tone: Callable[[R], Tone | None] | None = None
    tooltip: Callable[[R], str] | None = None
    sample: str = ""

    def key_of(self, row: R) -> SortKey:
        """Return what a row is sorted by."""
        return self.sort_key(row) if self.sort_key is not None else self.text(row)


class TableModel(QAbstractTableModel, Generic[R]):
    """Rows by key, newest first until a person sorts them.

    Changes are gathered and shown at most twenty times a second: new rows together, and of changed rows only the cells
    whose text differs and that somebody sees. Rows beyond `rows_max` are forgotten, the oldest first.

    Args:
        columns: From left to right.
        rows_max: How many rows are kept.
        parent: Qt parent.
    """

    def __init__(self, columns: Sequence[Column[R]], *, rows_max: int = 5_000, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: Final = tuple(columns)
        self._rows_max = rows_max
        self._rows: dict[Hashable, R] = {}
        self._order: list[Hashable] = []
        self._places: dict[Hashable, int] = {}
        self._incoming: dict[Hashable, R] = {}
        self._is_shown: Callable[[R], bool] | None = None
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None
        self._needs_sort = False
        self._refreshes = 0
        self._visible = (0, 200)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    @property
    def keys(self) -> tuple[Hashable, ...]:
        """The keys of the rows that are shown, from top to bottom."""
        return tuple(self._order)

    @property
    def rows(self) -> Mapping[Hashable, R]:
        """All rows that are kept, shown or not, with what has not been refreshed yet."""
        return {**self._rows, **self._incoming}

    def row_at(self, place: int) -> R:
        """Return the row that is shown at a place, counted from the top."""
        return self._rows[self._order[place]]

    def put(self, key: Hashable, row: R) -> None:
        """Add a row or change it; seen at the next refresh."""
        self._incoming[key] = row
        if not self._timer.isActive():
            self._timer.start()

    def drop(self, key: Hashable) -> None:
        """Take a row away, now."""
        self._incoming.pop(key, None)
        if key in self._places:
            place = self._places[key]
            self.beginRemoveRows(QModelIndex(), place, place)
            del self._order[place]
            del self._rows[key]
            self._number_from(place)
            self.endRemoveRows()
        else:
            self._rows.pop(key, None)

    def clear(self) -> None:
        """Take all rows away."""
        self.beginResetModel()
        self._rows.clear()
        self._incoming.clear()
        self._order.clear()
        self._places.clear()
        self.endResetModel()

    def show_only(self, is_shown: Callable[[R], bool] | None) -> None:
        """Show the rows for which this is true; all of them if None."""
        self.refresh()
        self.beginResetModel()
        self._is_shown = is_shown
        self._order = [key for key, row in reversed(self._rows.items()) if is_shown is None or is_shown(row)]
        self._sort_order()
        self._number_from(0)
        self.endResetModel()

    def see(self, first: int, last: int) -> None:
        """Say which rows are on the screen; only those are told about changes of their cells."""
        self._visible = (first, last)

    def refresh(self) -> None:
        """Show what has been put since the last time."""
        self._timer.stop()
        incoming, self._incoming = self._incoming, {}
        arrived = [(key, row) for key, row in incoming.items() if key not in self._rows]
        for key, row in incoming.items():
            if key in self._rows:
                self._change(key, row)
        self._insert(arrived)
        self._forget_oldest()
        self._refreshes += 1
        if self._needs_sort and (arrived or self._refreshes % _RESORT_EVERY == 0):
            self._resort()
        elif self._needs_sort:
            self._timer.start()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's name and default
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's name and default
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is shown of a cell."""
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self.row_at(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column.is_number)
            case Qt.ItemDataRole.ForegroundRole:
                tone = column.tone(row) if column.tone is not None else None
                return ink(tone) if tone else None
            case Qt.ItemDataRole.ToolTipRole:
                return column.tooltip(row) if column.tooltip is not None else column.text(row)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: N802  # Qt's name
        """Return what stands above a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].header
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.columns[section].is_number)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 goes back to newest first."""
        self._sorted_by = (column, order) if 0 <= column < len(self.columns) else None
        self._resort()

    def _change(self, key: Hashable, row: R) -> None:
        before, self._rows[key] = self._rows[key], row
        place = self._places.get(key)
        if self._is_shown is not None and self._is_shown(row) != (place is not None):
            self._move_in_or_out(key, place)
            return
        if place is None:
            return
        if self._sorted_by is not None:
            by = self.columns[self._sorted_by[0]]
            self._needs_sort = self._needs_sort or by.key_of(before) != by.key_of(row)
        if self._visible[0] <= place <= self._visible[1]:
            for number, column in enumerate(self.columns):
                if column.text(before) != column.text(row):
                    index = self.index(place, number)
                    self.dataChanged.emit(index, index)

    def _move_in_or_out(self, key: Hashable, place: int | None) -> None:
        if place is None:
            self.beginInsertRows(QModelIndex(), 0, 0)
            self._order.insert(0, key)
            self._number_from(0)
            self.endInsertRows()
            self._needs_sort = self._sorted_by is not None
        else:
            self.beginRemoveRows(QModelIndex(), place, place)
            del self._order[place]
            del self._places[key]
            self._number_from(place)
            self.endRemoveRows()

    def _insert(self, arrived: list[tuple[Hashable, R]]) -> None:
        shown = [key for key, row in arrived if self._is_shown is None or self._is_shown(row)]
        if shown:
            self.beginInsertRows(QModelIndex(), 0, len(shown) - 1)
        self._rows.update(arrived)
        if shown:
            self._order[:0] = reversed(shown)
            self._number_from(0)
            self.endInsertRows()
            self._needs_sort = self._needs_sort or self._sorted_by is not None

    def _forget_oldest(self) -> None:
        """Take the oldest rows away, each run of neighbours together: one by one each would number all others anew."""
        oldest = list(islice(self._rows, max(len(self._rows) - self._rows_max, 0)))
        places = sorted((self._places[key] for key in oldest if key in self._places), reverse=True)
        for _, run in groupby(enumerate(places), key=sum):  # in a run of neighbours each is one less than the last
            neighbours = [place for _, place in run]
            first, last = neighbours[-1], neighbours[0]
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._order[first : last + 1]
            self._number_from(0)
            self.endRemoveRows()
        for key in oldest:
            del self._rows[key]

    def _resort(self) -> None:
        self._needs_sort = False
        if self._sorted_by is None and not self._order:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self._order[index.row()] for index in before]
        if self._sorted_by is None:
            newest_first = {key: place for place, key in enumerate(reversed(self._rows))}
            self._order.sort(key=newest_first.__getitem__)
        else:
            self._sort_order()
        self._number_from(0)
        after = [self.index(self._places[key], index.column()) for key, index in zip(keys, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _sort_order(self) -> None:
        if self._sorted_by is None:
            return
        number, order = self._sorted_by
        column = self.columns[number]
        has_none = [key for key in self._order if column.key_of(self._rows[key]) is None]
        has_key = [key for key in self._order if column.key_of(self._rows[key]) is not None]
        has_key.sort(key=lambda key: column.key_of(self._rows[key]), reverse=order is Qt.SortOrder.DescendingOrder)
        self._order = has_key + has_none

    def _number_from(self, place: int) -> None:
        if place == 0:
            self._places = {key: number for number, key in enumerate(self._order)}
        else:
            self._places = {key: number for key, number in self._places.items() if number < place}
            self._places.update((key, number) for number, key in enumerate(self._order[place:], place))


def _alignment(is_number: bool) -> Qt.AlignmentFlag:
    horizontal = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
    return horizontal | Qt.AlignmentFlag.AlignVCenter
