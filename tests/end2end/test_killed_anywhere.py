"""A kill -9 at every point of a TWAP, of a flatten and of a close by hand: a restart ends where no kill would.

The points are all that a session passes: before and after each commit of its journal and of the venue's own books,
before and after each request, before each question, at each step of the settling and after each market event. They are
counted in a run without a kill; `-m slow` takes every one of them, the usual run some that are spread over the whole.

What is compared is read from the files of the venue: what it holds, what works there, what it executed (I9). Beside it,
for each kill: every order that the dead process had sent was on disk as sent (I1), no order has executed more than was
ordered and none is there twice (I2), nothing raises a position once flatten is pressed (I3, I4), and our books are the
venue's to the last digit (I5, I6).
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.contracts.carried import CarriedOrder, CarriedVenue
from engine.contracts.orders import Order, OrderRole, OrderStatus
from engine.contracts.schedules import GroupPlan
from engine.contracts.venue import OrderExecuted
from engine.journal.carrying import read_books
from engine.journal.journal import ORDER_ROWS
from engine.phase0_bootstrap.recovery import venue_file_of
from engine.primitives.kill_switch import KILL_LOG
from engine.primitives.timeframes import datetime_from_ns
from engine.storage.database import Reader
from engine.storage.venue_store import read_venue
from tests.support.killing import HELD, POINTS, PRESS_NS, PRESSES, RESUMES, SLICED, SLICES, journals_of
from tests.support.tree import ROOT

pytestmark = [
    pytest.mark.end2end,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes that are killed are forks"),
]
SAMPLES = 8
LONGEST_S = 3600


@dataclass(frozen=True)
class Ended:
    """How a play ended, by the venue's own files: all orders and executions of all its sessions, once each."""

    home: Path
    venue: CarriedVenue
    orders: dict[str, CarriedOrder]
    executions: Sequence[OrderExecuted]

    @property
    def working(self) -> Counter[tuple[object, ...]]:
        """How much works at the venue, by market and role: a rest that is planned again comes in other pieces."""
        sums: Counter[tuple[object, ...]] = Counter()
        for one in self.orders.values():
            if one.ended is None:
                sums[one.order.symbol, one.order.role] += one.order.quantity - one.filled  # type: ignore[assignment]  # Decimal adds like int
        return sums

    @property
    def executed(self) -> Counter[tuple[object, ...]]:
        """How much was executed, by market and role."""
        sums: Counter[tuple[object, ...]] = Counter()
        for done in self.executions:
            order = self.orders[done.order_id].order
            sums[order.symbol, order.role] += done.quantity  # type: ignore[assignment]  # Decimal adds like int
        return sums


def played(play: str, folder: Path, numbers: Sequence[int]) -> dict[int, list[int]]:
    """Play once for each number of a point; return how the processes of each play ended."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.support.killing", play, str(folder), *map(str, numbers)],
        cwd=ROOT,
        env=os.environ | {KILL_LOG: os.devnull, "PYTHONPATH": str(ROOT)},  # armed before anything is imported
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    ends = {}
    for line in ran.stdout.splitlines():
        number, *codes = map(int, line.split())
        ends[number] = codes
        assert codes[-1] == 0, f"the sessions of kill {number} ended {codes}: {ran.stderr[-3000:]}"
    return ends


def ended(home: Path) -> Ended:
    """Read what all sessions of a play left at the venue."""
    orders: dict[str, CarriedOrder] = {}
    executions: dict[int, OrderExecuted] = {}
    newest: CarriedVenue | None = None
    for journal in reversed(journals_of(home)):
        venue = _venue_of(journal)
        if venue is None:
            continue
        newest = venue
        orders |= {one.order.order_id: one for one in venue.orders}
        executions |= {one.number: one.report for one in venue.executions}
    assert newest is not None
    return Ended(home, newest, orders, [executions[number] for number in sorted(executions)])


def _venue_of(journal: Path) -> CarriedVenue | None:
    path = venue_file_of(journal)
    return read_venue(path, since_ns=0) if path.exists() else None


def check_what_the_dead_left(home: Path) -> None:
    """I1: every order that the killed session had at the venue was on disk as sent before it left."""
    killed = journals_of(home)[-1]
    venue = _venue_of(killed)
    if venue is None or not venue.orders:
        return
    with Reader(killed) as reader:
        written = {row["order_id"]: row["status"] for row in reader.rows("SELECT order_id, status FROM orders")}
    for one in venue.orders:
        assert written[one.order.order_id] != OrderStatus.NEW, f"{one.order.order_id} left before it was on disk"


def check_the_books(end: Ended) -> None:
    """I2, I5 and I6, between the venue's files and our last journal."""
    by_trade_id = Counter(done.venue_trade_id for done in end.executions)
    assert max(by_trade_id.values(), default=1) == 1
    for one in end.orders.values():
        executed = sum((done.quantity for done in end.executions if done.order_id == one.order.order_id), Decimal(0))
        assert executed == one.filled <= one.order.quantity
    books = read_books(journals_of(end.home)[0])
    account = end.venue.account
    assert account.starting_cash is not None
    assert books.cash == account.starting_cash + account.cash_moved
    held = {position.symbol: position.quantity for position in books.positions if position.quantity}
    assert held == dict(account.net)
    at_work = {one.order.order_id for one in end.orders.values() if one.ended is None}
    sent = [order for order in books.orders if not order.is_terminal and order.status is not OrderStatus.NEW]
    assert {order.order_id for order in sent} == at_work


def check_that_nothing_was_raised(end: Ended) -> None:
    """I3 and I4: once flatten is pressed no execution raises any |position|."""
    held: Counter[str] = Counter()
    for done in end.executions:
        order = end.orders[done.order_id].order
        after = held[order.symbol] + done.quantity * order.direction.sign
        pressed = done.at >= datetime_from_ns(PRESS_NS)
        assert not pressed or abs(after) <= abs(held[order.symbol]), f"{order.order_id} raised {order.symbol}"
        held[order.symbol] = after  # type: ignore[assignment]  # Decimal counts like int


def lost_a_slice(end: Ended) -> bool:
    """Tell whether the kill fell between the commit of an order and its request: our books prove that it is absent."""
    return any("absent" in order.reason for order in orders_of(end).values())


def missing_of(end: Ended) -> Decimal:
    """Return what the plan of the only group did not bring in, base units; each slice of it with a reason on disk.

    It is absent at the venue, it waits for a person, or its window was over before the market could take it.
    """
    bodies = [row["body"] for journal in journals_of(end.home) for row in rows_of(journal, "group_plan")]
    plan, orders = GroupPlan.model_validate_json(str(bodies[0])), orders_of(end)
    missing = plan.given_up
    for each in plan.slices:
        order = orders[each.order_id]
        if order.remaining_quantity:
            is_absent = order.status is OrderStatus.REJECTED and "absent" in order.reason
            assert is_absent or order.status in (OrderStatus.NEW, OrderStatus.EXPIRED), f"{order} in {end.home}"
            missing += order.remaining_quantity
    return missing


def orders_of(end: Ended) -> Mapping[str, Order]:
    """Return all orders of all our journals by id, each as it stands in the newest that has it."""
    orders: dict[str, Order] = {}
    for journal in reversed(journals_of(end.home)):
        orders |= {row["order_id"]: ORDER_ROWS.note(row) for row in rows_of(journal, "orders")}
    return orders


def rows_of(journal: Path, table: str) -> Sequence[Mapping[str, Any]]:
    """Return all rows of a table; none if the process was killed before it was made."""
    with Reader(journal) as reader:
        is_there = reader.row("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)) is not None
        return list(reader.rows(f"SELECT * FROM {table}")) if is_there else []  # noqa: S608  # a name of ours


def check_the_slices(end: Ended) -> None:
    """I2 for a schedule: what is held is what was planned less what is proven missing, and nothing came in twice."""
    net = end.venue.account.net["BTC/USDT"]
    missing = missing_of(end)
    assert net == SLICED - missing, f"{missing} is missing by the plan, {net} is held: {end.home}"
    # A kill costs the slice that it hit; the one after it waits for the proof.
    assert missing <= 2 * SLICED / SLICES, end.home
    entries = [one for one in end.orders.values() if one.order.role is OrderRole.ENTRY]
    ended_unfilled = sum((one.order.quantity - one.filled for one in entries if one.ended is not None), Decimal(0))
    assert sum(one.order.quantity for one in entries) - ended_unfilled == net, f"a slice was sent twice: {end.home}"
    stops = Decimal(end.working["BTC/USDT", OrderRole.STOP_LOSS])
    assert (stops, Decimal(sum(end.working.values()))) == (net, net), f"what is held is not protected: {end.home}"


def spread(points: int, samples: int) -> Sequence[int]:
    """Return the numbers of so many points, evenly over all of them, the first and the last included."""
    return sorted({1 + (points - 1) * turn // (samples - 1) for turn in range(samples)})


def kills_of(play: str, folder: Path, samples: int | None) -> tuple[Ended, list[Ended]]:
    """Play without a kill, then with one at each point or at some; return how all of them ended."""
    played(play, folder, [0])
    unbroken = ended(folder / "0")
    points = len((unbroken.home / POINTS).read_text(encoding="utf-8").splitlines())
    assert points > 200, "the points of the session are not where they were"
    numbers = range(1, points + 1) if samples is None else spread(points, samples)
    ends = played(play, folder, numbers)
    for number in numbers:
        assert ends[number][0] == -9, f"point {number} of {points} killed nobody"
        check_what_the_dead_left(folder / str(number))
    return unbroken, [ended(folder / str(number)) for number in numbers]


EXTENT = [pytest.param(SAMPLES, id="some"), pytest.param(None, id="all", marks=pytest.mark.slow)]


@pytest.mark.parametrize("samples", EXTENT)
def test_a_twap_that_is_killed_anywhere_brings_in_what_was_asked_and_no_more(
    tmp_path: Path, samples: int | None
) -> None:
    unbroken, killed = kills_of("twap", tmp_path, samples)

    assert unbroken.venue.account.net == {"BTC/USDT": SLICED}
    for end in (unbroken, *killed):
        check_the_books(end)
        check_the_slices(end)


@pytest.mark.parametrize("samples", EXTENT)
def test_a_flatten_that_is_killed_anywhere_ends_flat_and_raises_nothing(tmp_path: Path, samples: int | None) -> None:
    unbroken, killed = kills_of("flatten", tmp_path, samples)

    for end in (unbroken, *killed):
        check_the_books(end)
        check_that_nothing_was_raised(end)
        assert end.venue.account.net == {}, end.home
        assert end.working == Counter(), end.home
        for symbol, quantity in HELD.items():
            came_in, went_out = end.executed[symbol, OrderRole.ENTRY], end.executed[symbol, OrderRole.CLOSE]
            assert came_in == went_out, end.home
            assert came_in == quantity or (came_in == 0 and lost_a_slice(end)), end.home
        # A press that was killed before anything of it was on disk is pressed once more; none after that.
        assert len((end.home / PRESSES).read_text(encoding="utf-8").splitlines()) <= 2


@pytest.mark.parametrize("samples", EXTENT)
def test_a_close_by_hand_that_is_killed_anywhere_is_carried_on(tmp_path: Path, samples: int | None) -> None:
    unbroken, killed = kills_of("close", tmp_path, samples)

    assert unbroken.executed["BTC/USDT", OrderRole.CLOSE] > 0, "there was something to close"
    for end in (unbroken, *killed):
        check_the_books(end)
        assert end.venue.account.net == {}, end.home
        assert end.working == Counter(), end.home
        assert read_books(journals_of(end.home)[0]).closings == {}, end.home


@pytest.mark.parametrize("samples", EXTENT)
def test_a_twap_of_an_operation_that_resumes_goes_on_by_itself(tmp_path: Path, samples: int | None) -> None:
    unbroken, killed = kills_of(RESUMES, tmp_path, samples)

    assert unbroken.venue.account.net == {"BTC/USDT": SLICED}
    gone_on = 0
    for end in (unbroken, *killed):
        check_the_books(end)
        check_the_slices(end)
        gone_on += was_resumed(end)
    assert gone_on > 0, "no kill fell into the schedule"


def was_resumed(end: Ended) -> bool:
    """Tell whether the last session says that it let a schedule go on."""
    with Reader(journals_of(end.home)[0]) as reader:
        return reader.row("SELECT 1 FROM note WHERE source = 'recovery' AND text LIKE '% goes on: %'") is not None
