import os
from pathlib import Path

import pytest

from engine.primitives.errors import LedgerMismatch
from engine.storage.database import Durability, Reader, connect
from engine.storage.schema import MIGRATIONS, NOTE
from engine.storage.writer import DatabaseWriter

pytestmark = pytest.mark.unit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "session.db"


def written(path: Path, *texts: str) -> Path:
    writer = DatabaseWriter(path)
    writer.give(NOTE, [(number, number, "INFO", "test", text) for number, text in enumerate(texts)])
    writer.close()
    return path


@pytest.mark.parametrize(("durability", "level"), [(Durability.FULL, 2), (Durability.NORMAL, 1)])
def test_a_connection_is_set_up_as_we_want_it(path: Path, durability: Durability, level: int) -> None:
    database = connect(path, durability)
    found = {
        name: database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    database.conn.close()

    assert found == {"journal_mode": "wal", "synchronous": level, "foreign_keys": 1, "busy_timeout": 5000}


def test_a_missing_file_is_not_made_by_reading(path: Path) -> None:
    with pytest.raises(LedgerMismatch, match="no such journal"):
        Reader(path)

    assert not path.exists()


def test_a_reader_cannot_write(path: Path) -> None:
    with Reader(written(path, "x")) as reader, pytest.raises(LedgerMismatch, match="cannot be read"):
        list(reader.rows("DELETE FROM note"))


@pytest.mark.parametrize("name", ["with space #1.db", "100%.db", "é.db"])
def test_a_reader_finds_a_file_by_any_name(tmp_path: Path, name: str) -> None:
    with Reader(written(tmp_path / name, "x")) as reader:
        assert reader.row("SELECT text FROM note") == {"text": "x"}


def test_a_reader_sees_what_is_committed_while_the_writer_is_open(path: Path) -> None:
    writer = DatabaseWriter(path)
    with Reader(path) as reader:
        writer.give(NOTE, [(0, 0, "INFO", "test", "x")])
        writer.commit()
        first = reader.row("SELECT count(*) AS n FROM note")
        writer.give(NOTE, [(1, 0, "INFO", "test", "y")])
        writer.commit()
        second = reader.row("SELECT count(*) AS n FROM note")
    writer.close()

    assert (first, second) == ({"n": 1}, {"n": 2})


def test_a_file_that_is_no_database_is_named_with_what_to_do(path: Path) -> None:
    path.write_bytes(b"garbage" * 1000)

    for open_it in (lambda: Reader(path), lambda: DatabaseWriter(path)):
        with pytest.raises(LedgerMismatch, match="choose another name") as caught:
            open_it()
        assert caught.value.facts["path"] == path


def test_a_file_that_nothing_was_written_into_is_named_with_what_to_do(path: Path) -> None:
    # So it is left behind by a session that was killed while it opened its journal.
    path.touch()

    with pytest.raises(LedgerMismatch, match="holds no session"):
        Reader(path)


def test_a_damaged_page_is_found(path: Path) -> None:
    written(path, *("x" * 500 for _ in range(200)))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size - 3 * 4096)
        file.write(b"\xff" * 2 * 4096)

    with Reader(path) as reader:
        assert reader.quick_check() != ()


def test_a_sound_file_passes_the_check(path: Path) -> None:
    with Reader(written(path, "x")) as reader:
        assert reader.quick_check() == ()
        assert reader.version() == len(MIGRATIONS)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_said_and_its_journals_can_still_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    path = written(folder / "old.db", "x")
    folder.chmod(0o500)
    try:
        with pytest.raises(LedgerMismatch, match="check that its folder exists and that you may write there"):
            DatabaseWriter(folder / "new.db")
        with Reader(path) as reader:
            assert reader.row("SELECT text FROM note") == {"text": "x"}
    finally:
        folder.chmod(0o700)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerMismatch, match="check that its folder exists"):
        DatabaseWriter(tmp_path / "nowhere" / "session.db")
