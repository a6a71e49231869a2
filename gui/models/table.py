"""One typed table model for every list of the window: what differs between lists is data, their columns."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import groupby, islice
from typing import Any, Final, Generic

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFont

from gui.models.column import REFRESH_MS, RESORT_EVERY, Column, Index, R
from gui.theme.ink import ink
from gui.theme.tokens import Tone

__all__ = ["Column", "TableModel"]


class TableModel(QAbstractTableModel, Generic[R]):
    """Rows by key, newest first until a person sorts them.

    Changes are gathered and shown at most thirty times a second: new rows together, and of changed rows only the cells
    whose text differs and that somebody sees. Rows beyond `rows_max` are forgotten, the oldest first.

    While the list is held (`hold`) no row moves: what is new comes below all others, what is gone stays where it was,
    struck through, and nothing is sorted or filtered out before the list is released.

    Args:
        columns: From left to right.
        rows_max: How many rows are kept.
        parent: Qt parent.
    """

    held_back = Signal(bool)  # whether rows wait for their place because the list is held

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
        self._sort_keys: dict[Hashable, Any] = {}  # Any: whatever the column sorts by
        self._needs_sort = False
        self._is_held = False
        self._is_held_back = False
        self._gone: dict[Hashable, None] = {}
        self._to_hide: dict[Hashable, None] = {}
        self._refreshes = 0
        self._visible = (0, 200)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    @property
    def keys(self) -> tuple[Hashable, ...]:
        """The keys of the rows that are shown, from top to bottom."""
        return tuple(self._order)

    @property
    def rows(self) -> Mapping[Hashable, R]:
        """All rows that are kept, shown or not, with what has not been refreshed yet."""
        rows = {**self._rows, **self._incoming}
        return {key: row for key, row in rows.items() if key not in self._gone} if self._gone else rows

    @property
    def count(self) -> int:
        """How many rows are kept, shown or not; those that wait for the next refresh are not counted."""
        return len(self._rows) - len(self._gone)

    def row_at(self, place: int) -> R:
        """Return the row that is shown at a place, counted from the top."""
        return self._rows[self._order[place]]

    def place_of(self, key: Hashable) -> int | None:
        """Return where a row is shown, counted from the top; None when it is not."""
        return self._places.get(key)

    def put(self, key: Hashable, row: R) -> None:
        """Add a row or change it; seen at the next refresh."""
        self._incoming[key] = row
        if not self._timer.isActive():
            self._timer.start()

    def drop(self, key: Hashable) -> None:
        """Take a row away, now; a held list strikes it through and lets it go when it is released."""
        self._incoming.pop(key, None)
        place = self._places.get(key)
        if place is None:
            self._rows.pop(key, None)
        elif self._is_held:
            self._gone[key] = None
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))
            self._tell_held_back()
        else:
            self._take_away([place])
            del self._rows[key]

    def touch(self, key: Hashable) -> None:
        """Show a row anew, now: what its cells are read from has changed beside the row itself."""
        place = self._places.get(key)
        if place is not None and self._visible[0] <= place <= self._visible[1]:
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def clear(self) -> None:
        """Take all rows away."""
        self.beginResetModel()
        for part in (self._rows, self._incoming, self._order, self._places, self._sort_keys, self._gone, self._to_hide):
            part.clear()
        self.endResetModel()

    def show_only(self, is_shown: Callable[[R], bool] | None) -> None:
        """Show the rows for which this is true; all of them if None. A person asks for it, so a hold does not matter."""
        self._let_go_of_the_gone()
        self.refresh()
        self.beginResetModel()
        self._is_shown = is_shown
        self._to_hide.clear()
        self._order = [key for key, row in reversed(self._rows.items()) if is_shown is None or is_shown(row)]
        self._sort_order()
        self._number_from(0)
        self.endResetModel()
        self._tell_held_back()

    def see(self, first: int, last: int) -> None:
        """Say which rows are on the screen; only those are told about changes of their cells."""
        self._visible = (first, last)

    def hold(self, is_held: bool) -> None:
        """Keep every row in its place from now on, or let all find the place that is theirs."""
        if is_held == self._is_held:
            return
        self._is_held = is_held
        if not is_held:
            self._let_go_of_the_gone()
            hidden, self._to_hide = self._to_hide, {}
            self._take_away(
                [self._places[key] for key in hidden if key in self._places and not self._belongs(self._rows[key])]
            )
            self.refresh()
            if self._needs_sort:
                self._resort()
        self._tell_held_back()

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
        if self._is_held:
            self._tell_held_back()
        elif self._needs_sort and (arrived or self._refreshes % RESORT_EVERY == 0):
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
        key = self._order[index.row()]
        if self._gone and key in self._gone:
            if role == Qt.ItemDataRole.ForegroundRole:
                return ink(Tone.DISABLED)
            if role == Qt.ItemDataRole.FontRole:
                font = QFont()
                font.setStrikeOut(True)
                return font
        return self.columns[index.column()].seen(self._rows[key], role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: N802  # Qt's name
        """Return what is shown above a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        return self.columns[section].header_seen(role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 goes back to newest first. A person asks for it, so a hold does not matter."""
        self._sorted_by = (column, order) if 0 <= column < len(self.columns) else None
        self._sort_keys.clear()
        self._resort()
        self._tell_held_back()

    def _belongs(self, row: R) -> bool:
        return self._is_shown is None or self._is_shown(row)

    def _change(self, key: Hashable, row: R) -> None:
        before, self._rows[key] = self._rows[key], row
        was_gone = key in self._gone
        self._gone.pop(key, None)
        place = self._places.get(key)
        if self._is_shown is not None and self._is_shown(row) != (place is not None):
            self._move_in_or_out(key, place)
            place = self._places.get(key) if self._is_held else None
        if place is None:
            return
        if self._sorted_by is not None and key in self._sort_keys:
            by = self.columns[self._sorted_by[0]].key_of(row)
            if by != self._sort_keys[key]:
                self._sort_keys[key] = by
                self._needs_sort = True
        if self._visible[0] <= place <= self._visible[1]:
            for number, column in enumerate(self.columns):
                if was_gone or column.text(before) != column.text(row):
                    index = self.index(place, number)
                    self.dataChanged.emit(index, index)

    def _move_in_or_out(self, key: Hashable, place: int | None) -> None:
        if place is None:
            self._bring_in([key])
        elif self._is_held:
            self._to_hide[key] = None
        else:
            self._take_away([place])

    def _insert(self, arrived: list[tuple[Hashable, R]]) -> None:
        self._rows.update(arrived)
        self._bring_in([key for key, row in arrived if self._belongs(row)])

    def _bring_in(self, keys: list[Hashable]) -> None:
        """Show rows that were not: on top, or below all others while the list is held."""
        if not keys:
            return
        at = len(self._order) if self._is_held else 0
        self.beginInsertRows(QModelIndex(), at, at + len(keys) - 1)
        self._order[at:at] = keys if self._is_held else reversed(keys)
        self._number_from(at)
        self.endInsertRows()
        self._needs_sort = self._needs_sort or self._is_held or self._sorted_by is not None

    def _forget_oldest(self) -> None:
        """Take the oldest rows away; a held list grows until it is released, at most to twice its size."""
        rows_max = 2 * self._rows_max if self._is_held else self._rows_max
        oldest = list(islice(self._rows, max(len(self._rows) - rows_max, 0)))
        self._take_away([self._places[key] for key in oldest if key in self._places])
        for key in oldest:
            del self._rows[key]
            self._gone.pop(key, None)

    def _let_go_of_the_gone(self) -> None:
        gone, self._gone = self._gone, {}
        self._take_away([self._places[key] for key in gone if key in self._places])
        for key in gone:
            del self._rows[key]

    def _take_away(self, places: list[int]) -> None:
        """Stop showing rows, each run of neighbours together: one by one each would number all others anew."""
        falling = sorted(places, reverse=True)
        for _, run in groupby(enumerate(falling), key=sum):  # in a run of neighbours each is one less than the last
            neighbours = [place for _, place in run]
            first, last = neighbours[-1], neighbours[0]
            self.beginRemoveRows(QModelIndex(), first, last)
            for key in self._order[first : last + 1]:
                self._sort_keys.pop(key, None)
            del self._order[first : last + 1]
            self._number_from(0)
            self.endRemoveRows()

    def _tell_held_back(self) -> None:
        is_held_back = self._is_held and (self._needs_sort or bool(self._gone) or bool(self._to_hide))
        if is_held_back != self._is_held_back:
            self._is_held_back = is_held_back
            self.held_back.emit(is_held_back)

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
        """Sort by keys that are kept from one time to the next: reading 10,000 of them costs as much as the rest."""
        if self._sorted_by is None:
            return
        number, order = self._sorted_by
        column, kept = self.columns[number], self._sort_keys
        for key in self._order:
            if key not in kept:
                kept[key] = column.key_of(self._rows[key])
        has_key = [key for key in self._order if kept[key] is not None]
        has_none = [key for key in self._order if kept[key] is None] if len(has_key) < len(self._order) else []
        has_key.sort(key=kept.__getitem__, reverse=order is Qt.SortOrder.DescendingOrder)
        self._order = has_key + has_none

    def _number_from(self, place: int) -> None:
        if place == 0:
            self._places = {key: number for number, key in enumerate(self._order)}
        else:
            self._places.update((key, number) for number, key in enumerate(self._order[place:], place))
