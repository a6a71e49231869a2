"""A table as every panel shows it: whole texts, columns wide enough, and a sentence where it is empty."""

from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui.models.table import TableModel
from gui.theme.ink import ink
from gui.theme.tokens import Tone

_CELL_PADDING_PX: Final = 22
_ROW_PADDING_PX: Final = 8


class TableView(QTableView):
    """Shows a `TableModel`.

    Args:
        model: What is shown.
        name: For screen readers.
        empty_text: What will appear here, shown while nothing is.
        parent: Qt parent.
    """

    row_chosen = Signal(object)  # the row, or None when none is chosen

    # Any: a view shows rows of any kind and hands them on unread.
    def __init__(
        self, model: TableModel[Any], *, name: str = "", empty_text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._table = model
        self._empty_text = empty_text
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self._dress_headers()
        self.selectionModel().currentRowChanged.connect(self._on_current_row_changed)
        self.verticalScrollBar().valueChanged.connect(self._tell_visible)
        model.modelReset.connect(self._on_reset)

    def describe(self, name: str, empty_text: str) -> None:
        """Set name and empty text, for a view that needs to exist before it can translate."""
        self.setAccessibleName(name)
        self._empty_text = empty_text

    def chosen(self) -> Any:
        """Return the row that is chosen, or None."""
        index = self.currentIndex()
        return self._table.row_at(index.row()) if index.isValid() else None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the rows, or say what will be here."""
        super().paintEvent(event)
        if not self._table.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(ink(Tone.MUTED))
            area = self.viewport().rect().adjusted(16, 12, -16, -12)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_text)
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Keep the model told of what is on the screen."""
        super().resizeEvent(event)
        self._tell_visible()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Keep rows as high, and columns as wide, as the letters are."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            height = self.fontMetrics().height() + _ROW_PADDING_PX
            ratio = height / max(self.verticalHeader().defaultSectionSize(), 1)
            self.verticalHeader().setDefaultSectionSize(height)
            for number in range(len(self._table.columns)):
                self.setColumnWidth(number, round(self.columnWidth(number) * ratio))

    def _dress_headers(self) -> None:
        metrics = self.fontMetrics()
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(metrics.height() + _ROW_PADDING_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for number, column in enumerate(self._table.columns):
            widest = max(metrics.horizontalAdvance(column.sample), metrics.horizontalAdvance(column.header) + 12)
            self.setColumnWidth(number, widest + _CELL_PADDING_PX)

    def _on_current_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.row_chosen.emit(self._table.row_at(current.row()) if current.isValid() else None)

    def _on_reset(self) -> None:
        self.row_chosen.emit(None)
        self.viewport().update()

    def _tell_visible(self, _value: int = 0) -> None:
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        self._table.see(max(first, 0), last if last >= 0 else self._table.rowCount() + 200)
