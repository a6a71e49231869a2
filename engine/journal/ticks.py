"""Enriched rows of many ticks, packed: one row in the database for a block of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from struct import Struct
from typing import Any, Final

import numpy as np

from engine.contracts.market import FloatColumn, IntColumn
from engine.primitives.errors import InvariantBroken
from engine.primitives.ids import instant_of
from engine.storage.database import Row

Slot = tuple[int, int]
"""Second since the epoch (UTC), and the number within it: the place of an id in the order of ids."""

_SUFFIX_AT: Final = 20
_MARK: Final = Struct("<3q")


def slot_of(identifier: str) -> Slot:
    """Return the slot that an id was written from.

    Raises:
        ValueError: the text is not an id.
    """
    at: datetime = instant_of(identifier)
    return int(at.timestamp()), int(identifier[_SUFFIX_AT:], 36)


class TickBlock:
    """Collects the ticks of one strategy in preallocated memory, little-endian.

    Args:
        strategy_id: Whose ticks.
        width: Values in an enriched row; strength and weakness come on top.
        size: Ticks that fit.
    """

    __slots__ = (
        "_mark_bytes",
        "_newest",
        "_number",
        "_pack_row",
        "_quiet",
        "_row_bytes",
        "_rows",
        "_width",
        "count",
        "size",
        "strategy_id",
    )

    def __init__(self, strategy_id: str, *, width: int, size: int) -> None:
        self.strategy_id = strategy_id
        self.size = size
        self.count = 0
        packer = Struct(f"<{width + 2}d")
        self._width = width
        self._row_bytes = packer.size
        self._pack_row = packer.pack_into
        self._rows = bytearray(size * packer.size)
        self._mark_bytes = bytearray(size * _MARK.size)
        self._quiet = bytearray(size)
        self._number = 0
        self._newest: Slot | None = None

    def add(self, values: Sequence[float], strength: float, weakness: float, slot: Slot, closed_ns: int) -> None:
        """Copy one enriched row; the block must not be full.

        Raises:
            InvariantBroken: the row has other columns than the strategy was opened with.
        """
        if len(values) != self._width:
            raise InvariantBroken(
                "A tick has other columns than its strategy was opened with.",
                strategy_id=self.strategy_id,
                expected=self._width,
                found=len(values),
            )
        index = self.count
        self._pack_row(self._rows, index * self._row_bytes, *values, strength, weakness)
        _MARK.pack_into(self._mark_bytes, index * _MARK.size, slot[0], slot[1], closed_ns)
        self._quiet[index] = 0
        self._newest = slot
        self.count = index + 1

    def mark_quiet(self, slot: Slot) -> bool:
        """Flag the newest tick as quiet; False when it is not the tick of this slot."""
        if slot != self._newest:
            return False
        self._quiet[self.count - 1] = 1
        return True

    def take_row(self) -> Row | None:
        """Empty the block into one row of the table `tick_block`; None when nothing is in it."""
        count = self.count
        if not count:
            return None
        marks = np.frombuffer(self._mark_bytes, "<i8", count * 3).reshape(count, 3)
        quiet = bytes(self._quiet[:count])
        row: Row = (
            self.strategy_id,
            self._number,
            int(marks[0, 2]),
            int(marks[-1, 2]),
            int(marks[0, 0]),
            int(marks[-1, 0]),
            count,
            sum(quiet),
            marks[:, :2].tobytes(),
            marks[:, 2].tobytes(),
            bytes(self._rows[: count * self._row_bytes]),
            quiet,
        )
        self.count = 0
        self._newest = None
        self._number += 1
        return row


def slots_of(row: Mapping[str, Any]) -> IntColumn:
    """Return the slots of a stored block, shape ``(count, 2)``: second and number."""
    return np.frombuffer(row["slots"], "<i8").reshape(-1, 2)


def times_of(row: Mapping[str, Any]) -> IntColumn:
    """Return the close times of a stored block, shape ``(count,)``, UTC nanoseconds."""
    return np.frombuffer(row["times"], "<i8")


def values_of(row: Mapping[str, Any]) -> FloatColumn:
    """Return the rows of a stored block, shape ``(count, columns + 2)``: strength and weakness come last."""
    return np.frombuffer(row["row_values"], "<f8").reshape(int(row["count"]), -1)
