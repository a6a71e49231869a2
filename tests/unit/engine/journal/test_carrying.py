"""What the next session is told about the worth of the account: last, and when its day began."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts.base import Direction
from engine.contracts.carried import CarriedBooks
from engine.contracts.orders import OrderRole, OrderStatus
from engine.journal.carrying import read_books
from engine.journal.journal import SqliteJournal
from engine.ledger.rebuilding import ContinuedLedger
from engine.primitives.ids import ORDER
from engine.primitives.timeframes import NS_PER_DAY, NS_PER_MINUTE, datetime_from_ns, ns_from_datetime
from tests.support.journals import a_header
from tests.support.ledger import Books, StandingClock
from tests.support.notes import AT, an_account

pytestmark = pytest.mark.unit
D = Decimal
MIDNIGHT_NS = 20_400 * NS_PER_DAY
FACTS = {"starting_cash": "1000", "currency": "USDT"}


def a_session(path: Path, *, begins_min: int, worths: dict[int, str], left: CarriedBooks | None = None) -> CarriedBooks:
    """Let a session begin so many minutes after midnight and be worth so much at these; return what it leaves."""
    started_ns = MIDNIGHT_NS + begins_min * NS_PER_MINUTE
    journal = SqliteJournal(path, clock=StandingClock(datetime_from_ns(started_ns) + timedelta(hours=1)))
    journal.open_session(a_header(mode="PAPER", started_ns=started_ns, facts=FACTS), (), left)
    for minute, worth in worths.items():
        at = datetime_from_ns(MIDNIGHT_NS + minute * NS_PER_MINUTE)
        journal.equity(an_account(at=at, cash=D(worth), positions_value=D(0)))
    journal.close()
    return read_books(path)


def test_a_session_over_midnight_leaves_what_it_was_worth_then(tmp_path: Path) -> None:
    left = a_session(tmp_path / "a.sqlite", begins_min=-60, worths={-30: "990", 0: "980", 30: "950", 60: "960"})

    assert (left.day_began_with, left.equity) == (980, 960)


def test_a_second_session_of_the_day_counts_from_the_morning_of_the_first(tmp_path: Path) -> None:
    first = a_session(tmp_path / "a.sqlite", begins_min=-60, worths={-30: "990", 30: "950"})
    second = a_session(tmp_path / "b.sqlite", begins_min=60, worths={90: "940"}, left=first)

    assert (second.day_began_with, second.equity) == (990, 940)


def test_a_session_of_the_next_day_counts_from_where_the_one_before_ended(tmp_path: Path) -> None:
    first = a_session(tmp_path / "a.sqlite", begins_min=-120, worths={-90: "970"})
    second = a_session(tmp_path / "b.sqlite", begins_min=60, worths={90: "940"}, left=first)

    assert (second.day_began_with, second.equity) == (970, 940)


def test_without_any_mark_it_is_what_the_account_began_with(tmp_path: Path) -> None:
    left = a_session(tmp_path / "a.sqlite", begins_min=60, worths={})

    assert (left.day_began_with, left.equity) == (1000, 1000)
    assert ns_from_datetime(left.as_of) >= MIDNIGHT_NS


def test_fees_of_other_currencies_are_carried_once_from_session_to_session(tmp_path: Path) -> None:
    books = Books("1000")
    books.fill(books.order("1"), "1", "100", fee="0.001", fee_currency="BTC")
    books.fill(books.order("1"), "1", "100", fee="0.02", fee_currency="BNB")
    journal = SqliteJournal(tmp_path / "first.db", clock=StandingClock(AT + timedelta(hours=1)))
    journal.open_session(a_header(mode="PAPER", facts=FACTS))
    for change in books.changes:
        journal.ledger(change)
    journal.close()
    left = read_books(tmp_path / "first.db")

    second = SqliteJournal(tmp_path / "second.db", clock=StandingClock(AT + timedelta(hours=2)))
    second.open_session(a_header(mode="PAPER", facts=FACTS), (), left)
    second.close()
    again = read_books(tmp_path / "second.db")
    ledger = ContinuedLedger(again, clock=books.clock, ids=books.ids, on_change=lambda _change: None)

    before, after = books.ledger.get_account(), ledger.get_account()
    assert left.cash == again.cash == before.cash == after.cash == D(800)
    assert after.fees_in == before.fees_in == {"BTC": D("0.001"), "BNB": D("0.02")}
    assert after.balances == before.balances == {"BNB": D("-0.02")}
    assert after.equity == before.equity
    assert [fill.fee_currency for fill in again.fills] == ["BTC", "BNB"]


def test_dust_is_dust_after_a_restart_too(tmp_path: Path) -> None:
    books = Books("1000")
    entry = books.order("2")
    books.fill(entry, "2", "100", fee="0.0025", fee_currency="BTC")
    way_out = books.order("1.997", trade_id=entry.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)
    books.fill(way_out, "1.997", "100")
    books.ledger.leave_dust(entry.trade_id)
    journal = SqliteJournal(tmp_path / "first.db", clock=StandingClock(AT + timedelta(hours=1)))
    journal.open_session(a_header(mode="PAPER", facts=FACTS))
    for change in books.changes:
        journal.ledger(change)
    journal.close()

    left = read_books(tmp_path / "first.db")
    ledger = ContinuedLedger(left, clock=books.clock, ids=books.ids, on_change=lambda _change: None)

    assert ledger.get_open_trades() == []
    again = entry.model_copy(update={"order_id": books.ids.next(ORDER)})
    ledger.register_order(again)
    assert [trade.trade_id for trade in ledger.get_open_trades()] == [entry.trade_id]
    ledger.move_order(again.order_id, OrderStatus.CANCELLED)
    assert ledger.get_open_trades() == []
    assert ledger.get_trade(entry.trade_id).dust == ledger.get_open_positions()[0].quantity == D("0.0005")
