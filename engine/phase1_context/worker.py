"""The base of context workers: facts in columns, one bar at a time."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import final

from engine.contracts.context import TradingContext
from engine.contracts.disposition import NOTHING, Envelopes
from engine.contracts.market import FloatColumn
from engine.contracts.recorded import RecordedColumns
from engine.ports.worker import ConfigT, Worker, WorkerTools
from engine.primitives.errors import OutputContractBroken


class ContextWorker(Worker[ConfigT], ABC):
    """Describes the market in columns of its own. It writes facts, never opinions, and publishes nothing.

    A subclass implements `enrich`. It is called once per closed bar, in order, from the first bar of the warm-up on,
    so that it may keep running state.
    """

    def __init__(self, config: ConfigT, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._first = tools.first_column
        self._width = len(tools.columns)
        self._end = self._first + self._width

    @abstractmethod
    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return the current bar's value of each own column, in the order of the manifest; NaN while it warms up.

        Columns of workers that stand earlier in the chain can be read from the context.
        """

    def precompute(self, recorded: RecordedColumns) -> Sequence[FloatColumn] | None:  # noqa: ARG002  # for those that override it
        """Return each own column over a whole recording, or None if this worker goes bar by bar (the default).

        Where it is given, a backtest writes these columns instead of calling `enrich`. They must be what `enrich`
        would return from the first bar on, to the last bit, and must not look ahead. Columns of workers that stand
        earlier in the chain are in `recorded`.
        """
        return None

    @final
    def on_tick(self, context: TradingContext) -> Envelopes:
        """Write this worker's columns for the current bar.

        Raises:
            OutputContractBroken: `enrich` returned more or fewer values than the manifest lists columns.
        """
        values = self.enrich(context)
        if len(values) != self._width:
            raise OutputContractBroken(
                "a context worker must return one value for each of its columns: declare what is missing under `columns` "
                "of the manifest, or return only what stands there",
                worker=self.tools.worker_id,
                columns=", ".join(column.name for column in self.tools.columns),
                returned=len(values),
            )
        context.row[self._first : self._end] = values
        return NOTHING
