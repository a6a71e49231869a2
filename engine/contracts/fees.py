"""What a fee is taken from: the cash, what is held, or another balance of the account."""

from decimal import Decimal
from typing import NamedTuple

from engine.primitives.money import ZERO


class FeeParts(NamedTuple):
    """One fee by where it is taken from; two of the three are zero. Below zero when the venue paid."""

    quote: Decimal
    """Out of the cash."""
    base: Decimal
    """Out of what is held of the market, base units."""
    other: Decimal
    """Out of the balance of a currency of its own, in that currency."""


def quote_of(symbol: str) -> str:
    """Return the quote currency of a symbol: what an empty currency of a fee means."""
    return symbol.partition("/")[2].partition(":")[0]


def fee_parts(fee: Decimal, currency: str, symbol: str) -> FeeParts:
    """Return what a fee is taken from; an empty currency is the quote currency of the symbol.

    On spot (a symbol without a settlement currency) a fee in base comes out of the position. A perpetual position is a
    contract and no fee makes it smaller: its fee in base is that of another currency.
    """
    base, _, rest = symbol.partition("/")
    quote, _, settled_in = rest.partition(":")
    if currency in ("", quote):
        return FeeParts(fee, ZERO, ZERO)
    if currency == base and not settled_in:
        return FeeParts(ZERO, fee, ZERO)
    return FeeParts(ZERO, ZERO, fee)
