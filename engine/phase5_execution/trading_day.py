"""What the account was worth when the day began: a loss of the day is counted from there, also after a restart."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from engine.primitives.timeframes import NS_PER_DAY, ns_from_datetime

_BEFORE_ALL_DAYS: Final = -1


class TradingDay:
    """Remembers the last worth of the day before (UTC); before it has seen a day end, what it began with.

    Args:
        equity: What the account is worth now, in quote.
        known_at: When it was worth that; None before the first look.
        began_with: What it was worth when that day began; None if that is not known.
    """

    def __init__(self, equity: Decimal, *, known_at: datetime | None = None, began_with: Decimal | None = None) -> None:
        self._latest = equity
        self._day = _BEFORE_ALL_DAYS if known_at is None else ns_from_datetime(known_at) // NS_PER_DAY
        self._began_with = equity if began_with is None else began_with

    def see(self, at_ns: int, equity: Decimal) -> None:
        """Take notice of a worth (quote) at an instant (UTC nanoseconds); midnight still belongs to the day before."""
        self._turn(at_ns - 1)
        self._latest = equity

    def loss(self, at_ns: int, equity: Decimal) -> Decimal:
        """Return how much less than at the beginning of its day (UTC) the account is worth, in quote; negative: more."""
        self._turn(at_ns)
        return self._began_with - equity

    def _turn(self, at_ns: int) -> None:
        day = at_ns // NS_PER_DAY
        if day > self._day:
            self._day, self._began_with = day, self._latest
