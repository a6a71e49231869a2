"""Open a SQLite file as we want it, check it, and read it."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import sqlite_utils

from engine.primitives.errors import LedgerMismatch

BUSY_TIMEOUT_MS: Final = 5_000
"""How long a connection waits for another one's lock before it gives up."""

Cell = str | int | float | bytes | None
"""What a column may hold. Money never comes as float: Decimal goes in as text."""
Row = tuple[Cell, ...]
Parameters = Sequence[Cell] | Mapping[str, Cell]
"""Values for the ``?`` or the ``:name`` of a query."""

_ADVICE: Final[Mapping[str, str]] = {
    "SQLITE_FULL": "the disk is full: free some space and start the session again; everything up to the last commit is kept",
    "SQLITE_READONLY": "the file or its folder may not be written: check the permissions, or choose another folder",
    "SQLITE_CANTOPEN": "the file cannot be opened: check that its folder exists and that you may write there",
    "SQLITE_IOERR": "the disk reports an error: check it, then go on from a copy of the file",
    "SQLITE_CORRUPT": "the file is damaged: keep it aside and restore a copy",
    "SQLITE_NOTADB": "the file is not a database of ours: choose another name",
    "SQLITE_BUSY": "another program holds the file: close it and start again",
    "SQLITE_CONSTRAINT": "a row contradicts what is already there: this is a bug of ours, please report it",
}


class Durability(StrEnum):
    """What a commit survives: FULL a power cut, NORMAL only the death of the process."""

    FULL = "FULL"
    NORMAL = "NORMAL"


def refusal(action: str, path: Path, error: Exception, **facts: object) -> LedgerMismatch:
    """Return the error that tells a person what went wrong with a file and what to do about it.

    Args:
        action: A sentence of its own: ``The journal cannot be written``.
        path: The file.
        error: What SQLite said.
        facts: What else a person should know.
    """
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    advice = next((text for code, text in _ADVICE.items() if name.startswith(code)), "see the cause")
    return LedgerMismatch(f"{action}: {advice}", path=path, cause=f"{error} [{name}]", **facts)


def connect(path: Path, durability: Durability) -> sqlite_utils.Database:
    """Open a file for writing, made if it is missing. The caller sees to it that one thread at a time uses it.

    Transactions are begun by hand (`BEGIN IMMEDIATE`): sqlite-utils begins deferred ones, which end in "database is
    locked" when a read turns into a write, and its `execute` commits each statement by itself.

    Raises:
        LedgerMismatch: it cannot be opened; the message says why and what to do.
    """
    try:
        # The writer opens the connection and its thread then owns it: only one of the two ever uses it.
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise refusal("The journal cannot be opened", path, error) from error
    try:
        database = sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)
        # Per connection, and the defaults are not ours: foreign keys are off, synchronous depends on the build.
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            f"synchronous={durability}",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error as error:
        connection.close()
        raise refusal("The journal cannot be opened", path, error) from error
    return database


class EmptyJournal(LedgerMismatch):
    """A program was ended before it wrote anything into this file."""


class Reader:
    """A read-only connection of its own: it sees what is committed, and never disturbs the writer.

    It belongs to the thread that makes it; the window makes its own. Queries of a session's size take milliseconds.

    Raises:
        LedgerMismatch: the file is missing, damaged, or none of ours.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise LedgerMismatch("There is no such journal: check the name", path=path)
        try:
            self._database = self._open("ro")
        except sqlite3.Error as error:
            raise refusal("The journal cannot be read", path, error) from error
        if not self.version():
            self.close()
            raise EmptyJournal(
                "The file holds no session: it was ended before it wrote anything; choose another journal", path=path
            )

    def _open(self, mode: str) -> sqlite_utils.Database:
        location = f"{self.path.resolve().as_uri()}?mode={mode}"
        connection = sqlite3.connect(location, uri=True, isolation_level=None)
        try:
            connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").fetchall()
            connection.execute("PRAGMA query_only=ON").fetchall()
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except sqlite3.Error as error:
            connection.close()
            if "immutable" not in mode and self._lacks_shared_memory(error):
                return self._open("ro&immutable=1")
            raise
        return sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)

    def _lacks_shared_memory(self, error: sqlite3.Error) -> bool:
        """Tell whether the file is only out of reach for WAL: that needs a file beside it, also to read.

        In a folder that cannot be written nobody writes the file either; what still waits in a WAL must not be missed.
        """
        code = getattr(error, "sqlite_errorname", "")
        wal = self.path.with_name(f"{self.path.name}-wal")
        return code in ("SQLITE_CANTOPEN", "SQLITE_READONLY_DIRECTORY") and not wal.exists()

    def rows(self, sql: str, parameters: Parameters = ()) -> Iterator[dict[str, Any]]:
        """Give the rows of a query one by one, by column name.

        Raises:
            LedgerMismatch: the file cannot be read.
        """
        try:
            yield from self._database.query(
                sql, dict(parameters) if isinstance(parameters, Mapping) else tuple(parameters)
            )
        except sqlite3.Error as error:
            raise refusal("The journal cannot be read", self.path, error) from error

    def row(self, sql: str, parameters: Parameters = ()) -> dict[str, Any] | None:
        """Return the first row of a query, or None.

        Raises:
            LedgerMismatch: the file cannot be read.
        """
        return next(self.rows(sql, parameters), None)

    def quick_check(self) -> tuple[str, ...]:
        """Return what is wrong with the file; empty when it is sound. Reads all of it."""
        try:
            found = tuple(str(row["quick_check"]) for row in self.rows("PRAGMA quick_check"))
        except LedgerMismatch as error:
            # So much is wrong that the check itself cannot go on.
            return (str(error),)
        return () if found == ("ok",) else found

    def version(self) -> int:
        """Return the version of the schema that the file was written with."""
        row = self.row("PRAGMA user_version")
        return 0 if row is None else int(row["user_version"])

    def close(self) -> None:
        """Give the file free."""
        self._database.conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_compact: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
# Made once: `json.dumps` makes an encoder for every text that is not written as it likes best.


def as_json(value: object) -> str:
    """Return compact JSON text with sorted keys: the same value always gives the same text."""
    return _compact(value)
