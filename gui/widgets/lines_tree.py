"""A small table whose lines may have lines below them: all open, each cell as high as its text needs."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from gui.models.reasoning import TableLine
from gui.widgets.table_view import paint_empty
from gui.widgets.wrapped_text import WrappedText

_FIRST_SHARE = 0.34


class LinesTree(QTreeWidget):
    """Shows lines; the first column is the widest, the others share the rest. A line with a key can be opened.

    Args:
        columns: Their titles.
        name: What screen readers call it.
        empty_text: What stands here while there are no lines.
        parent: Qt parent.
    """

    line_opened = Signal(str)  # key of the line, or of the one that it is below

    def __init__(self, columns: Sequence[str], *, name: str, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty_text = empty_text
        self.setAccessibleName(name)
        self.setColumnCount(len(columns))
        self.setHeaderLabels(list(columns))
        self.setItemDelegate(WrappedText(self))
        self.setIndentation(12)
        self.itemActivated.connect(self._on_activated)

    def show_lines(self, lines: Sequence[TableLine], *, open_max: int | None = None) -> None:
        """Show these lines instead of those that are shown.

        Args:
            lines: From the top.
            open_max: So many of them show what is below them; None for all.
        """
        self.clear()
        items = [_item(line) for line in lines]
        self.addTopLevelItems(items)
        for item in items[:open_max]:
            item.setExpanded(True)
        for item in items:
            for below in _below(item):
                below.setFirstColumnSpanned(below.columnCount() == 1)

    def _on_activated(self, item: QTreeWidgetItem, _column: int) -> None:
        key = (item.parent() or item).data(0, Qt.ItemDataRole.UserRole)
        if key:
            self.line_opened.emit(key)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint the lines, or what will be here."""
        super().paintEvent(event)
        if not self.topLevelItemCount():
            paint_empty(self, self._empty_text)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Share the width between the columns."""
        super().resizeEvent(event)
        width, others = self.viewport().width(), self.columnCount() - 1
        first = int(width * _FIRST_SHARE)
        self.setColumnWidth(0, first)
        for column in range(1, self.columnCount()):
            self.setColumnWidth(column, (width - first) // others)


def _below(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [below for place in range(item.childCount()) if (below := item.child(place)) is not None]


def _item(line: TableLine) -> QTreeWidgetItem:
    item = QTreeWidgetItem(list(line.cells))
    item.setData(0, Qt.ItemDataRole.UserRole, line.key)
    for place, cell in enumerate(line.cells):
        item.setToolTip(place, cell)
    item.addChildren([_item(each) for each in line.below])
    return item
