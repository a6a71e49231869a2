"""Markets that do what no demo does: holes, silence, jumps, droughts; and futures that come otherwise."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from engine.contracts.market import BAR_COLUMNS, BarSeries, FloatColumn
from engine.contracts.recorded import BoolColumn
from engine.primitives.timeframes import NS_PER_MINUTE
from tests.support.market import MONDAY_NS

_LARGEST_STEP = 0.03


def a_wild_market(symbol: str, bars: int, *, seed: int, from_ns: int = MONDAY_NS, holes: bool = True) -> BarSeries:
    """Return one-minute bars of a market that was drawn at random: calm and wild hours, jumps, silence, and holes.

    Args:
        symbol: Unified symbol.
        bars: Minutes that it lasts; holes take some of them away.
        seed: The same seed gives the same market.
        from_ns: Open time of the first bar, which is always there.
        holes: Whether bars may be missing.
    """
    draw = np.random.default_rng(seed)
    hours = np.repeat(draw.choice([0.0002, 0.001, 0.004], size=bars // 60 + 1), 60)[:bars]
    steps = draw.standard_normal(bars) * hours
    steps[draw.random(bars) < 0.01] *= 10
    steps = np.clip(steps, -_LARGEST_STEP, _LARGEST_STEP)
    steps[draw.random(bars) < 0.05] = 0.0
    close = 100.0 * np.exp(np.cumsum(steps))
    open_ = np.concatenate([[100.0], close[:-1]])
    wick = np.abs(draw.standard_normal((2, bars))) * hours * (steps != 0)
    volume = np.exp(draw.standard_normal(bars)) * 100 * (draw.random(bars) > 0.02)
    kept = draw.random(bars) > (0.01 if holes else -1.0)
    kept[0] = True
    series = BarSeries(
        symbol,
        "1m",
        from_ns + np.arange(bars, dtype=np.int64) * NS_PER_MINUTE,
        *(
            np.round(column, 2)
            for column in (
                open_,
                np.maximum(open_, close) * (1 + wick[0]),
                np.minimum(open_, close) * (1 - wick[1]),
                close,
                volume,
            )
        ),
    )
    return _taken(series, kept)


def without_bars(series: BarSeries, places: Iterable[int]) -> BarSeries:
    """Return a series with a hole."""
    kept = np.ones(len(series), dtype=np.bool_)
    kept[list(places)] = False
    return _taken(series, kept)


def with_another_future(series: BarSeries, *, after_ns: int, seed: int) -> BarSeries:
    """Return a series of which every bar that closes after an instant is another one: price, range, volume, holes.

    Args:
        series: One-minute bars.
        after_ns: The last instant that stays as it was.
        seed: Draws the other future.
    """
    known = series.opened_ns + NS_PER_MINUTE <= after_ns
    if known.all():
        return series
    first_ns = max(int(series.opened_ns[0]), after_ns)
    minutes = int(series.opened_ns[-1] - first_ns) // NS_PER_MINUTE + 1
    other = a_wild_market(series.symbol, minutes, seed=seed, from_ns=first_ns)
    factor = 1.07 * (series.close[known][-1] / other.open[0] if known.any() else 1.0)
    columns = (
        np.concatenate([getattr(series, name)[known], np.round(getattr(other, name) * factor, 2)])
        for name in BAR_COLUMNS
    )
    opened_ns = np.concatenate([series.opened_ns[known], other.opened_ns])
    return BarSeries(series.symbol, series.timeframe, opened_ns, *columns)


def the_past_of(series: BarSeries, *, at_ns: int) -> BarSeries:
    """Return the bars of a series of one-minute bars that have closed by an instant."""
    return _taken(series, series.opened_ns + NS_PER_MINUTE <= at_ns)


def turned_over(series: BarSeries, *, from_bar: int) -> BarSeries:
    """Return a series that from one bar on falls where it would have risen."""
    mirror = series.close[from_bar] ** 2

    def turned(prices: FloatColumn) -> FloatColumn:
        return np.concatenate([prices[:from_bar], mirror / prices[from_bar:]])

    return replace(
        series,
        open=turned(series.open),
        high=np.concatenate([series.high[:from_bar], turned(series.low)[from_bar:]]),
        low=np.concatenate([series.low[:from_bar], turned(series.high)[from_bar:]]),
        close=turned(series.close),
    )


def in_a_drought(series: BarSeries, places: slice) -> BarSeries:
    """Return a series in which hardly anything is traded for a while."""
    volume = series.volume.copy()
    volume[places] *= 0.001
    return replace(series, volume=volume)


def _taken(series: BarSeries, kept: BoolColumn) -> BarSeries:
    columns = (getattr(series, name)[kept] for name in BAR_COLUMNS)
    return BarSeries(series.symbol, series.timeframe, series.opened_ns[kept], *columns)
