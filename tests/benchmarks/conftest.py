"""One board for all figures of a session, and the table at its end."""

from pathlib import Path

import pytest

from tests.benchmarks.measuring import RUNS, Board
from tests.benchmarks.reference import ReferenceWork

_board = Board()


@pytest.fixture(scope="session")
def board() -> Board:
    """Where figures are written."""
    return _board


@pytest.fixture
def work(tmp_path: Path) -> ReferenceWork:
    """The reference work in a home of its own."""
    return ReferenceWork.at_home(tmp_path / "user")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    if not _board.figures:
        return
    terminalreporter.section(f"speed: medians of {RUNS}, taken in turns")
    for line in _board.lines():
        terminalreporter.write_line(line)
    terminalreporter.write_line("")
    terminalreporter.write_line(
        "Ratios are of wall time where nothing else is said. They are honest on a machine with nothing else to do; the "
        "ratio of processor time beside them holds on a busy one as well, but leaves out what the journal's thread gains."
    )
