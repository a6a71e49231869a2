"""A copy of a journal that may leave the machine: whole, and no byte of a secret in it."""

import sqlite3
from pathlib import Path

import pytest

from engine.primitives.errors import LedgerMismatch
from engine.storage.incident_copy import copy_cleaned

pytestmark = pytest.mark.unit

HIDDEN = "hunter2-hunter2"


def clean(text: str) -> str:
    return text.replace(HIDDEN, "gone")


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE notes (at_ns INTEGER, text TEXT, body BLOB)")
    connection.execute("CREATE TABLE flows (flow_id TEXT PRIMARY KEY, reason TEXT) WITHOUT ROWID")
    connection.executemany(
        "INSERT INTO notes VALUES (?, ?, ?)", [(n, f"key {HIDDEN} {n}", b"\x00\x01") for n in range(50)]
    )
    connection.execute("INSERT INTO flows VALUES ('TCK_1', ?)", (f"refused: {HIDDEN}",))
    connection.commit()
    connection.close()
    return path


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_all_rows_are_there_and_no_byte_of_the_secret(journal: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    copy_cleaned(journal, target, clean)

    assert rows(target, "SELECT count(*), sum(at_ns) FROM notes") == [(50, 1225)]
    assert rows(target, "SELECT text, body FROM notes WHERE at_ns = 7") == [("key gone 7", b"\x00\x01")]
    assert rows(target, "SELECT reason FROM flows") == [("refused: gone",)]
    assert HIDDEN.encode() not in target.read_bytes()
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.sqlite"]


def test_the_journal_itself_is_not_touched(journal: Path, tmp_path: Path) -> None:
    before = journal.read_bytes()
    copy_cleaned(journal, tmp_path / "copy.sqlite", clean)

    assert journal.read_bytes() == before


def test_what_others_have_just_written_is_in_the_copy(journal: Path, tmp_path: Path) -> None:
    writer = sqlite3.connect(journal)
    writer.execute("INSERT INTO notes VALUES (99, 'just now', NULL)")
    writer.commit()
    try:
        copy_cleaned(journal, tmp_path / "copy.sqlite", clean)
    finally:
        writer.close()

    assert rows(tmp_path / "copy.sqlite", "SELECT text FROM notes WHERE at_ns = 99") == [("just now",)]


def test_a_file_that_is_no_journal_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"no database at all" * 100)
    target = tmp_path / "copy.sqlite"

    with pytest.raises(LedgerMismatch, match="cannot be copied"):
        copy_cleaned(tmp_path / "journal.sqlite", target, clean)
    assert not target.exists()
