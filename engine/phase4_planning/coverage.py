"""Where the ranges of a slot leave gaps and where they overlap, as plain data for the window and the validator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product
from typing import Final

from engine.primitives.money import ONE, ZERO

Bounds = tuple[Decimal, Decimal]

_WITHOUT_LIMIT: Final = Decimal("Infinity")
_SCORE_RANGE: Final = (ZERO, ONE)
_UNBOUNDED: Final = frozenset({"position_size", "position_value"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A box in the space of a slot's triggers in which the same planners answer.

    `box` gives the range of each trigger. A range of one value is the shared edge of two ranges; any other stands for
    what lies between its ends. `workers` match there, in blueprint order: the first one answers.
    """

    box: Mapping[str, Bounds]
    workers: tuple[str, ...]

    @property
    def is_gap(self) -> bool:
        """Whether nobody answers here."""
        return not self.workers

    @property
    def is_overlap(self) -> bool:
        """Whether several match here."""
        return len(self.workers) > 1


def cells_of(entries: Sequence[tuple[str, Mapping[str, Bounds]]]) -> tuple[Cell, ...]:
    """Return all cells of a slot; together they cover it without a hole.

    One trigger: segments and, where ranges meet, single points; neighbours with the same planners are one cell. More
    triggers: boxes between the edges, without their faces.
    """
    axes = list(dict.fromkeys(name for _, triggers in entries for name in triggers)) or ["confidence"]
    if len(axes) == 1:
        return tuple(_merged(_cells_on(axes[0], entries)))
    spans = [[(low, high) for low, high in pairwise(_edges(axis, entries))] for axis in axes]
    return tuple(_cell(dict(zip(axes, box, strict=True)), entries) for box in product(*spans))


def _edges(axis: str, entries: Sequence[tuple[str, Mapping[str, Bounds]]]) -> list[Decimal]:
    low, high = (ZERO, _WITHOUT_LIMIT) if axis in _UNBOUNDED else _SCORE_RANGE
    inside = {edge for _, triggers in entries for edge in triggers.get(axis, ()) if low < edge < high}
    return [low, *sorted(inside), high]


def _cells_on(axis: str, entries: Sequence[tuple[str, Mapping[str, Bounds]]]) -> list[Cell]:
    edges = _edges(axis, entries)
    cells = [_cell({axis: (edges[0], edges[0])}, entries)]
    for low, high in pairwise(edges):
        cells += [_cell({axis: (low, high)}, entries), _cell({axis: (high, high)}, entries)]
    return cells


def _cell(box: Mapping[str, Bounds], entries: Sequence[tuple[str, Mapping[str, Bounds]]]) -> Cell:
    return Cell(
        box,
        tuple(
            worker
            for worker, triggers in entries
            if all(bounds[0] <= box[name][0] and box[name][1] <= bounds[1] for name, bounds in triggers.items())
        ),
    )


def _merged(cells: Sequence[Cell]) -> list[Cell]:
    merged: list[Cell] = []
    for cell in cells:
        if merged and merged[-1].workers == cell.workers:
            ((axis, (low, _)),) = merged[-1].box.items()
            merged[-1] = Cell({axis: (low, cell.box[axis][1])}, cell.workers)
        else:
            merged.append(cell)
    return merged
