"""A store of rows that somebody has written beforehand, for contexts that no cache has made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.contracts.context import ColumnSpec, TradingContext
from engine.contracts.market import BAR_COLUMNS, FloatColumn, IntColumn


@dataclass
class GivenRows:
    """Implements `RowStore`. `columns` are shown whole, up to the place of the context that asks."""

    symbol: str = "BTC/USDT"
    timeframe: str = "1m"
    specs: Sequence[ColumnSpec] = ()
    columns: Mapping[str, FloatColumn] = field(default_factory=dict)
    opened_ns: IntColumn = field(default_factory=lambda: np.zeros(1, np.int64))

    @property
    def positions(self) -> Mapping[str, int]:
        names = (*BAR_COLUMNS, *(spec.name for spec in self.specs))
        return {name: position for position, name in enumerate(names)}

    def history(self, context: TradingContext, position: int) -> FloatColumn:
        return self.columns[list(self.positions)[position]][: context.place + 1]

    def opened_history(self, context: TradingContext) -> IntColumn:
        return self.opened_ns[: context.place + 1]
