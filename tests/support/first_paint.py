"""The program up to its first paint, in a process of its own: ``python -m tests.support.first_paint ours|loading|bare``.

Prints one JSON object: `painted_s` (CLOCK_MONOTONIC, the same in all processes), `loaded` (which heavy libraries were
imported by then) and, with `loading` alone, `gap_ms` (the longest silence of the window's loop until all is loaded).
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

HEAVY: Final = frozenset({"pyqtgraph", "polars", "pandas", "ccxt", "web3"})
LAST_LOADED: Final = "engine.phase0_bootstrap.assembly"
_BEAT_MS: Final = 2


class FirstPaint(QObject):
    """Notes the first paint of any window, then how long the loop is silent while the rest is loaded."""

    def __init__(self, *, watches_loading: bool) -> None:
        super().__init__()
        self._watches_loading = watches_loading
        self._said: dict[str, object] = {}
        self._longest_s = self._beat_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._on_beat)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Look at every event, and swallow none."""
        if not self._said and event.type() == QEvent.Type.Paint:
            self._said = {"painted_s": time.monotonic(), "loaded": sorted(HEAVY & set(sys.modules))}
            if not self._watches_loading:
                self._end()
            self._beat_s = time.monotonic()
            self._timer.start()
        return False

    def _on_beat(self) -> None:
        now_s = time.monotonic()
        self._longest_s, self._beat_s = max(self._longest_s, now_s - self._beat_s), now_s
        spec = getattr(sys.modules.get(LAST_LOADED), "__spec__", None)
        if spec is not None and not getattr(spec, "_initializing", False):
            self._said["gap_ms"] = self._longest_s * 1_000
            self._end()

    def _end(self) -> None:
        print(json.dumps(self._said), flush=True)  # noqa: T201
        os._exit(0)


@dataclass(frozen=True, slots=True)
class Painted:
    """What such a process said: seconds from its start to its first paint, and the rest as above."""

    after_s: float
    loaded: tuple[str, ...]
    gap_ms: float


def paint_of(which: Literal["ours", "loading", "bare"], *, home: Path) -> Painted:
    """Run the program in a new process with a user of its own, and return what it said."""
    began_s = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.first_paint", which],
        env=os.environ | {"HOME": str(home), **{f"XDG_{name}_HOME": str(home) for name in ("DATA", "STATE", "CONFIG")}},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    said = json.loads(run.stdout)
    return Painted(said["painted_s"] - began_s, tuple(said["loaded"]), said.get("gap_ms", 0.0))


def main() -> None:
    """Open our window, or a bare one."""
    application = QApplication(sys.argv[:1])
    watch = FirstPaint(watches_loading=sys.argv[1] == "loading")
    application.installEventFilter(watch)
    if sys.argv[1] != "bare":
        from engine.__main__ import find_operation  # noqa: PLC0415  # a bare window does not pay for it
        from gui.__main__ import DEMO, open_window  # noqa: PLC0415  # likewise

        open_window(find_operation(DEMO))
    else:
        bare = QWidget()
        bare.resize(1_200, 800)
        bare.show()
        application.exec()


if __name__ == "__main__":
    main()
