"""What every chart is asked to show and how it is moved. It imports numpy alone: finplot runs it in an environment of its own."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

WIDTH: Final = 1_200
HEIGHT: Final = 700
OVERLAYS: Final = 8
OSCILLATORS: Final = 2
LINES: Final = 10
_STEPS: Final = 20

Column = NDArray[np.float64]


def candles(bars: int) -> dict[str, Column]:
    """Return open, high, low, close and volume of a random walk."""
    random = np.random.default_rng(7)
    close = 40_000 * np.exp(np.cumsum(random.normal(0, 0.0004, bars)))
    open_ = np.concatenate(([40_000.0], close[:-1]))
    reach = np.abs(random.normal(0, 8, (2, bars)))
    return {
        "open": open_,
        "high": np.maximum(open_, close) + reach[0],
        "low": np.minimum(open_, close) - reach[1],
        "close": close,
        "volume": np.abs(random.normal(100, 30, bars)),
    }


def noisy(bars: int, count: int) -> list[Column]:
    """Return columns that warm up and are noisy, each around its own level."""
    random = np.random.default_rng(11)
    made = []
    for number in range(count):
        column = 40_000 + 100 * number + np.cumsum(random.normal(0, 3, bars)) + random.normal(0, 30, bars)
        column[: 20 * (number + 1)] = np.nan
        made.append(column)
    return made


def spans(bars: int) -> Iterator[tuple[float, float]]:
    """Give left and right of each frame: pan at the newest bars, zoom out to all of them, pan over half of them."""
    narrow = min(300, bars / 2)
    for step in range(_STEPS):
        yield bars - narrow - 7 * step, bars - 7 * step
    for step in range(_STEPS + 1):
        width = narrow * (bars / narrow) ** (step / _STEPS)
        yield bars - width, float(bars)
    for step in range(_STEPS):
        left = bars / 2 * (step + 1) / (_STEPS + 1)
        yield left, left + bars / 2


def resident_mb() -> float:
    """Return the memory of this process now, or at its highest where the system does not tell."""
    status = Path("/proc/self/statm")
    if status.is_file():
        return int(status.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return highest / (1e6 if sys.platform == "darwin" else 1e3)


def timed(work: Callable[[], object]) -> float:
    """Return the processor time of a work in all threads, milliseconds."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e3


def tell(*, first: float, frames: Sequence[float], append: float, memory_mb: float) -> None:
    """Print what a child measured: milliseconds of processor time, and megabytes."""
    ordered = sorted(frames)
    told = {
        "first": first,
        "median": ordered[len(ordered) // 2],
        "p95": ordered[int(len(ordered) * 0.95)],
        "append": append,
        "memory_mb": memory_mb,
    }
    print(json.dumps(told))  # noqa: T201  # what the parent reads
