"""Takes what any thread logs, and hands it to the window in batches."""

import logging
from collections import deque
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from gui.log.lines import LogLine, line_of

LINES_MAX: Final = 5_000
"""So many lines are kept in memory; the file keeps more."""
_BATCH_MS: Final = 100


class LogCollector(QObject):
    """Collects the log of the whole program from `start` to `stop`, never more than `LINES_MAX` of it."""

    lines_arrived = Signal(object)  # tuple[LogLine, ...], oldest first
    _woken = Signal()  # from whatever thread logs

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[LogLine] = deque(maxlen=LINES_MAX)
        self._kept: deque[LogLine] = deque(maxlen=LINES_MAX)
        self._handler = _ToCollector(self._take)
        self._quietened: list[tuple[logging.Handler, int]] = []
        self._is_running = False
        self._batch = QTimer(self)
        self._batch.setSingleShot(True)
        self._batch.setInterval(_BATCH_MS)
        self._batch.timeout.connect(self.flush)
        self._woken.connect(self._wake, Qt.ConnectionType.QueuedConnection)

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """What was said so far, oldest first."""
        return tuple(self._kept)

    @property
    def is_running(self) -> bool:
        """Whether it listens."""
        return self._is_running

    def start(self) -> None:
        """Listen from now on. The terminal says no more than warnings: what it writes is written on the window's thread."""
        root = logging.getLogger()
        if root.level != logging.DEBUG:
            self._quietened = [(each, each.level) for each in root.handlers if each.level < logging.WARNING]
            for handler, _ in self._quietened:
                handler.setLevel(logging.WARNING)
        root.addHandler(self._handler)
        self._is_running = True

    def stop(self) -> None:
        """Listen no more."""
        self._is_running = False
        logging.getLogger().removeHandler(self._handler)
        for handler, level in self._quietened:
            handler.setLevel(level)
        self._quietened.clear()
        self._batch.stop()

    @Slot()
    def flush(self) -> None:
        """Hand on what has come since the last time, now; to be called on the window's thread."""
        self._batch.stop()
        lines = []
        while self._waiting:
            lines.append(self._waiting.popleft())
        if lines:
            self._kept.extend(lines)
            self.lines_arrived.emit(tuple(lines))

    def _take(self, line: LogLine) -> None:
        was_empty = not self._waiting
        self._waiting.append(line)
        if was_empty:
            self._woken.emit()

    @Slot()
    def _wake(self) -> None:
        if not self._batch.isActive():
            self._batch.start()


class _ToCollector(logging.Handler):
    def __init__(self, take: Callable[[LogLine], None]) -> None:
        super().__init__()
        self._take = take

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record, on the thread that logs."""
        self._take(line_of(record))
