"""Points at which a test may kill this process, to prove that a restart mends it.

`S1MPLETRADER_KILL_AT=12` kills (SIGKILL) at the twelfth point that is passed, `S1MPLETRADER_KILL_AT=venue.kept:3` at the
third of that name; `S1MPLETRADER_KILL_LOG=FILE` appends the name of each point to a file: its lines are all the places
where a kill is worth trying. Points lie on the engine's thread alone, so a run with the same inputs passes the same ones.
Without these variables a point costs one look at a name.
"""

import os
import signal
from collections import Counter
from pathlib import Path
from typing import Final

KILL_AT: Final = "S1MPLETRADER_KILL_AT"
KILL_LOG: Final = "S1MPLETRADER_KILL_LOG"


class _Switch:
    def __init__(self, kill_at: str, log: str) -> None:
        name, _, number = kill_at.rpartition(":")
        self._name, self._number = name, int(number) if number else 0
        self._log = Path(log) if log else None
        self._passed: Counter[str] = Counter()

    def pass_by(self, point: str) -> None:
        self._passed[point] += 1
        self._passed[""] += 1
        if self._log is not None:
            with self._log.open("a", encoding="utf-8") as file:
                file.write(f"{point}\n")
        if self._name in ("", point) and self._passed[self._name] == self._number:
            os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def _from_environment() -> _Switch | None:
    kill_at, log = os.environ.get(KILL_AT, ""), os.environ.get(KILL_LOG, "")
    return _Switch(kill_at, log) if kill_at or log else None


_SWITCH: Final = _from_environment()
IS_ARMED: Final = _SWITCH is not None
"""Whether a test watches: then what usually happens on another thread is waited for, so that a kill finds it done."""


def kill_point(name: str) -> None:
    """Pass a point; the process may end here."""
    if _SWITCH is not None:
        _SWITCH.pass_by(name)
