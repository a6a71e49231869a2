from decimal import Decimal
from itertools import pairwise

import pytest

from connectors.demo_market.generator import DAY_NS, DemoMarket
from engine.contracts.base import Direction
from engine.contracts.market import MarketBar
from engine.primitives.money import from_float
from engine.primitives.timeframes import NS_PER_MINUTE, ns_from_datetime

pytestmark = pytest.mark.unit

MARKET = DemoMarket(seed=7)
LOTS = {"BTC/USDT": Decimal("0.00001"), "ETH/USDT": Decimal("0.0001")}
TICK = Decimal("0.01")


def bars(symbol: str) -> list[MarketBar]:
    return [MARKET.bar(symbol, 20_458 * DAY_NS + minute * NS_PER_MINUTE) for minute in range(0, 1_440, 13)]


@pytest.mark.parametrize("symbol", LOTS)
def test_prints_make_up_their_bar_to_the_last_lot(symbol: str) -> None:
    for bar in bars(symbol):
        prints = MARKET.prints(bar)
        prices = [trade.price for trade in prints]
        assert 4 <= len(prints) <= 10
        assert prices[0] == from_float(bar.open, TICK)
        assert prices[-1] == from_float(bar.close, TICK)
        assert max(prices) == from_float(bar.high, TICK)
        assert min(prices) == from_float(bar.low, TICK)
        assert sum(trade.quantity for trade in prints) == from_float(bar.volume, LOTS[symbol])


@pytest.mark.parametrize("symbol", LOTS)
def test_prints_stand_on_ticks_and_lots(symbol: str) -> None:
    for bar in bars(symbol):
        for trade in MARKET.prints(bar):
            assert trade.price % TICK == 0
            assert trade.quantity % LOTS[symbol] == 0


def test_prints_come_in_time_order_within_their_bar() -> None:
    for bar in bars("BTC/USDT"):
        times = [ns_from_datetime(trade.traded_at) for trade in MARKET.prints(bar)]
        assert times == sorted(set(times))
        assert bar.opened_ns <= times[0]
        assert times[-1] < bar.closed_ns


def test_a_rise_is_bought_and_a_fall_is_sold() -> None:
    for bar in bars("ETH/USDT"):
        prints = MARKET.prints(bar)
        for before, after in pairwise(prints):
            if after.price > before.price:
                assert after.taker is Direction.BUY
            if after.price < before.price:
                assert after.taker is Direction.SELL


def test_the_same_bar_has_the_same_prints() -> None:
    bar = bars("BTC/USDT")[5]

    assert MARKET.prints(bar) == DemoMarket(seed=7).prints(bar)
    assert MARKET.prints(bar) != DemoMarket(seed=8).prints(bar)
