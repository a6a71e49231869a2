"""What a session tells reaches the window once per frame, in order, and nothing of it is lost."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from engine.contracts.commands import TradingState
from engine.contracts.flows import FlowOutcome, FlowRecord, OutcomeKind
from engine.ports.ledger import LedgerChange
from engine.ports.session import Mode, SessionState, SessionStatus
from gui.bridge.feed import SessionFeed
from gui.bridge.rows import BarRows
from tests.support.gui import ScriptedSession

pytestmark = pytest.mark.unit

AT = datetime(2026, 1, 5, tzinfo=UTC)


def a_flow(number: int) -> FlowRecord:
    return FlowRecord(
        f"TCK_20260105_0000{number:02d}_00000", "s", 0, "TICK_RECEIVED", FlowOutcome(kind=OutcomeKind.REJECTED)
    )


def a_status(**changes: object) -> SessionStatus:
    status = SessionStatus("id", "Demo", Mode.PAPER, "DEMO", SessionState.RUNNING, TradingState.ACTIVE, AT)
    return replace(status, **changes)


def test_nothing_is_delivered_inside_the_session_s_call(qtbot: QtBot) -> None:
    feed, told = SessionFeed(), []
    feed.flow_ended.connect(told.append)

    feed.on_flow(a_flow(1))

    assert told == []
    with qtbot.waitSignal(feed.flow_ended, timeout=1_000):
        pass
    assert told == [a_flow(1)]


def test_all_bars_of_a_frame_come_together_and_none_is_lost(qtbot: QtBot) -> None:
    session, feed, batches = ScriptedSession(bars=30), SessionFeed(), list[BarRows]()
    feed.bars_arrived.connect(batches.append)
    session.watch(feed)

    for _ in range(20):
        session.step()
    feed.flush()
    for _ in range(10):
        session.step()
    feed.flush()

    assert [len(batch.rows) for batch in batches] == [20, 10]
    opened = [row.opened_ns for batch in batches for row in batch.rows]
    assert opened == sorted(set(opened))
    assert batches[0].columns[:5] == ("open", "high", "low", "close", "volume")


def test_facts_come_one_by_one_and_in_order(qtbot: QtBot) -> None:
    feed, told = SessionFeed(), []
    feed.flow_ended.connect(told.append)
    feed.report_refused.connect(told.append)
    refused = LedgerChange(at=AT, strategy_id="s", refused="a duplicate")

    for fact in (a_flow(1), a_flow(2)):
        feed.on_flow(fact)
    feed.on_ledger(refused)
    feed.on_flow(a_flow(3))
    feed.flush()

    assert told == [a_flow(1), a_flow(2), refused, a_flow(3)]


def test_a_frame_stops_at_its_budget_and_goes_on_in_the_next(qtbot: QtBot) -> None:
    seconds = iter(range(1_000))
    feed, told = SessionFeed(monotonic_s=lambda: float(next(seconds))), []
    feed.flow_ended.connect(told.append)
    for number in range(5):
        feed.on_flow(a_flow(number))

    with qtbot.waitSignal(feed.flow_ended, timeout=1_000):
        pass
    assert len(told) == 1
    assert not feed.is_idle
    qtbot.waitUntil(lambda: len(told) == 5, timeout=2_000)


def test_of_the_account_the_newest_wins(qtbot: QtBot) -> None:
    session, feed, accounts = ScriptedSession(), SessionFeed(), []
    feed.account_changed.connect(accounts.append)
    session.watch(feed)

    for _ in range(5):
        session.step()
    feed.flush()

    assert accounts == [session.ledger.get_account()]


def test_every_change_of_state_is_told_but_the_passing_of_time_only_once_per_frame(qtbot: QtBot) -> None:
    feed, told = SessionFeed(), list[SessionStatus]()
    feed.status_changed.connect(told.append)

    feed.on_status(a_status())
    feed.on_status(a_status(state=SessionState.PAUSED))
    feed.on_status(a_status())
    for count in (1, 2, 3):
        feed.on_status(a_status(flows={OutcomeKind.REJECTED: count}))
    feed.flush()

    assert [status.state for status in told] == ["RUNNING", "PAUSED", "RUNNING", "RUNNING"]
    assert told[-1].flows == {OutcomeKind.REJECTED: 3}


def test_a_newer_state_is_not_overtaken_by_an_older_count(qtbot: QtBot) -> None:
    feed, told = SessionFeed(), list[SessionStatus]()
    feed.status_changed.connect(told.append)

    feed.on_status(a_status())
    feed.on_status(a_status(flows={OutcomeKind.REJECTED: 1}))
    feed.on_status(a_status(state=SessionState.STOPPED))
    feed.flush()

    assert told[-1].state is SessionState.STOPPED


def test_no_timer_runs_when_there_is_nothing_to_tell(qtbot: QtBot) -> None:
    feed = SessionFeed()

    feed.on_flow(a_flow(1))
    feed.flush()

    assert feed.is_idle
    assert not feed._frame.isActive()
