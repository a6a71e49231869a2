"""What a simulated venue remembers of one market: its last bar, print and book, and what of it was ours."""

from dataclasses import dataclass
from decimal import Decimal

from engine.contracts.market import Instrument, MarketBar
from engine.phase5_execution.book_walking import StandingBook
from engine.phase5_execution.fill_models import MoneyBar, money_bar
from engine.primitives.money import ZERO, from_float
from engine.primitives.timeframes import NS_PER_MS


@dataclass(slots=True)
class MarketTape:
    """The memory of one market. All instants are UTC nanoseconds.

    `last_price` is where something was last traded in `raw`: a print, or a fill of ours at `last_ns`.
    `taken` is the base quantity of `raw` that our own orders were. Funding is paid
    up to `funded_ns`.
    """

    raw: MarketBar | None = None
    bar: MoneyBar | None = None
    close: Decimal | None = None
    """What `raw` closed at in money, once somebody has asked."""
    taken: Decimal = ZERO
    last_ns: int = 0
    last_price: Decimal | None = None
    printed_ns: int = -1
    seen_ns: int = 0
    book: StandingBook | None = None
    funded_ns: int | None = None
    is_margin_unjudged: bool = False
    """A position was opened in the last bar: whether that bar used its margin up is judged when its stop was there."""

    def show(self, bar: MarketBar) -> None:
        """Take a closed bar."""
        self.raw, self.bar, self.close, self.taken, self.last_price = bar, None, None, ZERO, None
        self.seen_ns = max(self.seen_ns, bar.closed_ns)

    def money(self, instrument: Instrument) -> MoneyBar | None:
        """The last bar in money terms; worked out when somebody needs it."""
        if self.bar is None and self.raw is not None:
            self.bar = money_bar(self.raw, instrument)
        return self.bar

    def price(self, instrument: Instrument) -> Decimal | None:
        """The last price of the market, quote per base; None before anything was heard of it."""
        if self.last_price is not None or self.raw is None:
            return self.last_price if self.last_price is not None else self.middle
        if self.close is None:
            self.close = from_float(self.raw.close, instrument.tick_size)
        return self.close

    @property
    def middle(self) -> Decimal | None:
        """The middle of the last book, as the feed told it; its one side where the other is empty."""
        return None if self.book is None else self.book.middle

    def has_book(self, at_ns: int, *, age_ms_max: int) -> bool:
        """Tell whether the last book is young enough at an instant to be what orders meet."""
        return self.book is not None and at_ns - self.book.taken_ns <= age_ms_max * NS_PER_MS

    def span_ns(self) -> int:
        """How long the last bar was; 0 before the first."""
        return 0 if self.raw is None else self.raw.closed_ns - self.raw.opened_ns
