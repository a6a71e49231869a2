"""What the tones look like now: the one theme that is worn."""

from typing import Final

from PySide6.QtGui import QColor

from gui.theme.tokens import DARK, Theme, Tone

_INKS: Final = {tone: QColor(colour) for tone, colour in DARK.items()}


def wear(theme: Theme) -> None:
    """Give every tone the colour of a theme from now on; `look.dress` calls it, nobody else."""
    _INKS.update({tone: QColor(colour) for tone, colour in theme.items()})


def ink(tone: Tone) -> QColor:
    """Return the colour of a tone as it is worn now; ask when you paint, for it may change. Do not change it."""
    return _INKS[tone]


def faint_ink(tone: Tone, alpha: int) -> QColor:
    """Return the colour of a tone with the ground showing through: 0 is not there, 255 is `ink`. It is the caller's own."""
    colour = QColor(_INKS[tone])
    colour.setAlpha(alpha)
    return colour
