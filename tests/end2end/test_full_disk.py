"""A disk that is full in the middle of a session: it is flattened all the same, and the next session knows all of it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from engine.config.places import Places
from engine.contracts.commands import CommandStatus, FlattenAll, TradingState
from engine.contracts.flatten import FlattenResult
from engine.contracts.orders import OrderRole
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.phase0_bootstrap.recovery import venue_file_of
from engine.primitives.timeframes import datetime_from_ns
from engine.runtime.session import Session
from engine.storage.venue_store import read_venue
from tests.support.config import swapped

pytestmark = [pytest.mark.end2end, pytest.mark.allow_warnings]
MINUTES = 40


def begin_at(operation: Path, day: str) -> None:
    """Let the market of an operation begin at an instant."""
    kept = [line for line in operation.read_text(encoding="utf-8").splitlines(keepends=True) if "start:" not in line]
    operation.write_text(swapped("".join(kept), ("      seed: 7", f"      start: {day}\n      seed: 7")), "utf-8")


def fill_the_disk(session: Session) -> None:
    """Let the journal's file, and that of the venue, grow no more."""
    engine: Any = session._engine
    engine.journal.commit()
    store = engine._simulated.venue._keeping._keep.__self__
    for connection in (engine.journal._writer._database.conn, store._database.conn):
        connection.execute(f"PRAGMA max_page_count={connection.execute('PRAGMA page_count').fetchone()[0]}")


def test_a_session_on_a_full_disk_is_flattened_and_the_next_one_takes_everything_back(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")
    operation = copy_operation(operation_path("demo-paper", places), "mine", places)
    begin_at(operation, "2026-01-05T00:00:00Z")
    session = open_session(operation, places=places, bars=MINUTES, speed=0)

    async def play() -> None:
        is_pressed = False
        async for event in session._feed.events():
            session.take(event)
            if not is_pressed and session.ledger.get_open_positions():
                fill_the_disk(session)
                command = FlattenAll(command_id=session.next_command_id(), asked_at=session._engine.clock.now())
                assert session.ask(command).status is CommandStatus.ACCEPTED
                is_pressed = True

    asyncio.run(play())
    journal, books = session.status.journal_path, session.ledger
    job = session.flatten_job
    assert job is not None
    assert job.result is FlattenResult.FLAT
    assert "fallback file" in session.status.message
    assert "the disk is full" in session.status.journal_fault
    assert list(places.fallback_folder("mine", "PAPER").glob("*.jsonl")), "something was kept there"
    session.close()

    begin_at(operation, f"{datetime_from_ns(session._engine.clock.now_ns()):%Y-%m-%dT%H:%M:%SZ}")
    again = open_session(operation, places=places, bars=1, speed=0)

    assert "were taken back from its fallback file" in again.status.message
    assert again.status.trading_state is TradingState.REDUCING
    assert again.ledger.get_open_positions() == []
    assert again.ledger.get_open_orders() == []
    assert again.ledger.get_account().cash == books.get_account().cash
    venue = read_venue(venue_file_of(journal), since_ns=0)
    assert venue is not None
    assert venue.account.net == {}
    assert venue.account.starting_cash is not None
    assert venue.account.starting_cash + venue.account.cash_moved == books.get_account().cash
    closes = [one for one in venue.orders if one.order.role is OrderRole.CLOSE]
    assert sum(one.filled for one in closes) == sum(fill.report.quantity for fill in venue.executions) / 2
    again.close()
