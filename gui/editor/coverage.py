"""Who answers at which confidence, in one line for each slot of the planners. It knows no Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from engine.phase4_planning.coverage import Cell

AXIS: Final = "confidence"


@dataclass(frozen=True, slots=True)
class Segment:
    """A range of confidence, from 0 to 1, and the planners that answer somewhere in it, in the order of precedence.

    It is a gap if nobody answers at some value of the other triggers, an overlap if several do: the first one answers.
    """

    low: float
    high: float
    workers: tuple[str, ...]
    is_gap: bool
    is_overlap: bool


def segments_of(cells: Sequence[Cell]) -> Sequence[Segment]:
    """Return the segments of a slot from 0 to 1; a slot whose planners do not look at the confidence has one."""
    edges = sorted({0.0, 1.0, *(float(edge) for cell in cells for edge in cell.box.get(AXIS, ()))})
    found: list[Segment] = []
    for low, high in pairwise(edges):
        inside = [cell for cell in cells if _covers(cell, low, high)]
        workers = tuple(dict.fromkeys(worker for cell in inside for worker in cell.workers))
        is_gap, is_overlap = any(cell.is_gap for cell in inside), any(cell.is_overlap for cell in inside)
        before = found[-1] if found else None
        is_same = before is not None and (before.workers, before.is_gap, before.is_overlap) == (
            workers,
            is_gap,
            is_overlap,
        )
        first = found.pop().low if is_same else low
        found.append(Segment(first, high, workers, is_gap, is_overlap))
    return found


def _covers(cell: Cell, low: float, high: float) -> bool:
    bounds = cell.box.get(AXIS)
    if bounds is None:
        return True
    first, last = map(float, bounds)
    return first < last and first <= low and high <= last


def has_gap(coverage: Mapping[str, Sequence[Cell]]) -> bool:
    """Tell whether there is a directive that some slot does not answer."""
    return any(cell.is_gap for cells in coverage.values() for cell in cells)
