"""One typed tree model: rows by key below the rows that they belong to; what differs between trees is data, their columns."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Final, Generic

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt, QTimer, Signal

from gui.models.column import REFRESH_MS, RESORT_EVERY, Column, Index, R


class _Node(Generic[R]):
    """A row in its place. `number` is what Qt knows it by: an address would outlive the row."""

    __slots__ = ("children", "key", "number", "parent", "place", "row")

    def __init__(self, key: Hashable, row: R | None, parent: "_Node[R] | None", number: int) -> None:
        self.key = key
        self.row = row
        self.parent = parent
        self.number = number
        self.place = 0
        self.children: list[_Node[R]] = []

    def below(self) -> "Iterator[_Node[R]]":
        for child in self.children:
            yield child
            yield from child.below()

    def number_children(self) -> None:
        for place, child in enumerate(self.children):
            child.place = place


class TreeModel(QAbstractItemModel, Generic[R]):
    """Rows by key. The top rows stand newest first, those below in the order in which they came, until a person sorts.

    Changes are gathered and shown at most thirty times a second, of changed rows only the cells whose text differs. Top
    rows beyond `rows_max` are forgotten with all below them, the oldest first.

    While the tree is held (`hold`) no row moves: a new top row comes below all others, a new row inside waits, and
    nothing is sorted, filtered out or forgotten before the tree is released.

    Args:
        columns: From left to right.
        rows_max: How many top rows are kept.
        parent: Qt parent.
    """

    held_back = Signal(bool)  # whether rows wait for their place because the tree is held

    def __init__(self, columns: Sequence[Column[R]], *, rows_max: int = 5_000, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: Final = tuple(columns)
        self._rows_max = rows_max
        self._root: _Node[R] = _Node(None, None, None, 0)
        self._nodes: dict[Hashable, _Node[R]] = {}
        self._by_number: dict[int, _Node[R]] = {}
        self._next_number = 1
        self._incoming: dict[Hashable, tuple[R, Hashable]] = {}
        self._tops: dict[Hashable, R] = {}
        self._is_shown: Callable[[R], bool] | None = None
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None
        self._needs_sort = False
        self._is_held = False
        self._is_held_back = False
        self._refreshes = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    @property
    def keys(self) -> tuple[Hashable, ...]:
        """The keys of the top rows that are shown, from top to bottom."""
        return tuple(node.key for node in self._root.children)

    @property
    def count(self) -> int:
        """How many top rows are kept, shown or not."""
        return len(self._tops)

    def row_at(self, place: int) -> R:
        """Return the top row that is shown at a place, counted from the top."""
        return self._row(self._root.children[place])

    def row_of(self, index: Index) -> R:
        """Return the row of an index."""
        return self._row(self._by_number[index.internalId()])

    def key_of(self, index: Index) -> Hashable:
        """Return the key of the row of an index."""
        return self._by_number[index.internalId()].key

    def index_of(self, key: Hashable) -> QModelIndex:
        """Return where a row is; an invalid index if it is not shown."""
        node = self._nodes.get(key)
        return QModelIndex() if node is None or node.parent is None else self.createIndex(node.place, 0, node.number)

    def put(self, key: Hashable, row: R, *, parent: Hashable = None) -> None:
        """Add a row below another (None: at the top) or change it; seen at the next refresh, or when its parent is."""
        self._incoming[key] = (row, parent)
        if not self._timer.isActive():
            self._timer.start()

    def touch(self, key: Hashable) -> None:
        """Show a row anew, now: what its cells are read from has changed beside the row itself."""
        node = self._nodes.get(key)
        if node is not None:
            self._tell_cells(node, 0, len(self.columns) - 1)

    def show_only(self, is_shown: Callable[[R], bool] | None) -> None:
        """Show the top rows for which this is true, with all below them; all if None. A hold does not matter."""
        self.refresh()
        self._is_shown = is_shown
        self._hide_and_show()
        self._resort()

    def hold(self, is_held: bool) -> None:
        """Keep every row in its place from now on, or let all find the place that is theirs."""
        if is_held == self._is_held:
            return
        self._is_held = is_held
        if not is_held:
            self.refresh()
            if self._is_shown is not None:
                self._hide_and_show()
            if self._needs_sort:
                self._resort()
        self._tell_held_back()

    def refresh(self) -> None:
        """Show what has been put since the last time."""
        self._timer.stop()
        incoming, self._incoming = self._incoming, {}
        tops = {key: row for key, (row, parent) in incoming.items() if parent is None}
        fresh = [key for key in tops if key not in self._nodes]
        for key, (row, _) in incoming.items():
            if key in self._nodes:
                self._change(self._nodes[key], row)
        self._tops.update(tops)
        self._bring_in([key for key in fresh if self._is_shown is None or self._is_shown(tops[key])])
        for key, (row, parent) in incoming.items():
            if parent is not None and key not in self._nodes:
                self._append(key, row, parent)
        self._refreshes += 1
        if self._is_held:
            self._tell_held_back()
            return
        self._forget_oldest()
        if self._is_shown is not None and any(
            key in self._nodes and not self._is_shown(row) for key, row in tops.items()
        ):
            self._hide_and_show()
        if self._needs_sort and (fresh or self._refreshes % RESORT_EVERY == 0):
            self._resort()
        elif self._needs_sort:
            self._timer.start()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008  # Qt's default
        """Return the index of a cell."""
        children = self._node(parent).children
        if 0 <= row < len(children) and 0 <= column < len(self.columns) and parent.column() <= 0:
            return self.createIndex(row, column, children[row].number)
        return QModelIndex()

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]  # QObject.parent() is hidden, as in Qt
        """Return the index of the row that a row is below."""
        node = self._node(child).parent
        if node is None or node.parent is None:
            return QModelIndex()
        return self.createIndex(node.place, 0, node.number)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802  # Qt's name and default
        """Return how many rows are shown directly below a row."""
        return 0 if parent.column() > 0 else len(self._node(parent).children)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: ARG002, B008, N802  # Qt's name and default
        """Return how many columns there are."""
        return len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is shown of a cell."""
        return self.columns[index.column()].seen(self.row_of(index), role) if index.isValid() else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: N802  # Qt's name
        """Return what is shown above a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        return self.columns[section].header_seen(role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the rows below each row by a column; -1 goes back to how they came. A hold does not matter."""
        self._sorted_by = (column, order) if 0 <= column < len(self.columns) else None
        self._resort()
        self._tell_held_back()

    def _row(self, node: _Node[R]) -> R:
        if node.row is None:
            raise LookupError("the root of a tree is no row")
        return node.row

    def _node(self, index: Index) -> _Node[R]:
        return self._by_number[index.internalId()] if index.isValid() else self._root

    def _new_node(self, key: Hashable, row: R, parent: _Node[R]) -> _Node[R]:
        node = _Node(key, row, parent, self._next_number)
        self._next_number += 1
        self._nodes[key] = self._by_number[node.number] = node
        return node

    def _change(self, node: _Node[R], row: R) -> None:
        before, node.row = self._row(node), row
        if self._sorted_by is not None:
            by = self.columns[self._sorted_by[0]]
            self._needs_sort = self._needs_sort or by.key_of(before) != by.key_of(row)
        for number, column in enumerate(self.columns):
            if column.bars is not None or column.buttons is not None or column.text(before) != column.text(row):
                self._tell_cells(node, number, number)

    def _tell_cells(self, node: _Node[R], first: int, last: int) -> None:
        cells = (self.createIndex(node.place, number, node.number) for number in (first, last))
        self.dataChanged.emit(*cells)

    def _bring_in(self, keys: list[Hashable]) -> None:
        """Show top rows that were not: on top, or below all others while the tree is held."""
        if not keys:
            return
        at = len(self._root.children) if self._is_held else 0
        self.beginInsertRows(QModelIndex(), at, at + len(keys) - 1)
        nodes = [self._new_node(key, self._tops[key], self._root) for key in keys]
        self._root.children[at:at] = nodes if self._is_held else reversed(nodes)
        self._root.number_children()
        self.endInsertRows()
        self._needs_sort = self._needs_sort or self._is_held or self._sorted_by is not None

    def _append(self, key: Hashable, row: R, parent_key: Hashable) -> None:
        """Show a row below its parent; while the tree is held, or before the parent is there, it waits."""
        parent = self._nodes.get(parent_key)
        if parent is None or self._is_held:
            self._incoming[key] = (row, parent_key)
            return
        at = len(parent.children)
        self.beginInsertRows(self.index_of(parent_key), at, at)
        node = self._new_node(key, row, parent)
        node.place = at
        parent.children.append(node)
        self.endInsertRows()
        self._needs_sort = self._needs_sort or self._sorted_by is not None

    def _hide_and_show(self) -> None:
        """Bring the top rows in line with the filter: what is hidden keeps what is below it for when it comes back."""
        shown = self._is_shown
        for node in reversed(self._root.children.copy()):
            if shown is not None and not shown(self._row(node)):
                for each in node.below():
                    if each.parent is not None:
                        self._incoming[each.key] = (self._row(each), each.parent.key)
                self._remove(node)
        self._bring_in(
            [key for key, row in self._tops.items() if key not in self._nodes and (shown is None or shown(row))]
        )
        waiting, self._incoming = self._incoming, {}
        for key, (row, parent) in waiting.items():
            if parent is None:
                self._incoming[key] = (row, parent)
            else:
                self._append(key, row, parent)

    def _forget_oldest(self) -> None:
        for key in list(self._tops)[: max(len(self._tops) - self._rows_max, 0)]:
            del self._tops[key]
            node = self._nodes.get(key)
            if node is not None:
                self._remove(node)

    def _remove(self, node: _Node[R]) -> None:
        parent = self._root if node.parent is None else node.parent
        self.beginRemoveRows(
            self.index_of(parent.key) if parent is not self._root else QModelIndex(), node.place, node.place
        )
        del parent.children[node.place]
        parent.number_children()
        for each in (node, *node.below()):
            del self._nodes[each.key]
            del self._by_number[each.number]
        self.endRemoveRows()

    def _tell_held_back(self) -> None:
        is_held_back = self._is_held and (
            self._needs_sort or any(parent in self._nodes for _, parent in self._incoming.values())
        )
        if is_held_back != self._is_held_back:
            self._is_held_back = is_held_back
            self.held_back.emit(is_held_back)

    def _resort(self) -> None:
        self._needs_sort = False
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        nodes = [self._by_number[index.internalId()] for index in before]
        for node in (self._root, *self._nodes.values()):
            self._sort_children(node)
            node.number_children()
        after = [
            self.createIndex(node.place, index.column(), node.number) for node, index in zip(nodes, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _sort_children(self, node: _Node[R]) -> None:
        if self._sorted_by is None:
            came = {key: place for place, key in enumerate(self._tops)} if node is self._root else {}
            node.children.sort(key=lambda each: came.get(each.key, each.number), reverse=node is self._root)
            return
        column, order = self.columns[self._sorted_by[0]], self._sorted_by[1]
        # Any: whatever the column sorts by; what has no value comes last either way.
        keyed: list[tuple[Any, _Node[R]]] = [(column.key_of(self._row(each)), each) for each in node.children]
        has_key = sorted(
            ((key, each) for key, each in keyed if key is not None),
            key=lambda pair: pair[0],
            reverse=order is Qt.SortOrder.DescendingOrder,
        )
        node.children = [each for _, each in has_key] + [each for key, each in keyed if key is None]
