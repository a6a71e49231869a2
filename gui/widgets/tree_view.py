"""A tree as panels show it: like a table, with bars behind texts and buttons in rows."""

from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QTreeView,
    QWidget,
)

from gui.models.column import BUTTONS_ROLE, RowButton
from gui.models.export import tab_separated
from gui.models.tree import TreeModel
from gui.theme.ink import ink
from gui.theme.tokens import Tone
from gui.widgets.bars_delegate import BarsDelegate
from gui.widgets.column_choice import ColumnChoice
from gui.widgets.pointer_hold import PointerHold
from gui.widgets.table_view import dress_header, paint_empty

_CELL_PADDING_PX: Final = 22
_BUTTON_PX: Final = 24
Index = QModelIndex | QPersistentModelIndex


class TreeView(QTreeView):
    """Shows a `TreeModel`: what `TableView` is for a table.

    Args:
        model: What is shown.
        name: For screen readers.
        empty_text: What will appear here, shown while nothing is.
        parent: Qt parent.
    """

    row_chosen = Signal(object)  # the row, or None when none is chosen
    button_pressed = Signal(object, str)  # the row, and what its button is called

    # Any: a view shows rows of any kind and hands them on unread.
    def __init__(self, model: TreeModel[Any], *, name: str, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table_model: Final = model
        self._empty_text = empty_text
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self._dress_columns()
        self.column_choice: Final = ColumnChoice(self.header(), model.columns, first=1)
        self.pointer_hold: Final = PointerHold(self, model)
        self.selectionModel().currentRowChanged.connect(self._on_current_row_changed)

    def chosen(self) -> Any:
        """Return the row that is chosen, or None."""
        index = self.currentIndex()
        return self.table_model.row_of(index) if index.isValid() else None

    def chosen_rows(self) -> list[Any]:
        """Return all rows that are chosen, in the order in which they were."""
        return [self.table_model.row_of(index) for index in self.selectionModel().selectedRows()]

    def choose(self, key: object) -> bool:
        """Choose a row by its key and bring it into sight; False if it is not shown."""
        index = self.table_model.index_of(key)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        return index.isValid()

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

    def _dress_columns(self) -> None:
        metrics = self.fontMetrics()
        header = self.header()
        dress_header(header)
        header.setFirstSectionMovable(False)
        self.setSortingEnabled(True)
        bars, buttons = BarsDelegate(self), _ButtonsDelegate(self)
        for number, column in enumerate(self.table_model.columns):
            widest = max(metrics.horizontalAdvance(column.sample), metrics.horizontalAdvance(column.header) + 12)
            self.setColumnWidth(number, widest + _CELL_PADDING_PX)
            if column.bars is not None:
                self.setItemDelegateForColumn(number, bars)
            if column.buttons is not None:
                self.setItemDelegateForColumn(number, buttons)

    def _on_current_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.row_chosen.emit(self.table_model.row_of(current) if current.isValid() else None)


class _ButtonsDelegate(QStyledItemDelegate):
    """Draws the buttons of a row and tells its view when one is pressed. Keys and menu do the same: see the panel."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        painter.save()
        for place, button in enumerate(_buttons(index)):
            area = _button_area(option.rect, place)
            painter.setPen(ink(Tone.BORDER))
            painter.setBrush(ink(Tone.RAISED))
            painter.drawRoundedRect(area, 3, 3)
            painter.setPen(ink(Tone.TEXT))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, button.glyph)
        painter.restore()

    def editorEvent(  # noqa: N802  # Qt's name
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            button = _button_at(option.rect, index, event)
            view = option.widget
            if button is not None and isinstance(view, TreeView):
                if event.type() == QEvent.Type.MouseButtonRelease:
                    view.button_pressed.emit(view.table_model.row_of(index), button.name)
                return True
        return super().editorEvent(event, model, option, index)

    def helpEvent(  # noqa: N802  # Qt's name
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        button = _button_at(option.rect, index, event)
        QToolTip.showText(event.globalPos(), "" if button is None else button.tip, view)
        return True


def _buttons(index: Index) -> tuple[RowButton, ...]:
    buttons = index.data(BUTTONS_ROLE)
    return buttons if isinstance(buttons, tuple) else ()


def _button_area(cell: QRect, place: int) -> QRect:
    size = min(_BUTTON_PX, cell.height() - 4)
    return QRect(cell.left() + 4 + place * (size + 6), cell.top() + (cell.height() - size) // 2, size, size)


def _button_at(cell: QRect, index: Index, event: QMouseEvent | QHelpEvent) -> RowButton | None:
    at = event.position().toPoint() if isinstance(event, QMouseEvent) else event.pos()
    buttons = enumerate(_buttons(index))
    return next((button for place, button in buttons if _button_area(cell, place).contains(at)), None)
