"""The log on disk: whole lines, no secrets, and never more of it than is allowed."""

import json
import logging
import threading
from pathlib import Path

import pytest

from gui.log import file as log_file
from gui.log.file import SESSIONS_MAX, LogFile
from gui.log.redaction import cleaner

pytestmark = [pytest.mark.unit, pytest.mark.allow_warnings]

logger = logging.getLogger("gui.session")
clean = cleaner({}, Path("/far/away/ada"))


def written(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_line_says_when_how_bad_who_what_and_the_facts(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "logs", "20260105-120000-1", clean=clean)
    file.start()
    logger.warning("An order was refused.", extra={"order": "ORD_1", "api_key": "abcdefgh"})
    file.stop()

    (line,) = written(tmp_path / "logs" / "20260105-120000-1.jsonl")
    assert {name: line[name] for name in ("level", "source", "text")} == {
        "level": "WARNING",
        "source": "gui.session",
        "text": "An order was refused.",
    }
    assert line["facts"] == {"order": "ORD_1", "api_key": "[secret removed]"}
    assert str(line["at"]).endswith("Z")


def test_after_the_end_nothing_is_written_and_no_thread_is_left(tmp_path: Path) -> None:
    before = threading.active_count()
    file = LogFile(tmp_path, "one", clean=clean)
    file.start()
    logger.warning("first")
    file.stop()
    logger.warning("second")

    assert [line["text"] for line in written(file.path)] == ["first"]
    assert threading.active_count() == before


def test_a_file_is_turned_over_before_it_grows_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "SIZE_MAX", 2_000)
    file = LogFile(tmp_path, "one", clean=clean)
    file.start()
    for number in range(200):
        logger.warning("line", extra={"number": number})
    file.stop()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.jsonl", "one.jsonl.1", "one.jsonl.2"]
    assert all(path.stat().st_size <= 2_000 for path in tmp_path.iterdir())
    assert written(file.path)[-1]["facts"] == {"number": "199"}


def test_the_files_of_the_newest_windows_are_kept(tmp_path: Path) -> None:
    for number in range(SESSIONS_MAX + 5):
        (tmp_path / f"2026010{number:02}.jsonl").write_text("{}")
        (tmp_path / f"2026010{number:02}.jsonl.1").write_text("{}")
    file = LogFile(tmp_path, "20270101", clean=clean)
    file.start()
    logger.warning("line")
    file.stop()

    left = sorted(path.name for path in tmp_path.glob("*.jsonl"))
    assert len(left) == SESSIONS_MAX
    assert left[-1] == "20270101.jsonl"
    assert not (tmp_path / "202601000.jsonl.1").exists()
