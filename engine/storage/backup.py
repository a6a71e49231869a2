"""Daily copies of the journals, made beside the work: whole, consistent, and not more of them than asked for."""

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from engine.ports.clock import Clock
from engine.storage.database import BUSY_TIMEOUT_MS, refusal

_UNFINISHED: Final = ".part"


class DailyBackup:
    """Copies files into a folder of the day, and removes the oldest days.

    Args:
        folder: Where the days are; made when the first copy is.
        files: What is copied each day, as far as it exists.
        before: What the session before left: copied once.
        keep_days: How many days are kept; 0 makes no copies.
        clock: Says which day it is (UTC): that of the wall, also where the engine lives in market time.
    """

    def __init__(
        self, folder: Path, *, files: Sequence[Path], before: Sequence[Path] = (), keep_days: int, clock: Clock
    ) -> None:
        self.folder = folder
        self._files = tuple(files)
        self._before = tuple(before)
        self._keep_days = keep_days
        self._clock = clock

    @property
    def is_wanted(self) -> bool:
        """Whether any copies are to be made."""
        return self._keep_days > 0

    def today(self) -> str:
        """Return the day, as its folder is called."""
        return f"{self._clock.now():%Y-%m-%d}"

    def copy_before(self) -> Sequence[Path]:
        """Copy what the session before left; see `copy`."""
        return self._copy_all(self._before)

    def copy(self) -> Sequence[Path]:
        """Copy the files, over older copies of today; return the copies. Blocks: not for a loop.

        `VACUUM INTO` reads one state of the file, while others write on.

        Raises:
            LedgerMismatch: a copy cannot be written; what was there of it is gone.
        """
        return self._copy_all(self._files)

    def _copy_all(self, files: Sequence[Path]) -> Sequence[Path]:
        day = self.folder / self.today()
        made = []
        for file in files:
            if not file.exists():
                continue
            day.mkdir(parents=True, exist_ok=True)
            target = day / file.name
            self._copy(file, target)
            made.append(target)
        self._forget_old_days()
        return made

    def _copy(self, file: Path, target: Path) -> None:
        part = target.with_name(f"{target.name}{_UNFINISHED}")
        part.unlink(missing_ok=True)
        try:
            connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
            try:
                connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").fetchall()
                connection.execute("VACUUM INTO ?", (str(part),))
            finally:
                connection.close()
        except sqlite3.Error as error:
            part.unlink(missing_ok=True)
            raise refusal("The daily copy cannot be made", target, error, of=file.name) from error
        part.replace(target)

    def _forget_old_days(self) -> None:
        days = sorted(day for day in self.folder.glob("????-??-??") if day.is_dir())
        for day in days[: -self._keep_days]:
            shutil.rmtree(day)
