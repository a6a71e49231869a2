"""What came into a session, as the journal keeps it, and back."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter

from engine.contracts.carried import CarriedBooks, CarriedVenue
from engine.contracts.commands import Command
from engine.contracts.flatten import FlattenJob
from engine.contracts.market import BookLevel, BookSnapshot, MarketBar, MarketEvent, Quote, TradePrint
from engine.contracts.worker_state import SavedState
from engine.primitives.timeframes import ns_from_datetime
from engine.storage.database import Reader

_COMMAND: TypeAdapter[Command] = TypeAdapter(Command)


class InputKind(StrEnum):
    """What kind of input a row holds."""

    STATE = "STATE"
    """What a worker keeps from the session before."""
    BOOKS = "BOOKS"
    """The books that the session before left."""
    VENUE = "VENUE"
    """What the session before left at the simulated venue."""
    PAST = "PAST"
    """A bar of the warm-up."""
    BAR = "BAR"
    PRINT = "PRINT"
    QUOTE = "QUOTE"
    BOOK = "BOOK"
    COMMAND = "COMMAND"
    TIME = "TIME"
    """Time passed without a word of the market; UTC nanoseconds."""
    FLATTEN = "FLATTEN"
    """A flatten of the session before, to go on with."""


@dataclass(frozen=True, slots=True)
class RecordedInput:
    """One input, in the place in which it came."""

    kind: InputKind
    event: MarketEvent | None = None
    command: Command | None = None
    state: SavedState | None = None
    at_ns: int | None = None
    job: FlattenJob | None = None
    books: CarriedBooks | None = None
    venue: CarriedVenue | None = None

    @property
    def is_live(self) -> bool:
        """Whether it came while the session ran, and not before it began."""
        return self.kind not in (InputKind.STATE, InputKind.BOOKS, InputKind.VENUE, InputKind.PAST)


def bar_body(bar: MarketBar) -> str:
    """Return a bar as JSON; its floats come back bit for bit."""
    return json.dumps(bar, separators=(",", ":"))


def _book_body(book: BookSnapshot) -> str:
    """Return a book as JSON; prices and quantities are text, so that every digit comes back."""
    sides = [[[str(price), str(quantity)] for price, quantity in side] for side in (book.bids, book.asks)]
    return json.dumps([book.symbol, book.taken_ns, *sides], separators=(",", ":"))


def _read_book(body: str) -> BookSnapshot:
    symbol, taken_ns, bids, asks = json.loads(body)
    return BookSnapshot(symbol, taken_ns, _levels(bids), _levels(asks))


def _levels(side: Sequence[Sequence[str]]) -> tuple[BookLevel, ...]:
    return tuple(BookLevel(Decimal(price), Decimal(quantity)) for price, quantity in side)


def event_row(event: MarketEvent) -> tuple[InputKind, str]:
    """Return the kind and the body of a market event."""
    match event:
        case MarketBar():
            return InputKind.BAR, bar_body(event)
        case TradePrint():
            return InputKind.PRINT, event.model_dump_json()
        case Quote():
            return InputKind.QUOTE, event.model_dump_json()
        case BookSnapshot():
            return InputKind.BOOK, _book_body(event)


def instant_of_event(event: MarketEvent) -> int:
    """Return when a market event was complete, UTC nanoseconds."""
    match event:
        case MarketBar():
            return event.closed_ns
        case BookSnapshot():
            return event.taken_ns
        case Quote():
            return ns_from_datetime(event.quoted_at)
        case TradePrint():
            return ns_from_datetime(event.traded_at)


def read_inputs(journal: Path) -> Iterator[RecordedInput]:
    """Give everything that came into a session, in order; an older journal holds none.

    Raises:
        LedgerMismatch: the file cannot be read.
    """
    with Reader(journal) as reader:
        if reader.version() < 2:
            return
        for row in reader.rows("SELECT kind, body FROM input ORDER BY seq"):
            yield read_input(InputKind(row["kind"]), row["body"])


def read_configuration(journal: Path) -> dict[str, str]:
    """Return the text of every file that a session was set up from, by name; an older journal holds none.

    Raises:
        LedgerMismatch: the file cannot be read.
    """
    with Reader(journal) as reader:
        if reader.version() < 2:
            return {}
        return {row["name"]: row["text"] for row in reader.rows("SELECT name, text FROM config_file ORDER BY name")}


def read_input(kind: InputKind, body: str) -> RecordedInput:
    """Return an input as it came, from its row."""
    match kind:
        case InputKind.STATE:
            return RecordedInput(kind, state=SavedState.model_validate_json(body))
        case InputKind.BOOKS:
            return RecordedInput(kind, books=CarriedBooks.model_validate_json(body))
        case InputKind.VENUE:
            return RecordedInput(kind, venue=CarriedVenue.model_validate_json(body))
        case InputKind.PAST | InputKind.BAR:
            return RecordedInput(kind, event=MarketBar(*json.loads(body)))
        case InputKind.PRINT:
            return RecordedInput(kind, event=TradePrint.model_validate_json(body))
        case InputKind.QUOTE:
            return RecordedInput(kind, event=Quote.model_validate_json(body))
        case InputKind.BOOK:
            return RecordedInput(kind, event=_read_book(body))
        case InputKind.TIME:
            return RecordedInput(kind, at_ns=int(body))
        case InputKind.FLATTEN:
            return RecordedInput(kind, job=FlattenJob.model_validate_json(body))
        case InputKind.COMMAND:
            return RecordedInput(kind, command=_COMMAND.validate_json(body))


def past_of(inputs: Sequence[RecordedInput]) -> dict[str, tuple[MarketBar, ...]]:
    """Return the warm-up bars by symbol, in the order in which the symbols came."""
    found: dict[str, list[MarketBar]] = {}
    for one in inputs:
        if one.kind is InputKind.PAST and isinstance(one.event, MarketBar):
            found.setdefault(one.event.symbol, []).append(one.event)
    return {symbol: tuple(bars) for symbol, bars in found.items()}
