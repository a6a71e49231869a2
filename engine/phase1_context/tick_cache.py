"""The rolling window of one symbol and timeframe, and the context that looks at it: never past its own bar."""

from collections import deque
from collections.abc import Mapping, Sequence
from struct import Struct
from typing import Final

import numpy as np

from engine.contracts.context import ColumnSpec, TradingContext
from engine.contracts.market import BAR_COLUMNS, FloatColumn, IntColumn, MarketBar
from engine.primitives.errors import DataError
from engine.primitives.ids import IdSource

_NAN: Final = float("nan")
_CELL_BYTES: Final = 8
_HIGHER_KEPT: Final = 8
"""How many closed bars of a higher timeframe can be looked up; it runs ahead of the lower one by none or one."""


class _Window:
    """What one context sees of the table: the rows up to its own bar, whatever is written after it.

    A table is replaced, never shifted, when it is full; so an old context keeps the rows that it was made with.
    """

    __slots__ = ("_end", "_opened_ns", "_positions", "_row", "_start", "_table")

    def __init__(
        self, table: "_Table", positions: Mapping[str, int], start: int, end: int, opened_ns: int, row: list[float]
    ) -> None:
        self._table = table
        self._positions = positions
        self._start = start
        self._end = end
        self._opened_ns = opened_ns
        self._row = row

    def column(self, name: str) -> FloatColumn:
        """Return the history of a column, oldest first, with what the chain has written of the current bar so far."""
        self._table.write(self._end - 1, self._opened_ns, self._row)
        return self._table.floats[self._start : self._end, self._positions[name]]

    def opened(self) -> IntColumn:
        """Return the open times of the same rows, UTC nanoseconds."""
        self._table.write(self._end - 1, self._opened_ns, self._row)
        return self._table.opened[self._start : self._end]


class _Table:
    """Rows of one 8-byte integer (open time) and the float columns, in one block of memory.

    `floats` has shape (capacity, n_columns), `opened` (capacity,); both are read-only views.
    """

    __slots__ = ("_block", "_bytes", "_pack", "_row_bytes", "floats", "opened")

    def __init__(self, capacity: int, width: int) -> None:
        self._block = np.empty((capacity, width + 1), dtype=np.float64)
        self._bytes = self._block.data.cast("B")
        self._pack = Struct(f"q{width}d").pack_into
        self._row_bytes = (width + 1) * _CELL_BYTES
        self.floats = self._block[:, 1:]
        self.floats.flags.writeable = False
        self.opened = self._block.view(np.int64)[:, 0]
        self.opened.flags.writeable = False

    def write(self, row: int, opened_ns: int, values: list[float]) -> None:
        """Write a row: its open time and its float columns."""
        self._pack(self._bytes, row * self._row_bytes, opened_ns, *values)

    def renewed(self, first: int, last: int) -> "_Table":
        """Return a new table of the same size that begins with rows `first` to `last` (exclusive) of this one."""
        new = _Table(len(self._block), self._block.shape[1] - 1)
        new._block[: last - first] = self._block[first:last]
        return new


class TickCache:
    """Keeps the newest bars with their columns, and makes the context of each bar as it closes.

    There is no way to look ahead: a context ends at its own bar, and of a higher timeframe it shows the last bar that
    had closed by then. Within the chain, a worker sees in the history what earlier workers have written of the
    current bar; what is still to be written is NaN.

    Args:
        symbol: Unified symbol.
        timeframe: Name of the timeframe of the bars.
        window: How many bars a context sees at most.
        columns: The enriched columns, in the order of the chain.
        ids: Gives each tick its place in the order of ids.
        higher: The caches of higher timeframes, by name; their bars are pushed before the bar that closes with them.
    """

    def __init__(
        self,
        symbol: str,
        timeframe: str,
        window: int,
        columns: Sequence[ColumnSpec],
        ids: IdSource,
        higher: "Mapping[str, TickCache] | None" = None,
    ) -> None:
        self.symbol = symbol
        self.timeframe = timeframe
        self.window = window
        self.specs = tuple(columns)
        self.positions = {name: i for i, name in enumerate((*BAR_COLUMNS, *(spec.name for spec in columns)))}
        self._ids = ids
        self._higher = dict(higher or {})
        self._blank = [_NAN] * len(columns)
        # Twice the window: renewing the table costs one copied row per bar in the long run.
        self._capacity = 2 * window
        self._table = _Table(self._capacity, len(self.positions))
        self._end = 0
        self._row: list[float] = []
        self._last_opened_ns = -1
        self._closed: deque[TradingContext] = deque(maxlen=_HIGHER_KEPT)

    def __len__(self) -> int:
        return min(self._end, self.window)

    @property
    def is_full(self) -> bool:
        """Whether the window holds as many bars as it can."""
        return self._end >= self.window

    def push(self, bar: MarketBar) -> TradingContext:
        """Take the next closed bar and return its context, still without enriched values.

        Raises:
            DataError: the bar does not open after the one before it.
        """
        opened_ns = bar.opened_ns
        if opened_ns <= self._last_opened_ns:
            raise DataError(
                "a bar must open after the one before it",
                symbol=self.symbol,
                timeframe=self.timeframe,
                opened_ns=opened_ns,
                last_opened_ns=self._last_opened_ns,
            )
        self.commit()
        end = self._end
        if end == self._capacity:
            kept = self.window - 1
            self._table = self._table.renewed(end - kept, end)
            end = kept
        row = [bar.open, bar.high, bar.low, bar.close, bar.volume, *self._blank]
        self._row = row
        self._end = end = end + 1
        self._last_opened_ns = opened_ns
        seen = _Window(self._table, self.positions, max(end - self.window, 0), end, opened_ns, row)
        higher = {name: cache.as_of(bar.closed_ns) for name, cache in self._higher.items()} if self._higher else None
        context = TradingContext(
            symbol=self.symbol,
            timeframe=self.timeframe,
            slot=self._ids.reserve(),
            opened_ns=opened_ns,
            closed_ns=bar.closed_ns,
            row=row,
            positions=self.positions,
            column_history=seen.column,
            opened_history=seen.opened,
            specs=self.specs,
            higher=higher,
        )
        self._closed.append(context)
        return context

    def commit(self) -> None:
        """Write the newest bar's row into the window; `push` and every look at the history do it by themselves."""
        if self._row:
            self._table.write(self._end - 1, self._last_opened_ns, self._row)

    def as_of(self, now_ns: int) -> TradingContext | None:
        """Return the context of the last bar that had closed at an instant (UTC nanoseconds); None before the first.

        Raises:
            DataError: this timeframe has run so far ahead that the bar is no longer kept.
        """
        for context in reversed(self._closed):
            if context.closed_ns <= now_ns:
                return context
        if len(self._closed) == _HIGHER_KEPT:
            raise DataError("a higher timeframe runs ahead of the bars", timeframe=self.timeframe, now_ns=now_ns)
        return None
