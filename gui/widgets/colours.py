"""Changing a widget's tone, only when it does change: a widget is polished anew each time."""

from PySide6.QtWidgets import QWidget

from gui.theme.tokens import Tone


def set_tone(widget: QWidget, tone: Tone | None) -> None:
    """Write a widget's text in a tone, or in the usual one; it follows the theme from then on."""
    _set(widget, "tone", "" if tone is None else tone.value)


def set_mode(widget: QWidget, mode: str) -> None:
    """Give a badge or a frame the colour of a trading mode."""
    _set(widget, "mode", mode)


def _set(widget: QWidget, name: str, value: str) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    # Qt reads the properties of a style sheet once.
    widget.style().unpolish(widget)
    widget.style().polish(widget)
