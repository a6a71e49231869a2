"""How fast the window is: its first paint, a press in an emergency, frames while the engine works, and nothing to do."""

import asyncio
import gc
import json
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine.runtime.slices import Slices
from gui.app import run_on
from gui.charts.market_chart import MarketChart
from tests.benchmarks.measuring import LONG_RUNS, Board, Figure, Took
from tests.support.first_paint import paint_of
from tests.support.screen import skip_without_a_screen, virtual_screen

pytestmark = pytest.mark.benchmark
SECONDS: Final = 4
EVENT_NS: Final = 50_000
FRAME_MS: Final = 16
BEAT_MS: Final = 5
CHARTS: Final = 6
IDLE_S: Final = 10


def test_the_first_paint_against_a_bare_window(board: Board, tmp_path: Path) -> None:
    paint_of("ours", home=tmp_path)  # the files are in the machine's memory from here on
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    gaps = []
    for _ in range(LONG_RUNS):
        taken["ours"].append(paint_of("ours", home=tmp_path).after_s)
        taken["bare"].append(paint_of("bare", home=tmp_path).after_s)
        gaps.append(paint_of("loading", home=tmp_path).gap_ms)
    ours, bare = (Took(median(taken[name]), 0.0) for name in ("ours", "bare"))
    note = "wall time from the start of the process"
    board.by_wall("start to first paint, against a bare window", of=ours, to=bare, goal=1.8, better="less", note=note)
    board.count("longest silence of the window while the rest is loaded", median(gaps), goal=33, unit=" ms")


def _pressed(environment: Mapping[str, str]) -> dict[str, float]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.press_child"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    said: dict[str, float] = json.loads(run.stdout)
    return said


def _write_press(board: Board, where: str, said: Mapping[str, float]) -> None:
    note = f"a bare button {said['bare_ms']:.1f} ms, the emergency button {said['button_ms']:.1f} ms; 20 positions"
    board.count(f"press of Flatten to its paint, {where}", said["button_ms"], goal=100, unit=" ms", note=note)
    board.count(f"flatten asked to its paint, {where}", said["asked_ms"], goal=100, unit=" ms", note=note)


def test_the_press_of_the_emergency_button_drawn_into_memory(board: Board) -> None:
    _write_press(board, "offscreen", _pressed(os.environ | {"QT_QPA_PLATFORM": "offscreen"}))


def test_the_press_of_the_emergency_button_on_a_screen(board: Board) -> None:
    skip_without_a_screen()
    with virtual_screen() as environment:
        _write_press(board, "X11", _pressed(environment))


class _Frames(QWidget):
    """A window that asks for a frame every 16 ms, and knows when each was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted_s: list[float] = []
        self._frame = QTimer(self)
        self._frame.setTimerType(Qt.TimerType.PreciseTimer)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self.update)
        self._frame.start()
        self.resize(1_200, 700)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        QPainter(self).fillRect(self.rect(), QColor("black"))
        self.painted_s.append(time.perf_counter())


async def _consume(events: deque[int], there: asyncio.Event, *, sliced: bool) -> None:
    slices = Slices(time.monotonic_ns)
    while True:
        await there.wait()
        while events:
            events.popleft()
            until = time.perf_counter_ns() + EVENT_NS
            while time.perf_counter_ns() < until:
                pass
            if sliced:
                await slices.breathe()
        there.clear()


async def _produce(events: deque[int], there: asyncio.Event, *, per_s: int, burst: int) -> None:
    """Deliver on the beat of a real second what a venue would have sent meanwhile, and a burst at the full second."""
    began, sent, bursts = time.perf_counter(), 0, 0
    while (passed := time.perf_counter() - began) < SECONDS:
        due = int(per_s * passed) - sent
        sent += due
        if int(passed) > bursts:
            bursts += 1
            due += burst
        events.extend(range(due))
        if due:
            there.set()
        await asyncio.sleep(BEAT_MS / 1_000)


def _played(qapp: QApplication, *, per_s: int, burst: int, sliced: bool) -> tuple[float, float]:
    """Return frames per second, and the longest gap between two of them in milliseconds."""

    async def work() -> list[float]:
        frames, events, there = _Frames(), deque[int](), asyncio.Event()
        frames.show()
        await asyncio.sleep(0.2)
        frames.painted_s.clear()
        async with asyncio.TaskGroup() as tasks:
            consumer = tasks.create_task(_consume(events, there, sliced=sliced))
            await _produce(events, there, per_s=per_s, burst=burst)
            consumer.cancel()
        painted = list(frames.painted_s)
        frames.close()
        frames.deleteLater()
        return painted

    gc.collect()
    gc.freeze()
    try:
        painted = run_on(qapp, work())
    finally:
        gc.unfreeze()
    gaps = [later - earlier for earlier, later in pairwise(painted)]
    return len(gaps) / sum(gaps), max(gaps) * 1_000


def test_frames_while_bursts_of_events_come_in(qapp: QApplication, board: Board) -> None:
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(LONG_RUNS):
        for sliced in (True, False):
            taken[sliced].append(_played(qapp, per_s=5_000, burst=2_000, sliced=sliced)[1])
    ours, naive = median(taken[True]), median(taken[False])
    name = "5,000 events/s of 50 us, bursts of 2,000: longest gap between frames"
    board.count(name, ours, goal=33, unit=" ms", note=f"a naive consumer {naive:.0f} ms")
    took = (Took(ours, 1.0), Took(naive, 1.0))
    board.by_wall("the same against a naive consumer", of=took[0], to=took[1], goal=1 / 5, better="less", note="")


def test_frames_while_more_comes_in_than_can_be_done(qapp: QApplication, board: Board) -> None:
    runs = [_played(qapp, per_s=25_000, burst=0, sliced=True) for _ in range(LONG_RUNS)]
    frames_per_s, gap_ms = (median(run[part] for run in runs) for part in (0, 1))
    name = "25,000 events/s of 50 us, more than a core can do: frames a second"
    board.figures.append(Figure(name, 55, "more", frames_per_s, unit=""))
    board.count("the same: longest gap between frames", gap_ms, goal=40, unit=" ms")


@pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")
def test_six_charts_with_nothing_to_do(qapp: QApplication, board: Board) -> None:
    charts = [MarketChart((), tick_size=Decimal("0.01")) for _ in range(CHARTS)]
    for chart in charts:
        chart.show()

    async def idle() -> float:
        await asyncio.sleep(1)
        began = time.process_time()
        await asyncio.sleep(IDLE_S)
        return time.process_time() - began

    share = run_on(qapp, idle()) / IDLE_S
    board.count("idle with six charts, share of a core", share * 100, goal=0.5, unit=" %")
    gc.collect()
    gc.freeze()
    began = time.thread_time()
    gc.collect()
    took_ms = (time.thread_time() - began) * 1_000
    gc.unfreeze()
    board.count("a full garbage collection with them, after gc.freeze", took_ms, goal=2, unit=" ms")
    for chart in charts:
        chart.close()
        chart.deleteLater()
