"""The log on disk: JSON lines in a file that is turned over before it grows large, written on a thread of its own."""

import json
import logging
from collections.abc import Callable
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from engine.primitives.timeframes import datetime_from_ns
from gui.log.lines import line_of

SIZE_MAX: Final = 5_000_000
"""Bytes of one file; two older ones are kept beside it."""
SESSIONS_MAX: Final = 20
"""So many files, of as many windows, are kept; the oldest go first."""


class LogFile:
    """Writes all that the program logs from `start` to `stop`.

    Each window writes a file of its own, for two that turn over the same would lose lines.

    Args:
        folder: Made when the first line is written.
        name: Of the file, without its ending: begins with the time, so that files sort by age.
        clean: Takes secrets out of a text.
    """

    def __init__(self, folder: Path, name: str, *, clean: Callable[[str], str]) -> None:
        self.path: Final = folder / f"{name}.jsonl"
        self._folder = folder
        writer = RotatingFileHandler(self.path, maxBytes=SIZE_MAX, backupCount=2, encoding="utf-8", delay=True)
        writer.setFormatter(_AsJson(clean))
        lines: SimpleQueue[logging.LogRecord] = SimpleQueue()
        self._handler = _AsItIs(lines)
        self._writer = writer
        self._listener = QueueListener(lines, writer)

    def start(self) -> None:
        """Write from now on.

        Raises:
            OSError: the folder cannot be made.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(self._folder.glob("*.jsonl"), reverse=True)[SESSIONS_MAX - 1 :]:
            for part in self._folder.glob(f"{old.name}*"):
                part.unlink(missing_ok=True)
        self._listener.start()
        logging.getLogger().addHandler(self._handler)

    def stop(self) -> None:
        """Write what waits, and end the thread."""
        logging.getLogger().removeHandler(self._handler)
        self._listener.stop()
        self._writer.close()


class _AsItIs(QueueHandler):
    """Hands records on unchanged: they never leave this process, and the formatter wants their facts."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Return the record itself."""
        return record


class _AsJson(logging.Formatter):
    """One JSON object a line: time (UTC), level, who, what, and the facts."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        super().__init__()
        self._clean = clean

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line, without secrets."""
        line = line_of(record)
        known = {
            "at": f"{datetime_from_ns(line.at_ns):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
            "level": record.levelname,
            "source": line.source,
            "text": line.text,
        }
        details = {"details": line.details} if line.details else {}
        return self._clean(json.dumps(known | {"facts": dict(line.facts)} | details, ensure_ascii=False))
