"""The one place that turns numbers, times and states into text for people.

Digits are grouped with a thin comma and never in scientific notation; a minus sign is U+2212, as wide as a plus.
"""

from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QCoreApplication

from engine.contracts.base import Direction
from engine.primitives.timeframes import datetime_from_ns

NOTHING: Final = "\N{EN DASH}"
"""Stands where there is no value."""

TIMES: Final = "\N{MULTIPLICATION SIGN}"
_MINUS: Final = "\N{MINUS SIGN}"
_MONEY_PLACES: Final = 2
_PLACES_MAX: Final = 10  # an average price has as many digits as Decimal computes with; no venue has more than ten
_DAY_S: Final = 86_400
_ABBREVIATIONS: Final = frozenset(
    (
        "adx",
        "rr",
        "atr",
        "bb",
        "cci",
        "cex",
        "dex",
        "di",
        "dca",
        "ema",
        "fvg",
        "macd",
        "mfi",
        "obv",
        "roc",
        "rsi",
        "sma",
        "twap",
        "vwap",
    )
)


def decimal_text(value: Decimal | None, places: int | None = None) -> str:
    """Return a number with its digits grouped.

    Args:
        value: None gives `NOTHING`.
        places: Rounded half even to so many decimals, for display; None shows the number as it is, to ten
            decimals and without trailing zeros.
    """
    if value is None:
        return NOTHING
    if places is None:
        exponent = value.as_tuple().exponent
        is_long = isinstance(exponent, int) and exponent < -_PLACES_MAX
        text = f"{value:,.{_PLACES_MAX}f}" if is_long else f"{value:,f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{value:,.{places}f}"
    if text.startswith("-"):
        is_zero = not any(digit in text for digit in "123456789")
        return text[1:] if is_zero else _MINUS + text[1:]
    return text


def price_text(price: Decimal | None, tick_size: Decimal | None = None) -> str:
    """Return a price (quote per base) with as many decimals as its tick has."""
    return decimal_text(price, places_of(tick_size) if tick_size is not None else None)


def quantity_text(quantity: Decimal | None) -> str:
    """Return a quantity in base units, exactly."""
    return decimal_text(quantity)


def money_text(amount: Decimal | None, currency: str = "") -> str:
    """Return an amount in quote with two decimals, and its currency if given."""
    text = decimal_text(amount, _MONEY_PLACES)
    return f"{text} {currency}" if currency and amount is not None else text


def signed_money_text(amount: Decimal | None, currency: str = "") -> str:
    """Return a result with its sign always written, so that colour is not needed to read it."""
    text = money_text(amount, currency)
    rounded_up = amount is not None and amount > 0 and any(digit in text for digit in "123456789")
    return f"+{text}" if rounded_up else text


def percent_text(ratio: Decimal | None, places: int = 2) -> str:
    """Return a ratio (0.015) in per cent (1.50 %)."""
    return NOTHING if ratio is None else f"{decimal_text(ratio * 100, places)}\N{NO-BREAK SPACE}%"


def count_text(count: int) -> str:
    """Return a count with its digits grouped."""
    return f"{count:,}"


def score_text(score: Decimal | None) -> str:
    """Return a score from 0 to 1 with two decimals."""
    return decimal_text(score, 2)


def float_text(value: float, places: int) -> str:
    """Return a chart value; NaN, which a column is while it warms up, gives `NOTHING`."""
    if value != value:  # noqa: PLR0124  # NaN is the only value unequal to itself
        return NOTHING
    text = f"{value:,.{places}f}"
    return _MINUS + text[1:] if text.startswith("-") else text


def compact_text(value: float) -> str:
    """Return a volume or count in at most six characters: 12.3k, 4.56M."""
    if value != value:  # noqa: PLR0124  # NaN is the only value unequal to itself
        return NOTHING
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def places_of(step: Decimal) -> int:
    """Return how many decimals a step needs: 0.01 needs two."""
    exponent = step.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def chart_places(low: float, high: float) -> int:
    """Return how many decimals make the difference between two chart values readable."""
    spread = abs(high - low)
    for places, limit in enumerate((100.0, 10.0, 1.0, 0.1, 0.01, 0.001)):
        if spread >= limit:
            return places
    return 6


def time_text(at: datetime | None) -> str:
    """Return the time of day in UTC."""
    return NOTHING if at is None else f"{at:%H:%M:%S}"


def instant_text(at: datetime | None) -> str:
    """Return date and time in UTC, without writing the zone: a heading says it."""
    return NOTHING if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def instant_utc_text(at: datetime | None) -> str:
    """Return date and time with the zone, where no heading says it."""
    return NOTHING if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def instant_ns_text(at_ns: int) -> str:
    """Return date and time in UTC of an instant in nanoseconds since the epoch."""
    return instant_text(datetime_from_ns(at_ns))


def time_ns_text(at_ns: int) -> str:
    """Return the time of day in UTC of an instant in nanoseconds since the epoch."""
    return time_text(datetime_from_ns(at_ns))


@lru_cache(maxsize=4_096)
def axis_time_text(at_ns: int, *, is_first: bool) -> str:
    """Return a tick of a time axis: the date at the first tick and where a day begins, else the time of day."""
    at = datetime_from_ns(at_ns)
    if at_ns // 1_000_000_000 % _DAY_S == 0:
        return f"{at:%d %b %Y}" if at.day == 1 and at.month == 1 else f"{at:%d %b}"
    return f"{at:%d %b %H:%M}" if is_first else f"{at:%H:%M}"


def side_text(direction: Direction) -> str:
    """Return which way an order goes, with an arrow so that colour is not needed to read it."""
    match direction:
        case Direction.BUY:
            return "▲ " + QCoreApplication.translate("Side", "Buy")
        case Direction.SELL:
            return "▼ " + QCoreApplication.translate("Side", "Sell")


def position_side_text(quantity: Decimal) -> str:
    """Return Long or Short by the sign of a quantity, with an arrow so that colour is not needed to read it."""
    if quantity > 0:
        return "▲ " + QCoreApplication.translate("Side", "Long")
    return "▼ " + QCoreApplication.translate("Side", "Short")


def state_text(state: Enum | str) -> str:
    """Return an UPPER_SNAKE state as a person reads it, in the user's language: PARTIALLY_FILLED, Partially filled."""
    words = words_text(str(state.value if isinstance(state, Enum) else state))
    return QCoreApplication.translate("States", words)  # the words themselves: gui/theme/state_words.py


def words_text(name: str) -> str:
    """Return a name with underscores as words, the first with a capital, the desk's abbreviations in capitals."""
    words = name.replace("_", " ").split()
    text = " ".join(word.upper() if word.lower() in _ABBREVIATIONS else word.lower() for word in words)
    return text[:1].upper() + text[1:]
