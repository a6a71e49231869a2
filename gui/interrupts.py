"""Ctrl-C and the terminal's request to end, as a Qt signal."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts(QObject):
    """Tells when the process is asked to end; without it Ctrl-C waits until Python next runs.

    Qt sleeps in C, where Python sees no signal. Python therefore writes a byte into a socket, which wakes Qt. It must be
    made on the main thread, and closed.
    """

    asked_to_end = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)
        self._there.setblocking(False)
        self._former_fd = signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)
        self._former = {each: signal.signal(each, _take) for each in _SIGNALS}
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)

    def close(self) -> None:
        """Put the former handlers back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._former_fd)
        for each, handler in self._former.items():
            signal.signal(each, handler)
        self._here.close()
        self._there.close()

    def _on_activated(self) -> None:
        numbers = self._here.recv(64)
        if any(number in _SIGNALS for number in numbers):
            self.asked_to_end.emit()


def _take(_number: int, _frame: FrameType | None) -> None:
    """Keep Python from raising KeyboardInterrupt in the middle of a paint: the socket tells it."""
