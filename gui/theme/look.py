"""Dresses the application: palette, font and style sheet, all from the tokens."""

from typing import Final

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from gui.theme.tokens import DARK, Tokens

_FAMILIES: Final = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans", "Liberation Sans")
_POINT_SIZE: Final = 9.5


def dress(app: QApplication, tokens: Tokens = DARK) -> None:
    """Give the application its palette, font and style sheet.

    `QStyleHints.setColorScheme` does nothing on offscreen and bare X11 platforms, so every colour is ours.
    """
    app.setStyle("Fusion")
    app.setPalette(palette_of(tokens))
    app.setFont(text_font(_POINT_SIZE))
    app.setStyleSheet(style_sheet(tokens))


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


def palette_of(tokens: Tokens) -> QPalette:
    """Return the palette of a theme."""
    role = QPalette.ColorRole
    palette = QPalette()
    for each, colour in {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.panel,
        role.AlternateBase: tokens.panel,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_colour,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.on_colour,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Link: tokens.accent,
        role.Light: tokens.hover,
        role.Midlight: tokens.raised,
        role.Mid: tokens.border,
        role.Dark: tokens.window,
        role.Shadow: tokens.window,
    }.items():
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(tokens.disabled))
    return palette


def style_sheet(tokens: Tokens) -> str:
    """Return the style sheet of a theme; widgets are told apart by their `role` property."""
    t = tokens
    return f"""
    QWidget {{ selection-background-color: {t.selection}; selection-color: {t.on_colour}; }}
    QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.border}; padding: 4px 6px; }}
    QSplitter::handle {{ background: {t.window}; }}
    QSplitter::handle:hover {{ background: {t.border}; }}

    QFrame[role="panel"] {{ background: {t.panel}; border: 1px solid {t.border}; border-radius: 4px; }}
    QWidget[role="bar"] {{ background: {t.panel}; border: 1px solid {t.border}; border-radius: 4px; }}
    QWidget[role="page"] {{ background: {t.panel}; }}
    QLabel[role="heading"] {{ color: {t.text}; font-weight: 600; }}
    QLabel[role="caption"] {{ color: {t.muted}; }}
    QLabel[role="hint"] {{ color: {t.muted}; }}
    QLabel[role="mode"] {{ color: {t.on_colour}; font-weight: 700; padding: 4px 10px; border-radius: 4px; }}
    QLabel[role="data-label"] {{
        background: {t.demo}; color: {t.on_demo}; font-weight: 700; padding: 4px 10px; border-radius: 4px;
    }}
    QLabel[role="message"] {{ color: {t.warning}; }}

    QPushButton, QToolButton {{
        background: {t.raised}; color: {t.text}; border: 1px solid {t.border}; border-radius: 4px; padding: 5px 12px;
    }}
    QPushButton:hover, QToolButton:hover {{ background: {t.hover}; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {t.border}; }}
    QPushButton:focus, QToolButton:focus {{ border-color: {t.accent}; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {t.disabled}; background: {t.panel}; }}
    QPushButton:checked, QToolButton:checked {{ background: {t.selection}; border-color: {t.accent}; }}
    QPushButton[role="danger"] {{
        background: {t.danger}; color: {t.on_colour}; border-color: {t.danger}; font-weight: 700; padding: 5px 16px;
    }}
    QPushButton[role="danger"]:hover {{ background: {t.danger_hover}; }}
    QPushButton[role="danger"]:focus {{ border-color: {t.on_colour}; }}
    QPushButton[role="danger"]:disabled {{ background: {t.raised}; color: {t.muted}; border-color: {t.border}; }}

    QLineEdit {{
        background: {t.window}; color: {t.text}; border: 1px solid {t.border}; border-radius: 4px; padding: 4px 8px;
    }}
    QLineEdit:focus {{ border-color: {t.accent}; }}

    QTabWidget::pane {{ border: 1px solid {t.border}; background: {t.panel}; top: -1px; }}
    QTabBar::tab {{
        background: transparent; color: {t.muted}; padding: 6px 14px; border: none; border-bottom: 2px solid transparent;
    }}
    QTabBar::tab:hover {{ color: {t.text}; }}
    QTabBar::tab:selected {{ color: {t.text}; border-bottom: 2px solid {t.accent}; }}
    QTabBar::tab:focus {{ color: {t.accent}; }}

    QTableView, QTreeView {{
        background: {t.panel}; border: none; gridline-color: {t.grid}; outline: none; alternate-background-color: {t.panel};
    }}
    QTableView::item, QTreeView::item {{ padding: 2px 6px; }}
    QTableView::item:selected, QTreeView::item:selected {{ background: {t.selection}; }}
    QHeaderView {{ background: {t.panel}; }}
    QHeaderView::section {{
        background: {t.panel}; color: {t.muted}; border: none; border-bottom: 1px solid {t.border}; padding: 5px 9px;
    }}
    QTableCornerButton::section {{ background: {t.panel}; border: none; }}

    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle {{ background: {t.border}; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; }}
    QScrollBar::handle:hover {{ background: {t.disabled}; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
        background: none; border: none; width: 0; height: 0;
    }}

    QMenuBar {{ background: {t.window}; color: {t.text}; }}
    QMenuBar::item {{ padding: 4px 10px; background: transparent; }}
    QMenuBar::item:selected {{ background: {t.hover}; }}
    QMenu {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.border}; padding: 4px; }}
    QMenu::item {{ padding: 5px 24px 5px 16px; }}
    QMenu::item:selected {{ background: {t.selection}; }}
    QMenu::item:disabled {{ color: {t.disabled}; }}
    QStatusBar {{ background: {t.window}; color: {t.muted}; }}
    QStatusBar::item {{ border: none; }}
    """
