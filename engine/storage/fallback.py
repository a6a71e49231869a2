"""A text file that takes the rows which a database cannot take any more, until the next start gives them back."""

import base64
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from engine.primitives.errors import LedgerMismatch
from engine.storage.database import Cell, Durability, Row, connect, refusal
from engine.storage.schema import Table, migrate

_BYTES: Final = "base64"
"""Key of an object that stands for bytes in a row: JSON has none."""


class FallbackFile:
    """Appends rows as JSON lines, each call on the disk (fsync) before it returns; made at the first row.

    It belongs in another folder than the database, best on another disk: what fills the one must not fill the other.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, parts: Sequence[tuple[Table, Sequence[Row]]]) -> None:
        """Write rows down, in their order.

        Raises:
            LedgerMismatch: this file cannot be written either.
        """
        lines = [
            json.dumps([table.name, [_plain(cell) for cell in row]], separators=(",", ":"), ensure_ascii=False)
            for table, rows in parts
            for row in rows
        ]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write("".join(f"{line}\n" for line in lines))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise LedgerMismatch(
                "Neither the journal nor its fallback file can be written", path=self.path, cause=str(error)
            ) from error


def take_back(database: Path, fallback: Path, tables: Sequence[Table]) -> int:
    """Put the rows of a fallback file into their database, all or none, and return how many there were.

    The file is then called `….taken-back`. Taking back twice (a crash came between) changes nothing. A last line that
    a crash has cut off was never relied on: it is left out.

    Raises:
        LedgerMismatch: the database still cannot be written; the file stays as it is.
    """
    if not fallback.exists():
        return 0
    known = {table.name: table for table in tables}
    opened = connect(database, Durability.FULL)
    count = 0
    try:
        migrate(opened, database)
        opened.conn.execute("BEGIN IMMEDIATE")
        for table, row in _rows_in(fallback, known):
            # A row that is there came in before a crash between here and the new name.
            once = table.statement if table.is_projection else table.statement.replace("INSERT", "INSERT OR IGNORE", 1)
            opened.conn.execute(once, row)
            count += 1
        opened.conn.execute("COMMIT")
    except sqlite3.Error as error:
        raise refusal("The rows of the fallback file cannot be taken back", database, error) from error
    finally:
        opened.conn.close()
    fallback.rename(fallback.with_name(f"{fallback.name}.taken-back"))
    return count


def _rows_in(fallback: Path, known: Mapping[str, Table]) -> Iterator[tuple[Table, Row]]:
    with fallback.open(encoding="utf-8") as file:
        for line in file:
            if not line.endswith("\n"):
                return
            name, cells = json.loads(line)
            table = known[name]
            # An older program did not know the columns that were added since.
            missing = [None] * (len(table.columns) - len(cells))
            yield table, tuple(_cell(cell) for cell in (*cells, *missing))


def _plain(cell: Cell) -> object:
    return {_BYTES: base64.b64encode(cell).decode("ascii")} if isinstance(cell, bytes) else cell


def _cell(plain: object) -> Cell:
    if isinstance(plain, dict):
        return base64.b64decode(plain[_BYTES])
    return plain  # type: ignore[return-value]  # written by `_plain`
