"""One instance per account: a file that the operating system locks for as long as the process lives."""

import json
import os
import sys
from pathlib import Path
from typing import Final, TextIO

from engine.primitives.errors import ConfigError
from engine.runtime.clocks import LiveClock

if sys.platform == "win32":
    import msvcrt

    def _lock(file: TextIO) -> None:
        # Beyond the text: what is locked cannot be read there, and the second instance wants to read whose it is.
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: TextIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


_LOCKED_BYTE: Final = 4096
NAME: Final = "account.lock"


class AccountLock:
    """Holds one account of one mode for this process; a kill frees it, a file that was left behind locks nothing.

    Args:
        folder: Where the account's journals are; made if missing.
        account: What it is called, for the refusal.

    Raises:
        ConfigError: another session has it; names its process and since when.
    """

    def __init__(self, folder: Path, account: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / NAME
        self._file = path.open("a+", encoding="utf-8")
        try:
            _lock(self._file)
        except OSError as error:
            self._file.close()
            raise ConfigError(
                f"{account} runs already, {_holder(path)}. Two sessions would trade the same account twice: end the "
                "other one first, or copy the operation (`s1mpletrader operation copy`) for an account of its own.",
                lock=path,
            ) from error
        self._file.seek(0)
        self._file.truncate()
        json.dump({"pid": os.getpid(), "since": f"{LiveClock().now():%Y-%m-%d %H:%M:%S} UTC"}, self._file)
        self._file.flush()

    def release(self) -> None:
        """Give the account free; a second call does nothing."""
        self._file.close()


def _holder(path: Path) -> str:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return f"as process {said['pid']} since {said['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "in another process"
