"""Notice that the window hangs, and write down what every thread was doing then."""

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

BEAT_MS: Final = 100
STALL_S: Final = 2.0
"""After so long without a beat the window hangs for a person as well."""
_logger = logging.getLogger("gui.watchdog")


class LagWatchdog(QObject):
    """A beat on the GUI thread, and a thread that notices when it is missing.

    Each stall is logged once, with the stacks of all threads: the loop that hangs cannot tell what it hangs in.
    `lag_measured` carries by how many milliseconds a beat was late.

    Args:
        stall_s: How long a beat may be missing.
        monotonic_s: A wall clock; never used for decisions.
        parent: Qt parent.
    """

    lag_measured = Signal(float)  # milliseconds

    def __init__(
        self,
        *,
        stall_s: float = STALL_S,
        monotonic_s: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._stall_s = stall_s
        self._monotonic_s = monotonic_s
        self._beat_s = monotonic_s()
        self._ended = threading.Event()
        self._watched = threading.get_ident()
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._on_beat)
        self._thread = threading.Thread(target=self._watch, name="lag watchdog", daemon=True)

    def start(self) -> None:
        """Begin to beat and to watch."""
        self._beat_s = self._monotonic_s()
        self._beat.start()
        self._thread.start()

    def stop(self) -> None:
        """End the beat and the thread; returns when the thread is gone."""
        self._beat.stop()
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _on_beat(self) -> None:
        now_s = self._monotonic_s()
        late_ms = max((now_s - self._beat_s) * 1000 - BEAT_MS, 0.0)
        self._beat_s = now_s
        self.lag_measured.emit(late_ms)

    def _watch(self) -> None:
        told_s = 0.0
        while not self._ended.wait(self._stall_s / 4):
            beat_s = self._beat_s
            missing_s = self._monotonic_s() - beat_s
            if missing_s > self._stall_s and beat_s != told_s:
                told_s = beat_s
                _logger.error(
                    "The window hangs; what every thread was doing:\n%s",
                    stacks_of_all_threads(first=self._watched),
                    extra={"missing_s": round(missing_s, 1)},
                )


def stacks_of_all_threads(*, first: int) -> str:
    """Return the stack of every thread, that of the thread `first` (an identifier) on top; no values, only places."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    frames = sys._current_frames()  # noqa: SLF001  # the documented way to see other threads
    return "\n".join(
        f"thread {names.get(ident, ident)}:\n{''.join(traceback.format_stack(frames[ident]))}"
        for ident in sorted(frames, key=lambda it: (it != first, it))
    )
