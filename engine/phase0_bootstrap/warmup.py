"""Fills the rolling windows with the past, so that the first decision stands on warm columns."""

import heapq
from collections.abc import Mapping, Sequence

import numpy as np

from engine.config.blueprint import StrategyBlueprint, StrategyMarket
from engine.config.findings import ConfigFinding, ConfigRefused
from engine.config.reading import ConfigFile
from engine.contracts.market import BAR_COLUMNS, BarSeries, FloatColumn, MarketBar
from engine.phase0_bootstrap.strategy_assembly import symbol_of
from engine.primitives.timeframes import Timeframe
from engine.runtime.strategy import StrategyRun

Warm = tuple[BarSeries, Mapping[str, FloatColumn]]
"""The bars of a window and the enriched columns beside them, oldest first."""


def short_bars_needed(*, timeframe: str, feed_timeframe: str, bars: int) -> int:
    """Return how many bars of the feed make so many bars of the strategy's timeframe, and the rest of one more."""
    per_bar = Timeframe.parse(timeframe).length_ns // Timeframe.parse(feed_timeframe).length_ns
    return (bars + 1) * max(per_bar, 1)


def require_buildable(strategies: Sequence[ConfigFile[StrategyBlueprint]], available: Mapping[str, str]) -> None:
    """Refuse strategies whose bars cannot be built from those that there are.

    Args:
        strategies: Their blueprints.
        available: The timeframe of the bars of each market, by unified symbol.

    Raises:
        ConfigError: lists every strategy that this concerns, or whose market there is none of; each with its line.
    """
    findings: list[ConfigFinding] = []
    for file in strategies:
        wanted, given = file.model.market.timeframe, available[symbol_of(file, list(available))]
        if Timeframe.parse(wanted).length_ns % Timeframe.parse(given).length_ns:
            refused = file.refusal(
                ("market", "timeframe"),
                f"bars of {wanted} cannot be built from the market data, which has bars of {given}",
                what_to_do=f"Write {given} or a multiple of it, or take other data.",
            )
            findings += refused.findings
    if findings:
        raise ConfigRefused(findings)


def bars_to_warm(market: StrategyMarket, warmup_bars: int) -> int:
    """Return how many bars of its timeframe a strategy warms up for: the widest of its windows decides."""
    own_ns = Timeframe.parse(market.timeframe).length_ns
    lengths = [Timeframe.parse(name).length_ns for name in market.higher_timeframes]
    wide = max((market.wide_warmup_bars * length // own_ns for length in lengths), default=0)
    return max(warmup_bars, wide, market.wide_warmup_bars if market.companions else 0)


def warm_up(strategy: StrategyRun, past: Mapping[str, Sequence[MarketBar]]) -> Warm:
    """Let a strategy's context and detection workers see past bars; nobody decides on them.

    Args:
        strategy: Fresh from assembly.
        past: Bars of the feed's timeframe by symbol, in the feed's order of symbols; each oldest first, and ending
            where the live part begins.
    """
    context = None
    seen = [bars for symbol, bars in past.items() if symbol in strategy.sees]
    for bar in heapq.merge(*seen, key=lambda one: one.closed_ns):
        strategy.see(bar)
        if bar.symbol != strategy.symbol:
            continue
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
