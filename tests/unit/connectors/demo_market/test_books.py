"""Order books of the demo market: they stand where it trades, and know nothing of what comes."""

from statistics import correlation

import pytest

from connectors.demo_market.draws import Draws
from connectors.demo_market.generator import DAY_NS, DemoMarket
from engine.contracts.base import Direction
from engine.contracts.market import BookSnapshot, MarketBar
from engine.primitives.timeframes import NS_PER_MINUTE, ns_from_datetime
from tests.support.books import imbalance_of

pytestmark = pytest.mark.unit

DAY = 20_458
MINUTES = range(300, 360)


def a_minute(market: DemoMarket, minute: int, symbol: str = "BTC/USDT") -> MarketBar:
    return market.bar(symbol, DAY * DAY_NS + minute * NS_PER_MINUTE)


def books_in(market: DemoMarket, bar: MarketBar, every_s: int = 15) -> list[BookSnapshot]:
    return list(market.books(bar, market.prints(bar), every_s=every_s, levels=10))


@pytest.mark.parametrize("symbol", ["BTC/USDT", "ETH/USDT"])
def test_the_last_trade_is_the_best_price_of_the_side_that_was_hit(symbol: str) -> None:
    market = DemoMarket(seed=7)
    for minute in MINUTES:
        bar = a_minute(market, minute, symbol)
        for book in books_in(market, bar, every_s=20):
            known = [each for each in market.prints(bar) if ns_from_datetime(each.traded_at) <= book.taken_ns]
            if known:
                hit = book.asks if known[-1].taker is Direction.BUY else book.bids
                assert hit[0].price == known[-1].price


def test_the_book_at_the_close_stands_at_the_close() -> None:
    market = DemoMarket(seed=7)
    for minute in MINUTES:
        bar = a_minute(market, minute)
        last = books_in(market, bar)[-1]
        assert last.taken_ns == bar.closed_ns
        assert bar.close in (float(last.bids[0].price), float(last.asks[0].price))


def test_a_book_does_not_know_the_trades_after_it() -> None:
    market = DemoMarket(seed=7)
    bar = a_minute(market, 300)
    prints = market.prints(bar)
    whole = books_in(market, bar)
    for at, book in enumerate(whole):
        known = [each for each in prints if ns_from_datetime(each.traded_at) <= book.taken_ns]
        other_end = bar._replace(high=bar.high * 2, low=bar.low / 2, close=bar.open, volume=1.0)
        assert market.books(other_end, known, every_s=15, levels=10)[: at + 1] == whole[: at + 1]


def test_an_imbalance_tells_nothing_about_the_next_bar() -> None:
    market = DemoMarket(seed=7, with_crash=False)
    leans, moves = [], []
    for minute in range(1_000):
        bar, after = a_minute(market, minute), a_minute(market, minute + 1)
        leans.append(imbalance_of(books_in(market, bar, every_s=60)[-1], levels=10))
        moves.append(after.close / after.open - 1)

    # Of a thousand independent pairs, one in a thousand lots is correlated by more than 0.104.
    assert abs(correlation(leans, moves)) < 0.104
    assert min(leans) < -0.3
    assert max(leans) > 0.3


def test_a_market_that_has_moved_is_wider_and_thinner() -> None:
    market = DemoMarket(seed=7)
    crash = market.crash(DAY)
    assert crash is not None

    def width_and_depth(minute: int) -> tuple[float, float]:
        book = books_in(market, a_minute(market, minute))[-1]
        depth = sum(level.quantity for level in (*book.bids, *book.asks))
        return float(book.asks[0].price / book.bids[0].price - 1), float(depth)

    calm, falling = (width_and_depth(minute) for minute in (crash.minute - 30, crash.minute + crash.falling // 2))
    assert falling[0] > 3 * calm[0]
    assert falling[1] < calm[1] / 2


def test_the_same_seed_gives_the_same_books_and_another_seed_others() -> None:
    first, second, other = (
        books_in(market, a_minute(market, 300))
        for market in (DemoMarket(seed=7), DemoMarket(seed=7), DemoMarket(seed=8))
    )

    assert first == second
    assert [book.bids for book in first] != [book.bids for book in other]


def test_the_noise_of_books_is_not_that_of_the_trades() -> None:
    assert Draws(7, 1, 5).uniform() != Draws(7, 1, 5, 15).uniform()
