"""The panic key: pressed once it arms, where everybody can see it; pressed again in time it fires."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

ARMED_MS: Final = 3000


class PanicKey(QObject):
    """Watches the keys of the whole application, so that it works with a dialog open, in a menu, and behind a lock.

    A shortcut would not: Qt does not let one through to a window that a dialog keeps closed.

    Args:
        keys: Tells by which keys it is pressed now.
        parent: Qt parent.
    """

    armed = Signal()
    fired = Signal()
    disarmed = Signal()  # nobody pressed it again in time, or somebody pressed Escape

    def __init__(self, keys: Callable[[], Sequence[QKeySequence]], parent: QObject) -> None:
        super().__init__(parent)
        self._keys = keys
        self._armed = QTimer(self)
        self._armed.setSingleShot(True)
        self._armed.setInterval(ARMED_MS)
        self._armed.timeout.connect(self.disarmed)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def let_go(self) -> None:
        """Watch no longer. Whoever made it calls this at the end: Qt must not ask one that Python is taking apart."""
        self._armed.stop()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    @property
    def is_armed(self) -> bool:
        """Whether the next press fires."""
        return self._armed.isActive()

    def press(self) -> None:
        """Arm it, or fire it when it is armed."""
        if self.is_armed:
            self._armed.stop()
            self.fired.emit()
        else:
            self._armed.start()
            self.armed.emit()

    def disarm(self) -> None:
        """Forget the first press."""
        if self.is_armed:
            self._armed.stop()
            self.disarmed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Take the panic key, and Escape while it is armed; let everything else pass."""
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or not isinstance(event, QKeyEvent):
            return False
        if not watched.isWidgetType():
            return False
        is_escape = self.is_armed and event.key() == Qt.Key.Key_Escape
        if not is_escape and QKeySequence(event.keyCombination()) not in self._keys():
            return False
        event.accept()
        if kind is QEvent.Type.KeyPress and not event.isAutoRepeat():
            self.disarm() if is_escape else self.press()
        return True
