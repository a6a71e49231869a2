"""The order books of the demo market, made of what has been traded so far and of noise of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Final

from connectors.demo_market.draws import Draws
from engine.sdk.connector import NS_PER_SECOND, BookLevel, BookSnapshot, Direction, TradePrint, ns_from_datetime

_SPREAD_MIN: Final = 0.4e-4  # of the price: 0.4 to 1.2 basis points in a quiet market
_SPREAD_DRAWN: Final = 0.8e-4
_SPREAD_PER_MOVE: Final = 0.05  # of the distance that the price has gone since the minute opened
_FIRST_LEVEL: Final = 1 / 60  # of a usual minute's volume; the depth of a usual minute lies within some twenty levels
_THIN_MOVE: Final = 3e-3  # a price that has gone so far finds half the usual depth
_PRESSURE_MAX: Final = 0.6  # of a level's quantity, added on one side and taken away on the other


@dataclass(frozen=True, slots=True)
class BookShape:
    """What the books of one market look like: its steps, and the volume of a usual minute in base units."""

    symbol: str
    tick_size: Decimal
    lot_step: Decimal
    volume_base: float
    levels: int


def books_of(
    *, opened_ns: int, open_price: Decimal, prints: Sequence[TradePrint], every_s: int, shape: BookShape, draws: Draws
) -> list[BookSnapshot]:
    """Return the books of one minute, at each whole multiple of `every_s` seconds from its opening to its close.

    A book knows the prints up to its own instant and nothing of those after it: the last price is its best bid or its
    best ask, whichever the taker hit. What it adds to them is noise that says nothing about the next price.

    Args:
        opened_ns: When the minute opened, UTC nanoseconds.
        open_price: Its open, which is where the market stood before.
        prints: Its trades in time order.
        every_s: Seconds between books, 1 to 60.
        shape: What the books of this market look like.
        draws: Noise for this minute alone.
    """
    books = []
    for second in range(every_s, 61, every_s):
        taken_ns = opened_ns + second * NS_PER_SECOND
        known = [each for each in prints if ns_from_datetime(each.traded_at) <= taken_ns]
        price, taker = (known[-1].price, known[-1].taker) if known else (open_price, Direction.BUY)
        books.append(_book(taken_ns, price, taker, float(abs(price / open_price - 1)), shape, draws))
    return books


def _book(
    taken_ns: int, price: Decimal, taker: Direction, moved: float, shape: BookShape, draws: Draws
) -> BookSnapshot:
    last = int(price / shape.tick_size)
    wide, pressed = draws.uniforms(2).tolist()
    spread = max(1, round(last * (_SPREAD_MIN + _SPREAD_DRAWN * wide + _SPREAD_PER_MOVE * moved)))
    best_bid, best_ask = (last - spread, last) if taker is Direction.BUY else (last, last + spread)
    pressure = _PRESSURE_MAX * (2 * pressed - 1)
    lots = shape.volume_base / float(shape.lot_step) * _FIRST_LEVEL / (1 + moved / _THIN_MOVE)
    return BookSnapshot(
        symbol=shape.symbol,
        taken_ns=taken_ns,
        bids=_side(best_bid, -1, spread, lots * (1 + pressure), shape, draws),
        asks=_side(best_ask, 1, spread, lots * (1 - pressure), shape, draws),
    )


def _side(best: int, away: int, spread: int, lots: float, shape: BookShape, draws: Draws) -> tuple[BookLevel, ...]:
    """Return the levels of one side, best first: about two to a spread, larger ones farther from the price."""
    chances = draws.uniforms(2 * shape.levels).tolist()
    steps = [1 + int(chance * spread) for chance in chances[: shape.levels - 1]]
    places = accumulate(steps, initial=0)
    return tuple(
        BookLevel(
            (best + away * place) * shape.tick_size,
            max(1, round(lots * (0.5 + chance) * (1 + 0.15 * at))) * shape.lot_step,
        )
        for at, (place, chance) in enumerate(zip(places, chances[shape.levels :], strict=True))
        if best + away * place > 0
    )
