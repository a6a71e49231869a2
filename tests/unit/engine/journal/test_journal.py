from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts.commands import CommandAnswer, CommandStatus, PauseStrategy
from engine.contracts.flows import OutcomeKind
from engine.journal.journal import SqliteJournal
from engine.journal.queries import SqliteJournalReader
from engine.ports.journal import JournalWriter
from engine.ports.ledger import LedgerChange
from engine.primitives.errors import ConfigError, LedgerMismatch
from engine.primitives.timeframes import NS_PER_MINUTE, datetime_from_ns, ns_from_datetime
from engine.storage.database import Reader
from tests.support.journals import (
    START_NS,
    STRATEGY,
    TradedSession,
    a_header,
    a_journal,
    a_rejected_flow,
    a_row,
    an_assessed,
    quiet_ticks,
    tick_id,
    tick_slot,
)
from tests.support.ledger import Books, StandingClock
from tests.support.notes import AT, an_account, an_id

pytestmark = pytest.mark.unit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "session.db"


def cell(path: Path, sql: str) -> object:
    with Reader(path) as reader:
        row = reader.row(sql)
    assert row is not None
    return next(iter(row.values()))


def test_the_journal_is_what_the_port_asks_for(path: Path) -> None:
    journal: JournalWriter = a_journal(path)
    journal.close()


def test_the_header_is_kept_and_the_end_is_written_at_close(path: Path) -> None:
    journal = a_journal(path)
    journal.commit()
    assert cell(path, "SELECT ended_ns FROM session") is None
    journal.close()

    assert cell(path, "SELECT ended_ns FROM session") == START_NS + 3_600 * 10**9
    with SqliteJournalReader(path) as reader:
        assert reader.session() == a_header()


def test_a_file_with_a_session_takes_no_second_one(path: Path) -> None:
    a_journal(path).close()

    with pytest.raises(ConfigError, match="a session already"):
        SqliteJournal(path, clock=StandingClock())


@pytest.mark.parametrize("block_size", [1, 3, 4096])
def test_every_tick_is_there_after_a_commit_whatever_the_block(path: Path, block_size: int) -> None:
    journal = a_journal(path, block_size=block_size)
    quiet_ticks(journal, range(10))
    journal.commit()

    with SqliteJournalReader(path) as reader:
        columns = reader.tick_columns(STRATEGY)
        assert reader.outcome_counts() == {OutcomeKind.NO_OPPORTUNITY: 10}
    journal.close()
    assert columns.values["ema_20"].tolist() == [a_row(minute)[5] for minute in range(10)]
    assert columns.strength.tolist() == [0.75] * 10


def test_in_small_blocks_nothing_waits_for_a_commit_that_somebody_asks_for(path: Path) -> None:
    journal = a_journal(path, block_size=1)
    quiet_ticks(journal, range(2))
    journal.flow(a_rejected_flow(tick_id(2)))
    journal.ledger(one_change())
    journal._writer.commit()

    assert cell(path, "SELECT count(*) FROM tick_block") == 2
    assert cell(path, "SELECT count(*) FROM flow") == 1
    assert cell(path, "SELECT count(*) FROM ledger_event") == 1
    journal.close()


def test_a_quiet_tick_needs_no_flow_of_its_own(path: Path) -> None:
    journal = a_journal(path, block_size=8)
    journal.quiet_tick(STRATEGY, an_assessed(0))
    journal.close()

    with SqliteJournalReader(path) as reader:
        flow = reader.flow(tick_id(0))
        assert flow is not None
        assert flow.outcome.kind is OutcomeKind.NO_OPPORTUNITY
        assert reader.outcome_counts() == {OutcomeKind.NO_OPPORTUNITY: 1}
    assert cell(path, "SELECT count(*) FROM flow") == 0


def test_a_quiet_flow_that_never_had_a_row_is_kept_as_a_flow(path: Path) -> None:
    journal = a_journal(path, block_size=8)
    slot = tick_slot(0)
    journal.quiet_flow(STRATEGY, (slot.second, slot.number), START_NS)
    journal.close()

    with SqliteJournalReader(path) as reader:
        flow = reader.flow(tick_id(0))
    assert flow is not None
    assert (flow.birth_event, flow.born_ns) == ("TICK_RECEIVED", START_NS)


def test_of_several_states_of_an_order_the_last_stands_and_every_event_is_kept(path: Path) -> None:
    session = TradedSession(path, block_size=4096)
    session.journal.close()

    told = [change for change in session.books.changes if change.order is not None]
    with SqliteJournalReader(path) as reader:
        assert reader.order(session.entry.order_id) == session.books.ledger.get_order(session.entry.order_id)
    assert cell(path, "SELECT count(*) FROM orders") == 2
    with Reader(path) as events:
        kept = list(events.rows("SELECT * FROM ledger_event WHERE order_id IS NOT NULL ORDER BY seq"))
    assert [(row["order_id"], row["order_status"], Decimal(row["filled_quantity"]), row["reason"]) for row in kept] == [
        (change.order.order_id, change.order.status, change.order.filled_quantity, change.order.reason)
        for change in told
        if change.order is not None
    ]


def test_a_refused_report_is_an_event_of_its_own_kind(path: Path) -> None:
    books = Books()
    order = books.order()
    report = books.execution(order, "1")
    books.ledger.book(report)
    books.ledger.book(report)
    journal = a_journal(path)
    for change in books.changes:
        journal.ledger(change)
    journal.close()

    assert "booked already" in str(cell(path, "SELECT refused FROM ledger_event WHERE kind = 'REFUSED'"))
    assert cell(path, "SELECT count(*) FROM fill") == 1


def test_equity_commands_and_notes_are_kept(path: Path) -> None:
    journal = a_journal(path)
    journal.equity(an_account())
    command = PauseStrategy(command_id=an_id("USR"), asked_at=AT, strategy_id=STRATEGY)
    journal.command(command, CommandAnswer(command_id=an_id("USR"), status=CommandStatus.DONE, text="paused"))
    journal.note(at_ns=5, level="WARNING", source="feed", text="a gap of 3 bars")
    journal.close()

    with SqliteJournalReader(path) as reader:
        (mark,) = reader.equity_curve()
        (note,) = reader.notes()
    assert (mark.at_ns, mark.equity) == (START_NS, an_account().equity)
    assert (note.level, note.text) == ("WARNING", "a gap of 3 bars")
    assert PauseStrategy.model_validate_json(str(cell(path, "SELECT body FROM command"))) == command


def test_a_full_disk_stops_the_session_with_a_sentence_and_keeps_what_was_committed(path: Path) -> None:
    journal = a_journal(path)
    journal.flow(a_rejected_flow(tick_id(0)))
    journal.commit()
    connection = journal._writer._database.conn
    connection.execute(f"PRAGMA max_page_count={connection.execute('PRAGMA page_count').fetchone()[0]}")

    for minute in range(1, 50):
        flow_into_a_full_disk(journal, minute)
    with pytest.raises(LedgerMismatch, match="the disk is full"):
        journal.commit()
    with pytest.raises(LedgerMismatch, match="the disk is full"):
        journal.close()

    with SqliteJournalReader(path) as reader:
        assert reader.flow(tick_id(0)) is not None
        assert reader.quick_check() == ()


def flow_into_a_full_disk(journal: SqliteJournal, minute: int) -> None:
    try:
        journal.flow(a_rejected_flow(tick_id(minute)))
    except LedgerMismatch as error:
        assert "the disk is full" in str(error)  # noqa: PT017


def test_closing_twice_is_closing_once(path: Path) -> None:
    journal = a_journal(path)
    journal.close()
    journal.close()


def one_change() -> LedgerChange:
    books = Books()
    books.trade()
    return books.changes[0]


def test_an_event_names_every_part_that_changed_and_how_it_stands_now(path: Path) -> None:
    session = TradedSession(path)
    session.journal.close()
    change = next(change for change in session.books.changes if change.fill is not None)
    with Reader(path) as reader:
        event = reader.row("SELECT * FROM ledger_event WHERE kind = 'FILL' ORDER BY seq")

    assert event is not None
    assert change.order is not None
    assert change.fill is not None
    assert change.trade is not None
    assert change.group is not None
    assert (event["fill_id"], event["order_id"]) == (change.fill.fill_id, change.order.order_id)
    assert (event["trade_id"], event["trade_status"]) == (change.trade.trade_id, change.trade.status)
    assert (event["group_id"], event["group_status"]) == (change.group.group_id, change.group.status)


def test_where_a_stop_stood_is_told_by_its_events(path: Path) -> None:
    books = Books()
    trade_id = books.trade()
    books.ledger.move_stop(trade_id, stop_loss_price=Decimal("91.5"))
    books.ledger.move_stop(trade_id, stop_loss_price=Decimal(93), take_profit_price=Decimal(120))
    journal = a_journal(path)
    for change in books.changes:
        journal.ledger(change)
    journal.close()

    with Reader(path) as reader:
        told = [(row["stop_loss_price"], row["take_profit_price"]) for row in reader.rows("SELECT * FROM ledger_event")]
    assert told[1:] == [("91.5", told[0][1]), ("93", "120")]


def test_marks_told_together_are_rows_like_marks_told_one_by_one(tmp_path: Path) -> None:
    account = an_account()
    at_ns = ns_from_datetime(account.at)
    worths = [(at_ns + minute * NS_PER_MINUTE, Decimal(minute)) for minute in range(5)]
    singly, together = (a_journal(tmp_path / name) for name in ("singly.db", "together.db"))
    for at, worth in worths:
        singly.equity(account.model_copy(update={"at": datetime_from_ns(at), "positions_value": worth}))

    together.equity_along(account, worths)

    for journal in (singly, together):
        journal.commit()
        journal.close()
    told = []
    for journal in (singly, together):
        with Reader(journal.path) as reader:
            told.append(list(reader.rows("SELECT * FROM equity ORDER BY at_ns")))
    assert told[0] == told[1]
    assert len(told[0]) == len(worths)
