"""One thread that owns the only writing connection of a file."""

import logging
import queue
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.primitives.errors import LedgerMismatch
from engine.storage.database import Durability, Row, connect, refusal
from engine.storage.fallback import FallbackFile
from engine.storage.schema import Table, migrate

QUEUE_LIMIT: Final = 256
"""Batches that may wait: a disk that falls further behind makes the giver wait, so that memory stays bounded."""
GROUP_LIMIT: Final = 64
"""Batches that share one transaction at most: the first of them should not wait for all that come after it."""
_LOOK_AFTER_S: Final = 1.0
_log: Final = logging.getLogger("engine.storage")


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows for one table, in the order of its columns."""

    table: Table
    rows: Sequence[Row]


_Item = tuple[Batch, ...] | Future[None] | None
"""Batches of one item stand together in one transaction."""


class DatabaseWriter:
    """Writes batches in the order in which they are given; what waits together shares one transaction.

    Give and commit from any thread; a single giver keeps its order. Giving does not wait for the disk unless
    `QUEUE_LIMIT` batches wait already: then it blocks, it never drops. After a write failed nothing more is written, and
    every further call raises: the file then holds exactly what was committed before. With a fallback nothing raises
    then: what cannot be written goes there, and `failure` says why, for those who have to stop taking risk.

    Args:
        path: The file; made if missing, brought to the newest schema if old.
        durability: What a commit survives.
        queue_limit: Batches that may wait.
        fallback: Takes what the file cannot take.

    Raises:
        LedgerMismatch: it cannot be opened; the message says why and what to do.
    """

    def __init__(
        self,
        path: Path,
        *,
        durability: Durability = Durability.FULL,
        queue_limit: int = QUEUE_LIMIT,
        fallback: FallbackFile | None = None,
    ) -> None:
        self.path = path
        self._fallback = fallback
        self._database = connect(path, durability)
        try:
            migrate(self._database, path)
        except LedgerMismatch:
            self._database.conn.close()
            raise
        self._queue: queue.Queue[_Item] = queue.Queue(queue_limit)
        self._why: LedgerMismatch | None = None
        """Why the file takes nothing more."""
        self._failure: LedgerMismatch | None = None
        """Why nothing takes anything more."""
        self._unwritten = 0
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=f"journal {path.name}", daemon=True)
        self._thread.start()

    @property
    def failure(self) -> str:
        """Why nothing goes into the file any more; empty while all is well."""
        return "" if self._why is None else str(self._why)

    def give(self, table: Table, rows: Sequence[Row]) -> None:
        """Hand over rows of one table; the sequence must not change afterwards.

        Raises:
            LedgerMismatch: an earlier write failed, or the writer is closed.
        """
        self.give_together([(table, rows)])

    def give_together(self, parts: Sequence[tuple[Table, Sequence[Row]]]) -> None:
        """Hand over rows of several tables that are on disk together or not at all, in the order in which they stand.

        Raises:
            LedgerMismatch: an earlier write failed, or the writer is closed.
        """
        batches = tuple(Batch(table, rows) for table, rows in parts if rows)
        if batches:
            self._put(batches)

    def committed(self) -> Future[None]:
        """Return a future that is done when everything given so far is on disk, or carries the error.

        An asyncio caller wraps it (`asyncio.wrap_future`) and so waits without blocking its loop.

        Raises:
            LedgerMismatch: an earlier write failed, or the writer is closed.
        """
        ticket: Future[None] = Future()
        self._put(ticket)
        return ticket

    def commit(self) -> None:
        """Wait until everything given so far is on disk.

        Raises:
            LedgerMismatch: it could not be written; the message says what to do.
        """
        self.committed().result()

    def close(self) -> None:
        """Write what waits, end the thread and give the file free. A second call does nothing.

        Raises:
            LedgerMismatch: something that was given is not on disk.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self._offer(None)
        self._thread.join()
        self._leave_one_file()
        self._database.conn.close()
        if self._failure is not None:
            raise self._error(self._failure)

    def _leave_one_file(self) -> None:
        """Fold the WAL back, so that a finished session is one plain file that can be copied and read anywhere."""
        if self._why is not None or self._failure is not None:
            return
        try:
            self._database.conn.execute("PRAGMA busy_timeout=0")
            self._database.conn.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            _log.debug("Somebody still reads the journal: its WAL stays beside it.", extra={"cause": str(error)})

    def _put(self, item: _Item) -> None:
        if self._is_closed:
            raise LedgerMismatch("The journal is closed: nothing more can be written", path=self.path)
        if self._failure is not None:
            raise self._error(self._failure)
        if not self._offer(item):
            raise LedgerMismatch("The journal's writer ended: nothing more can be written", path=self.path)

    def _offer(self, item: _Item) -> bool:
        while self._thread.is_alive():
            try:
                self._queue.put(item, timeout=_LOOK_AFTER_S)
            except queue.Full:
                continue
            return True
        return False

    def _error(self, failure: LedgerMismatch) -> LedgerMismatch:
        # Made anew: an exception that is raised twice would drag the first traceback along.
        return LedgerMismatch(failure.message, **failure.facts, rows_not_written=self._unwritten)

    def _run(self) -> None:
        is_open = True
        try:
            while is_open:
                items = self._take()
                is_open = None not in items
                self._write([batch for item in items if isinstance(item, tuple) for batch in item])
                self._answer(items)
        finally:
            if is_open:
                # Only a bug ends the thread here; whoever waits for a commit must not wait for ever.
                self._failure = self._failure or LedgerMismatch("The journal's writer died", path=self.path)
                self._answer(self._take_waiting())

    def _take(self) -> list[_Item]:
        return [self._queue.get(), *self._take_waiting(GROUP_LIMIT - 1)]

    def _take_waiting(self, limit: int = QUEUE_LIMIT) -> list[_Item]:
        items: list[_Item] = []
        while len(items) < limit:
            try:
                items.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return items

    def _write(self, batches: Sequence[Batch]) -> None:
        if not batches or (self._why is None and self._failure is None and self._write_to_file(batches)):
            return
        if self._failure is None and self._fallback is not None:
            try:
                self._fallback.append([(batch.table, batch.rows) for batch in batches])
            except LedgerMismatch as error:
                self._failure = error
            else:
                return
        self._failure = self._failure or self._why
        self._unwritten += sum(len(batch.rows) for batch in batches)

    def _write_to_file(self, batches: Sequence[Batch]) -> bool:
        connection = self._database.conn
        try:
            connection.execute("BEGIN IMMEDIATE")
            for batch in batches:
                connection.executemany(batch.table.statement, batch.rows)
            connection.execute("COMMIT")
        except (sqlite3.Error, OverflowError) as error:
            self._why = refusal("The journal cannot be written", self.path, error)
            # A full disk has rolled back already.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            return False
        return True

    def _answer(self, items: Sequence[_Item]) -> None:
        for item in items:
            if isinstance(item, Future):
                if self._failure is None:
                    item.set_result(None)
                else:
                    item.set_exception(self._error(self._failure))
