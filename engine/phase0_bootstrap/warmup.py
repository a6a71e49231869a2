"""Fills the rolling windows with the past, so that the first decision stands on warm columns."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.contracts.market import BAR_COLUMNS, BarSeries, FloatColumn, MarketBar
from engine.primitives.timeframes import Timeframe
from engine.runtime.strategy import StrategyRun

Warm = tuple[BarSeries, Mapping[str, FloatColumn]]
"""The bars of a window and the enriched columns beside them, oldest first."""


def short_bars_needed(*, timeframe: str, feed_timeframe: str, bars: int) -> int:
    """Return how many bars of the feed make so many bars of the strategy's timeframe, and the rest of one more."""
    per_bar = Timeframe.parse(timeframe).length_ns // Timeframe.parse(feed_timeframe).length_ns
    return (bars + 1) * max(per_bar, 1)


def warm_up(strategy: StrategyRun, past: Sequence[MarketBar]) -> Warm:
    """Let a strategy's context workers see past bars; nobody decides on them.

    Args:
        strategy: Fresh from assembly.
        past: Bars of the feed's timeframe, oldest first, that end where the live part begins.
    """
    context = None
    for bar in past:
        for closed in strategy.closed_bars(bar):
            context = strategy.warm_up(closed)
    if context is None:
        return _nothing(strategy), {spec.name: np.empty(0) for spec in strategy.columns}
    bars = BarSeries(
        strategy.symbol,
        strategy.blueprint.market.timeframe,
        context.opened_history.copy(),
        *(context.history(name).copy() for name in BAR_COLUMNS),
    )
    return bars, {spec.name: context.history(spec.name).copy() for spec in strategy.columns}


def _nothing(strategy: StrategyRun) -> BarSeries:
    return BarSeries(
        strategy.symbol,
        strategy.blueprint.market.timeframe,
        np.empty(0, dtype=np.int64),
        *(np.empty(0) for _ in BAR_COLUMNS),
    )
