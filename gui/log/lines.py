"""One line of the log: a constant sentence, the facts beside it, and the ids that lead to what it is about."""

import logging
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.primitives.timeframes import NS_PER_MS

_ID: Final = re.compile(r"\b[A-Z]{3}_\d{8}_\d{6}_[0-9a-z]{5,8}\b")
_USUAL: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
"""What every record has; all else was given as facts."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line. `at_ns` is the wall's time, UTC nanoseconds; `level` is that of `logging`, 10 to 50.

    `details` is the rest of a text of several lines, and the traceback of an error; empty for most.
    """

    at_ns: int
    level: int
    source: str
    text: str
    facts: Mapping[str, str]
    ids: tuple[str, ...] = ()
    details: str = ""


def line_of(record: logging.LogRecord) -> LogLine:
    """Return what a record says; its arguments are taken as text at once, for they may change afterwards."""
    text, _, rest = record.getMessage().partition("\n")
    facts = {name: str(value) for name, value in vars(record).items() if name not in _USUAL}
    if record.exc_info is not None and record.exc_info[1] is not None:
        error = record.exc_info[1]
        facts["error"] = f"{type(error).__name__}: {error}"
        rest += "".join(traceback.format_exception(error))
    ids = _ID.findall(" ".join((text, *facts.values())))
    at_ns = round(record.created * 1_000) * NS_PER_MS
    return LogLine(at_ns, record.levelno, record.name, text, facts, tuple(dict.fromkeys(ids)), rest)
