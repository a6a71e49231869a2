"""What workers keep is on disk with its flow, and the next session finds it."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.contracts.worker_state import SavedState
from engine.journal.digest import journal_digest
from engine.journal.journal import SqliteJournal
from engine.journal.states import read_states
from engine.storage import schema
from engine.storage.database import Durability, connect
from tests.support.journals import START_NS, a_header, a_journal, a_rejected_flow, tick_id
from tests.support.ledger import StandingClock
from tests.support.notes import a_kept_state

pytestmark = pytest.mark.unit


def a_session(path: Path, *states: SavedState, started_ns: int = START_NS) -> Path:
    """Write a session in which one flow after the other saves a state."""
    path.parent.mkdir(exist_ok=True)
    journal = a_journal(path, header=replace(a_header(), started_ns=started_ns))
    for at, state in enumerate(states):
        journal.flow(replace(a_rejected_flow(tick_id(at)), states=(state,)))
    journal.close()
    return path


def test_of_each_worker_the_latest_is_kept(tmp_path: Path) -> None:
    states = [
        a_kept_state(),
        a_kept_state(body='{"x":1}', worker_id="other"),
        a_kept_state(body='{"bars":2}', version=2, at_ns=START_NS + 5),
    ]

    assert read_states(a_session(tmp_path / "a.sqlite", *states)) == (states[1], states[2])


def test_a_sessions_first_write_carries_what_it_began_with(tmp_path: Path) -> None:
    resumed = SqliteJournal(tmp_path / "b.sqlite", clock=StandingClock())
    resumed.open_session(a_header(), [a_kept_state()])
    resumed.close()
    assert read_states(resumed.path) == (a_kept_state(),)


def test_what_workers_kept_counts_in_the_digest(tmp_path: Path) -> None:
    one, same, other = (
        journal_digest(a_session(tmp_path / name, a_kept_state(body=body)))
        for name, body in (("a", '{"bars":1}'), ("b", '{"bars":1}'), ("c", '{"bars":2}'))
    )

    assert one == same
    assert one != other


def test_an_older_journal_has_no_states_and_the_digest_of_a_session_without_any(tmp_path: Path) -> None:
    new = a_session(tmp_path / "new.sqlite")
    old = a_session(tmp_path / "old.sqlite")
    database = connect(old, Durability.NORMAL)
    database.execute(f"DROP TABLE {schema.WORKER_STATE.name}")
    database.execute("PRAGMA user_version=2")
    database.conn.close()

    assert read_states(old) == ()
    assert journal_digest(old) == journal_digest(new)
