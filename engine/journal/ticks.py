"""Enriched rows of many ticks, packed: one row in the database for a block of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import numpy as np

from engine.contracts.context import AssessedContext, Scorer
from engine.contracts.market import FloatColumn, FloatMatrix, IntColumn
from engine.primitives.errors import InvariantBroken
from engine.primitives.ids import instant_of
from engine.primitives.timeframes import NS_PER_SECOND
from engine.storage.database import Row

Slot = tuple[int, int]
"""Second since the epoch (UTC), and the number within it: the place of an id in the order of ids."""

_Part = tuple[FloatMatrix, IntColumn, IntColumn]
"""Rows, slots and close times of some ticks."""

_SUFFIX_AT: Final = 20
_GATHERED: Final = 128
"""Single ticks that are turned into columns together: few enough that their memory is used again for the next ones."""


def slot_of(identifier: str) -> Slot:
    """Return the slot that an id was written from.

    Raises:
        ValueError: the text is not an id.
    """
    at: datetime = instant_of(identifier)
    return int(at.timestamp()), int(identifier[_SUFFIX_AT:], 36)


class TickBlock:
    """Collects the ticks of one strategy and packs them when they are taken, little-endian.

    Args:
        strategy_id: Whose ticks.
        width: Values in an enriched row; strength and weakness come on top.
        size: Ticks that fit.
    """

    __slots__ = ("_number", "_parts", "_quiet", "_scorer", "_ticks", "_width", "count", "size", "strategy_id")

    def __init__(self, strategy_id: str, *, width: int, size: int) -> None:
        self.strategy_id = strategy_id
        self.size = size
        self._width = width
        self._ticks: list[AssessedContext] = []
        self._parts: list[_Part] = []
        """What came before `_ticks`, already as columns."""
        self._scorer: Scorer | None = None
        self._quiet = bytearray()
        self._number = 0
        self.count = 0
        """How many ticks are in it."""

    def add(self, tick: AssessedContext, *, is_quiet: bool) -> None:
        """Keep one tick, whose row does not change any more; the block must not be full."""
        ticks = self._ticks
        ticks.append(tick)
        self._quiet.append(is_quiet)
        self.count += 1
        if len(ticks) == _GATHERED:
            self._gather()

    def add_quiet(self, rows: FloatMatrix, closed_ns: IntColumn, scorer: Scorer) -> None:
        """Keep many quiet ticks at once, each the first thing of its second; the block must have room for them."""
        self._gather()
        slots = np.zeros((len(rows), 2), "<i8")
        slots[:, 0] = closed_ns // NS_PER_SECOND
        self._parts.append((rows, slots, closed_ns))
        self._quiet += b"\1" * len(rows)
        self.count += len(rows)
        self._scorer = scorer

    def take_row(self) -> Row | None:
        """Empty the block into one row of the table `tick_block`; None when nothing is in it.

        Raises:
            InvariantBroken: a tick has other columns than the strategy was opened with.
        """
        self._gather()
        parts, quiet, scorer = self._parts, bytes(self._quiet), self._scorer
        if not parts or scorer is None:
            return None
        self._parts, self._quiet, self.count = [], bytearray(), 0
        rows, slots, times = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        if rows.shape[1] != self._width:
            raise InvariantBroken(
                "A tick has other columns than its strategy was opened with.",
                strategy_id=self.strategy_id,
                expected=self._width,
                found=rows.shape[1],
            )
        values = np.column_stack((rows, *scorer.column_scores(rows))).astype("<f8", copy=False)
        # Not-a-number and zero have several spellings, and workers that work ahead may use another one than bar by bar.
        values[np.isnan(values)] = np.nan
        values += 0.0
        row: Row = (
            self.strategy_id,
            self._number,
            int(times[0]),
            int(times[-1]),
            int(slots[0, 0]),
            int(slots[-1, 0]),
            len(rows),
            sum(quiet),
            slots.tobytes(),
            times.tobytes(),
            values.tobytes(),
            quiet,
        )
        self._number += 1
        return row

    def _gather(self) -> None:
        """Turn the single ticks into columns."""
        ticks, self._ticks = self._ticks, []
        if not ticks:
            return
        contexts = [tick.context for tick in ticks]
        self._parts.append(
            (
                np.array([context.row for context in contexts], "<f8"),
                np.array([context.slot for context in contexts], "<i8"),
                np.array([context.closed_ns for context in contexts], "<i8"),
            )
        )
        self._scorer = ticks[0].scorer


def slots_of(row: Mapping[str, Any]) -> IntColumn:
    """Return the slots of a stored block, shape ``(count, 2)``: second and number."""
    return np.frombuffer(row["slots"], "<i8").reshape(-1, 2)


def times_of(row: Mapping[str, Any]) -> IntColumn:
    """Return the close times of a stored block, shape ``(count,)``, UTC nanoseconds."""
    return np.frombuffer(row["times"], "<i8")


def values_of(row: Mapping[str, Any]) -> FloatColumn:
    """Return the rows of a stored block, shape ``(count, columns + 2)``: strength and weakness come last."""
    return np.frombuffer(row["row_values"], "<f8").reshape(int(row["count"]), -1)
