"""What the workers of a session have kept, read from its journal; and which journal a new session goes on from."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from engine.contracts.worker_state import SavedState
from engine.storage.database import EmptyJournal, Reader
from engine.storage.rows import RowCodec
from engine.storage.schema import WORKER_STATE

STATE_ROWS: Final = RowCodec(SavedState)
_HAS_STATES: Final = 3
"""Version of the schema from which on there are states."""


def left_before(folder: Path, start_ns: int) -> Sequence[SavedState]:
    """Return what the workers kept at the end of the last session in a folder that began before, or at, this instant.

    The last is the one that began last on the market's clock (of several at one instant, the one that was started last);
    whether it was ended or killed makes no difference. Empty when there is none.

    Args:
        folder: The journals of one operation and mode.
        start_ns: Where the new session begins, UTC nanoseconds.

    Raises:
        LedgerMismatch: that journal is damaged.
    """
    for path in journals_newest_first(folder):
        try:
            with Reader(path) as reader:
                session = reader.row("SELECT started_ns FROM session")
                if session is not None and session["started_ns"] <= start_ns:
                    return _states_in(reader)
        except EmptyJournal:
            continue
    return ()


def journals_newest_first(folder: Path) -> Sequence[Path]:
    """Return the journals of one operation and mode: the one that began last on the market's clock comes first."""
    return sorted(folder.glob("*.sqlite"), key=_age, reverse=True)


def read_states(journal: Path) -> Sequence[SavedState]:
    """Return what the workers of a session kept last, by strategy and worker; an older journal holds none.

    Raises:
        LedgerMismatch: the file cannot be read.
    """
    with Reader(journal) as reader:
        return _states_in(reader)


def _states_in(reader: Reader) -> Sequence[SavedState]:
    if reader.version() < _HAS_STATES:
        return ()
    # Names come from the schema's constants.
    sql = f"SELECT * FROM {WORKER_STATE.name} ORDER BY {', '.join(WORKER_STATE.primary_key)}"  # noqa: S608
    return tuple(STATE_ROWS.note(row) for row in reader.rows(sql))


def _age(path: Path) -> tuple[str, int]:
    """Return what orders journals by their names: the session's id, which begins with its time, and the number."""
    name, _, number = path.stem.rpartition("-")
    return name, int(number) if re.fullmatch(r"\d+", number) else 0
