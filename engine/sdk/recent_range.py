"""How far bars reach lately, read from a context at the moment that a planner wants to know."""

from decimal import Decimal
from math import isnan

import numpy as np

from engine.contracts.context import TradingContext
from engine.primitives.money import from_float


def average_true_range(context: TradingContext, periods: int, *, tick_size: Decimal) -> Decimal | None:
    """Return the plain mean of the last true ranges, quote per base, nearest tick; None while there are too few bars.

    It needs `periods` + 1 bars of the rolling window and keeps nothing in mind, so a planner that asks only while a trade
    is open knows it at once. `engine.sdk.indicators.ATR` smooths over all bars it ever saw, and differs a little.
    True range: Wilder 1978, "New Concepts in Technical Trading Systems", page 21.
    """
    mean = mean_true_range(context, periods)
    return None if isnan(mean) else from_float(mean, tick_size)


def mean_true_range(context: TradingContext, periods: int) -> float:
    """Return the same as a float, not rounded to the tick, for workers that see rather than plan; NaN for None."""
    closes = context.history("close", periods + 1)
    if closes.shape[0] <= periods:
        return float("nan")
    highs, lows, before = context.history("high", periods), context.history("low", periods), closes[:-1]
    return float((np.maximum(highs, before) - np.minimum(lows, before)).mean())
