"""Sets a new session on what the last one left: venue file, trading day, origin, backup, and what it goes on with."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.config.loading import OperationBundle
from engine.config.places import Places
from engine.contracts.base import Scalar
from engine.contracts.carried import CarriedBooks, CarriedVenue
from engine.ledger.ledger import AccountLedger
from engine.phase0_bootstrap.recovery import Left, fallback_file_of, venue_file_of
from engine.phase5_execution.trading_day import TradingDay
from engine.ports.session import Mode
from engine.primitives.ids import GroupId
from engine.runtime.clocks import LiveClock
from engine.runtime.engine import Engine
from engine.runtime.standing import Standing
from engine.storage.backup import DailyBackup
from engine.storage.database import Durability
from engine.storage.fallback import FallbackFile
from engine.storage.rows import decimal_text
from engine.storage.venue_store import VenueStore


def origin_of(bundle: OperationBundle, left: Left) -> Mapping[str, Scalar]:
    """Return what the header says of where the account comes from."""
    account = bundle.operation.model.account
    if left.books is None:
        return {"starting_cash": decimal_text(bundle.starting_cash), "currency": account.currency}
    return {"predecessor": left.books.predecessor, "predecessor_journal": left.books.journal}


def venue_store(journal: Path, durability: Durability, left: CarriedVenue | None, fallbacks: Path | None) -> VenueStore:
    """Return the file of the simulated venue, beside the journal; what the last session left there is in it."""
    path = venue_file_of(journal)
    # One of this name is of a session that was killed before its journal had begun.
    path.unlink(missing_ok=True)
    fallback = None if fallbacks is None else FallbackFile(fallback_file_of(path, fallbacks))
    store = VenueStore(path, durability=durability, fallback=fallback)
    if left is not None:
        store.keep(left)
    return store


def trading_day(ledger: AccountLedger, left: Left) -> TradingDay:
    """Return what the account was worth when the day began; the session before knows it, if there was one."""
    books = left.books
    if books is None or books.equity is None:
        return TradingDay(ledger.get_account().equity)
    return TradingDay(books.equity, known_at=books.as_of, began_with=books.day_began_with)


def backup_of(bundle: OperationBundle, places: Places, mode: Mode, journal: Path, left: Left) -> DailyBackup:
    """Return the daily backup of a session's journal and venue file, and once of those that the last one left."""
    before = None if left.books is None else journal.with_name(left.books.journal)
    return DailyBackup(
        places.backup_folder(bundle.operation.model.operation.id, mode),
        files=(journal, venue_file_of(journal)),
        before=() if before is None else (before, venue_file_of(before)),
        keep_days=bundle.platform.model.journal.backups_kept_days,
        clock=LiveClock(),
    )


def take_over(books: CarriedBooks, engine: Engine, standing: Standing) -> Sequence[GroupId]:
    """Let an engine go on with groups, batches and closings of the session before, at the venue's word.

    Returns:
        The groups that wait for a person to resume them, other than those that a person had paused.
    """
    standing.take_over(books)
    asked = {plan.group_id for plan in books.plans if plan.pause is not None and plan.pause.is_asked}
    restored = engine.handler.restore_groups(books.plans, fills=books.fills, reason="the program was started again")
    engine.handler.restore_batches(books.batches, fills=books.fills)
    if engine.handler.outcomes is not None:
        engine.handler.take_over(books.since)
    engine.handler.restore_closings(books.closings)
    return [group_id for group_id in restored if group_id not in asked]
