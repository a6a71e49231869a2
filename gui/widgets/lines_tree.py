"""A small table whose lines may have lines below them: all open, each cell as high as its text needs."""

from collections.abc import Sequence

from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from gui.models.reasoning import TableLine
from gui.widgets.table_view import paint_empty
from gui.widgets.wrapped_text import WrappedText

_FIRST_SHARE = 0.34


class LinesTree(QTreeWidget):
    """Shows lines; the first column is the widest, the others share the rest.

    Args:
        columns: Their titles.
        name: What screen readers call it.
        empty_text: What stands here while there are no lines.
        parent: Qt parent.
    """

    def __init__(self, columns: Sequence[str], *, name: str, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty_text = empty_text
        self.setAccessibleName(name)
        self.setColumnCount(len(columns))
        self.setHeaderLabels(list(columns))
        self.setItemDelegate(WrappedText(self))
        self.setIndentation(12)

    def show_lines(self, lines: Sequence[TableLine]) -> None:
        """Show these lines instead of those that are shown."""
        self.clear()
        self.addTopLevelItems([_item(line) for line in lines])
        self.expandAll()

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


def _item(line: TableLine) -> QTreeWidgetItem:
    item = QTreeWidgetItem(list(line.cells))
    for place, cell in enumerate(line.cells):
        item.setToolTip(place, cell)
    item.addChildren([_item(each) for each in line.below])
    return item
