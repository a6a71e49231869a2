from dataclasses import replace
from pathlib import Path

import pytest

from engine.contracts.flows import FlowOutcome, OutcomeKind
from engine.journal.digest import journal_digest
from tests.support.journals import (
    STRATEGY,
    TradedSession,
    a_header,
    a_journal,
    a_rejected_flow,
    a_row,
    an_assessed,
    quiet_ticks,
    tick_id,
)

pytestmark = pytest.mark.unit


def digest_of(path: Path, **how: int) -> str:
    TradedSession(path, **how).journal.close()
    return journal_digest(path)


def test_two_equal_runs_have_the_same_digest(tmp_path: Path) -> None:
    assert digest_of(tmp_path / "a.db") == digest_of(tmp_path / "b.db")


def test_how_rows_were_grouped_on_their_way_to_the_disk_does_not_count(tmp_path: Path) -> None:
    assert digest_of(tmp_path / "a.db", block_size=1) == digest_of(tmp_path / "b.db", block_size=4096)


def test_neither_the_hour_nor_the_machine_counts(tmp_path: Path) -> None:
    header = replace(a_header(), session_id="JRN_20300101_000000_00000", started_ns=1, facts={"python": "3.13"})
    a_journal(tmp_path / "a.db").close()
    a_journal(tmp_path / "b.db", header=header).close()

    assert journal_digest(tmp_path / "a.db") == journal_digest(tmp_path / "b.db")


def test_a_note_about_a_slow_worker_does_not_count(tmp_path: Path) -> None:
    slow = a_journal(tmp_path / "a.db")
    slow.note(at_ns=1, level="WARNING", source=STRATEGY, text="ema.on_tick took 31.7 ms, more than its time budget")
    slow.close()
    a_journal(tmp_path / "b.db").close()

    assert journal_digest(tmp_path / "a.db") == journal_digest(tmp_path / "b.db")


def test_a_traceback_counts_by_its_last_line(tmp_path: Path) -> None:
    def failed(path: Path, error: str) -> str:
        journal = a_journal(path)
        outcome = FlowOutcome(kind=OutcomeKind.FAILED, error=error)
        journal.flow(replace(a_rejected_flow(tick_id(0)), outcome=outcome))
        journal.close()
        return journal_digest(path)

    here = failed(tmp_path / "a.db", 'File "one/worker.py"\nValueError: x\n')
    there = failed(tmp_path / "b.db", 'File "two/worker.py"\nValueError: x')
    other = failed(tmp_path / "c.db", 'File "one/worker.py"\nValueError: y\n')

    assert here == there != other


def test_one_digit_in_one_column_of_one_tick_changes_it(tmp_path: Path) -> None:
    for name, value in (("a", 25.0), ("b", 25.000000000000004)):
        journal = a_journal(tmp_path / f"{name}.db", block_size=8)
        quiet_ticks(journal, range(3))
        journal.tick(STRATEGY, an_assessed(3, row=[*a_row(3)[:-1], value]))
        journal.close()

    assert journal_digest(tmp_path / "a.db") != journal_digest(tmp_path / "b.db")


def test_how_a_missing_value_or_a_zero_is_spelt_does_not_count(tmp_path: Path) -> None:
    for name, values in (("a", [float("nan"), 0.0]), ("b", [-float("nan"), -0.0])):
        journal = a_journal(tmp_path / f"{name}.db", block_size=8)
        journal.tick(STRATEGY, an_assessed(0, row=[*a_row(0)[:-2], *values]))
        journal.close()

    assert journal_digest(tmp_path / "a.db") == journal_digest(tmp_path / "b.db")


def test_one_id_of_one_flow_changes_it(tmp_path: Path) -> None:
    for name, minute in (("a", 3), ("b", 4)):
        journal = a_journal(tmp_path / f"{name}.db")
        journal.flow(a_rejected_flow(tick_id(minute)))
        journal.close()

    assert journal_digest(tmp_path / "a.db") != journal_digest(tmp_path / "b.db")
