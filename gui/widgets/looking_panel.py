"""A panel that asks the session how things stand, because nobody tells it: only while somebody sees it."""

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

_LOOK_MS: Final = 500


class LookingPanel(QWidget):
    """Calls `look` when it is shown, and twice a second from then on until it is hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looking = QTimer(self)
        self._looking.setInterval(_LOOK_MS)
        self._looking.timeout.connect(self.look)

    def look(self) -> None:
        """Read how things stand now; a panel says here what it reads."""

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Look while somebody sees it."""
        super().showEvent(event)
        self.look()
        self._looking.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  # Qt's name
        """Rest while nobody does."""
        super().hideEvent(event)
        self._looking.stop()
