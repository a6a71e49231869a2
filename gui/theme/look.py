"""Dresses the application: palette, font and style sheet, all from the tokens."""

from string import Template
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from gui.theme.ink import wear
from gui.theme.tokens import DARK, Theme, Tone
from resources import path_of

_FAMILIES: Final = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans", "Liberation Sans")
_POINT_SIZE: Final = 9.5


def dress(app: QApplication, theme: Theme = DARK) -> None:
    """Give the application its palette, font and style sheet.

    `QStyleHints.setColorScheme` does nothing on offscreen and bare X11 platforms, so every colour is ours.
    """
    wear(theme)
    app.setStyle("Fusion")
    app.setPalette(palette_of(theme))
    app.setFont(text_font(_POINT_SIZE))
    app.setStyleSheet(style_sheet(theme))


def has_fonts() -> bool:
    """Tell whether Qt found any font; without one no text can be drawn."""
    return bool(QFontDatabase.families())


def text_font(point_size: float, *, is_bold: bool = False) -> QFont:
    """Return the first family of ours that is installed, with digits of equal width."""
    installed = set(QFontDatabase.families())
    family = next((name for name in _FAMILIES if name in installed), QFont().family())
    font = QFont(family)
    font.setPointSizeF(point_size)
    font.setBold(is_bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


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


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of a theme; widgets are told apart by their properties `role`, `tone` and `mode`."""
    sheet = Template((path_of("themes") / "window.qss").read_text(encoding="utf-8"))
    return sheet.substitute({tone.name.lower(): colour for tone, colour in theme.items()})
