"""Faults that nobody caught: taken in, written down, told once, and the program goes on."""

import asyncio
import faulthandler
import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from PySide6.QtCore import QDateTime, QObject, Signal, qVersion

from gui.log.lines import LogLine

logger: Final = logging.getLogger("gui.incident")

REPORTS_MAX: Final = 50
"""So many reports are kept; the oldest go first."""
_LINES_MAX: Final = 200
_CRASH: Final = "crash"
"""What the names of files begin with that were written as the whole program died."""
_TOLD: Final = "told-"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `where` names the part that failed, `thread` the thread; `report` is None where none could be written."""

    where: str
    thread: str
    text: str
    trace: str
    report: Path | None


class Faults(QObject):
    """Takes what nobody caught, from any thread: each different fault is written down and told once, then counted.

    Args:
        folder: Where reports are written; None writes none.
        clean: Takes secrets out of a text.
        log_lines: Gives the newest lines of the log, for the reports.
        parent: Qt parent.
    """

    seen = Signal(object)  # Fault; on the window's thread, whichever failed

    def __init__(
        self,
        folder: Path | None,
        *,
        clean: Callable[[str], str],
        log_lines: Callable[[], Sequence[LogLine]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._clean = clean
        self._log_lines = log_lines
        self._counts: dict[tuple[str, ...], int] = {}
        self._lock = threading.Lock()
        self._former: tuple[Any, Any] | None = None  # hooks, whatever they take
        self._crash_file: IO[str] | None = None

    @property
    def folder(self) -> Path | None:
        """Where reports are written."""
        return self._folder

    def install(self, loop: asyncio.AbstractEventLoop, where: str) -> Sequence[Path]:
        """Take in from now on what slots, threads and callbacks of the loop raise.

        Args:
            loop: The window's.
            where: What the window is called in a report.

        Returns:
            What earlier windows wrote as they died, and nobody was told of yet.
        """
        self._former = (sys.excepthook, threading.excepthook)

        def of_slot(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
            self.take(where, error)

        def of_thread(facts: threading.ExceptHookArgs) -> None:
            if facts.exc_value is not None and not isinstance(facts.exc_value, SystemExit):
                self.take(facts.thread.name if facts.thread is not None else where, facts.exc_value)

        def of_loop(_loop: asyncio.AbstractEventLoop, facts: dict[str, Any]) -> None:
            error = facts.get("exception")
            if isinstance(error, BaseException):
                self.take(where, error)
            else:
                logger.error("The loop complains.", extra={"complaint": str(facts.get("message", ""))})

        sys.excepthook, threading.excepthook = of_slot, of_thread
        loop.set_exception_handler(of_loop)
        return self._await_death()

    def uninstall(self, loop: asyncio.AbstractEventLoop) -> None:
        """Leave faults to Python again."""
        if self._former is not None:
            sys.excepthook, threading.excepthook = self._former
            self._former = None
        loop.set_exception_handler(None)
        if self._crash_file is not None:
            faulthandler.disable()
            path = Path(self._crash_file.name)
            self._crash_file.close()
            self._crash_file = None
            if not path.stat().st_size:
                path.unlink()

    def take(self, where: str, error: BaseException) -> None:
        """Take in one fault; may be called on any thread."""
        trace = "".join(traceback.format_exception(error))
        key = (
            type(error).__name__,
            where,
            *(f"{at.filename}:{at.lineno}" for at in traceback.extract_tb(error.__traceback__)),
        )
        with self._lock:
            times = self._counts[key] = self._counts.get(key, 0) + 1
        if times > 1:
            if times & (times - 1) == 0:  # 2, 4, 8 …: a fault in every frame must not fill the disk
                logger.error("A fault came again.", extra={"times": times, "error": key[0], "at": key[-1]})
            return
        logger.error("Something failed that should not.", extra={"part": where}, exc_info=error)
        thread = threading.current_thread().name
        text = f"{type(error).__name__}: {error}"
        self.seen.emit(Fault(where, thread, text, self._clean(trace), self._write(where, thread, trace)))

    def _write(self, where: str, thread: str, trace: str) -> Path | None:
        if self._folder is None:
            return None
        at = QDateTime.currentDateTimeUtc()
        path = self._folder / f"fault-{at.toString('yyyyMMdd-HHmmss-zzz')}.txt"
        lines = [f"{line.source}: {line.text} {dict(line.facts)}" for line in self._log_lines()[-_LINES_MAX:]]
        facts = (
            f"at {at.toString('yyyy-MM-dd HH:mm:ss')} UTC",
            f"in {where}, on the thread {thread}",
            f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
        )
        text = "\n".join((*facts, "", trace, "The log before it, oldest first:", *lines, ""))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_text(self._clean(text), encoding="utf-8")
            for old in sorted(self._folder.glob("*fault-*.txt"))[:-REPORTS_MAX]:
                old.unlink(missing_ok=True)
        except OSError as problem:
            logger.warning("The report of a fault could not be written.", extra={"reason": str(problem)})
            return None
        return path

    def _await_death(self) -> Sequence[Path]:
        """Let Python write where every thread was when the process dies of a fault below it; return older such files."""
        if self._folder is None:
            return ()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            left = [path for path in sorted(self._folder.glob(f"{_CRASH}-*.txt")) if path.stat().st_size]
            told = [path.rename(path.with_name(f"{_TOLD}{path.name}")) for path in left]
            began = QDateTime.currentDateTimeUtc().toString("yyyyMMdd-HHmmss-zzz")
            self._crash_file = (self._folder / f"{_CRASH}-{began}.txt").open("w", encoding="utf-8")
            faulthandler.enable(self._crash_file, all_threads=True)
        except OSError as problem:
            logger.warning("A death of the program would not be written down.", extra={"reason": str(problem)})
            return ()
        return told
