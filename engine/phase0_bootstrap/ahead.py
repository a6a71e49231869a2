"""Working ahead of a backtest: columns and candidate bars of a whole recording, checked before they are believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np

from engine.contracts.context import ColumnSpec
from engine.contracts.market import BAR_COLUMNS, BarSeries, FloatColumn, MarketBar
from engine.contracts.recorded import BoolColumn, RecordedColumns
from engine.phase1_context.chain import ColumnLayout
from engine.phase1_context.recorded_rows import RecordedRows
from engine.phase1_context.tick_cache import TickCache
from engine.phase1_context.worker import ContextWorker
from engine.ports.worker import Worker, WorkerConfig
from engine.primitives.errors import PluginError
from engine.primitives.ids import IdSource
from engine.primitives.timeframes import Timeframe
from engine.runtime.bar_feeding import bars_of
from engine.runtime.bars import BarBuilder

_COMPARED: Final = 600
"""Bars at the beginning on which a worker is also asked bar by bar; more than any shipped plugin's warm-up."""
_CUT_AT: Final = (0.37, 0.81)
"""Where a recording is cut short to see whether columns move; anywhere inside will do."""


class Pace(StrEnum):
    """How a backtest goes through its bars. The decisions are the same."""

    EVERY_BAR = "every bar"
    """Every worker is called on every bar, as in paper and live."""
    COLUMNS_AHEAD = "columns ahead"
    """Context workers that can compute their columns at once, before the run."""
    CANDIDATES = "candidates"
    """Detection, too, is asked only on bars on which somebody may speak, where all of its workers can tell."""


@dataclass(frozen=True, slots=True)
class Playlist:
    """What will be played, by symbol, where that is known before the run, and how it will be gone through."""

    recordings: Mapping[str, BarSeries] = field(default_factory=dict)
    pace: Pace = Pace.EVERY_BAR


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was computed ahead of one strategy's run."""

    rows: RecordedRows
    spared: frozenset[str] = frozenset()
    """Context workers that need not be called any more."""
    candidates: BoolColumn | None = None
    """The bars on which somebody may speak; None if any bar may be one."""


def strategy_bars(series: BarSeries, timeframe: str) -> Sequence[MarketBar] | BarSeries:
    """Return the bars that a strategy of this timeframe will see of a recording."""
    if series.timeframe == timeframe:
        return series
    builder = BarBuilder(Timeframe.parse(timeframe))
    return [closed for bar in bars_of(series) for closed in builder.add(bar)]


def columns_ahead(
    series: BarSeries,
    *,
    timeframe: str,
    window: int,
    layout: ColumnLayout,
    chain: Sequence[str],
    requires: Mapping[str, Sequence[str]],
    workers: Mapping[str, Worker[WorkerConfig]],
) -> Ahead:
    """Compute what the context workers of a strategy can compute of a recording at once.

    A worker whose columns depend on one that goes bar by bar goes bar by bar as well.

    Args:
        series: The recording of the strategy's market.
        timeframe: The strategy's.
        window: Its rolling window, in bars.
        layout: Where each column stands.
        chain: The context workers, in order.
        requires: The columns that each of them reads.
        workers: All workers of the strategy.

    Raises:
        PluginError: what a worker computed is not what it writes bar by bar, or looks ahead.
    """
    recorded = _recorded(strategy_bars(series, timeframe), timeframe)
    known = dict(recorded.columns)
    spared: set[str] = set()
    for name in chain:
        worker = workers[name]
        specs = _specs_of(name, layout, workers)
        if not isinstance(worker, ContextWorker) or not set(requires.get(name, ())) <= set(known):
            continue
        seen = RecordedColumns(recorded.opened_ns, recorded.closed_ns, known)
        columns = _columns_of(worker, seen, specs, name)
        if columns is None:
            continue
        _require_no_peeking(worker, seen, columns, specs, name)
        known |= {spec.name: column for spec, column in zip(specs, columns, strict=True)}
        spared.add(name)
    matrix = np.full((len(recorded), len(BAR_COLUMNS) + len(layout.specs)), np.nan)
    for position, column_name in enumerate((*BAR_COLUMNS, *(spec.name for spec in layout.specs))):
        if column_name in known:
            matrix[:, position] = known[column_name]
    rows = RecordedRows(
        series.symbol,
        timeframe,
        window,
        layout.specs,
        opened_ns=recorded.opened_ns,
        closed_ns=recorded.closed_ns,
        matrix=matrix,
        is_complete=len(spared) == len(chain),
    )
    _require_same(rows, [name for name in chain if name in spared], layout, workers)
    return Ahead(rows, frozenset(spared))


def candidates_of(ahead: Ahead, listeners: Mapping[str, Worker[WorkerConfig]]) -> BoolColumn | None:
    """Return the bars on which any of these workers may have something to say, or None if one of them cannot tell.

    Raises:
        PluginError: a worker's answer does not fit the recording, or looks ahead.
    """
    rows = ahead.rows
    if not rows.is_complete:
        return None
    columns = {name: rows.matrix[:, position] for name, position in rows.positions.items()}
    recorded = RecordedColumns(rows.opened_ns, rows.closed_ns, columns)
    found = np.zeros(len(rows), dtype=np.bool_)
    for name, worker in listeners.items():
        own = worker.candidates(recorded)
        if own is None:
            return None
        if own.shape != found.shape or own.dtype != np.bool_:
            raise PluginError(
                "`candidates` returns one truth value for each bar.", worker=name, shape=own.shape, bars=len(rows)
            )
        for cut in _cuts(len(rows)):
            again = worker.candidates(_cut_short(recorded, cut))
            if again is None or not np.array_equal(again, own[:cut]):
                raise PluginError(
                    "The candidates of a bar change when later bars are taken away: `candidates` looks ahead.",
                    worker=name,
                )
        found |= own
    return found


def _recorded(bars: Sequence[MarketBar] | BarSeries, timeframe: str) -> RecordedColumns:
    if isinstance(bars, BarSeries):
        opened_ns = bars.opened_ns
        columns = {name: getattr(bars, name) for name in BAR_COLUMNS}
    else:
        opened_ns = np.array([bar.opened_ns for bar in bars], dtype=np.int64)
        columns = {name: np.array([getattr(bar, name) for bar in bars], dtype=np.float64) for name in BAR_COLUMNS}
    return RecordedColumns(opened_ns, opened_ns + Timeframe.parse(timeframe).length_ns, columns)


def _specs_of(name: str, layout: ColumnLayout, workers: Mapping[str, Worker[WorkerConfig]]) -> Sequence[ColumnSpec]:
    first = layout.first_column[name] - len(BAR_COLUMNS)
    return layout.specs[first : first + len(workers[name].tools.columns)]


def _columns_of(
    worker: ContextWorker[WorkerConfig], recorded: RecordedColumns, specs: Sequence[ColumnSpec], name: str
) -> Sequence[FloatColumn] | None:
    columns = worker.precompute(recorded)
    if columns is None:
        return None
    if len(columns) != len(specs) or any(column.shape != (len(recorded),) for column in columns):
        raise PluginError(
            "`precompute` returns each of the worker's columns, one value for each bar.",
            worker=name,
            columns=", ".join(spec.name for spec in specs),
            shapes=[column.shape for column in columns],
            bars=len(recorded),
        )
    return columns


def _require_no_peeking(
    worker: ContextWorker[WorkerConfig],
    recorded: RecordedColumns,
    columns: Sequence[FloatColumn],
    specs: Sequence[ColumnSpec],
    name: str,
) -> None:
    for cut in _cuts(len(recorded)):
        again = _columns_of(worker, _cut_short(recorded, cut), specs, name)
        for spec, whole, short in zip(specs, columns, again or (), strict=True):
            if not np.array_equal(whole[:cut], short, equal_nan=True):
                raise PluginError(
                    "A column changes when later bars are taken away: `precompute` looks ahead.",
                    worker=name,
                    column=spec.name,
                )


def _require_same(
    rows: RecordedRows, spared: Sequence[str], layout: ColumnLayout, workers: Mapping[str, Worker[WorkerConfig]]
) -> None:
    """Hold the first bars against what the workers write bar by bar; they are not called again afterwards."""
    cache = TickCache(rows.symbol, rows.timeframe, _COMPARED, layout.specs, IdSource(lambda: 0))
    for place in range(min(len(rows), _COMPARED)):
        bar = MarketBar(
            rows.symbol,
            rows.timeframe,
            int(rows.opened_ns[place]),
            int(rows.closed_ns[place]),
            *rows.matrix[place, : len(BAR_COLUMNS)].tolist(),
        )
        context = cache.push(bar)
        for name in spared:
            worker, first = workers[name], layout.first_column[name]
            if not isinstance(worker, ContextWorker):
                continue
            values = worker.enrich(context)
            context.row[first : first + len(values)] = values
            computed = rows.matrix[place, first : first + len(values)]
            if not np.array_equal(np.array(values, dtype=np.float64), computed, equal_nan=True):
                raise PluginError(
                    "`precompute` does not return what the worker writes bar by bar.",
                    worker=name,
                    bar=place,
                    bar_by_bar=list(values),
                    precomputed=computed.tolist(),
                )


def _cuts(length: int) -> Sequence[int]:
    return [cut for share in _CUT_AT if 0 < (cut := int(length * share)) < length]


def _cut_short(recorded: RecordedColumns, cut: int) -> RecordedColumns:
    return RecordedColumns(
        recorded.opened_ns[:cut],
        recorded.closed_ns[:cut],
        {name: column[:cut] for name, column in recorded.columns.items()},
    )
