"""What workers keep is on disk with its flow, and the next session finds it."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.contracts.worker_state import SavedState
from engine.journal.digest import journal_digest
from engine.journal.journal import SqliteJournal
from engine.journal.states import left_before, read_states
from engine.primitives.errors import LedgerMismatch
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
    assert left_before(old.parent, START_NS) == ()
    assert journal_digest(old) == journal_digest(new)


def test_the_last_session_on_the_markets_clock_is_gone_on_from(tmp_path: Path) -> None:
    hour = 3_600_000_000_000
    folder = tmp_path / "paper"
    for name, started, body in (
        ("JRN_20251027_143022_00000-9", START_NS, "nine"),
        ("JRN_20251027_143022_00000-10", START_NS, "ten"),
        ("JRN_20251027_153022_00000-1", START_NS + hour, "an hour later"),
    ):
        a_session(folder / f"{name}.sqlite", a_kept_state(body=f'"{body}"'), started_ns=started)
    (folder / "JRN_20251027_143022_00000-11.sqlite").touch()  # killed before it wrote anything

    def found(start_ns: int) -> list[str]:
        return [state.body for state in left_before(folder, start_ns)]

    assert found(START_NS + 2 * hour) == ['"an hour later"']
    assert found(START_NS) == ['"ten"']
    assert found(START_NS - 1) == []
    assert left_before(tmp_path / "nowhere", START_NS) == ()


def test_a_damaged_journal_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "JRN_20251027_143022_00000-1.sqlite").write_bytes(b"not a database, but long enough to look like one")

    with pytest.raises(LedgerMismatch):
        left_before(tmp_path, START_NS)
