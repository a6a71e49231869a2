"""How the benchmarks measure: turn and turn about, medians, and one table at the end. Nothing is ever judged by a clock."""

import gc
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

RUNS: Final = int(os.environ.get("BENCH_RUNS", "5"))
"""How often each work is done; the median counts. Fewer is for a quick look only."""
LONG_RUNS: Final = min(RUNS, 3)
"""How often where a single run takes longest, and its own length evens out what the machine does beside it."""


@dataclass(frozen=True, slots=True)
class Took:
    """What a run took: seconds on the wall, and of the processor in all threads of this process."""

    wall: float
    processor: float


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of the reference work: what it took, and how many trades it made, the last one open or not."""

    took: Took
    trades: int


class Watch:
    """A stopwatch that can be held: ``with watch:`` adds what lies in between."""

    def __init__(self) -> None:
        self._wall = self._processor = 0.0

    def __enter__(self) -> "Watch":
        self._wall -= time.perf_counter()
        self._processor -= time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self._wall += time.perf_counter()
        self._processor += time.process_time()

    @property
    def took(self) -> Took:
        """What was between all begins and ends."""
        return Took(self._wall, self._processor)

    def without(self, other: "Watch") -> Took:
        """Return the same without what another watch, running meanwhile, has measured."""
        return Took(self._wall - other._wall, self._processor - other._processor)


def alternated(*works: Callable[[], Took], runs: int = RUNS) -> list[Took]:
    """Do all works in turn, so that a slow moment of the machine falls on each; return their medians.

    The garbage collector is in the same state for all: what was there before is frozen, what comes is collected.
    """
    taken: list[list[Took]] = [[] for _ in works]
    for turn in range(runs):
        order = range(len(works)) if turn % 2 == 0 else reversed(range(len(works)))
        for number in order:
            gc.collect()
            gc.freeze()
            try:
                taken[number].append(works[number]())
            finally:
                gc.unfreeze()
    return [
        Took(statistics.median(took.wall for took in each), statistics.median(took.processor for took in each))
        for each in taken
    ]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `measured` is a ratio, a count or megabytes, as `goal` says."""

    name: str
    goal: float
    better: Literal["more", "less"]
    measured: float
    unit: str = "x"
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        return self.measured >= self.goal if self.better == "more" else self.measured <= self.goal

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """Its line in the table."""
        sign = ">=" if self.better == "more" else "<="
        digits = 0 if self.unit == " MB" else 2
        return (
            self.name,
            f"{sign} {self.goal:g}{self.unit}",
            f"{self.measured:.{digits}f}{self.unit}",
            "met" if self.is_met else "NOT MET",
            self.note,
        )


@dataclass(slots=True)
class Board:
    """Where all figures of one session are written, for the table at its end."""

    figures: list[Figure] = field(default_factory=list)

    def ratio(
        self, name: str, *, of: Took, to: Took, goal: float, better: Literal["more", "less"], note: str = ""
    ) -> None:
        """Write a ratio of wall time, with that of processor time beside it: a busy machine blurs the first alone."""
        by_processor = f"processor time {of.processor / to.processor:.2f}x"
        self.figures.append(
            Figure(name, goal, better, of.wall / to.wall, note=f"{by_processor}; {note}" if note else by_processor)
        )

    def by_processor(self, name: str, *, of: Took, to: Took, goal: float, better: Literal["more", "less"]) -> None:
        """Write a ratio of processor time."""
        note = f"processor time; wall time {of.wall / to.wall:.2f}x"
        self.figures.append(Figure(name, goal, better, of.processor / to.processor, note=note))

    def by_wall(
        self, name: str, *, of: Took, to: Took, goal: float, better: Literal["more", "less"], note: str
    ) -> None:
        """Write a ratio of wall time of works whose processor time is spent in other processes."""
        self.figures.append(Figure(name, goal, better, of.wall / to.wall, note=note))

    def count(self, name: str, measured: float, *, goal: float, unit: str, note: str = "") -> None:
        """Write a number that should not be large."""
        self.figures.append(Figure(name, goal, "less", measured, unit, note))

    def lines(self) -> Sequence[str]:
        """Return the table."""
        rows = [("figure", "goal", "measured", "", "beside it"), *(figure.cells for figure in self.figures)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
