"""A button that has to be held: what it does cannot be set off by a slip."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from gui.theme.ink import ink
from gui.theme.tokens import SPACE, Tone

HOLD_MS: Final = 1500
_TICK_MS: Final = 30
_RING_PX: Final = 16
_WHOLE: Final = 16 * 360  # Qt counts sixteenths of a degree


class HoldButton(QPushButton):
    """Emits `confirmed` when it was held for long enough, by mouse or by the space bar; a ring shows how far it is.

    Args:
        text: Its words.
        parent: Qt parent.
    """

    confirmed = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.needs_hold = True
        """Whether a click alone does nothing."""
        self._since = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self.pressed.connect(self._on_pressed)
        self.released.connect(self._on_released)
        self.clicked.connect(self._on_clicked)
        self.setMinimumWidth(self.sizeHint().width() + 2 * (_RING_PX + SPACE))  # the ring never covers the words

    @property
    def progress(self) -> float:
        """How much of the time it has been held, 0 to 1."""
        return min(self._since.elapsed() / HOLD_MS, 1.0) if self._tick.isActive() else 0.0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the button, and the ring at its right end while it is held."""
        super().paintEvent(event)
        if not self._tick.isActive():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(_RING_PX, self.height() - 8)
        box = QRectF(self.width() - side - 6, (self.height() - side) / 2, side, side)
        painter.setPen(QPen(ink(Tone.BORDER), 3))
        painter.drawEllipse(box)
        painter.setPen(QPen(ink(Tone.ON_COLOUR), 3))
        painter.drawArc(box, _WHOLE // 4, -round(_WHOLE * self.progress))

    def _on_pressed(self) -> None:
        if self.needs_hold:
            self._since.start()
            self._tick.start()
            self.update()

    def _on_released(self) -> None:
        self._tick.stop()
        self.update()

    def _on_clicked(self, _checked: bool = False) -> None:
        if not self.needs_hold:
            self.confirmed.emit()

    def _on_tick(self) -> None:
        self.update()
        if self._since.elapsed() >= HOLD_MS and self.isDown() and self.isEnabled():
            self._tick.stop()
            self.update()
            self.confirmed.emit()
