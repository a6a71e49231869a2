"""Longer bars of a chart's bars: the same whether they come at once or one by one, and those that a strategy sees."""

import numpy as np
import pytest

from engine.contracts.market import BAR_COLUMNS, MarketBar
from engine.primitives.timeframes import NS_PER_MINUTE, Timeframe
from engine.runtime.bars import BarBuilder
from gui.bridge.rows import BarRow
from gui.charts.columns import ChartColumns
from gui.charts.longer import LongerBars, longer_than
from tests.support.gui import NAMES, SPECS, SYMBOL, demo_columns

pytestmark = pytest.mark.unit

BARS = 200
QUARTER = Timeframe.parse("15m")


def some_columns(bars: int, *, missing: frozenset[int] = frozenset()) -> tuple[ChartColumns, list[BarRow]]:
    """Return a chart's columns and the same bars as rows, without those that are missing."""
    series, enriched = demo_columns(bars)
    columns = ChartColumns([spec.name for spec in SPECS])
    rows = []
    for place in range(bars):
        if place in missing:
            continue
        opened_ns = int(series.opened_ns[place]) + 7 * NS_PER_MINUTE
        values = [float(getattr(series, name)[place]) for name in BAR_COLUMNS]
        values += [float(enriched[spec.name][place]) for spec in SPECS]
        rows.append(BarRow(opened_ns, opened_ns + NS_PER_MINUTE, tuple(values), 0.5, 0.5))
        columns.append(opened_ns, NAMES, values)
    return columns, rows


def test_what_is_folded_at_once_is_what_is_added_bar_by_bar() -> None:
    columns, rows = some_columns(BARS, missing=frozenset(range(60, 95)))
    series, enriched = LongerBars(QUARTER, SPECS).fold(columns, SYMBOL)
    live = LongerBars(QUARTER, SPECS)
    by_open = {longer.opened_ns: longer.values for longer in (live.add(NAMES, row) for row in rows)}

    assert series.opened_ns.tolist() == list(by_open)
    for place, name in enumerate(NAMES):
        folded = getattr(series, name) if name in BAR_COLUMNS else enriched[name]
        np.testing.assert_allclose(folded, [values[place] for values in by_open.values()], rtol=1e-12)


def test_a_fold_is_gone_on_with() -> None:
    columns, rows = some_columns(BARS)
    half = ChartColumns([spec.name for spec in SPECS])
    for row in rows[:100]:
        half.append(row.opened_ns, NAMES, row.values)
    going_on, at_once = LongerBars(QUARTER, SPECS), LongerBars(QUARTER, SPECS)
    going_on.fold(half, SYMBOL)

    for row in rows[100:]:
        newest = going_on.add(NAMES, row)

    series, _ = at_once.fold(columns, SYMBOL)
    last = [float(getattr(series, name)[-1]) for name in BAR_COLUMNS]
    assert newest.opened_ns == series.opened_ns[-1]
    assert newest.values[:5] == pytest.approx(last, rel=1e-12)


def test_the_closed_ones_are_those_that_a_strategy_sees() -> None:
    columns, rows = some_columns(BARS)
    builder = BarBuilder(QUARTER)
    seen = [
        bar
        for row in rows
        for bar in builder.add(MarketBar(SYMBOL, "1m", row.opened_ns, row.closed_ns, *row.values[:5]))
    ]
    series, _ = LongerBars(QUARTER, SPECS).fold(columns, SYMBOL)

    assert len(seen) > 10
    assert [bar.opened_ns for bar in seen] == series.opened_ns[: len(seen)].tolist()
    assert [bar.high for bar in seen] == series.high[: len(seen)].tolist()
    assert [bar.close for bar in seen] == series.close[: len(seen)].tolist()


def test_a_flag_of_any_bar_is_a_flag_of_the_longer_one() -> None:
    columns, rows = some_columns(BARS)
    _, enriched = LongerBars(QUARTER, SPECS).fold(columns, SYMBOL)
    place = NAMES.index("swing_low")
    set_in = {QUARTER.opened_ns(row.opened_ns) for row in rows if row.values[place] > 0}

    assert np.nansum(enriched["swing_low"]) == len(set_in) > 0


def test_an_empty_chart_folds_to_nothing() -> None:
    series, enriched = LongerBars(QUARTER, SPECS).fold(ChartColumns([spec.name for spec in SPECS]), SYMBOL)

    assert len(series) == 0
    assert all(len(values) == 0 for values in enriched.values())


def test_only_timeframes_are_offered_that_the_bars_build_whole() -> None:
    assert [each.name for each in longer_than("1m")] == ["5m", "15m", "30m", "1h", "4h", "1d", "1w"]
    assert [each.name for each in longer_than("15m")] == ["30m", "1h", "4h", "1d", "1w"]
    assert [each.name for each in longer_than("11m")] == []
    assert longer_than("1w") == []
