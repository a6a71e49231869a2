"""Longer bars out of shorter ones."""

import pytest

from engine.contracts.market import MarketBar
from engine.primitives.timeframes import NS_PER_MINUTE, Timeframe
from engine.runtime.bars import BarBuilder

pytestmark = pytest.mark.unit


def _minute(number: int, close: float = 1.0, high: float = 2.0, low: float = 0.5) -> MarketBar:
    return MarketBar(
        symbol="BTC/USDT",
        timeframe="1m",
        opened_ns=number * NS_PER_MINUTE,
        closed_ns=(number + 1) * NS_PER_MINUTE,
        open=1.0,
        high=high,
        low=low,
        close=close,
        volume=1.0,
    )


def test_a_longer_bar_closes_with_its_last_minute_and_not_before() -> None:
    builder = BarBuilder(Timeframe.parse("5m"))
    assert [len(builder.add(_minute(n, close=float(n), high=2 + n, low=0.5 - n / 10))) for n in range(4)] == [0] * 4
    (bar,) = builder.add(_minute(4, close=9.0))
    assert (bar.opened_ns, bar.closed_ns) == (0, 5 * NS_PER_MINUTE)
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (1.0, 5.0, 0.2, 9.0, 5.0)


def test_a_hole_closes_the_bar_when_the_next_one_begins_with_what_is_there() -> None:
    builder = BarBuilder(Timeframe.parse("5m"))
    assert not builder.add(_minute(1))
    (bar,) = builder.add(_minute(7))
    assert (bar.opened_ns, bar.volume) == (0, 1.0)


def test_a_hole_at_the_end_of_one_and_the_last_minute_of_the_next_close_two() -> None:
    builder = BarBuilder(Timeframe.parse("5m"))
    builder.add(_minute(0))
    first, second = builder.add(_minute(9))
    assert (first.opened_ns, second.opened_ns) == (0, 5 * NS_PER_MINUTE)


def test_a_bar_of_the_wanted_length_passes_as_it_is() -> None:
    bar = _minute(3)
    assert BarBuilder(Timeframe.parse("1m")).add(bar) == (bar,)
