"""Columns that grow at their end and know their extremes at every zoom. Pure numpy: it knows no Qt.

A pyramid holds the lowest (highest) value of each 4, 16, 64... bars, so that a chart of millions of bars looks at no more
than 16 blocks for each pixel. It costs 2.7 bytes a bar and side, and only for what was once asked.
"""

from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.contracts.market import FloatColumn, IntColumn

FAN_OUT: Final = 4
BLOCKS_MAX: Final = 16
"""How many blocks a pixel column looks at, at most."""
_TAIL_MIN: Final = 1_024
_CHUNK: Final = 65_536 * FAN_OUT  # what is summed up at once: stays in the processor's cache
_PLAIN_MAX: Final = 4_096  # as many values are faster gone through than divided up

Number = TypeVar("Number", np.float64, np.int64)


class GrowingArray(Generic[Number]):
    """Values of bars, oldest first: a past that is adopted, not copied, and a tail that grows.

    Args:
        past: Is read as long as this lives and never written; it must not change meanwhile.
    """

    def __init__(self, past: NDArray[Number]) -> None:
        # The newest bar may still change, so it lies in the tail; the past ends at a whole block.
        kept = max(len(past) - 1, 0) // FAN_OUT * FAN_OUT
        self._past: NDArray[Number] = past[:kept]
        self._tail: NDArray[Number] = np.empty(_TAIL_MIN, past.dtype)
        self._count = len(past)
        self._tail[: self._count - kept] = past[kept:]

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Number:
        """Return one value; -1 is the newest.

        Raises:
            IndexError: there is no such bar.
        """
        place = index + self._count if index < 0 else index
        if not 0 <= place < self._count:
            raise IndexError(index)
        kept = len(self._past)
        value: Number = self._past[place] if place < kept else self._tail[place - kept]
        return value

    def part(self, first: int, last: int) -> NDArray[Number]:
        """Return the values ``[first, last)`` to be read; copied only where they reach from the past into the tail."""
        kept, last = len(self._past), min(last, self._count)
        found: NDArray[Number]
        if last <= kept:
            found = self._past[first:last]
        elif first >= kept:
            found = self._tail[first - kept : last - kept]
        else:
            found = np.concatenate((self._past[first:], self._tail[: last - kept]))
        return found

    def at(self, places: IntColumn) -> NDArray[Number]:
        """Return the values at these places, each of them below the length."""
        kept = len(self._past)
        found: NDArray[Number] = np.empty(len(places), self._tail.dtype)
        in_past = places < kept
        found[in_past] = self._past[places[in_past]]
        found[~in_past] = self._tail[places[~in_past] - kept]
        return found

    def put(self, place: int, value: float) -> None:
        """Write the newest value anew, or one behind it."""
        at = place - len(self._past)
        if at >= len(self._tail):
            grown = np.empty(len(self._tail) * 2, self._tail.dtype)
            grown[: len(self._tail)] = self._tail
            self._tail = grown
        self._tail[at] = value
        self._count = max(self._count, place + 1)


class Instants(GrowingArray[np.int64]):
    """Rising instants, UTC nanoseconds."""

    def places_of(self, at_ns: IntColumn) -> IntColumn:
        """Return how many are before each instant: the place of the first that is not."""
        kept = len(self._past)
        tail = self._tail[: len(self) - kept]
        in_past = np.searchsorted(self._past, at_ns, side="left")
        return np.where(in_past < kept, in_past, kept + np.searchsorted(tail, at_ns, side="left"))


class LeveledColumn(GrowingArray[np.float64]):
    """A column with its lowest and highest values in blocks of every size. NaN is no value."""

    def __init__(self, past: FloatColumn) -> None:
        super().__init__(past)
        self._lows = _Levels(self, np.fmin)
        self._highs = _Levels(self, np.fmax)

    def put(self, place: int, value: float) -> None:
        """Write the newest value anew, or one behind it; O(1), and O(log n) for the next who asks for extremes."""
        super().put(place, value)
        self._lows.changed(place)
        self._highs.changed(place)

    def lowest(self, edges: IntColumn, *, level: int) -> FloatColumn:
        """Return the lowest value from each edge to the next; NaN where there is none.

        Args:
            edges: Rising places of bars, multiples of ``4 ** level`` but for the last, which may be the length.
            level: Which blocks to look at; 0 are the bars.
        """
        return self._lows.between(edges, level=level)

    def highest(self, edges: IntColumn, *, level: int) -> FloatColumn:
        """Return the highest value from each edge to the next, as `lowest` does."""
        return self._highs.between(edges, level=level)

    def extent(self, first: int, last: int) -> tuple[float, float]:
        """Return the lowest and highest value of the bars ``[first, last)``, exactly; NaN when there is none."""
        return self._lows.over(first, last), self._highs.over(first, last)


class _Levels:
    """The blocks of one side, each level summed up when it is first asked for, and again where bars have changed."""

    def __init__(self, column: LeveledColumn, extreme: np.ufunc) -> None:
        self._column = column
        self._extreme = extreme
        self._levels: list[FloatColumn] = []
        self._summed: list[int] = []  # of each level: how many bars are in it
        self._changed_from: int | None = None

    def changed(self, place: int) -> None:
        if self._changed_from is None or place < self._changed_from:
            self._changed_from = place

    def between(self, edges: IntColumn, *, level: int) -> FloatColumn:
        size = FAN_OUT**level
        starts = edges[:-1] // size
        blocks = self._blocks(level, int(starts[0]), -(-int(edges[-1]) // size))
        found: FloatColumn = self._extreme.reduceat(blocks, starts - starts[0])
        return found

    def over(self, first: int, last: int) -> float:
        if last <= first:
            return float("nan")
        level = 0
        while (last - first) // FAN_OUT**level > _PLAIN_MAX:
            level += 1
        size = FAN_OUT**level
        begin, end = -(-first // size), last // size
        parts = [self._blocks(level, begin, end)]
        if level:
            parts += [self._column.part(first, begin * size), self._column.part(end * size, last)]
        found = [self._extreme.reduce(part) for part in parts if len(part)]
        return float(self._extreme.reduce(found))

    def _blocks(self, level: int, first: int, last: int) -> FloatColumn:
        if not level:
            return self._column.part(first, last)
        self._sum_up(level)
        return self._levels[level - 1][first:last]

    def _sum_up(self, level: int) -> None:
        """Bring the levels up to this one into line with the bars; each is made from the one below it."""
        if self._changed_from is not None:
            self._summed = [min(summed, self._changed_from) for summed in self._summed]
            self._changed_from = None
        count = len(self._column)
        for each in range(1, level + 1):
            if each > len(self._levels):
                self._levels.append(np.empty(0))
                self._summed.append(0)
            if self._summed[each - 1] < count:
                self._sum_level(each, self._summed[each - 1] // FAN_OUT**each, count)
                self._summed[each - 1] = count

    def _sum_level(self, level: int, first: int, count: int) -> None:
        children = -(-count // FAN_OUT ** (level - 1))
        blocks = -(-children // FAN_OUT)
        if blocks > len(self._levels[level - 1]):
            grown = np.empty(blocks + blocks // 8 + 1)
            grown[:first] = self._levels[level - 1][:first]
            self._levels[level - 1] = grown
        out = self._levels[level - 1]
        for begin in range(first * FAN_OUT, children, _CHUNK):
            part = self._blocks_below(level, begin, min(begin + _CHUNK, children))
            whole = len(part) // FAN_OUT
            at = begin // FAN_OUT
            four = part[: whole * FAN_OUT].reshape(-1, FAN_OUT)
            left, right = self._extreme(four[:, 0], four[:, 1]), self._extreme(four[:, 2], four[:, 3])
            self._extreme(left, right, out=out[at : at + whole])
            if whole * FAN_OUT < len(part):
                out[at + whole] = self._extreme.reduce(part[whole * FAN_OUT :])

    def _blocks_below(self, level: int, first: int, last: int) -> FloatColumn:
        return self._column.part(first, last) if level == 1 else self._levels[level - 2][first:last]
