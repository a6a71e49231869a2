"""Tree cells whose text goes on below instead of being cut off."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

_PADDING_PX = 18
_LINE_PADDING_PX = 6


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
        width = self._tree.columnWidth(index.column()) - _PADDING_PX
        if index.column() == 0 or width <= 0:
            return usual
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        box = option.fontMetrics.boundingRect(QRect(0, 0, width, 10_000), flags, text)
        return QSize(usual.width(), max(usual.height(), box.height() + _LINE_PADDING_PX))

    def _on_section_resized(self, _section: int, _before: int, _after: int) -> None:
        self._tree.scheduleDelayedItemsLayout()
