"""A table as every panel shows it: whole texts, columns of one's own choice, and a sentence where it is empty."""

from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui.models.export import tab_separated
from gui.models.table import TableModel
from gui.theme.ink import ink
from gui.theme.tokens import Tone
from gui.widgets.bars_delegate import BarsDelegate
from gui.widgets.column_choice import ColumnChoice
from gui.widgets.pointer_hold import PointerHold

_CELL_PADDING_PX: Final = 22
_ROW_PADDING_PX: Final = 8


class TableView(QTableView):
    """Shows a `TableModel`.

    Rows never move under the pointer, and what is chosen stays chosen whatever the rows do. Copy puts the chosen rows
    on the clipboard; the header's menu chooses the columns.

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
        self.table_model: Final = model
        self._empty_text = empty_text
        self._chosen_before_reset: object = None
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self._dress_headers()
        self.column_choice: Final = ColumnChoice(self.horizontalHeader(), model.columns)
        self.pointer_hold: Final = PointerHold(self, model)
        self.selectionModel().currentRowChanged.connect(self._on_current_row_changed)
        self.verticalScrollBar().valueChanged.connect(self._tell_visible)
        model.modelAboutToBeReset.connect(self._on_about_to_reset)
        model.modelReset.connect(self._on_reset)

    def describe(self, name: str, empty_text: str) -> None:
        """Set name and empty text, for a view that needs to exist before it can translate."""
        self.setAccessibleName(name)
        self._empty_text = empty_text

    def chosen(self) -> Any:
        """Return the row that is chosen, or None."""
        index = self.currentIndex()
        return self.table_model.row_at(index.row()) if index.isValid() else None

    def chosen_rows(self) -> list[Any]:
        """Return all rows that are chosen, from top to bottom."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.table_model.row_at(place) for place in places]

    def copy_rows(self) -> None:
        """Put the chosen rows on the clipboard as they are shown, with their headings; nothing if none is chosen."""
        rows = self.chosen_rows()
        if rows:
            columns = [self.table_model.columns[number] for number in self.column_choice.shown]
            QGuiApplication.clipboard().setText(tab_separated(columns, rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Copy whole rows; Qt copies a single cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the rows, or say what will be here."""
        super().paintEvent(event)
        if not self.table_model.rowCount():
            paint_empty(self, self._empty_text)

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
            for number in range(len(self.table_model.columns)):
                self.setColumnWidth(number, round(self.columnWidth(number) * ratio))

    def _dress_headers(self) -> None:
        metrics = self.fontMetrics()
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(metrics.height() + _ROW_PADDING_PX)
        header = self.horizontalHeader()
        dress_header(header)
        self.setSortingEnabled(True)
        bars = BarsDelegate(self)
        for number, column in enumerate(self.table_model.columns):
            if column.bars is not None:
                self.setItemDelegateForColumn(number, bars)
            widest = max(metrics.horizontalAdvance(column.sample), metrics.horizontalAdvance(column.header) + 12)
            self.setColumnWidth(number, widest + _CELL_PADDING_PX)

    def _on_current_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.row_chosen.emit(self.table_model.row_at(current.row()) if current.isValid() else None)

    def _on_about_to_reset(self) -> None:
        index = self.currentIndex()
        self._chosen_before_reset = self.table_model.keys[index.row()] if index.isValid() else None

    def _on_reset(self) -> None:
        place = self.table_model.place_of(self._chosen_before_reset)
        if place is None:
            self.row_chosen.emit(None)
        else:
            self.setCurrentIndex(self.table_model.index(place, 0))
        self.viewport().update()

    def _tell_visible(self, _value: int = 0) -> None:
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        self.table_model.see(max(first, 0), last if last >= 0 else self.table_model.rowCount() + 200)


def dress_header(header: QHeaderView) -> None:
    """Let columns be moved, and sorted by three clicks: rising, falling, not at all."""
    header.setHighlightSections(False)
    header.setSectionsMovable(True)
    header.setStretchLastSection(True)
    header.setSectionsClickable(True)
    header.setSortIndicatorShown(True)
    header.setSortIndicatorClearable(True)
    header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)


def paint_empty(view: QAbstractItemView, text: str) -> None:
    """Write into a view without rows what will appear in it."""
    painter = QPainter(view.viewport())
    painter.setPen(ink(Tone.MUTED))
    area = view.viewport().rect().adjusted(16, 12, -16, -12)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
    painter.end()
