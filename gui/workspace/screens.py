"""Windows on a screen that is not there any more are brought back onto one that is."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect

_SEEN_WIDTH: Final = 120
_SEEN_HEIGHT: Final = 40
"""So much of a window's top has to be on a screen for a person to get hold of it."""


def onto_screens(window: QRect, screens: Sequence[QRect]) -> QRect:
    """Return where a window goes so that it can be reached.

    Args:
        window: Where it was.
        screens: The room of each screen less its bars, the first one being the one to fall back to; at least one.

    Returns:
        The same place while its top can be got hold of; else the middle of the first screen, no larger than that.
    """
    top = QRect(window.x(), window.y(), window.width(), _SEEN_HEIGHT)
    for screen in screens:
        seen = screen.intersected(top)
        if seen.width() >= min(_SEEN_WIDTH, window.width()) and seen.height() >= _SEEN_HEIGHT // 2:
            return window
    home = screens[0]
    moved = QRect(0, 0, min(window.width(), home.width()), min(window.height(), home.height()))
    moved.moveCenter(home.center())
    return moved
