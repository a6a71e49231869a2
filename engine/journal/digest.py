"""One number for everything that a session saw, decided and did."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from engine.storage.database import Cell, Reader, as_json
from engine.storage.schema import (
    BATCH,
    CONFIG_FILE,
    GROUP_PLAN,
    INPUT,
    NOTE,
    SESSION,
    STANDING,
    TABLES,
    TICK_BLOCK,
    WORKER_STATE,
    Table,
)

_LEFT_OUT: Final[Mapping[str, frozenset[str]]] = {
    SESSION.name: frozenset({"session_id", "started_ns", "ended_ns", "mode", "label", "facts"}),
}
"""How and where somebody started the run, not what happened in it: a recorded market may be run by `backtest`, by `run`
and in the window, and what is the same must be called the same (ADR 0005)."""


_APART: Final = frozenset({NOTE.name, INPUT.name, CONFIG_FILE.name, GROUP_PLAN.name, BATCH.name, STANDING.name})
"""Notes tell of the machine as well: a worker that was slow today need not be tomorrow. What came in and how the session
was set up is the cause of what is counted here; a backtest has it in files of its own. Plans of groups and reports of
batches, and what may be done, say once more, for a restart, what the directives, the orders and the commands say."""


def _last_line(text: Cell) -> Cell:
    # A traceback names files of this machine; its last line says what happened.
    return str(text).strip().rpartition("\n")[2]


_LATER: Final = (WORKER_STATE,)
"""Tables that came after the first digests were written down: empty ones do not count, so that those still hold."""
_REWRITTEN: Final[Mapping[tuple[str, str], Callable[[Cell], Cell]]] = {("flow", "error"): _last_line}


def journal_digest(path: Path) -> str:
    """Return the SHA-256 (hex) of all rows in key order; two runs that did the same have the same, id for id.

    How ticks were grouped into blocks does not count, nor does the session's header but for operation and account: its
    id, its start and end, who drove it (backtest, replay, paper) and what the data was called; nor notes.

    Raises:
        LedgerMismatch: the file cannot be read.
    """
    digest = hashlib.sha256()
    with Reader(path) as reader:
        for table in TABLES:
            if table.name in _APART or (table in _LATER and _is_empty(reader, table)):
                continue
            digest.update(f"\x1e{table.name}\x1e".encode())
            if table is TICK_BLOCK:
                _add_ticks(reader, digest.update)
            else:
                _add_rows(reader, table, digest.update)
    return digest.hexdigest()


def _is_empty(reader: Reader, table: Table) -> bool:
    known = reader.row("SELECT 1 FROM sqlite_master WHERE name = ?", (table.name,))
    return known is None or reader.row(f"SELECT 1 FROM {table.name}") is None  # noqa: S608  # a constant


def _add_rows(reader: Reader, table: Table, update: Callable[[bytes], None]) -> None:
    columns = [name for name in table.columns if name not in _LEFT_OUT.get(table.name, ())]
    rewritten = {name: _REWRITTEN[table.name, name] for name in columns if (table.name, name) in _REWRITTEN}
    # Names come from the schema's constants.
    sql = f"SELECT {', '.join(columns)} FROM {table.name} ORDER BY {', '.join(table.primary_key)}"  # noqa: S608
    for row in reader.rows(sql):
        values = [rewritten[name](value) if name in rewritten else value for name, value in row.items()]
        update(f"{as_json(values)}\x1e".encode())


def _add_ticks(reader: Reader, update: Callable[[bytes], None]) -> None:
    streams = ("slots", "times", "row_values", "quiet")
    hashes: dict[tuple[str, str], Any] = {}
    for row in reader.rows(f"SELECT * FROM {TICK_BLOCK.name} ORDER BY strategy_id, number"):  # noqa: S608  # a constant
        for stream in streams:
            hashes.setdefault((row["strategy_id"], stream), hashlib.sha256()).update(row[stream])
    for (strategy_id, stream), inner in hashes.items():
        update(f"{strategy_id}\x1e{stream}\x1e{inner.hexdigest()}\x1e".encode())
