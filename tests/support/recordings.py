"""Whole recordings drawn at random, and what workers make of them bar by bar: for those that can work ahead."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from engine.contracts.context import ColumnSpec, TradingContext
from engine.contracts.market import BAR_COLUMNS, FloatColumn, MarketBar
from engine.contracts.recorded import RecordedColumns
from engine.phase1_context.tick_cache import TickCache
from engine.primitives.ids import IdSource
from engine.primitives.timeframes import NS_PER_MINUTE
from tests.support.context import START_NS

WILDNESS = (0.0, 1e-9, 1e-3, 0.02)
"""Standard deviations of one bar's log return: at rest, barely moving, an ordinary market, a wild one."""


@st.composite
def recordings(draw: st.DrawFn, *, scales: Sequence[float] = (1e-6, 1.0, 5e4), max_bars: int = 150) -> RecordedColumns:
    """Draw one-minute bars with holes of minutes and of days; some stand still, some are not traded, prices are on ticks.

    Args:
        draw: Hypothesis's.
        scales: About where prices lie, quote per base.
        max_bars: How many bars there are at most.
    """
    count = draw(st.integers(1, max_bars))
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale, wildness = draw(st.sampled_from(scales)), draw(st.sampled_from(WILDNESS))
    close = scale * np.exp(np.cumsum(dice.standard_t(3, count) * wildness))
    opened = np.concatenate((close[:1], close[:-1])) * np.exp(dice.standard_normal(count) * wildness * 0.5)
    if draw(st.booleans()):
        # Coarse ticks: equal prices, equal swings, bars without a body.
        close, opened = (np.maximum(np.round(price / scale, 3), 0.001) * scale for price in (close, opened))
    reach = 1.0 + np.abs(dice.standard_normal(count)) * wildness * draw(st.sampled_from([0.0, 0.3]))
    resting = draw(st.integers(0, count))
    close[resting:], opened[resting:], reach[resting:] = (
        close[min(resting, count - 1)],
        close[min(resting, count - 1)],
        1.0,
    )
    opened[:1] = close[:1]
    traded = dice.random(count) >= draw(st.sampled_from([0.0, 0.5, 1.0]))
    volume = (
        dice.lognormal(sigma=draw(st.sampled_from([0.1, 1.5])), size=count)
        * draw(st.sampled_from([1e-6, 1.0, 1e6]))
        * traded
    )
    minutes = np.cumsum(
        dice.choice([1, 2, 600, 4000], size=count, p=draw(st.sampled_from([[1, 0, 0, 0], [0.9, 0.05, 0.04, 0.01]])))
    )
    opened_ns = START_NS + minutes.astype(np.int64) * NS_PER_MINUTE
    high, low = np.maximum(opened, close) * reach, np.minimum(opened, close) / reach
    return recording(opened_ns, dict(zip(BAR_COLUMNS, (opened, high, low, close, volume), strict=True)))


def recording(opened_ns: Any, columns: Mapping[str, FloatColumn]) -> RecordedColumns:
    """Return one-minute bars as the platform hands them out: read-only."""
    opened_ns = np.array(opened_ns, dtype=np.int64)
    copies = {name: np.array(column, dtype=np.float64) for name, column in columns.items()}
    closed_ns = opened_ns + NS_PER_MINUTE
    for column in (opened_ns, closed_ns, *copies.values()):
        column.flags.writeable = False
    return RecordedColumns(opened_ns, closed_ns, copies)


def cut(recorded: RecordedColumns, length: int) -> RecordedColumns:
    """Return the first bars of a recording: what was known then."""
    return recording(recorded.opened_ns[:length], {name: column[:length] for name, column in recorded.columns.items()})


def contexts_of(
    recorded: RecordedColumns, specs: Sequence[ColumnSpec] = (), *, window: int = 320
) -> Iterator[TradingContext]:
    """Give the context of each bar as it closes; those columns of `specs` that are recorded are written."""
    cache = TickCache("BTC/USDT", "1m", window, specs, IdSource(lambda: 0))
    bars = np.array([recorded.column(name) for name in BAR_COLUMNS]).T.tolist()
    unknown = np.full(len(recorded), np.nan)
    written = np.array([recorded.columns.get(spec.name, unknown) for spec in specs]).T.tolist()
    times = zip(recorded.opened_ns.tolist(), recorded.closed_ns.tolist(), strict=True)
    for at, (opened_ns, closed_ns) in enumerate(times):
        context = cache.push(MarketBar("BTC/USDT", "1m", opened_ns, closed_ns, *bars[at]))
        if specs:
            context.row[len(BAR_COLUMNS) :] = written[at]
        yield context


def enriched_bar_by_bar(worker: Any, recorded: RecordedColumns) -> list[FloatColumn]:
    """Return a context worker's own columns, written one bar at a time."""
    specs = worker.tools.columns
    rows = []
    for context in contexts_of(recorded, specs):
        worker.on_tick(context)
        rows.append([context.value(spec.name) for spec in specs])
    return list(np.array(rows).T)
