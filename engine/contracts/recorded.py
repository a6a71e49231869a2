"""A whole recording as columns, for workers that can work ahead."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.contracts.context import NotInView
from engine.contracts.market import FloatColumn, IntColumn

BoolColumn = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RecordedColumns:
    """All bars of one strategy's recording, oldest first, with what earlier context workers computed of them.

    It is given to `precompute` and `candidates` alone, before a backtest begins. What they return for a bar may follow
    from that bar and those before it, never from a later one: the platform refuses columns that move when the
    recording is cut short.

    Every array is read-only and has shape ``(n_bars,)``; times are UTC nanoseconds.
    """

    opened_ns: IntColumn
    closed_ns: IntColumn
    columns: Mapping[str, FloatColumn]

    def __len__(self) -> int:
        return int(self.opened_ns.shape[0])

    def column(self, name: str) -> FloatColumn:
        """Return a bar column or an enriched one; NaN where it warms up.

        Raises:
            KeyError: there is no such column.
        """
        try:
            return self.columns[name]
        except KeyError:
            raise NotInView(
                f"there is no column {name}; there are {', '.join(self.columns)}. What a worker reads its manifest lists: "
                f"write `requires_columns: [{name}]` under `dependencies`"
            ) from None
