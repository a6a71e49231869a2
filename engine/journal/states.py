"""What the workers of a session have kept, read from its journal; and which journal a new session goes on from."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from engine.contracts.worker_state import SavedState
from engine.storage.database import Reader
from engine.storage.rows import RowCodec
from engine.storage.schema import WORKER_STATE

STATE_ROWS: Final = RowCodec(SavedState)
_HAS_STATES: Final = 3
"""Version of the schema from which on there are states."""


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
    sql = f"SELECT * FROM {WORKER_STATE.name} ORDER BY {', '.join(WORKER_STATE.primary_key)}"  # noqa: S608  # constants of ours; values travel as parameters
    return tuple(STATE_ROWS.note(row) for row in reader.rows(sql))


def _age(path: Path) -> tuple[str, int]:
    """Return what orders journals by their names: the session's id, which begins with its time, and the number."""
    name, _, number = path.stem.rpartition("-")
    return name, int(number) if re.fullmatch(r"\d+", number) else 0
