"""Faults that nobody caught are taken in wherever they happen, written down without secrets, and told once."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from gui.incident.faults import REPORTS_MAX, Fault, Faults
from gui.log.lines import LogLine
from gui.log.redaction import cleaner

pytestmark = [pytest.mark.unit, pytest.mark.allow_warnings]

LINES = (LogLine(0, 20, "gui.session", "A fill was booked.", {"order": "ORD_1"}),)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "reports"


@pytest.fixture
def faults(folder: Path) -> Faults:
    return Faults(folder, clean=cleaner({"VENUE_TOKEN": "abcdefgh"}, Path("/far/away/ada")), log_lines=lambda: LINES)


@pytest.fixture
def seen(faults: Faults) -> list[Fault]:
    told: list[Fault] = []
    faults.seen.connect(told.append)
    return told


def fail(text: str = "the books are on fire") -> None:
    raise RuntimeError(text)


def error_of(text: str = "the books are on fire") -> RuntimeError:
    with pytest.raises(RuntimeError) as raised:
        fail(text)
    return raised.value


def test_a_fault_is_written_down_with_where_it_was_and_the_log_before_it(
    faults: Faults, seen: list[Fault], folder: Path
) -> None:
    faults.take("Market", error_of("the key abcdefgh is refused"))

    (fault,) = seen
    assert fault.text == "RuntimeError: the key abcdefgh is refused"
    assert fault.report is not None
    assert fault.report.parent == folder
    report = fault.report.read_text(encoding="utf-8")
    assert "in Market, on the thread MainThread" in report
    assert "in fail" in report
    assert "A fill was booked." in report
    assert "abcdefgh" not in report
    assert "abcdefgh" not in fault.trace


def test_the_same_fault_in_every_frame_is_told_once(faults: Faults, seen: list[Fault], folder: Path) -> None:
    for _ in range(100):
        faults.take("Market", error_of())

    assert len(seen) == 1
    assert len(list(folder.iterdir())) == 1


def test_only_the_newest_reports_are_kept(faults: Faults, folder: Path) -> None:
    folder.mkdir()
    for number in range(REPORTS_MAX + 10):
        (folder / f"fault-20250101-000000-{number:03}.txt").write_text("old")
    faults.take("Market", error_of())

    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == REPORTS_MAX
    assert left[0] == "fault-20250101-000000-011.txt"


def test_a_report_that_cannot_be_written_is_told_all_the_same(faults: Faults, seen: list[Fault], folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    faults.take("Market", error_of())

    assert [fault.report for fault in seen] == [None]


class Caller(QObject):
    called = Signal()


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def test_slots_threads_and_callbacks_of_the_loop_are_contained_while_it_is_installed(
    faults: Faults, seen: list[Fault], loop: asyncio.AbstractEventLoop, qtbot: QtBot
) -> None:
    hooks = (sys.excepthook, threading.excepthook)
    faults._folder = None  # Python's own watch over this process is left alone
    faults.install(loop, "Window")
    try:
        sys.excepthook(RuntimeError, error_of("in a slot"), None)
        thread = threading.Thread(target=fail, args=("in a thread",), name="emergency watch")
        with qtbot.waitSignal(faults.seen):
            thread.start()
            thread.join()
        loop.call_soon(lambda: 1 // 0)
        loop.call_soon(loop.stop)
        loop.run_forever()
    finally:
        faults.uninstall(loop)

    assert [(fault.where, fault.text) for fault in seen] == [
        ("Window", "RuntimeError: in a slot"),
        ("emergency watch", "RuntimeError: in a thread"),
        ("Window", "ZeroDivisionError: integer division or modulo by zero"),
    ]
    assert seen[1].thread == "emergency watch"
    assert (sys.excepthook, threading.excepthook) == hooks


_DYING = """
import asyncio, faulthandler, sys
from pathlib import Path
from gui.incident.faults import Faults
faults = Faults(Path(sys.argv[1]), clean=str, log_lines=tuple)
loop = asyncio.new_event_loop()
print(*(path.name for path in faults.install(loop, "Window")))
if sys.argv[2] == "die":
    faulthandler._sigsegv()
faults.uninstall(loop)
loop.close()
"""


def test_a_death_below_python_is_written_down_and_told_by_the_next_window_once(folder: Path) -> None:
    def window(ends: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # our own interpreter and text
            [sys.executable, "-c", _DYING, str(folder), ends], capture_output=True, text=True, check=False, timeout=60
        )

    assert window("die").returncode != 0
    (file,) = folder.iterdir()
    assert "Segmentation fault" in file.read_text(encoding="utf-8")

    assert window("end").stdout.strip() == f"told-{file.name}"
    assert window("end").stdout.strip() == ""
    assert [path.name for path in folder.iterdir()] == [f"told-{file.name}"]
