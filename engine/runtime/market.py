"""The last known market of every symbol, in money terms."""

from collections.abc import Mapping
from decimal import Decimal

from engine.contracts.market import BookSnapshot, Instrument, MarketBar, Quote
from engine.primitives.errors import DataError, PlanError
from engine.primitives.money import LARGEST_FLOAT, from_float
from engine.primitives.timeframes import datetime_from_ns, ns_from_datetime


class LastPrices:
    """Keeps the last close, quote and order book of each symbol; crosses into Decimal only when somebody asks.

    Args:
        instruments: The markets of the operation, by unified symbol.
    """

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self._instruments = instruments
        self._closes: dict[str, float] = {}
        self._seen_to_ns: dict[str, int] = {}
        self._quotes: dict[str, Quote] = {}
        self._books: dict[str, BookSnapshot] = {}
        self._quoted_ns: dict[str, int] = {}

    def require_next(self, bar: MarketBar) -> None:
        """Refuse a bar that nothing may be done with: it comes twice or too late, or no market can have made it.

        Raises:
            DataError: says which of the two.
        """
        seen_to_ns = self._seen_to_ns.get(bar.symbol, bar.opened_ns)
        if not seen_to_ns <= bar.opened_ns < bar.closed_ns:
            raise DataError(
                "The bar does not follow the one before it.",
                symbol=bar.symbol,
                opened=datetime_from_ns(bar.opened_ns),
                seen_to=datetime_from_ns(seen_to_ns),
            )
        # Written so that a NaN anywhere makes it false.
        is_bar = 0 < bar.low <= bar.open <= bar.high <= LARGEST_FLOAT and bar.low <= bar.close <= bar.high
        if not (is_bar and 0 <= bar.volume <= LARGEST_FLOAT):
            raise DataError(
                "The bar cannot be: prices are above zero, low and high enclose open and close, volume is not negative, none is beyond reason.",
                symbol=bar.symbol,
                opened=datetime_from_ns(bar.opened_ns),
                prices=(bar.open, bar.high, bar.low, bar.close),
                volume=bar.volume,
            )

    def see(self, bar: MarketBar) -> None:
        """Take a closed bar."""
        self._closes[bar.symbol] = bar.close
        self._seen_to_ns[bar.symbol] = bar.closed_ns

    def see_quote(self, quote: Quote) -> None:
        """Take a quote.

        Raises:
            DataError: it is older than what is known; it is not kept.
        """
        self._require_current(quote.symbol, ns_from_datetime(quote.quoted_at))
        self._quotes[quote.symbol] = quote

    def see_book(self, book: BookSnapshot) -> None:
        """Take an order book; its best prices are a quote as well.

        Raises:
            DataError: it is older than what is known, or no market can have stood so; it is not kept.
        """
        if book.fault:
            raise DataError(
                "The order book cannot be.",
                symbol=book.symbol,
                taken=book.taken_at,
                reason=book.fault,
                best_bid=book.bids[0].price if book.bids else None,
                best_ask=book.asks[0].price if book.asks else None,
            )
        self._require_current(book.symbol, book.taken_ns)
        self._books[book.symbol] = book
        self._quotes.pop(book.symbol, None)

    def _require_current(self, symbol: str, at_ns: int) -> None:
        """Refuse the waiting orders of an instant before the last bar's close, or before those that are known."""
        seen_to_ns = max(self._seen_to_ns.get(symbol, at_ns), self._quoted_ns.get(symbol, at_ns))
        if at_ns < seen_to_ns:
            raise DataError(
                "The quote or order book is older than what is known.",
                symbol=symbol,
                taken=datetime_from_ns(at_ns),
                seen_to=datetime_from_ns(seen_to_ns),
            )
        self._quoted_ns[symbol] = at_ns

    def last_quote(self, symbol: str) -> Quote | None:
        """Return the newest best bid and ask, of a quote or a book; None before the first, and where a side is empty."""
        book = self._books.get(symbol)
        return self._quotes.get(symbol) or (book.quote() if book is not None else None)

    def last_book(self, symbol: str) -> BookSnapshot | None:
        """Return the last order book; None before the first. It is never newer than the engine's clock."""
        return self._books.get(symbol)

    def instrument(self, symbol: str) -> Instrument:
        """Return the market of a symbol.

        Raises:
            PlanError: the operation does not trade it.
        """
        if symbol not in self._instruments:
            raise PlanError(
                "The operation does not trade this symbol.", symbol=symbol, known=", ".join(sorted(self._instruments))
            )
        return self._instruments[symbol]

    def last_price(self, symbol: str) -> Decimal:
        """Return the last close, quote per base, on the instrument's tick.

        Raises:
            PlanError: no bar has come in yet.
        """
        tick_size = self.instrument(symbol).tick_size
        if symbol not in self._closes:
            raise PlanError("No bar has come in yet.", symbol=symbol)
        return from_float(self._closes[symbol], tick_size)

    def last_price_or_none(self, symbol: str) -> Decimal | None:
        """Return the last close like `last_price`, or None before the first bar."""
        return self.last_price(symbol) if symbol in self._closes else None
