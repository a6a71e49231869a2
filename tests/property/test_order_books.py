"""Every order book of the demo market is one that a market can have, and every one that cannot be is refused."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from connectors.demo_market.generator import DAY_NS, DemoMarket
from engine.contracts.market import BookLevel, BookSnapshot
from engine.primitives.errors import DataError
from engine.primitives.timeframes import NS_PER_MINUTE
from engine.runtime.market import LastPrices
from plugins.phase1_context.order_book_imbalance.worker import OrderBookImbalanceDetector
from tests.support.context import START_NS, employ, enriched
from tests.support.market import MONDAY_NS, an_instrument

pytestmark = pytest.mark.property

MARKETS = {seed: DemoMarket(seed=seed) for seed in range(4)}
AMOUNTS = st.decimals("0.001", "1000000", places=3)
ROUNDING = 1e-15
SIDES = st.lists(st.builds(BookLevel, AMOUNTS, AMOUNTS), max_size=6)


@settings(max_examples=150)
@given(
    seed=st.sampled_from(sorted(MARKETS)),
    day=st.integers(20_454, 20_456),
    minute=st.integers(0, 1_439),
    symbol=st.sampled_from(["BTC/USDT", "ETH/USDT"]),
    every_s=st.integers(1, 60),
    levels=st.integers(1, 50),
)
def test_books_of_the_demo_market_are_sound_whole_and_in_time_order(
    seed: int, day: int, minute: int, symbol: str, every_s: int, levels: int
) -> None:
    market = MARKETS[seed]
    instrument = next(each for each in market.instruments() if each.symbol == symbol)
    bar = market.bar(symbol, day * DAY_NS + minute * NS_PER_MINUTE)
    books = market.books(bar, market.prints(bar), every_s=every_s, levels=levels)

    assert [book.taken_ns for book in books] == sorted({book.taken_ns for book in books})
    assert len(books) == 60 // every_s
    for book in books:
        assert book.fault == ""
        assert bar.opened_ns < book.taken_ns <= bar.closed_ns
        assert (len(book.bids), len(book.asks)) == (levels, levels)
        for level in (*book.bids, *book.asks):
            assert level.price % instrument.tick_size == 0
            assert level.quantity % instrument.lot_step == 0


@given(bids=SIDES, asks=SIDES)
def test_what_is_taken_in_is_sorted_positive_and_not_crossed(bids: list[BookLevel], asks: list[BookLevel]) -> None:
    prices = LastPrices({"BTC/USDT": an_instrument()})
    book = BookSnapshot("BTC/USDT", MONDAY_NS, tuple(bids), tuple(asks))
    bid_prices, ask_prices = ([level.price for level in side] for side in (bids, asks))
    is_sorted = bid_prices == sorted(set(bid_prices), reverse=True) and ask_prices == sorted(set(ask_prices))
    is_open = not bids or not asks or max(bid_prices) < min(ask_prices)

    try:
        prices.see_book(book)
    except DataError:
        assert not (is_sorted and is_open)
    else:
        assert is_sorted
        assert is_open


def _sound(bids: list[BookLevel], asks: list[BookLevel]) -> BookSnapshot:
    """Return the book that these orders would leave: sorted, one level a price, asks above the bids."""
    by_price = {level.price: level for level in bids}
    best = max(by_price, default=Decimal(0))
    above = {best + level.price: BookLevel(best + level.price, level.quantity) for level in asks}
    return BookSnapshot(
        "BTC/USDT",
        START_NS,
        tuple(by_price[price] for price in sorted(by_price, reverse=True)),
        tuple(above[price] for price in sorted(above)),
    )


@settings(max_examples=60)
@given(bids=SIDES, asks=SIDES, levels=st.integers(1, 6))
def test_the_detector_stays_within_its_bounds_for_every_sound_book(
    bids: list[BookLevel], asks: list[BookLevel], levels: int
) -> None:
    assume(bids and asks)
    book = _sound(bids, asks)
    worker: OrderBookImbalanceDetector = employ(
        "phase1_context/order_book_imbalance", {"levels": levels}, book=lambda: book
    )
    (row,) = enriched(worker, [100.0])

    assert -1 < row["book_imbalance"] < 1
    assert row["book_spread_bps"] > 0
    bid, ask = float(book.bids[0].price), float(book.asks[0].price)
    assert bid * (1 - ROUNDING) <= row["book_microprice"] <= ask * (1 + ROUNDING)
