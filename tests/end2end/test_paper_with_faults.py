"""A paper session over a bad line: whatever goes wrong on it, the books end as the venue's own, to the last digit."""

import sqlite3
from pathlib import Path

import pytest

from engine.contracts.orders import TERMINAL_ORDER_STATUSES, Order, OrderStatus
from engine.phase5_execution.venue_faults import Faults
from engine.phase5_execution.venue_line import VenueLine
from engine.runtime.session import Session
from tests.support.sessions import Witness, a_demo_session_with, run_to_the_end

pytestmark = [pytest.mark.end2end, pytest.mark.allow_warnings]

BARS, BARS_OF_PEACE = 200, 30
KINDS = (
    "refused",
    "lost_before",
    "lost_after",
    "answer_late",
    "arrives_late",
    "answer_without_id",
    "rate_limited",
    "doubled",
    "missing",
    "reordered",
    "unanswered",
)
PARTITION = {"partition_every_s": 300, "partition_s": 40}
BAD_LINES = [
    *({kind: 0.1} for kind in KINDS),
    PARTITION,
    PARTITION | {"is_replayed": False},
    dict.fromkeys((kind for kind in KINDS if kind != "refused"), 0.1) | PARTITION | {"is_replayed": False},
]


class _Peacemaker(Witness):
    """Takes the faults off the line for the last bars: what is on its way then arrives."""

    def __init__(self, line: VenueLine, ticks: int) -> None:
        super().__init__()
        self._line = line
        self._left = ticks

    def on_tick(self, strategy_id: str, assessed: object) -> None:
        self._left -= 1
        if not self._left:
            self._line.faults = Faults()


def _line_of(session: Session) -> VenueLine:
    line = session._engine._simulated
    assert isinstance(line, VenueLine)
    return line


@pytest.mark.parametrize("faults", BAD_LINES, ids=lambda faults: "+".join(faults) if len(faults) < 4 else "everything")
def test_a_paper_session_over_a_bad_line_ends_with_the_books_of_its_venue(
    faults: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = a_demo_session_with(tmp_path, {"faults": faults}, bars=BARS)
    line, ledger = _line_of(session), session._engine.ledger
    place, sent = VenueLine.place, []

    def place_and_look(self: VenueLine, order: Order, spec: object = None) -> None:
        with sqlite3.connect(f"file:{session.status.journal_path}?mode=ro", uri=True) as journal:
            row = journal.execute("SELECT status FROM orders WHERE order_id = ?", (order.order_id,)).fetchone()
        assert row == ("SUBMITTED",), f"{order.order_id} left before it was on disk (I1)"
        sent.append(order.order_id)
        place(self, order, spec)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(VenueLine, "place", place_and_look)
    run_to_the_end(session, _Peacemaker(line, ticks=2 * (BARS - BARS_OF_PEACE)))

    books = line.venue.books
    assert len(books.executions) > 10
    assert len(sent) == len(set(sent)), "an order was sent twice (I2)"
    assert ledger.get_account().cash == books.cash
    assert {held.symbol: held.quantity for held in ledger.get_open_positions()} == {
        held.symbol: held.quantity for held in books.positions()
    }
    assert {order.order_id for order in ledger.get_open_orders()} == {it.client_order_id for it in books.open_orders()}
    for order_id in sent:
        order, standing = ledger.get_order(order_id), books.standing(order_id)
        if order.status in TERMINAL_ORDER_STATUSES:
            ended = None if standing is None else standing.status
            assert ended is (None if order.status is OrderStatus.REJECTED else order.status), "no end without evidence"
        assert standing is None or order.filled_quantity == standing.filled_quantity <= order.quantity
