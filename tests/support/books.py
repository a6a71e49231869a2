"""Builders for order books, and what is to be found in them, worked out the slow and plain way."""

from collections.abc import Sequence
from decimal import Decimal

from engine.contracts.market import BookLevel, BookSnapshot
from tests.support.market import MONDAY_NS

Side = Sequence[tuple[str, str]]


def levels(side: Side) -> tuple[BookLevel, ...]:
    """Return levels of (price, quantity) as text."""
    return tuple(BookLevel(Decimal(price), Decimal(quantity)) for price, quantity in side)


def a_book(
    *,
    bids: Side = (("99", "2"), ("98", "5")),
    asks: Side = (("101", "1"), ("102", "5")),
    taken_ns: int = MONDAY_NS,
    symbol: str = "BTC/USDT",
) -> BookSnapshot:
    """An order book of two levels around 100, leaning a little to the bids."""
    return BookSnapshot(symbol, taken_ns, levels(bids), levels(asks))


def imbalance_of(book: BookSnapshot, *, levels: int) -> float:
    """Return (bids - asks) / (bids + asks) over the best levels of each side."""
    bids, asks = (sum(level.quantity for level in side[:levels]) for side in (book.bids, book.asks))
    return float((bids - asks) / (bids + asks))
