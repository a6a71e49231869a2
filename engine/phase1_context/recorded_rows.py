"""The rows of a whole recording, computed before it is played."""

from collections.abc import Mapping, Sequence

from engine.contracts.context import ColumnSpec, TradingContext
from engine.contracts.market import BAR_COLUMNS, FloatColumn, FloatMatrix, IntColumn


class RecordedRows:
    """A `RowStore` over a recording: what a context sees of it still ends at its own bar.

    Args:
        symbol: Unified symbol.
        timeframe: Name of the timeframe of the bars.
        window: How many bars a context sees at most.
        specs: The enriched columns, in the order of the chain.
        opened_ns: Open times of all bars, UTC nanoseconds, shape ``(n_bars,)``.
        closed_ns: Close times of the same bars.
        matrix: Their columns, shape ``(n_bars, n_columns)``, the five of the bar first; NaN where a column is left to be
            written bar by bar.
        is_complete: Whether no column is left.
    """

    def __init__(
        self,
        symbol: str,
        timeframe: str,
        window: int,
        specs: Sequence[ColumnSpec],
        *,
        opened_ns: IntColumn,
        closed_ns: IntColumn,
        matrix: FloatMatrix,
        is_complete: bool,
    ) -> None:
        self.symbol = symbol
        self.timeframe = timeframe
        self.specs: Sequence[ColumnSpec] = tuple(specs)
        self.positions: Mapping[str, int] = {
            name: position for position, name in enumerate((*BAR_COLUMNS, *(spec.name for spec in specs)))
        }
        self.opened_ns = opened_ns
        self.closed_ns = closed_ns
        self.matrix = matrix
        self.is_complete = is_complete
        self._window = window
        for column in (opened_ns, closed_ns, matrix):
            column.flags.writeable = False

    def __len__(self) -> int:
        return len(self.opened_ns)

    def row(self, place: int) -> list[float]:
        """Return one row, as a list of its own."""
        row: list[float] = self.matrix[place].tolist()
        return row

    def history(self, context: TradingContext, position: int) -> FloatColumn:
        """Return a column up to the context's bar, oldest first."""
        return self.matrix[self._first(context) : context.place + 1, position]

    def opened_history(self, context: TradingContext) -> IntColumn:
        """Return the open times of the same bars."""
        return self.opened_ns[self._first(context) : context.place + 1]

    def _first(self, context: TradingContext) -> int:
        return max(context.place + 1 - self._window, 0)
