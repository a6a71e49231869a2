"""What tells the trading modes apart where there is room for nothing else: icon and badge, drawn, with word and colour."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from engine.ports.session import Mode
from gui.theme.ink import ink
from gui.theme.look import text_font
from gui.theme.tokens import Tone

_SIZES: Final = (16, 24, 32, 48, 64, 128)
_BADGE_WIDTH: Final = 104
_BADGE_HEIGHT: Final = 40
_SHARPNESS: Final = 2  # pixels per unit, so that a badge is sharp on a dense screen


def mode_icon(mode: Mode) -> QIcon:
    """Return the icon of windows in a mode: its first letter on its colour."""
    icon = QIcon()
    for size in _SIZES:
        icon.addPixmap(_drawn(mode, mode.value[0], size, size, size * 0.62))
    return icon


def mode_badge(mode: Mode) -> QPixmap:
    """Return the mode's whole name on its colour, for questions."""
    badge = _drawn(mode, mode.value, _BADGE_WIDTH * _SHARPNESS, _BADGE_HEIGHT * _SHARPNESS, 16 * _SHARPNESS)
    badge.setDevicePixelRatio(_SHARPNESS)
    return badge


def _drawn(mode: Mode, text: str, width: int, height: int, letter_px: float) -> QPixmap:
    picture = QPixmap(width, height)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink(Tone[mode.name]))
    painter.drawRoundedRect(QRectF(0, 0, width, height), height / 6, height / 6)
    font = text_font(10, is_bold=True)
    font.setPixelSize(max(round(letter_px), 1))
    painter.setFont(font)
    painter.setPen(ink(Tone.ON_COLOUR))
    painter.drawText(QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return picture
