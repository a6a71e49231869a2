"""Which side of the order book is heavier, how wide it is, and where it leans to."""

from collections.abc import Sequence
from datetime import timedelta

from engine.sdk.plugin import BookLevel, BookSnapshot, ContextWorker, Field, TradingContext, WorkerConfig

_NAN = float("nan")


class OrderBookImbalanceConfig(WorkerConfig):
    """How deep is looked, and how old a book may be."""

    levels: int = Field(default=5, ge=1, le=1000, description="Best prices of each side that the imbalance counts.")
    max_age_seconds: float = Field(
        default=60.0,
        gt=0,
        le=86_400,
        description="An older book than that at the close says nothing any more.",
    )


class OrderBookImbalanceDetector(ContextWorker[OrderBookImbalanceConfig]):
    """Writes `book_imbalance`, `book_spread_bps` and `book_microprice` of the last book before the close of each bar.

    The imbalance is (bids - asks) / (bids + asks), as Gould and Bonart (2016) define it for the best queues;
    here the quantities of the best `levels` prices of each side are summed. The microprice is
    (ask * bid quantity + bid * ask quantity) / (bid quantity + ask quantity) at the best prices: the weighted mid-price
    of Gatheral and Oomen (2010), with which Stoikov (2018) begins. All three are NaN while there is no book or it is too
    old; spread and microprice also while one side is empty.

    Order flow imbalance (Cont, Kukanov and Stoikov 2014) needs every change of the best queues; a bar sees one book, so
    it is not written here.
    """

    config_model = OrderBookImbalanceConfig

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return imbalance (-1 to 1), spread (basis points) and microprice (quote per base)."""
        book = self.tools.book() if self.tools.book is not None else None
        if book is None or context.timestamp - book.taken_at > timedelta(seconds=self.config.max_age_seconds):
            return _NAN, _NAN, _NAN
        return _imbalance(book, self.config.levels), *_top(book)


def _imbalance(book: BookSnapshot, levels: int) -> float:
    bids, asks = _depth(book.bids[:levels]), _depth(book.asks[:levels])
    return (bids - asks) / (bids + asks) if bids or asks else _NAN


def _depth(levels: Sequence[BookLevel]) -> float:
    return sum(float(level.quantity) for level in levels)


def _top(book: BookSnapshot) -> tuple[float, float]:
    if not (book.bids and book.asks):
        return _NAN, _NAN
    (bid, bid_quantity), (ask, ask_quantity) = map(float, book.bids[0]), map(float, book.asks[0])
    spread_bps = (ask - bid) / ((ask + bid) / 2) * 10_000
    return spread_bps, (ask * bid_quantity + bid * ask_quantity) / (bid_quantity + ask_quantity)
