"""What a new session begins with: whatever the last one of its account left, however that ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.contracts.carried import CarriedBooks, CarriedVenue
from engine.contracts.worker_state import SavedState
from engine.journal.carrying import last_instant_ns, read_books
from engine.journal.states import journals_newest_first, read_states
from engine.phase0_bootstrap.salvage import books_of_venue
from engine.primitives.errors import LedgerMismatch
from engine.primitives.timeframes import datetime_from_ns, ns_from_datetime
from engine.storage.database import EmptyJournal, Reader
from engine.storage.fallback import take_back
from engine.storage.schema import TABLES
from engine.storage.venue_store import SUFFIX, VENUE_TABLES, read_venue


@dataclass(frozen=True, slots=True)
class Left:
    """What the session before left. `remarks` are for a person: what is gone on with, and what is not."""

    states: Sequence[SavedState] = ()
    books: CarriedBooks | None = None
    venue: CarriedVenue | None = None
    remarks: Sequence[str] = field(default_factory=tuple)


def left_by_the_last(folder: Path, start_ns: int, *, fallbacks: Path, grace_ns: int = 0) -> Left:
    """Return what the last session of an account left; nothing when there was none. Blocks on the disk.

    The last is the one that began last on the market's clock at or before `start_ns`; whether it was ended or killed
    makes no difference. Rows that its disk refused are taken back first. A journal that is damaged is not gone on from:
    the books are then those of the venue.

    Args:
        folder: The journals of one operation and mode.
        start_ns: Where the new session begins, UTC nanoseconds.
        fallbacks: Where the fallback files are.
        grace_ns: So much later than `start_ns` the last session may have seen the market all the same: its past ends
            with a closed bar, and a session that was killed saw the beginning of the next one.

    Raises:
        LedgerMismatch: rows wait in a fallback file and can still not be taken back.
    """
    remarks: list[str] = []
    for path in journals_newest_first(folder):
        damage = _damage(path)
        if damage is None:
            continue
        if damage:
            return _of_venue(path, damage, start_ns + grace_ns)
        if _began_ns(path) > start_ns + grace_ns:
            continue
        remarks += _taken_back(path, fallbacks)
        return _of_journal(path, start_ns + grace_ns, remarks)
    return Left()


def venue_file_of(journal: Path) -> Path:
    """Return where the simulated venue of a session keeps its books."""
    return journal.with_name(f"{journal.stem}{SUFFIX}")


def fallback_file_of(path: Path, fallbacks: Path) -> Path:
    """Return the text file that takes what a file of an account cannot take."""
    return fallbacks / f"{path.name}.jsonl"


def _damage(path: Path) -> Sequence[str] | None:
    """Return what is wrong with a journal, empty when nothing is; None when no session was ever written into it."""
    try:
        with Reader(path) as reader:
            found = reader.quick_check()
            if not found and reader.row("SELECT session_id FROM session") is None:
                return None
            return found
    except EmptyJournal:
        return None
    except LedgerMismatch as error:
        return (str(error),)


def _began_ns(path: Path) -> int:
    with Reader(path) as reader:
        session = reader.row("SELECT started_ns FROM session")
        return 0 if session is None else int(session["started_ns"])


def _taken_back(path: Path, fallbacks: Path) -> Iterator[str]:
    for file, tables in ((path, TABLES), (venue_file_of(path), VENUE_TABLES)):
        count = take_back(file, fallback_file_of(file, fallbacks), tables)
        if count:
            yield f"{count} rows that {file.name} could not take were taken back from its fallback file."


def _of_journal(path: Path, start_ns: int, remarks: list[str]) -> Left:
    states = read_states(path)
    with Reader(path) as reader:
        ended_ns = last_instant_ns(reader)
    if ended_ns > start_ns:
        return Left(states=states, remarks=(*remarks, _too_late(path, start_ns, ended_ns)))
    try:
        books = read_books(path)
    except LedgerMismatch as error:
        return Left(states=states, remarks=(*remarks, f"{path.name} is not gone on from: {error}"))
    venue = _venue_at(path, ns_from_datetime(books.since), remarks)
    remarks.append(_summary(books))
    return Left(states=states, books=books, venue=venue, remarks=tuple(remarks))


def _venue_at(path: Path, since_ns: int, remarks: list[str]) -> CarriedVenue | None:
    file = venue_file_of(path)
    try:
        return read_venue(file, since_ns=since_ns) if file.exists() else None
    except LedgerMismatch as error:
        remarks.append(f"The books of the simulated venue are lost: {error}")
        return None


def _of_venue(path: Path, damage: Sequence[str], start_ns: int) -> Left:
    """Go on from the venue alone: what is held and works is known there, why it was done is lost."""
    remarks = [
        (
            f"The journal {path.name} is damaged ({damage[0]}). It is left as it is; the books are taken from the venue. "
            "Lost are: its decisions, closed trades, commands, pauses, and what workers kept. Backups are in `backups`."
        )
    ]
    venue = _venue_at(path, 0, remarks)
    if venue is None:
        remarks.append("The venue has no books either: this session begins with fresh money.")
        return Left(remarks=tuple(remarks))
    books = books_of_venue(venue, journal=path.name)
    if ns_from_datetime(books.as_of) > start_ns:
        return Left(remarks=(*remarks, _too_late(path, start_ns, ns_from_datetime(books.as_of))))
    remarks.append(_summary(books))
    return Left(books=books, venue=venue, remarks=tuple(remarks))


def _summary(books: CarriedBooks) -> str:
    trades = sum(trade.open_quantity > 0 for trade in books.trades)
    orders = sum(not order.is_terminal for order in books.orders)
    text = (
        f"Goes on from {books.journal}: {books.cash} {books.currency} cash, {trades} open trades, {orders} open orders."
    )
    state = books.trading_state
    return text if state == "ACTIVE" else f"{text} Trading is {state}: {books.latch_reason}."


def _too_late(path: Path, start_ns: int, ended_ns: int) -> str:
    return (
        f"The market begins at {_date(start_ns)}, and the session before ({path.name}) has seen it until "
        f"{_date(ended_ns)}: its account cannot be gone on with, so this one begins with fresh money."
    )


def _date(at_ns: int) -> str:
    return f"{datetime_from_ns(at_ns):%Y-%m-%d %H:%M:%S} UTC"
