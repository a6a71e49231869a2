"""The reference work in backtesting 0.6.6 and backtrader 1.9.78, as their own manuals would write it.

Entries and exits at the next open, stop and target inside the bar, 0.1 % commission, sizes that never run out of money.
Only the run is timed, as with ours: handing over the data does not count, nor do statistics afterwards.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import backtrader as bt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.contracts.market import BarSeries
from tests.benchmarks.measuring import Ran, Watch

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # on import it warns of notebooks, which nobody uses here
    from backtesting import Backtest, Strategy, backtesting
    from backtesting.lib import crossover

FAST, SLOW = 20, 50
STOP, TARGET = 0.005, 0.01
"""Distances from the close on which it is decided, as ratios."""
FEE = 0.001
CASH = 1e9
UNITS = 5
"""Both engines trade whole units; with this much cash they never run out of it."""


def frame_of(series: BarSeries) -> pd.DataFrame:
    """Return the bars as both engines want them."""
    names = ("Open", "High", "Low", "Close", "Volume")
    columns = (series.open, series.high, series.low, series.close, series.volume)
    return pd.DataFrame(dict(zip(names, columns, strict=True)), index=pd.to_datetime(series.opened_ns))


def _ema(values: NDArray[np.float64], periods: int) -> NDArray[np.float64]:
    average: NDArray[np.float64] = (
        pd.Series(values).ewm(span=periods, adjust=False, min_periods=periods).mean().to_numpy()
    )
    return average


class _CrossInBacktesting(Strategy):
    def init(self) -> None:
        self.fast = self.I(_ema, self.data.Close, FAST)
        self.slow = self.I(_ema, self.data.Close, SLOW)

    def next(self) -> None:
        if crossover(self.fast, self.slow):
            if not self.position:
                close = self.data.Close[-1]
                self.buy(size=UNITS, sl=close * (1 - STOP), tp=close * (1 + TARGET))
        elif self.position and crossover(self.slow, self.fast):
            self.position.close()


class _CrossInBacktrader(bt.Strategy):
    def __init__(self) -> None:
        self.cross = bt.ind.CrossOver(bt.ind.EMA(period=FAST), bt.ind.EMA(period=SLOW))
        self.exits: list[Any] = []
        self.trades = 0

    def next(self) -> None:
        if not self.position:
            if self.cross[0] > 0:
                close = self.data.close[0]
                _, *self.exits = self.buy_bracket(
                    exectype=bt.Order.Market,
                    size=UNITS,
                    stopprice=close * (1 - STOP),
                    limitprice=close * (1 + TARGET),
                )
        elif self.cross[0] < 0:
            for order in self.exits[:1]:  # the two are one-cancels-other: cancelling one takes both
                self.cancel(order)
            self.close()

    def notify_trade(self, trade: Any) -> None:
        self.trades += trade.justopened


@contextmanager
def _quietly() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, about themselves
        yield


def in_backtesting(series: BarSeries) -> Callable[[], Ran]:
    """Return the run, its data handed over; its statistics are not counted."""
    with _quietly():
        backtest = Backtest(frame_of(series), _CrossInBacktesting, cash=CASH, commission=FEE, finalize_trades=True)

    def run() -> Ran:
        whole, statistics, compute = Watch(), Watch(), backtesting.compute_stats

        def computed(*words: Any, **settings: Any) -> Any:
            with statistics:
                return compute(*words, **settings)

        backtesting.compute_stats = computed
        try:
            with _quietly(), whole:
                found = backtest.run()
        finally:
            backtesting.compute_stats = compute
        return Ran(whole.without(statistics), len(found["_trades"]))

    return run


def in_backtrader(series: BarSeries) -> Callable[[], Ran]:
    """Return the run with its default, runonce; reading the frame is not counted."""
    frame = frame_of(series)

    def run() -> Ran:
        whole, reading = Watch(), Watch()

        class Feed(bt.feeds.PandasData):  # type: ignore[misc]  # untyped
            def preload(self) -> None:
                with reading:
                    super().preload()

        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(Feed(dataname=frame, timeframe=bt.TimeFrame.Minutes))
        cerebro.addstrategy(_CrossInBacktrader)
        cerebro.broker.setcash(CASH)
        cerebro.broker.setcommission(commission=FEE)
        with whole:
            (strategy,) = cerebro.run()
        return Ran(whole.without(reading), strategy.trades)

    return run
