"""A question belongs to a mode, and shows it: word in the title, badge beside the text, frame around it all."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QWidget

from engine.ports.session import Mode
from gui.theme.ink import ink
from gui.theme.tokens import Tone

_WIDTH_PX: Final = 3


class ModeFrame(QWidget):
    """A frame in the colour of a mode over the whole of a window; the mouse goes through it."""

    def __init__(self, mode: Mode, window: QWidget) -> None:
        super().__init__(window)
        self._mode = mode
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        window.installEventFilter(self)
        self.setGeometry(window.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Stay as large as the window, and in front of what came later."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show) and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
            self.raise_()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the frame."""
        painter = QPainter(self)
        painter.setPen(QPen(ink(Tone[self._mode.name]), _WIDTH_PX))
        inset = _WIDTH_PX / 2
        painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))
        painter.end()


def mode_of(widget: QWidget | None) -> Mode | None:
    """Return the mode of the session that a widget belongs to, through all windows above it; None outside of one."""
    while widget is not None:
        word = widget.property("mode")
        if word:
            return Mode(word)
        widget = widget.parentWidget()
    return None


def wear_mode(dialog: QDialog) -> Mode | None:
    """Give a question the word and the frame of the mode that its parent belongs to, and return that mode."""
    mode = mode_of(dialog.parentWidget())
    if mode is not None:
        dialog.setWindowTitle(f"{mode.value} · {dialog.windowTitle()}")
        ModeFrame(mode, dialog)
    return mode
