"""A copy of a journal that may leave the machine: whole, but without secrets."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.storage.database import BUSY_TIMEOUT_MS, refusal


def copy_cleaned(source: Path, target: Path, clean: Callable[[str], str]) -> None:
    """Copy one state of a journal while others write on, and take out of every text what may not leave. Blocks.

    Nothing of what was taken out is left in the file: it is packed anew afterwards.

    Args:
        source: The journal.
        target: Is not there yet.
        clean: Returns a text without secrets.

    Raises:
        LedgerMismatch: it cannot be read or the copy cannot be written; nothing is left of the copy.
    """
    try:
        _run(source, lambda connection: connection.execute("VACUUM INTO ?", (str(target),)), is_read_only=True)
        _run(target, lambda connection: _clean(connection, clean), is_read_only=False)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise refusal("The journal cannot be copied", target, error, of=source.name) from error


def _run(path: Path, work: Callable[[sqlite3.Connection], object], *, is_read_only: bool) -> None:
    mode = "ro" if is_read_only else "rw"
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").fetchall()
        work(connection)
    finally:
        connection.close()


def _clean(connection: sqlite3.Connection, clean: Callable[[str], str]) -> None:
    connection.create_function("clean", 1, clean, deterministic=True)
    connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    for table, column in list(_text_columns(connection)):
        connection.execute(
            f'UPDATE "{table}" SET "{column}" = clean("{column}")'  # noqa: S608  # names of the file's own schema
            f' WHERE typeof("{column}") = \'text\' AND clean("{column}") <> "{column}"'
        )
    connection.execute("VACUUM")


def _text_columns(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    for (table,) in tables.fetchall():
        for column in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
            yield table, column[1]
