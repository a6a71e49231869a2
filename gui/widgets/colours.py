"""Changing a widget's colours, only when they do change: a style sheet is read anew each time it is set."""

from PySide6.QtWidgets import QWidget


def set_style(widget: QWidget, sheet: str) -> None:
    """Give a widget a style sheet of its own, unless it has that one already."""
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)
