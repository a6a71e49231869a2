"""The tab key walks a panel as it is read: from the top left, as its layouts say, not as its parts happened to be made."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QSplitter, QTabWidget, QWidget


def walk_as_read(panel: QWidget) -> None:
    """Let the tab key stop at the controls of a panel in the order of its layouts."""
    stops = list(_stops_in(panel))
    for one, other in pairwise(stops):
        QWidget.setTabOrder(one, other)


def _stops_in(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QTabWidget):
        yield widget.tabBar()
        for page in filter(None, map(widget.widget, range(widget.count()))):
            yield from _stops_in(page)
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
        return
    layout = widget.layout()
    if layout is not None:
        yield from _stops_in_layout(layout)
    elif isinstance(widget, QSplitter):
        for place in range(widget.count()):
            part = widget.widget(place)
            if part is not None:
                yield from _stops_in(part)


def _stops_in_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from _stops_in(widget)
        elif inner is not None:
            yield from _stops_in_layout(inner)
