"""Which session a new one goes on from, what it takes over, and what it does when a file is damaged or was full."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts.carried import CarriedBooks
from engine.contracts.commands import TradingState
from engine.contracts.orders import OrderStatus
from engine.contracts.worker_state import SavedState
from engine.journal.carrying import read_books
from engine.journal.checking import check_journal
from engine.ledger.rebuilding import ContinuedLedger
from engine.phase0_bootstrap.account_lock import AccountLock
from engine.phase0_bootstrap.recovery import fallback_file_of, left_by_the_last, venue_file_of
from engine.ports.journal import VENUE_READ
from engine.ports.ledger import LedgerChange
from engine.primitives.errors import ConfigError
from engine.primitives.ids import ORDER, IdSource, instant_of
from engine.primitives.timeframes import datetime_from_ns, ns_from_datetime
from engine.storage import schema
from engine.storage.backup import DailyBackup
from engine.storage.fallback import FallbackFile
from tests.support.journals import START_NS, a_header, a_journal, a_rejected_flow, tick_id
from tests.support.ledger import StandingClock
from tests.support.notes import a_kept_state
from tests.support.sessions import a_demo_session, run_to_the_end

pytestmark = pytest.mark.unit

HOUR_NS = 3_600_000_000_000
END_NS = ns_from_datetime(datetime_from_ns(1_767_571_200_000_000_000) + timedelta(minutes=20))


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a paper session that ended with a short, its stop and target, and a resting entry."""
    home = tmp_path_factory.mktemp("paper")
    session = a_demo_session(home, bars=20)
    run_to_the_end(session)
    path = session.status.journal_path
    assert path is not None
    return path.parent


def a_session(path: Path, state: SavedState, *, started_ns: int) -> None:
    """Write a session in which a worker keeps a state."""
    path.parent.mkdir(exist_ok=True)
    journal = a_journal(path, header=replace(a_header(), started_ns=started_ns))
    journal.flow(replace(a_rejected_flow(tick_id(0)), states=(state,)))
    journal.close()


def the_journal(folder: Path) -> Path:
    (path,) = folder.glob("*.sqlite")
    return path


def a_copy(paper: Path, folder: Path) -> Path:
    """Return a journal and its venue's file, to be damaged."""
    folder.mkdir()
    for name in (the_journal(paper), venue_file_of(the_journal(paper))):
        (folder / name.name).write_bytes(name.read_bytes())
    return the_journal(folder)


def a_ledger(books: CarriedBooks, changes: list[LedgerChange]) -> ContinuedLedger:
    clock = StandingClock(books.as_of)
    ids = IdSource(clock.now_ns, after_second=books.id_second)
    return ContinuedLedger(books, clock=clock, ids=ids, on_change=changes.append)


def test_the_last_session_on_the_markets_clock_is_gone_on_from(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    for name, started, body in (
        ("JRN_20251027_143022_00000-9", START_NS, "nine"),
        ("JRN_20251027_143022_00000-10", START_NS, "ten"),
        ("JRN_20251027_153022_00000-1", START_NS + HOUR_NS, "an hour later"),
    ):
        a_session(folder / f"{name}.sqlite", a_kept_state(body=f'"{body}"'), started_ns=started)
    (folder / "JRN_20251027_143022_00000-11.sqlite").touch()  # killed before it wrote anything

    def found(start_ns: int) -> list[str]:
        return [state.body for state in left_by_the_last(folder, start_ns, fallbacks=tmp_path).states]

    assert found(START_NS + 2 * HOUR_NS) == ['"an hour later"']
    assert found(START_NS) == ['"ten"']
    assert found(START_NS - 1) == []
    assert left_by_the_last(tmp_path / "nowhere", START_NS, fallbacks=tmp_path).states == ()


def test_what_was_left_is_what_the_venue_has(paper: Path, tmp_path: Path) -> None:
    left = left_by_the_last(paper, END_NS, fallbacks=tmp_path)

    assert left.books is not None
    assert left.venue is not None
    account = left.venue.account
    assert account.starting_cash is not None
    assert left.books.cash == account.starting_cash + account.cash_moved
    assert {held.symbol: held.quantity for held in left.books.positions if held.quantity} == dict(account.net)
    open_here = {order.order_id for order in left.books.orders if not order.is_terminal}
    assert open_here == {one.order.order_id for one in left.venue.orders if one.ended is None}
    assert len(open_here) == 3


def test_books_that_go_on_stand_as_they_stood(paper: Path) -> None:
    books = read_books(the_journal(paper))
    changes: list[LedgerChange] = []
    ledger = a_ledger(books, changes)

    assert changes == []
    assert ledger.get_balance().cash == books.cash
    assert [trade.open_quantity for trade in ledger.get_open_trades()] == [Decimal("2.4986"), Decimal(0)]
    assert {order.status for order in ledger.get_open_orders()} == {OrderStatus.OPEN}
    assert [group.status for group in ledger.get_execution_groups()] == [group.status for group in books.groups]
    fees = sum((fill.fee for fill in books.fills), Decimal(0))
    assert ledger.get_account().fees_paid == fees


def test_an_execution_of_the_session_before_is_not_booked_again(paper: Path, tmp_path: Path) -> None:
    left = left_by_the_last(paper, END_NS, fallbacks=tmp_path)
    assert left.books is not None
    assert left.venue is not None
    ledger = a_ledger(left.books, [])

    change = ledger.book(left.venue.executions[0].report)

    assert "is booked already" in change.refused
    assert ledger.get_balance().cash == left.books.cash


def test_no_id_is_given_twice_where_the_clock_has_not_moved(paper: Path) -> None:
    books = read_books(the_journal(paper))
    given = {order.order_id for order in books.orders} | {trade.trade_id for trade in books.trades}
    ids = IdSource(lambda: END_NS, after_second=books.id_second)

    new = [ids.next(ORDER) for _ in range(3)]

    assert instant_of(new[0]) > max(instant_of(one) for one in given)
    assert instant_of(new[0]) > datetime_from_ns(END_NS)
    assert sorted(new) == new


def test_a_market_that_begins_again_in_the_past_is_not_gone_on_with(paper: Path, tmp_path: Path) -> None:
    left = left_by_the_last(paper, END_NS - HOUR_NS // 6, fallbacks=tmp_path)

    assert left.books is None
    assert "begins with fresh money" in " ".join(left.remarks)


def test_a_damaged_journal_is_replaced_by_the_venues_books(paper: Path, tmp_path: Path) -> None:
    sound = read_books(the_journal(paper))
    journal = a_copy(paper, tmp_path / "paper")
    damaged = bytearray(journal.read_bytes())
    damaged[4096 : 3 * 4096] = b"\xff" * (2 * 4096)
    journal.write_bytes(damaged)

    left = left_by_the_last(journal.parent, END_NS, fallbacks=tmp_path)

    assert left.books is not None
    assert left.books.cash == sound.cash
    assert [trade.open_quantity for trade in left.books.trades] == [trade.open_quantity for trade in sound.trades]
    assert [order.status for order in left.books.orders] == [order.status for order in sound.orders]
    held = [(one.symbol, one.quantity, one.cost_quote) for one in left.books.positions]
    assert held == [(one.symbol, one.quantity, one.cost_quote) for one in sound.positions]
    assert next(trade.stop_loss_price for trade in left.books.trades) == sound.trades[0].stop_loss_price
    told = " ".join(left.remarks)
    assert "is damaged" in told
    assert "Lost are" in told
    assert not check_journal(journal).is_sound
    assert a_ledger(left.books, []).get_balance().cash == sound.cash


def test_a_journal_that_is_none_at_all_does_not_keep_a_session_from_starting(tmp_path: Path) -> None:
    (tmp_path / "JRN_20251027_143022_00000-1.sqlite").write_bytes(b"not a database, but long enough to look like one")

    left = left_by_the_last(tmp_path, START_NS, fallbacks=tmp_path)

    assert left.books is None
    assert "is damaged" in left.remarks[0]


def test_rows_that_the_disk_refused_are_there_at_the_next_start(paper: Path, tmp_path: Path) -> None:
    journal = a_copy(paper, tmp_path / "paper")
    fallback = fallback_file_of(journal, tmp_path / "fallback")
    latch = ("account", TradingState.REDUCING.value, "flatten", END_NS)
    FallbackFile(fallback).append([(schema.STANDING, [latch])])
    with fallback.open("a", encoding="utf-8") as file:
        file.write('["standing",["account","ACTI')  # a crash cut it off

    left = left_by_the_last(journal.parent, END_NS, fallbacks=tmp_path / "fallback")

    assert left.books is not None
    assert (left.books.trading_state, left.books.latch_reason) == (TradingState.REDUCING, "flatten")
    assert "1 rows" in left.remarks[0]
    assert not fallback.exists()
    again = left_by_the_last(journal.parent, END_NS, fallbacks=tmp_path / "fallback")
    assert again.books == left.books


def test_a_second_instance_is_refused_with_the_first_ones_process(tmp_path: Path) -> None:
    first = AccountLock(tmp_path, "mine (paper)")

    with pytest.raises(ConfigError, match=r"mine \(paper\) runs already, as process \d+ since 20\d\d-"):
        AccountLock(tmp_path, "mine (paper)")
    first.release()
    AccountLock(tmp_path, "mine (paper)").release()


def test_copies_are_whole_and_only_the_last_days_are_kept(paper: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for day in ("2026-01-01", "2026-01-02"):
        (folder / day).mkdir(parents=True)
    clock = StandingClock(datetime_from_ns(END_NS))
    backup = DailyBackup(folder, files=(the_journal(paper), tmp_path / "none"), keep_days=2, clock=clock)

    (copy,) = backup.copy()
    (again,) = backup.copy()

    assert copy == again
    assert sorted(day.name for day in folder.iterdir()) == ["2026-01-02", "2026-01-05"]
    assert read_books(copy) == read_books(the_journal(paper))


def test_a_check_tells_what_a_session_left(paper: Path) -> None:
    found = check_journal(the_journal(paper))

    told = "\n".join(found.lines)
    assert found.is_sound
    assert "holds -2.4986 ETH/USDT" in told
    assert told.count(" is OPEN: ") == 3


def test_the_venues_file_holds_what_its_orders_are(paper: Path) -> None:
    with sqlite3.connect(venue_file_of(the_journal(paper))) as file:
        assert file.execute("SELECT count(*) FROM venue_order").fetchone() == (4,)
        assert file.execute("SELECT count(*) FROM venue_execution").fetchone() == (1,)


def test_the_venue_is_read_again_from_the_last_complete_reading_on_however_long_ago(tmp_path: Path) -> None:
    read, unread = tmp_path / "read.sqlite", tmp_path / "unread.sqlite"
    for path in (read, unread):
        journal = a_journal(path, header=replace(a_header(), facts={"starting_cash": "100", "currency": "USDT"}))
        journal.standing("account", "ACTIVE", "", START_NS + HOUR_NS)
        if path is read:
            for part in (4, 2):
                journal.standing(VENUE_READ, "", "", START_NS + HOUR_NS // part)
        journal.close()

    assert read_books(read).since == datetime_from_ns(START_NS + HOUR_NS // 2) - timedelta(minutes=2)
    assert read_books(unread).since == datetime_from_ns(START_NS)
