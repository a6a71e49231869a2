"""Which columns of a list are shown, in which order, how wide, and by which the list is sorted."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QHeaderView, QMenu

from gui.models.column import Column

_WIDTH_MIN_PX: Final = 24
_WIDTH_MAX_PX: Final = 2_000


class ColumnChoice(QObject):
    """The columns of one view, as a person arranges them: a menu on the header, and a state that can be kept.

    Columns are known by their heading, so a state survives columns that come and go between versions; in another
    language the window begins with its usual columns again.

    Args:
        header: Of the view.
        columns: What the model has, in its own order.
        first: How many columns from the left cannot be hidden: a tree is unfolded by its first.
    """

    # Any: a view shows rows of any kind and reads only the headings.
    def __init__(self, header: QHeaderView, columns: Sequence[Column[Any]], *, first: int = 0) -> None:
        super().__init__(header)
        self._header = header
        self._names = [column.header for column in columns]
        self._first = first
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_menu_requested)

    @property
    def shown(self) -> tuple[int, ...]:
        """The columns that are shown, from left to right, by their number in the model."""
        logical = (self._header.logicalIndex(place) for place in range(self._header.count()))
        return tuple(number for number in logical if not self._header.isSectionHidden(number))

    def show_column(self, number: int, is_shown: bool) -> None:
        """Show a column or hide it; the last one that is shown stays."""
        if number < self._first or (not is_shown and self.shown == (number,)):
            return
        self._header.setSectionHidden(number, not is_shown)

    def menu(self) -> QMenu:
        """Return the menu that shows and hides columns; it goes when it is closed."""
        menu = QMenu(self._header)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, name in enumerate(self._names):
            if number < self._first:
                continue
            action = menu.addAction(name or self.tr("Buttons"))
            action.setCheckable(True)
            action.setChecked(not self._header.isSectionHidden(number))
            action.toggled.connect(lambda is_shown, number=number: self.show_column(number, is_shown))
        return menu

    def state(self) -> dict[str, object]:
        """Return what `restore` takes, as plain JSON."""
        header = self._header
        order = [self._names[header.logicalIndex(place)] for place in range(header.count())]
        section = header.sortIndicatorSection()
        return {
            "order": order,
            "hidden": [name for number, name in enumerate(self._names) if header.isSectionHidden(number)],
            "widths": {
                name: header.sectionSize(number)
                for number, name in enumerate(self._names)
                if not header.isSectionHidden(number)
            },
            "sorted_by": self._names[section] if 0 <= section < len(self._names) else None,
            "is_falling": header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder,
        }

    def restore(self, state: Mapping[str, object]) -> None:
        """Arrange the columns as a state says; what it says of columns that are not there, or wrongly, is passed over.

        An empty state changes nothing.
        """
        if not state:
            return
        order, hidden, widths = state.get("order"), state.get("hidden"), state.get("widths")
        names = [name for name in order if name in self._names] if isinstance(order, list) else []
        for place, name in enumerate(names):
            self._header.moveSection(self._header.visualIndex(self._names.index(name)), place)
        if isinstance(hidden, list) and not set(self._names) <= set(map(str, hidden)):
            for number, name in enumerate(self._names):
                self._header.setSectionHidden(number, number >= self._first and name in hidden)
        for name, width in widths.items() if isinstance(widths, dict) else ():
            if name in self._names and isinstance(width, int) and _WIDTH_MIN_PX <= width <= _WIDTH_MAX_PX:
                self._header.resizeSection(self._names.index(name), width)
        sorted_by = state.get("sorted_by")
        falling = Qt.SortOrder.DescendingOrder if state.get("is_falling") is True else Qt.SortOrder.AscendingOrder
        self._header.setSortIndicator(self._names.index(sorted_by) if sorted_by in self._names else -1, falling)

    def _on_menu_requested(self, at: QPoint) -> None:
        self.menu().popup(self._header.mapToGlobal(at))
