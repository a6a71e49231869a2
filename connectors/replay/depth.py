"""Order books out of recorded Binance messages."""

import gzip
import heapq
import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import chain
from pathlib import Path
from typing import Any, Final

from engine.sdk.connector import NS_PER_MS, ZERO, BookLevel, BookSnapshot, DataError

_EARLY_MAX: Final = 2_000
"""How many changes may come before the snapshot that they belong to; at ten in a second over three minutes."""


def read_books(files: Sequence[Path], *, symbol: str, every_ms: int, levels: int) -> Iterator[BookSnapshot]:
    """Give the books of one market, at most one in `every_ms` of market time. Blocks on the disk, line by line.

    A line is the receiver's nanoseconds, a space, and the message as it came: a change (``depthUpdate``) or a snapshot
    (``lastUpdateId``); others are passed over. Times are the venue's own. A book is kept as Binance describes it ("How to
    manage a local order book correctly", read 2024-08): a snapshot, then every change after it in an unbroken row. Where
    the row breaks, no book comes until the next snapshot; nor does one come that cannot be.

    Args:
        files: Plain or gzipped text, in the order in which they were recorded; together one recording.
        symbol: What the market is called here.
        every_ms: Milliseconds from book to book.
        levels: Prices on each side.

    Raises:
        DataError: a file is not there, or a line cannot be read; says which.
    """
    book = _LocalBook(symbol)
    last_ns = -every_ms * NS_PER_MS
    for file, number, line in chain.from_iterable(map(_lines, files)):
        try:
            message = json.loads(line.partition(" ")[2])
            taken_ns = book.take(message.get("data", message))
        except (ValueError, KeyError, IndexError, AttributeError, TypeError, InvalidOperation) as error:
            raise DataError(
                "A line of a recording of order books is no message of Binance.", file=file, line=number
            ) from error
        if taken_ns is None or taken_ns - last_ns < every_ms * NS_PER_MS:
            continue
        snapshot = book.snapshot(taken_ns, levels)
        if not snapshot.fault:
            last_ns = taken_ns
            yield snapshot


class _LocalBook:
    """All levels of one market, as the messages up to now leave them."""

    def __init__(self, symbol: str) -> None:
        self._symbol = symbol
        self._bids: dict[Decimal, Decimal] = {}
        self._asks: dict[Decimal, Decimal] = {}
        self._last_id: int | None = None
        self._joined = False
        self._early: deque[dict[str, Any]] = deque(maxlen=_EARLY_MAX)

    def take(self, message: dict[str, Any]) -> int | None:
        """Take a message; return the instant of the book (UTC nanoseconds) if it is whole after a change."""
        if "lastUpdateId" in message:
            self._begin(message)
            return None
        if message.get("e") != "depthUpdate":
            return None
        if self._last_id is None:
            self._early.append(message)
            return None
        return self._change(message)

    def _begin(self, message: dict[str, Any]) -> None:
        self._bids, self._asks = {}, {}
        self._lay(message["bids"], message["asks"])
        self._last_id, self._joined = int(message["lastUpdateId"]), False
        early = [*self._early]
        self._early.clear()
        for change in early:
            self._change(change)

    def _change(self, message: dict[str, Any]) -> int | None:
        first_id, last_id = int(message["U"]), int(message["u"])
        if self._last_id is None or last_id <= self._last_id:
            return None
        # Futures name the last id of the change before (`pu`); on spot the ids themselves are without holes.
        before = int(message["pu"]) if self._joined and "pu" in message else None
        follows = before == self._last_id if before is not None else first_id <= self._last_id + 1
        if not follows:
            self._last_id = None
            self._early.append(message)
            return None
        self._lay(message["b"], message["a"])
        self._last_id, self._joined = last_id, True
        return int(message.get("T", message["E"])) * NS_PER_MS

    def _lay(self, bids: Iterable[Sequence[str]], asks: Iterable[Sequence[str]]) -> None:
        for side, levels in ((self._bids, bids), (self._asks, asks)):
            for price, quantity in ((Decimal(level[0]), Decimal(level[1])) for level in levels):
                if quantity == ZERO:
                    side.pop(price, None)
                else:
                    side[price] = quantity

    def snapshot(self, taken_ns: int, levels: int) -> BookSnapshot:
        """Return the best levels of each side."""
        bids = heapq.nlargest(levels, self._bids)
        asks = heapq.nsmallest(levels, self._asks)
        return BookSnapshot(
            self._symbol,
            taken_ns,
            tuple(BookLevel(price, self._bids[price]) for price in bids),
            tuple(BookLevel(price, self._asks[price]) for price in asks),
        )


def _lines(file: Path) -> Iterator[tuple[Path, int, str]]:
    opener = gzip.open if file.suffix == ".gz" else open
    try:
        with opener(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield file, number, line
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError("A recording of order books cannot be read.", file=file, reason=str(error)) from error


class WaitingBooks:
    """The books of several markets in the order in which they were taken; each is given once.

    Args:
        streams: The books of each market, in time order; nothing is read before somebody asks.
        from_ns: Books before this instant (UTC nanoseconds) are passed over.
    """

    def __init__(self, streams: Iterable[Iterator[BookSnapshot]], *, from_ns: int) -> None:
        merged = heapq.merge(*streams, key=lambda book: book.taken_ns)
        self._coming = (book for book in merged if book.taken_ns >= from_ns)
        self._first: BookSnapshot | None = None

    def first_until(self, to_ns: int) -> BookSnapshot | None:
        """Return the next book if it was taken by an instant; it stays the next one until `pass_on`."""
        if self._first is None:
            self._first = next(self._coming, None)
        return self._first if self._first is not None and self._first.taken_ns <= to_ns else None

    def pass_on(self) -> None:
        """Go on to the book after the one that was returned last."""
        self._first = None
