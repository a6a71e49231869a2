"""The last known market of every symbol: what may come in, and what is known then."""

from decimal import Decimal

import pytest

from engine.contracts.market import Quote
from engine.primitives.errors import DataError
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_SECOND, datetime_from_ns
from engine.runtime.market import LastPrices
from tests.support.books import Side, a_book
from tests.support.market import MONDAY_NS, a_market_bar, an_instrument

pytestmark = pytest.mark.unit

CLOSE_NS = MONDAY_NS + NS_PER_MINUTE


def last_prices() -> LastPrices:
    return LastPrices({symbol: an_instrument(symbol) for symbol in ("BTC/USDT", "ETH/USDT")})


def a_quote(*, bid: str = "99.5", ask: str = "100.5", at_ns: int = MONDAY_NS) -> Quote:
    return Quote(
        symbol="BTC/USDT",
        quoted_at=datetime_from_ns(at_ns),
        bid=Decimal(bid),
        ask=Decimal(ask),
        bid_quantity=Decimal(1),
        ask_quantity=Decimal(1),
    )


def best(prices: LastPrices) -> tuple[Decimal, Decimal]:
    quote = prices.last_quote("BTC/USDT")
    assert quote is not None
    return quote.bid, quote.ask


def test_before_the_first_book_there_is_neither_book_nor_quote() -> None:
    prices = last_prices()
    prices.see_book(a_book())

    assert prices.last_book("ETH/USDT") is None
    assert prices.last_quote("ETH/USDT") is None


def test_the_newest_of_quotes_and_books_is_the_quote() -> None:
    prices = last_prices()
    prices.see_book(a_book())
    assert best(prices) == (99, 101)

    prices.see_quote(a_quote(at_ns=MONDAY_NS + NS_PER_SECOND))
    assert best(prices) == (Decimal("99.5"), Decimal("100.5"))

    prices.see_book(a_book(bids=[("98", "1")], taken_ns=MONDAY_NS + 2 * NS_PER_SECOND))
    assert best(prices) == (98, 101)


def test_a_quote_leaves_the_last_book_as_it_was() -> None:
    prices, book = last_prices(), a_book()
    prices.see_book(book)
    prices.see_quote(a_quote(at_ns=MONDAY_NS + NS_PER_SECOND))

    assert prices.last_book("BTC/USDT") is book


def test_where_nobody_bids_there_is_no_quote_however_many_there_were() -> None:
    prices = last_prices()
    prices.see_quote(a_quote())
    prices.see_book(a_book(bids=(), taken_ns=MONDAY_NS + NS_PER_SECOND))

    assert prices.last_quote("BTC/USDT") is None


def test_of_one_instant_the_later_arrival_counts() -> None:
    prices, later = last_prices(), a_book(bids=[("97", "1")])
    prices.see_book(a_book())
    prices.see_book(later)

    assert prices.last_book("BTC/USDT") is later


@pytest.mark.parametrize("kind", ["book", "quote"])
@pytest.mark.parametrize("before", ["a book", "a quote", "a bar"])
def test_what_is_older_than_what_is_known_is_refused_and_not_kept(kind: str, before: str) -> None:
    prices = last_prices()
    match before:
        case "a book":
            prices.see_book(a_book(taken_ns=CLOSE_NS))
        case "a quote":
            prices.see_quote(a_quote(at_ns=CLOSE_NS))
        case _:
            prices.see(a_market_bar())
    known = prices.last_quote("BTC/USDT")

    def late() -> None:
        if kind == "book":
            prices.see_book(a_book(taken_ns=CLOSE_NS - NS_PER_SECOND))
        else:
            prices.see_quote(a_quote(at_ns=CLOSE_NS - NS_PER_SECOND))

    with pytest.raises(
        DataError, match=r"older than what is known.*taken=2024-03-04 00:00:59.*seen_to=2024-03-04 00:01:00"
    ):
        late()
    assert prices.last_quote("BTC/USDT") == known


def test_one_market_does_not_make_another_one_late() -> None:
    prices = last_prices()
    prices.see_book(a_book(taken_ns=CLOSE_NS, symbol="ETH/USDT"))
    prices.see_book(a_book())

    assert prices.last_book("BTC/USDT") is not None


def test_a_book_at_the_very_close_of_the_last_bar_is_not_late() -> None:
    prices = last_prices()
    prices.see(a_market_bar())
    prices.see_book(a_book(taken_ns=CLOSE_NS))

    assert prices.last_book("BTC/USDT") is not None


IMPOSSIBLE: dict[str, tuple[Side, Side, str]] = {
    "crossed": ([("101", "1")], [("100", "1")], "the best bid is not below the best ask"),
    "locked": ([("100", "1")], [("100", "1")], "the best bid is not below the best ask"),
    "bids out of order": ([("98", "1"), ("99", "1")], [("101", "1")], "the bids do not fall from level to level"),
    "asks twice": ([("99", "1")], [("101", "1"), ("101", "2")], "the asks do not rise from level to level"),
    "nothing there": ([("99", "0")], [("101", "1")], "a price or quantity is not above zero"),
    "price below zero": ([("-99", "1")], [("101", "1")], "a price or quantity is not above zero"),
    "no number": ([("99", "1")], [("NaN", "1")], "a price or quantity is not a finite number"),
    "endless": ([("99", "1")], [("101", "Infinity")], "a price or quantity is not a finite number"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_a_book_that_no_market_can_have_is_refused_with_the_reason(case: str) -> None:
    bids, asks, reason = IMPOSSIBLE[case]
    prices, sound = last_prices(), a_book()
    prices.see_book(sound)

    with pytest.raises(DataError, match=f"The order book cannot be.*{reason}"):
        prices.see_book(a_book(bids=bids, asks=asks, taken_ns=CLOSE_NS))
    assert prices.last_book("BTC/USDT") is sound
