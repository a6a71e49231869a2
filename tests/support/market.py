"""Builders for market data, and a wall clock that only moves when somebody sleeps."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np

from engine.contracts.market import BarSeries, Instrument, MarketBar
from engine.primitives.timeframes import Timeframe, ns_from_datetime

MONDAY_NS = ns_from_datetime(datetime(2024, 3, 4, tzinfo=UTC))


def an_instrument(symbol: str = "BTC/USDT", *, may_short: bool = True) -> Instrument:
    """A market with a tick of 0.01 and a lot of 0.00001."""
    base, quote = symbol.split("/")
    return Instrument(
        symbol=symbol,
        base=base,
        quote=quote,
        tick_size=Decimal("0.01"),
        lot_step=Decimal("0.00001"),
        min_notional=Decimal(5),
        may_short=may_short,
    )


def a_bar_series(
    closes: Sequence[float] = (100.0, 101.0, 99.0, 102.0),
    *,
    symbol: str = "BTC/USDT",
    timeframe: str = "1m",
    from_ns: int = MONDAY_NS,
    without: Iterable[int] = (),
) -> BarSeries:
    """Bars that open at the last close and reach one above and below it; positions in `without` are missing."""
    close = np.array(closes, dtype=np.float64)
    open_ = np.concatenate([close[:1], close[:-1]])
    kept = np.setdiff1d(np.arange(len(close)), np.array(list(without), dtype=np.int64))
    length_ns = Timeframe.parse(timeframe).length_ns
    return BarSeries(
        symbol=symbol,
        timeframe=timeframe,
        opened_ns=(from_ns + np.arange(len(close), dtype=np.int64) * length_ns)[kept],
        open=open_[kept],
        high=(np.maximum(open_, close) + 1)[kept],
        low=(np.minimum(open_, close) - 1)[kept],
        close=close[kept],
        volume=(np.arange(len(close), dtype=np.float64) + 1)[kept],
    )


def the_first(series: BarSeries, count: int) -> BarSeries:
    """The same series when only its first bars had been seen."""
    return BarSeries(
        series.symbol,
        series.timeframe,
        series.opened_ns[:count],
        series.open[:count],
        series.high[:count],
        series.low[:count],
        series.close[:count],
        series.volume[:count],
    )


def a_market_bar(*, symbol: str = "BTC/USDT", timeframe: str = "1m", at: int = 0, close: float = 100.0) -> MarketBar:
    """A flat-bodied bar, `at` bars after Monday midnight."""
    length_ns = Timeframe.parse(timeframe).length_ns
    opened_ns = MONDAY_NS + at * length_ns
    return MarketBar(
        symbol, timeframe, opened_ns, opened_ns + length_ns, close, close + 1, close - 1, close, volume=1.0
    )


class StillWall:
    """A wall clock in seconds that stands still but for sleeping, which takes no time at all."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        """Let the clock pass and give the loop a turn."""
        self.now_s += seconds
        await asyncio.sleep(0)
