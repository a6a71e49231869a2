"""Dresses the application: palette, font and style sheet, all from the tokens."""

import re
from functools import cache
from string import Template
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from gui.theme.ink import wear
from gui.theme.tokens import DARK, Theme, Tone
from resources import path_of

_FAMILIES: Final = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans", "Liberation Sans")
_POINT_SIZE: Final = 9.5
_LENGTH: Final = re.compile(r"\b(\d+)px")
_LINE_PX: Final = 3


_POINTS: Final = "points"
"""The property of a widget that has a font size of its own, and a minus before it if bold."""

_worn_scale = [1.0]


def dress(app: QApplication, theme: Theme = DARK, *, scale: float = 1.0) -> None:
    """Give the application its palette, font and style sheet; what is open already follows at once.

    `QStyleHints.setColorScheme` does nothing on offscreen and bare X11 platforms, so every colour is ours.

    Args:
        app: The application.
        theme: A colour for every tone.
        scale: Of letters and of the room around them; 1 is the desktop's own size.
    """
    wear(theme)
    _worn_scale[0] = scale
    app.setStyle("Fusion")
    app.setPalette(palette_of(theme))
    app.setFont(text_font(_POINT_SIZE))
    app.setStyleSheet(style_sheet(theme, scale=scale))
    for widget in app.allWidgets():
        points = widget.property(_POINTS)
        if points is not None:
            widget.setFont(text_font(abs(points), is_bold=points < 0))


def give_font(widget: QWidget, point_size: float, *, is_bold: bool = False) -> None:
    """Give a widget letters of another size than the rest, that follow the scale of the window."""
    widget.setProperty(_POINTS, -point_size if is_bold else point_size)
    widget.setFont(text_font(point_size, is_bold=is_bold))


def has_fonts() -> bool:
    """Tell whether Qt found any font; without one no text can be drawn."""
    return bool(QFontDatabase.families())


def text_font(point_size: float, *, is_bold: bool = False) -> QFont:
    """Return the first family of ours that is installed, with digits of equal width, at the scale that is worn."""
    font = QFont(_family())
    font.setPointSizeF(point_size * _worn_scale[0])
    font.setBold(is_bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


@cache
def _family() -> str:
    installed = set(QFontDatabase.families())  # some milliseconds where many are installed
    return next((name for name in _FAMILIES if name in installed), QFont().family())


def palette_of(theme: Theme) -> QPalette:
    """Return the palette of a theme."""
    role = QPalette.ColorRole
    palette = QPalette()
    for each, colour in {
        role.Window: theme[Tone.WINDOW],
        role.WindowText: theme[Tone.TEXT],
        role.Base: theme[Tone.PANEL],
        role.AlternateBase: theme[Tone.PANEL],
        role.Text: theme[Tone.TEXT],
        role.PlaceholderText: theme[Tone.MUTED],
        role.Button: theme[Tone.RAISED],
        role.ButtonText: theme[Tone.TEXT],
        role.BrightText: theme[Tone.ON_COLOUR],
        role.Highlight: theme[Tone.SELECTION],
        role.HighlightedText: theme[Tone.ON_SELECTION],
        role.ToolTipBase: theme[Tone.RAISED],
        role.ToolTipText: theme[Tone.TEXT],
        role.Link: theme[Tone.ACCENT],
        role.Light: theme[Tone.HOVER],
        role.Midlight: theme[Tone.RAISED],
        role.Mid: theme[Tone.BORDER],
        role.Dark: theme[Tone.WINDOW],
        role.Shadow: theme[Tone.WINDOW],
    }.items():
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme[Tone.DISABLED]))
    return palette


def style_sheet(theme: Theme, *, scale: float = 1.0) -> str:
    """Return the style sheet of a theme; widgets are told apart by their properties `role`, `tone` and `mode`."""
    sheet = Template((path_of("themes") / "window.qss").read_text(encoding="utf-8"))
    dyed = sheet.substitute({tone.name.lower(): colour for tone, colour in theme.items()})
    return _LENGTH.sub(lambda length: f"{_scaled(int(length[1]), scale)}px", dyed)


def _scaled(length_px: int, scale: float) -> int:
    """Return a length at a scale; lines, up to three pixels, stay as thin as they are."""
    return length_px if length_px <= _LINE_PX else round(length_px * scale)
