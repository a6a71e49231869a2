"""The net that tests/conftest.py spreads under every test holds: each fault below must be caught."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = """
import logging, threading
import pytest

KEPT = []

def test_logs_a_warning():
    logging.getLogger("engine.somewhere").warning("nobody expected this")

@pytest.mark.allow_warnings
def test_logs_a_warning_on_purpose():
    logging.getLogger("engine.somewhere").warning("this is the point")

def test_leaves_a_thread():
    threading.Thread(target=threading.Event().wait, name="forgotten", daemon=True).start()

def test_leaves_a_window(qapp):
    from PySide6.QtWidgets import QWidget
    KEPT.append(QWidget())

def test_leaves_a_timer(qapp):
    from PySide6.QtCore import QTimer
    KEPT.append(QTimer(interval=60_000))
    KEPT[-1].start()

def test_closes_its_window(qtbot):
    from PySide6.QtWidgets import QWidget
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

def test_runs_a_coroutine_on_qt(qt_loop):
    import asyncio
    assert qt_loop.run_until_complete(asyncio.sleep(0, "done")) == "done"
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = Path(__file__).parents[2]
    faulty = tmp_path_factory.mktemp("faults") / "test_faults.py"
    faulty.write_text(FAULTS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-c", "pyproject.toml"]
    run = subprocess.run([*command, str(faulty)], cwd=root, capture_output=True, text=True, check=False)
    return run.stdout


@pytest.mark.parametrize("test", ["logs_a_warning", "leaves_a_thread", "leaves_a_window", "leaves_a_timer"])
def test_a_fault_is_caught(outcome: str, test: str) -> None:
    assert re.search(rf"^ERROR .*::test_{test} ", outcome, re.MULTILINE), outcome


def test_the_innocent_pass(outcome: str) -> None:
    assert re.search(r"7 passed, 4 errors in", outcome), outcome


def test_what_was_left_behind_is_named(outcome: str) -> None:
    assert "the thread 'forgotten'" in outcome
    assert "nobody expected this" in outcome
