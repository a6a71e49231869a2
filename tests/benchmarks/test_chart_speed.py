"""Charts against finplot, pyqtgraph's example candlestick and its downsampled lines: each in a process of its own.

finplot brings a second Qt, so it lives in `.venv-finplot`, which `tools/set_up.sh bench` makes; where that could not be
made its rows are missing, and the board says so.
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.benchmarks.measuring import LONG_RUNS, Board, Took
from tests.support.tree import ROOT

pytestmark = pytest.mark.benchmark

MILLION: Final = 1_000_000
_FINPLOT: Final = ROOT / ".venv-finplot" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
_PICTURED_BARS: Final = 100_000  # at a million one run of the example takes minutes; its cost grows with the bars

Measured = dict[str, float]


def measured(*asked: tuple[str, int]) -> list[Measured]:
    """Return the medians of what the children tell, run in turns; a contender is asked for by name and bars."""
    told: list[list[Measured]] = [[_child(name, bars) for name, bars in asked] for _ in range(LONG_RUNS)]
    return [
        {key: statistics.median(run[place][key] for run in told) for key in told[0][place]}
        for place in range(len(asked))
    ]


def _child(name: str, bars: int) -> Measured:
    if name.startswith("finplot "):
        script = Path(__file__).with_name("finplot_child.py")
        command = [str(_FINPLOT), str(script), name.removeprefix("finplot "), str(bars)]
    else:
        command = [sys.executable, "-m", "tests.benchmarks.chart_child", name, str(bars)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)  # ours
    result: Measured = json.loads(done.stdout.splitlines()[-1])
    return result


def took(milliseconds: float) -> Took:
    """Return processor time as what the board compares: a chart works in one thread."""
    return Took(milliseconds, milliseconds)


def compare(board: Board, name: str, key: str, ours: Measured, theirs: Measured, *, goal: float) -> None:
    """Write how many of theirs ours is, with both beside it."""
    unit = "MB" if key == "memory_mb" else "ms of processor time"
    note = f"{ours[key]:.2f} against {theirs[key]:.2f} {unit}"
    board.ratio(f"charts: {name}", of=took(ours[key]), to=took(theirs[key]), goal=goal, better="less", note=note)


def test_candles_cost_no_more_for_millions_of_bars(board: Board) -> None:
    thousand, million, millions, empty = measured(
        ("candles", 1_000), ("candles", MILLION), ("candles", 5 * MILLION), ("empty", 1_000)
    )

    compare(board, "p95 frame, 5,000,000 bars against 1,000", "p95", millions, thousand, goal=2)
    compare(board, "first frame, 5,000,000 bars against 1,000", "first", millions, thousand, goal=3)
    compare(board, "median frame at 1,000,000 bars against an empty PlotWidget", "median", million, empty, goal=5)


def test_candles_against_the_example_of_pyqtgraph(board: Board) -> None:
    ours, theirs = measured(("candles", _PICTURED_BARS), ("pictured", _PICTURED_BARS))

    compare(board, f"median frame, {_PICTURED_BARS:,} bars against QPicture", "median", ours, theirs, goal=1 / 50)
    compare(board, f"append, {_PICTURED_BARS:,} bars against QPicture", "append", ours, theirs, goal=1 / 50)


def test_ten_lines_against_downsampled_ones(board: Board) -> None:
    ours, theirs = measured(("lines", MILLION), ("plotted", MILLION))

    compare(board, "ten lines of 1,000,000, p95 against auto-peak and clip-to-view", "p95", ours, theirs, goal=1 / 4)
    compare(board, "ten lines of 1,000,000, append", "append", ours, theirs, goal=1 / 4)


@pytest.mark.skipif(
    not _FINPLOT.is_file(), reason="finplot's environment is missing: sh tools/set_up.sh bench makes it"
)
def test_charts_against_finplot(board: Board) -> None:
    candles, their_candles, whole, their_whole = measured(
        ("candles", MILLION), ("finplot candles", MILLION), ("whole", MILLION), ("finplot whole", MILLION)
    )

    compare(board, "candles, 1,000,000 bars, p95 against finplot", "p95", candles, their_candles, goal=1 / 20)
    for key, goal in (("p95", 1 / 15), ("append", 1 / 200), ("first", 1 / 30), ("memory_mb", 1 / 4)):
        compare(board, f"whole chart, 1,000,000 bars, {key} against finplot", key, whole, their_whole, goal=goal)
