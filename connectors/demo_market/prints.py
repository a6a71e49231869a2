"""The trades that make up one bar of the demo market."""

from itertools import accumulate, pairwise
from typing import Final

import numpy as np

from connectors.demo_market.draws import Draws
from engine.sdk.connector import (
    NS_PER_MS,
    Direction,
    Instrument,
    MarketBar,
    TradePrint,
    datetime_from_ns,
)

_BETWEEN_MAX: Final = 7


def prints_of(bar: MarketBar, instrument: Instrument, draws: Draws) -> tuple[TradePrint, ...]:
    """Return four to ten prints that make this bar, in time order.

    The first print is the open and the last the close, high and low are touched (the nearer one first), quantities are
    whole lots that sum to the volume. The bar stands on ticks and lots and has at least a hundred lots.
    """
    prices = _path(bar, instrument, draws)
    quantities = _split(round(bar.volume / float(instrument.lot_step)), len(prices), draws)
    times = _times(bar, len(prices), draws)
    takers = _takers(prices)
    return tuple(
        TradePrint(
            symbol=bar.symbol,
            traded_at=datetime_from_ns(at_ns),
            price=ticks * instrument.tick_size,
            quantity=lots * instrument.lot_step,
            taker=taker,
        )
        for at_ns, ticks, lots, taker in zip(times, prices, quantities, takers, strict=True)
    )


def _path(bar: MarketBar, instrument: Instrument, draws: Draws) -> list[int]:
    """Return prices in ticks: open, one extreme, the other, close, and some prices between."""
    step = float(instrument.tick_size)
    open_, high, low, close = (round(price / step) for price in (bar.open, bar.high, bar.low, bar.close))
    turns = [open_, low, high, close] if close >= open_ else [open_, high, low, close]
    count, *words = (int(word) for word in draws.raw(1 + 2 * _BETWEEN_MAX))
    legs: list[list[int]] = [[], [], []]
    for leg, share in zip(words[: count % _BETWEEN_MAX], words[_BETWEEN_MAX:], strict=False):
        start, end = turns[leg % 3], turns[leg % 3 + 1]
        legs[leg % 3].append(min(start, end) + share % (abs(end - start) + 1))
    path = [open_]
    for (start, end), between in zip(pairwise(turns), legs, strict=True):
        path += [*sorted(between, reverse=end < start), end]
    return path


def _split(lots: int, count: int, draws: Draws) -> list[int]:
    """Return so many whole numbers of at least one that sum to `lots`."""
    weights = [1 + int(word) % 100 for word in draws.raw(count)]
    spare, whole = lots - count, sum(weights)
    cuts = [0, *(spare * weight // whole for weight in accumulate(weights))]
    return [1 + after - before for before, after in pairwise(cuts)]


def _times(bar: MarketBar, count: int, draws: Draws) -> list[int]:
    """Return strictly increasing instants within the bar, on whole milliseconds."""
    cell_ms = (bar.closed_ns - bar.opened_ns) // NS_PER_MS // count
    jitter = (draws.raw(count) % np.uint64(cell_ms)).tolist()
    return [bar.opened_ns + (at * cell_ms + late) * NS_PER_MS for at, late in enumerate(jitter)]


def _takers(prices: list[int]) -> list[Direction]:
    """Return who crossed the spread: the buyer on a rise, the seller on a fall, as before when nothing moved."""
    taker = Direction.BUY
    takers = [taker]
    for before, after in pairwise(prices):
        if after != before:
            taker = Direction.BUY if after > before else Direction.SELL
        takers.append(taker)
    return takers
