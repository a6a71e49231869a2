"""Tree cells whose text goes on below instead of being cut off."""

from PySide6.QtCore import QLocale, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

_PADDING_PX = 18
_LINE_PADDING_PX = 6


def breakable(text: str) -> str:
    """Return a text that may go on below after each underscore and before each dot, as in ids and names of workers."""
    return text.replace("_", "_\u200b").replace(".on", "\u200b.on")


class WrappedText(QStyledItemDelegate):
    """Makes each row as high as its text needs at the width of its column.

    Args:
        tree: Whose columns are measured; its rows are laid out anew when a column changes its width.
    """

    def __init__(self, tree: QTreeView) -> None:
        super().__init__(tree)
        self._tree = tree
        tree.setWordWrap(True)
        tree.setTextElideMode(Qt.TextElideMode.ElideNone)
        tree.setUniformRowHeights(False)
        tree.header().sectionResized.connect(self._on_section_resized)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802  # Qt's name
        """Return the height that the whole text takes."""
        usual = super().sizeHint(option, index)
        width = self._width_of(index) - _PADDING_PX - self._indentation(index)
        if width <= 0:
            return usual
        text = breakable(str(index.data(Qt.ItemDataRole.DisplayRole) or ""))
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        box = option.fontMetrics.boundingRect(QRect(0, 0, width, 10_000), flags, text)
        return QSize(usual.width(), max(usual.height(), box.height() + _LINE_PADDING_PX))

    def displayText(self, value: object, _locale: QLocale | QLocale.Language) -> str:  # noqa: N802  # Qt's name
        """Return the text as it is drawn; what is copied from the model stays as it was."""
        return breakable(str(value))

    def _width_of(self, index: QModelIndex | QPersistentModelIndex) -> int:
        if index.column() == 0 and self._tree.isFirstColumnSpanned(index.row(), index.parent()):
            return self._tree.viewport().width()
        return self._tree.columnWidth(index.column())

    def _indentation(self, index: QModelIndex | QPersistentModelIndex) -> int:
        if index.column():
            return 0
        depth, parent = 1, index.parent()
        while parent.isValid():
            depth, parent = depth + 1, parent.parent()
        return depth * self._tree.indentation()

    def _on_section_resized(self, _section: int, _before: int, _after: int) -> None:
        self._tree.scheduleDelayedItemsLayout()
