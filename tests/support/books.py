"""Builders for order books, and what is to be found in them, worked out the slow and plain way."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

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


def a_snapshot(
    last_id: int, *, bids: Side = (("99", "1"), ("98", "5")), asks: Side = (("101", "1"), ("102", "5"))
) -> dict[str, object]:
    """The whole book as Binance sends it when it is asked for."""
    return {"lastUpdateId": last_id, "bids": [list(level) for level in bids], "asks": [list(level) for level in asks]}


def a_change(first_id: int, last_id: int, *, at_ms: int, bids: Side = (), asks: Side = ()) -> dict[str, object]:
    """A change of the book as Binance sends it; a quantity of 0 takes the price away."""
    changed = {"b": [list(level) for level in bids], "a": [list(level) for level in asks]}
    return {"stream": "btcusdt@depth", "data": {"e": "depthUpdate", "E": at_ms, "U": first_id, "u": last_id, **changed}}


def written(file: Path, messages: Sequence[dict[str, object]]) -> Path:
    """Write messages as a recording; return the file."""
    file.write_text("".join(f"17 {json.dumps(message)}\n" for message in messages), encoding="utf-8")
    return file
