import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.primitives.errors import LedgerMismatch
from engine.storage.database import Reader, Row
from engine.storage.schema import EQUITY, FLOW, NODE, NOTE
from engine.storage.writer import DatabaseWriter

pytestmark = pytest.mark.unit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "session.db"


@pytest.fixture
def writer(path: Path) -> Iterator[DatabaseWriter]:
    writer = DatabaseWriter(path, queue_limit=4)
    yield writer
    if writer._failure is None:
        writer.close()


def notes(first: int, count: int = 1, text: str = "x") -> list[Row]:
    return [(number, number, "INFO", "test", text) for number in range(first, first + count)]


def count_of(path: Path, table: str = "note") -> int:
    with Reader(path) as reader:
        row = reader.row(f"SELECT count(*) AS n FROM {table}")  # noqa: S608
    assert row is not None
    return int(row["n"])


def filled_up(writer: DatabaseWriter) -> None:
    """Let the next write meet a full disk: SQLite then reports SQLITE_FULL like for a real one."""
    pages = writer._database.conn.execute("PRAGMA page_count").fetchone()[0]
    writer._database.conn.execute(f"PRAGMA max_page_count={pages}")


def test_what_is_committed_is_there(writer: DatabaseWriter, path: Path) -> None:
    writer.give(NOTE, notes(0, 3))
    writer.commit()

    assert count_of(path) == 3


def test_close_writes_what_waits_and_a_second_close_does_nothing(path: Path) -> None:
    writer = DatabaseWriter(path)
    for number in range(500):
        writer.give(NOTE, notes(number))
    writer.close()
    writer.close()

    assert count_of(path) == 500


def test_rows_are_written_in_the_order_in_which_they_are_given(writer: DatabaseWriter, path: Path) -> None:
    for number in range(50):
        writer.give(FLOW, [(f"F{number}", number, "s", 0, "E", "EXECUTED", "", "", "", "", "")])
        # Points at the row above: the other order would be refused.
        writer.give(NODE, [(f"F{number}", 0, "N", "E", "w", "m", "T", "{}")])
    writer.commit()

    assert count_of(path, "node") == 50


def test_what_is_given_together_is_there_together_or_not_at_all(writer: DatabaseWriter, path: Path) -> None:
    orphan = ("F1", 0, "N", "E", "w", "m", "T", "{}")
    writer.give_together([(NOTE, notes(0)), (NODE, [orphan])])

    with pytest.raises(LedgerMismatch, match="contradicts"):
        writer.commit()
    with pytest.raises(LedgerMismatch):
        writer.close()

    assert count_of(path) == 0


def test_a_projection_keeps_the_latest_row_and_the_truth_refuses_a_second(writer: DatabaseWriter, path: Path) -> None:
    writer.give(EQUITY, [(1, "1", "0", "1", "0", "0", "USDT"), (1, "2", "0", "2", "0", "0", "USDT")])
    writer.commit()
    with Reader(path) as reader:
        assert reader.row("SELECT cash FROM equity") == {"cash": "2"}

    writer.give(NOTE, [*notes(0), *notes(0)])
    with pytest.raises(LedgerMismatch, match="a row contradicts what is already there"):
        writer.commit()
    with pytest.raises(LedgerMismatch):
        writer.close()


def test_a_full_queue_makes_the_giver_wait_and_drops_nothing(writer: DatabaseWriter, path: Path) -> None:
    is_writing, may_go_on = threading.Event(), threading.Event()

    def slow_disk() -> None:
        is_writing.set()
        may_go_on.wait()

    writer._database.conn.create_function("slow_disk", 0, slow_disk)
    writer._database.conn.execute(
        "CREATE TEMP TRIGGER slow BEFORE INSERT ON note WHEN new.seq = 0 BEGIN SELECT slow_disk(); END"
    )
    given: list[int] = []

    def give_many() -> None:
        for number in range(1, 20):
            writer.give(NOTE, notes(number))
            given.append(number)

    writer.give(NOTE, notes(0))
    is_writing.wait()
    giver = threading.Thread(target=give_many)
    giver.start()
    giver.join(0.2)
    waiting = len(given)
    may_go_on.set()
    giver.join()
    writer.commit()

    assert waiting <= 4
    assert count_of(path) == 20


def test_a_full_disk_is_said_at_the_next_call_and_at_every_one_after_it(writer: DatabaseWriter, path: Path) -> None:
    writer.give(NOTE, notes(0, 5))
    writer.commit()
    filled_up(writer)

    writer.give(NOTE, notes(5, 2000, text="y" * 500))
    with pytest.raises(LedgerMismatch, match="cannot be written: the disk is full: free some space") as caught:
        writer.commit()

    assert caught.value.facts["rows_not_written"] == 2000
    for call in (writer.commit, lambda: writer.give(NOTE, notes(9999)), writer.close):
        with pytest.raises(LedgerMismatch, match="the disk is full"):
            call()
    assert count_of(path) == 5
    with Reader(path) as reader:
        assert reader.quick_check() == ()


def test_a_transaction_is_written_whole_or_not_at_all(writer: DatabaseWriter, path: Path) -> None:
    writer.give(NOTE, [*notes(0, 10), *notes(3)])
    with pytest.raises(LedgerMismatch):
        writer.commit()
    with pytest.raises(LedgerMismatch):
        writer.close()

    assert count_of(path) == 0


def test_a_commit_that_nobody_waits_for_yet_is_a_future(writer: DatabaseWriter, path: Path) -> None:
    writer.give(NOTE, notes(0))
    ticket = writer.committed()

    assert ticket.result(timeout=5) is None
    assert count_of(path) == 1


def test_a_closed_writer_takes_nothing(path: Path) -> None:
    writer = DatabaseWriter(path)
    writer.close()

    with pytest.raises(LedgerMismatch, match="closed"):
        writer.give(NOTE, notes(0))


def test_many_threads_may_commit(writer: DatabaseWriter, path: Path) -> None:
    def work(first: int) -> None:
        for number in range(first, first + 25):
            writer.give(NOTE, notes(number))
            writer.commit()

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count_of(path) == 75


def test_a_finished_session_is_one_file_also_after_it_was_read(path: Path) -> None:
    writer = DatabaseWriter(path)
    writer.give(NOTE, notes(0))
    writer.close()

    assert count_of(path) == 1
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_reader_that_stays_does_not_hold_up_the_end_of_a_session(path: Path) -> None:
    writer = DatabaseWriter(path)
    writer.give(NOTE, notes(0))
    writer.commit()
    with Reader(path) as reader:
        rows = reader.rows("SELECT * FROM note")
        assert next(rows)["text"] == "x"
        writer.close()
        rows.close()

    assert count_of(path) == 1
