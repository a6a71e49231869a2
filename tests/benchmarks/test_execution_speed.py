"""What it costs to keep one's word: orders through guard, journal and paper venue, a commit, and a recovery."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from engine.config.policies import GuardLimits
from engine.contracts.orders import OrderStatus
from engine.journal.carrying import read_books
from engine.journal.inputs import InputKind
from engine.journal.journal import SqliteJournal
from engine.phase0_bootstrap.recovery import left_by_the_last, venue_file_of
from engine.phase5_execution.guard import OrderGuard
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.phase5_execution.venue_books import VenueBooks
from engine.storage.database import Durability
from engine.storage.venue_store import VenueStore
from tests.benchmarks.measuring import LONG_RUNS, Board, Took, Watch, alternated
from tests.support.execution import FREE, START_NS, HandClock, a_new_trade
from tests.support.far_floor import FarFloor, WatchedLine
from tests.support.journals import a_header

pytestmark = pytest.mark.benchmark
D = Decimal
ORDERS: Final = 300
EVENTS: Final = 1_000_000
_UNLIMITED: Final = GuardLimits(max_orders_per_second=None, max_entries_per_minute=None, duplicate_window_ms=0)


class _Floor(FarFloor):
    """A floor whose books go into a real journal, and whose venue keeps its own on disk, both with FULL."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.journal = SqliteJournal(folder / "journal.sqlite", clock=self.clock)
        facts = {"starting_cash": "100000", "currency": "USDT"}
        self.journal.open_session(a_header(mode="PAPER", facts=facts))
        self.store = VenueStore(venue_file_of(self.journal.path), durability=Durability.FULL)
        books = VenueBooks(starting_cash=D(100_000), currency="USDT")
        self.venue = SimulatedVenue(
            instruments=self.markets, clock=self.clock, parameters=FREE, books=books, keep=self.store.keep
        )
        self.line = WatchedLine(self.venue, clock=self.clock, faults=self.faults)
        self.line.disk = self.disk
        self.guard = OrderGuard(ledger=self.ledger, limits=_UNLIMITED, last_price=self._last_price)
        self._told = 0
        self.disk.commit = self.commit  # type: ignore[method-assign]  # the real disk in place of the remembered one
        self.disk.is_full = True  # what is on disk is the journal's to say
        self.restart()
        self.bar(open=100)

    def commit(self) -> None:
        """Put what the books have told since the last time on disk."""
        for change in self.changes[self._told :]:
            self.journal.ledger(change)
        self._told = len(self.changes)
        self.journal.commit()

    def send(self, orders: int) -> Took:
        """Send so many entries that rest, each with a commit of its own; return how long that took."""
        directives = [a_new_trade(limit="95", stop="80", size="0.1", execution_urgency=D("0.6")) for _ in range(orders)]
        translated = [self.translate(directive) for directive in directives]
        watch = Watch()
        with watch:
            for translation in translated:
                self.handler.on_translation_complete(translation)
                self.handler.settle()
        assert len(self.venue.books.open_orders()) == orders
        return watch.took

    def close(self) -> None:
        self.journal.close()
        self.store.close()


def _through_the_floor(folder: Path) -> Took:
    floor = _Floor(folder)
    try:
        return floor.send(ORDERS)
    finally:
        floor.close()


_ROW: Final = ("ORD_20260105_003100_00004", OrderStatus.SUBMITTED.value, "x" * 400)


def _raw(path: Path, *, writes: int) -> Took:
    """Write as many rows as transactions of their own with FULL, and nothing else."""
    watch = Watch()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE row (number INTEGER PRIMARY KEY, order_id TEXT, status TEXT, body TEXT)")
        with watch:
            for number in range(writes):
                database.execute("BEGIN IMMEDIATE")
                database.execute("INSERT INTO row VALUES (?, ?, ?, ?)", (number, *_ROW))
                database.execute("COMMIT")
    return watch.took


def _in_memory(writes: int) -> Took:
    kept, watch = {}, Watch()
    with watch:
        for number in range(writes):
            kept[number] = _ROW
    return watch.took


def test_orders_through_guard_journal_and_paper_venue(tmp_path: Path, board: Board) -> None:
    folders = (tmp_path / str(number) for number in count())

    def folder() -> Path:
        made = next(folders)
        made.mkdir()
        return made

    # One commit of the journal and one of the venue for each order.
    through, raw, memory = alternated(
        lambda: _through_the_floor(folder()),
        lambda: _raw(folder() / "raw.sqlite", writes=2 * ORDERS),
        lambda: _in_memory(2 * ORDERS),
        runs=LONG_RUNS,
    )

    note = f"{ORDERS / through.wall:.0f} orders a second; {through.wall / memory.wall:.0f}x an in-memory dict"
    board.ratio(
        "an order, guard to paper venue, against 2 raw commits", of=through, to=raw, goal=20, better="less", note=note
    )


def _commits(path: Path) -> Took:
    journal, watch = SqliteJournal(path, clock=HandClock()), Watch()
    journal.open_session(a_header())
    journal.commit()
    try:
        for _ in range(ORDERS):
            journal.came_in(InputKind.TIME, _ROW[2])
            with watch:
                journal.commit()
    finally:
        journal.close()
    return watch.took


def test_a_commit_of_the_journal_against_a_raw_one(tmp_path: Path, board: Board) -> None:
    numbers = count()

    ours, raw = alternated(
        lambda: _commits(tmp_path / f"{next(numbers)}.sqlite"),
        lambda: _raw(tmp_path / f"{next(numbers)}.raw", writes=ORDERS),
    )

    note = f"{ours.wall / ORDERS * 1e3:.2f} ms, with the way to the writer's thread and back"
    board.ratio("a commit of the journal against a raw one", of=ours, to=raw, goal=4, better="less", note=note)


def test_recovery_from_a_journal_of_a_million_events(tmp_path: Path, board: Board) -> None:
    floor = _Floor(tmp_path)
    floor.send(50)
    floor.close()
    path = floor.journal.path
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE TEMP TABLE n AS WITH RECURSIVE up(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM up LIMIT 1000000)"
            " SELECT i FROM up"
        )
        database.execute(
            "INSERT INTO ledger_event (seq, at_ns, strategy_id, kind, refused, body, order_id, order_status)"
            " SELECT last.seq + n.i, at_ns, strategy_id, kind, refused, body, order_id, order_status"
            " FROM n, (SELECT * FROM ledger_event ORDER BY seq DESC LIMIT 1) AS last"
        )
        database.commit()

    def recovered() -> Took:
        watch = Watch()
        with watch:
            left = left_by_the_last(tmp_path, START_NS + 10**12, fallbacks=tmp_path / "fallbacks")
        assert left.books is not None
        assert len(left.books.orders) == 50
        return watch.took

    def checked() -> Took:
        watch = Watch()
        with closing(sqlite3.connect(path)) as database, watch:
            assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)
            assert database.execute("SELECT count(*), sum(seq) FROM ledger_event").fetchone()[0] >= EVENTS
        return watch.took

    def read() -> Took:
        watch = Watch()
        with watch:
            read_books(path)
        return watch.took

    ours, raw, books = alternated(recovered, checked, read, runs=LONG_RUNS)

    note = f"{ours.wall:.2f} s, of which the books {books.wall * 1e3:.0f} ms and the rest quick_check"
    board.ratio(
        "recovery, 1,000,000 events, against raw quick_check and a scan",
        of=ours,
        to=raw,
        goal=1.5,
        better="less",
        note=note,
    )
