"""A paper session that is killed, in a process of its own: the next one ends where one without a kill would."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from engine.config.places import Places
from engine.contracts.carried import CarriedVenue
from engine.contracts.orders import OrderRole
from engine.journal.carrying import read_books
from engine.journal.states import journals_newest_first
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.phase0_bootstrap.recovery import venue_file_of
from engine.primitives.kill_switch import KILL_AT, KILL_LOG
from engine.primitives.timeframes import NS_PER_MINUTE, datetime_from_ns, ns_from_datetime
from engine.storage.venue_store import read_venue
from tests.support.config import swapped
from tests.support.tree import ROOT

pytestmark = pytest.mark.end2end

BEGIN_NS = 1_767_571_200_000_000_000  # 2026-01-05, 00:00
MINUTES = 30  # a short with stop and target from 00:05 to 00:22, one from 00:24, and an entry that rests from 00:08
KILLED = -9

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


def run(places: Places, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    home = {"S1MPLETRADER_HOME": str(places.data.parent), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "engine", *words],
        cwd=ROOT,
        env=os.environ | home | environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def an_operation(places: Places) -> Path:
    return copy_operation(operation_path("demo-paper", places), "mine", places)


def go_on(places: Places, operation: Path, begin_ns: int, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run from an instant until the half hour is over; the demo market is the same whenever it begins."""
    text = operation.read_text(encoding="utf-8")
    kept = "".join(line for line in text.splitlines(keepends=True) if "start:" not in line)
    start = f"      start: {datetime_from_ns(begin_ns):%Y-%m-%dT%H:%M:%SZ}\n      seed: 7"
    operation.write_text(swapped(kept, ("      seed: 7", start)), "utf-8")
    bars = MINUTES - (begin_ns - BEGIN_NS) // NS_PER_MINUTE
    return run(places, "run", "mine", "--bars", str(bars), "--speed", "0", **environment)


def newest(places: Places) -> Path:
    return journals_newest_first(places.journal_folder("mine", "PAPER"))[0]


def whole_minute_before(at_ns: int) -> int:
    return at_ns - at_ns % NS_PER_MINUTE


def truth(places: Places) -> CarriedVenue:
    """Return the venue's own books at the end: the line of sessions carries nothing away that is asked for here."""
    venue = read_venue(venue_file_of(newest(places)), since_ns=0)
    assert venue is not None
    return venue


def executions(places: Places) -> Sequence[tuple[object, ...]]:
    """Return every execution of all sessions, once, as the venue has it: number, time, price, quantity and fee."""
    found: dict[int, tuple[object, ...]] = {}
    for journal in journals_newest_first(places.journal_folder("mine", "PAPER")):
        venue = read_venue(venue_file_of(journal), since_ns=0)
        for one in venue.executions if venue is not None else ():
            report = one.report
            found[one.number] = (one.number, report.at, report.price, report.quantity, report.fee)
    return [found[number] for number in sorted(found)]


def same_account(a: CarriedVenue, b: CarriedVenue) -> bool:
    kept = {"currency", "starting_cash", "cash_moved", "orders_counted", "executions_counted"}
    same = a.account.model_dump(include=kept) == b.account.model_dump(include=kept)
    return same and sorted(a.account.net.items()) == sorted(b.account.net.items())


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Places, Sequence[str]]:
    """Run the half hour without a kill; return its files and the points that it passed."""
    home = tmp_path_factory.mktemp("unbroken")
    places = Places(data=home / "data", config=home / "config", state=home / "state")
    log = home / "points"
    ended = go_on(places, an_operation(places), BEGIN_NS, **{KILL_LOG: str(log)})
    assert ended.returncode == 0, ended.stderr
    return places, log.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("point", ["venue.kept:1", "venue.kept:4", "input.kept:800"])
def test_a_killed_session_ends_like_one_that_was_not(
    places: Places, unbroken: tuple[Places, Sequence[str]], point: str
) -> None:
    operation = an_operation(places)
    killed = go_on(places, operation, BEGIN_NS, **{KILL_AT: point})
    assert killed.returncode == KILLED, killed.stderr
    as_of_ns = ns_from_datetime(read_books(newest(places)).as_of)
    assert as_of_ns < BEGIN_NS + MINUTES * NS_PER_MINUTE

    ended = go_on(places, operation, whole_minute_before(as_of_ns))
    assert ended.returncode == 0, ended.stderr
    assert len(journals_newest_first(places.journal_folder("mine", "PAPER"))) == 2
    assert executions(places) == executions(unbroken[0])
    assert same_account(truth(places), truth(unbroken[0]))
    assert read_books(newest(places)).cash == read_books(newest(unbroken[0])).cash


def test_an_order_that_never_arrived_is_not_sent_again(places: Places, unbroken: tuple[Places, Sequence[str]]) -> None:
    operation = an_operation(places)
    assert go_on(places, operation, BEGIN_NS, **{KILL_AT: "venue.before:2"}).returncode == KILLED
    left = read_books(newest(places))
    (lost,) = [order for order in left.orders if not order.is_terminal]
    assert lost.role is OrderRole.ENTRY  # on disk before it left, and the venue never had it

    ended = go_on(places, operation, whole_minute_before(ns_from_datetime(left.as_of)))
    assert ended.returncode == 0, ended.stderr
    venue, books = truth(places), read_books(newest(places))
    assert lost.order_id not in {one.order.order_id for one in venue.orders}
    assert lost.order_id not in {order.order_id for order in books.orders if not order.is_terminal}
    assert venue.account.starting_cash is not None
    assert books.cash == venue.account.starting_cash + venue.account.cash_moved
    assert len(executions(places)) < len(executions(unbroken[0]))
