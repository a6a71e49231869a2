"""The state of a journal in words: is it sound, how did its session end, and what did it leave open?"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.contracts.carried import CarriedBooks
from engine.contracts.orders import OrderStatus
from engine.journal.carrying import read_books
from engine.primitives.errors import LedgerMismatch
from engine.primitives.timeframes import datetime_from_ns
from engine.storage.database import Reader

_COUNTED: Final = ("flow", "orders", "fill", "trade", "ledger_event", "command", "note", "input")
_TO_BE_ASKED: Final = (OrderStatus.SUBMITTED, OrderStatus.UNKNOWN, OrderStatus.CANCEL_PENDING)


@dataclass(frozen=True, slots=True)
class JournalCheck:
    """What was found. `is_sound`: the file is whole, and a session can go on from it."""

    is_sound: bool
    lines: tuple[str, ...]


def check_journal(path: Path) -> JournalCheck:
    """Check a journal, whole, and sum up what its session left. Only reads; the time goes with the size of the file.

    Raises:
        LedgerMismatch: there is no such file, or it is none of ours.
    """
    with Reader(path) as reader:
        damage = reader.quick_check()
        if damage:
            advice = "Damaged: keep it aside. A new session takes its books from the venue, or restore a daily copy."
            return JournalCheck(is_sound=False, lines=(*damage[:10], advice))
        lines = ["The file is sound (quick_check).", *_header(reader), _counts(reader)]
    try:
        books = read_books(path)
    except LedgerMismatch as error:
        return JournalCheck(is_sound=False, lines=(*lines, f"No session can go on from it: {error}"))
    return JournalCheck(is_sound=True, lines=(*lines, *_left(books)))


def _header(reader: Reader) -> Iterator[str]:
    session = reader.row("SELECT * FROM session")
    if session is None:
        yield "No session has begun in it."
        return
    began = f"{datetime_from_ns(session['started_ns']):%Y-%m-%d %H:%M:%S} UTC"
    ended_ns = session["ended_ns"]
    ended = (
        "it has no end: killed, or still running"
        if ended_ns is None
        else f"ended {datetime_from_ns(ended_ns):%F %T} UTC"
    )
    yield (
        f"Session {session['session_id']} of {session['operation']} ({session['mode']}, {session['label']}), schema "
        f"version {reader.version()}: began {began}, {ended}."
    )


def _counts(reader: Reader) -> str:
    # Names come from the constant above.
    counts = [(name, reader.row(f"SELECT count(*) AS n FROM {name}")) for name in _COUNTED]  # noqa: S608  # constants of ours; values travel as parameters
    return ", ".join(f"{row['n']:,} {name}" for name, row in counts if row is not None)


def _left(books: CarriedBooks) -> Iterator[str]:
    yield f"Left at {books.as_of:%Y-%m-%d %H:%M:%S} UTC: {books.cash} {books.currency} cash; trading {books.trading_state}."
    for held in books.positions:
        if held.quantity:
            yield f"  holds {held.quantity} {held.symbol} ({held.strategy_id})"
    for group in books.groups:
        if not group.status.is_terminal:
            unsent = sum(one.status is OrderStatus.NEW for one in books.orders if one.group_id == group.group_id)
            yield f"  group {group.group_id} is {group.status}, {unsent} of {len(group.order_ids)} orders unsent"
    for order in books.orders:
        if not order.is_terminal and order.status is not OrderStatus.NEW:
            asked = "; the next session asks the venue" if order.status in _TO_BE_ASKED else ""
            yield f"  order {order.order_id} is {order.status}: {order.direction} {order.remaining_quantity} {order.symbol}{asked}"
    for trade_id, reason in books.closings.items():
        yield f"  trade {trade_id} is being closed, and the next session goes on with it: {reason}"
    for strategy_id, reason in books.pauses.items():
        yield f"  strategy {strategy_id} is paused: {reason}"
    if books.latch_reason:
        yield f"  new risk is not allowed: {books.latch_reason}"
