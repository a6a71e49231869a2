"""The rolling window of one symbol and timeframe, and the context that looks at it: never past its own bar."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.contracts.context import ColumnSpec, RowStore, TradingContext
from engine.contracts.market import BAR_COLUMNS, FloatColumn, IntColumn, MarketBar
from engine.phase1_context.recorded_rows import RecordedRows
from engine.primitives.errors import DataError, InvariantBroken
from engine.primitives.ids import IdSource

_NAN: Final = float("nan")

T = TypeVar("T", bound=np.generic)


class _Rows:
    """The rows of one symbol and timeframe, newest last (`RowStore`). Full, it is followed by another, never shifted.

    So an old context keeps the rows that it was made with, whatever comes after it. Rows are kept as lists, and a column
    is copied out of them when somebody asks for its history: most bars and most columns are never looked back at.
    """

    __slots__ = (
        "_columns",
        "_copied",
        "_opened",
        "_opened_copied",
        "_window",
        "opened",
        "positions",
        "rows",
        "specs",
        "symbol",
        "timeframe",
    )

    def __init__(
        self, symbol: str, timeframe: str, window: int, specs: Sequence[ColumnSpec], positions: Mapping[str, int]
    ) -> None:
        self.symbol = symbol
        self.timeframe = timeframe
        self.specs = specs
        self.positions = positions
        self.rows: list[list[float]] = []
        self.opened: list[int] = []
        self._window = window
        self._columns: dict[int, FloatColumn] = {}
        self._copied: dict[int, int] = {}
        """So many rows stand in a column and will not change any more, by the position of the column."""
        self._opened: IntColumn | None = None
        self._opened_copied = 0

    def followed(self) -> "_Rows":
        """Return the store that comes after this one when it is full: it begins with the last rows of this one."""
        new = _Rows(self.symbol, self.timeframe, self._window, self.specs, self.positions)
        kept = self._window - 1
        if kept:
            new.rows = self.rows[-kept:]
            new.opened = self.opened[-kept:]
        return new

    def history(self, context: TradingContext, position: int) -> FloatColumn:
        """Return a column up to the context's bar, with what the chain has written of that bar so far."""
        place = context.place
        column = self._columns.get(position)
        if column is None:
            self._columns[position] = column = np.empty(2 * self._window)
            self._copied[position] = 0
        first = self._copied[position]
        if place >= first:
            # The row of the context itself may still be written to; those before it may not.
            # One by one: mostly there are two.
            rows = self.rows
            for at in range(first, place + 1):
                column[at] = rows[at][position]
            self._copied[position] = place
        return self._seen(column, place)

    def opened_history(self, context: TradingContext) -> IntColumn:
        """Return the open times of the same bars."""
        place, first = context.place, self._opened_copied
        if self._opened is None:
            self._opened = np.empty(2 * self._window, dtype=np.int64)
        if place >= first:
            self._opened[first : place + 1] = self.opened[first : place + 1]
            self._opened_copied = place + 1
        return self._seen(self._opened, place)

    def _seen(self, column: NDArray[T], place: int) -> NDArray[T]:
        seen = column[max(place + 1 - self._window, 0) : place + 1]
        seen.flags.writeable = False
        return seen


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
        recorded: Rows that were computed before the run; the bars that are pushed are then those of the recording.
    """

    def __init__(
        self,
        symbol: str,
        timeframe: str,
        window: int,
        columns: Sequence[ColumnSpec],
        ids: IdSource,
        higher: "Mapping[str, TickCache] | None" = None,
        recorded: RecordedRows | None = None,
    ) -> None:
        self.symbol = symbol
        self.timeframe = timeframe
        self.window = window
        self.specs = tuple(columns)
        self.positions = {name: i for i, name in enumerate((*BAR_COLUMNS, *(spec.name for spec in columns)))}
        self._ids = ids
        self._higher = dict(higher or {})
        self._blank = [_NAN] * len(columns)
        # Twice the window: what is carried over costs one row per bar in the long run.
        self._capacity = 2 * window
        self.recorded = recorded
        self._next = 0
        """The row of the recording that belongs to the next bar."""
        self._rows = _Rows(symbol, timeframe, window, self.specs, self.positions)
        self._newest: list[float] | None = None
        self._last_opened_ns = -1
        # A higher timeframe runs ahead by none or one; a companion by as many bars as a hole in our own market is long.
        self._closed: deque[TradingContext] = deque(maxlen=window)

    def __len__(self) -> int:
        return min(max(len(self._rows.rows), self._next), self.window)

    @property
    def is_full(self) -> bool:
        """Whether the window holds as many bars as it can."""
        return len(self) == self.window

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
        self._last_opened_ns = opened_ns
        recorded = self.recorded
        if recorded is None:
            row = [bar.open, bar.high, bar.low, bar.close, bar.volume, *self._blank]
        else:
            row = self._recorded_row(recorded, bar)
        before, self._newest = self._newest, row
        store: RowStore
        if recorded is not None and recorded.is_complete:
            store, place = recorded, self._next - 1
        else:
            kept = self._rows
            if len(kept.rows) == self._capacity:
                self._rows = kept = kept.followed()
            kept.rows.append(row)
            kept.opened.append(opened_ns)
            store, place = kept, len(kept.rows) - 1
        closed_ns = bar.closed_ns
        higher = {name: cache.as_of(closed_ns) for name, cache in self._higher.items()} if self._higher else None
        context = TradingContext(store, place, self._ids.reserve(), opened_ns, closed_ns, row, before, higher)
        self._closed.append(context)
        return context

    def skip(self, bars: int) -> None:
        """Pass over bars of a recording whose rows are complete, as if they had been pushed.

        Raises:
            InvariantBroken: there is no such recording.
        """
        recorded = self.recorded
        if recorded is None or not recorded.is_complete or self._next + bars > len(recorded):
            raise InvariantBroken("Only bars of a recording that is known in full can be passed over.", bars=bars)
        self._next += bars
        self._newest = recorded.row(self._next - 1)
        self._last_opened_ns = int(recorded.opened_ns[self._next - 1])

    def _recorded_row(self, recorded: RecordedRows, bar: MarketBar) -> list[float]:
        place = self._next
        if place >= len(recorded) or recorded.opened_ns[place] != bar.opened_ns:
            raise InvariantBroken("This is not the next bar of the recording.", place=place, opened_ns=bar.opened_ns)
        self._next = place + 1
        return recorded.row(place)

    def as_of(self, now_ns: int) -> TradingContext | None:
        """Return the context of the last bar that had closed at an instant (UTC nanoseconds).

        None before the first, and when this market has since moved on by more than the window: what was known then is no
        longer kept, and nothing later may be shown in its place.
        """
        return next((context for context in reversed(self._closed) if context.closed_ns <= now_ns), None)
