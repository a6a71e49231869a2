"""A session without a window tells people too: what is critical, once, with nothing that should not leave."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

import pytest

from engine.alerts.outside import Message
from engine.alerts.unattended import UnattendedAlerts, telling_people
from engine.contracts.commands import TradingState
from engine.contracts.flatten import FlattenJob, FlattenResult
from engine.contracts.orders import Order, OrderStatus
from engine.ports.ledger import LedgerChange
from engine.ports.session import Mode, SessionState, SessionStatus, TradingSession
from tests.support.notes import a_flatten_job, an_order

pytestmark = pytest.mark.unit

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
WELL = SessionStatus(
    session_id="s",
    operation="Demo",
    mode=Mode.PAPER,
    label="DEMO",
    state=SessionState.RUNNING,
    trading_state=TradingState.ACTIVE,
    now=NOON,
)


@dataclass
class Books:
    """The open orders, and nothing else."""

    orders: Sequence[Order] = ()

    def get_open_orders(self) -> Sequence[Order]:
        return self.orders


class Watched:
    """As much of a session as is looked at."""

    def __init__(self, status: SessionStatus = WELL, *orders: Order) -> None:
        self.status = status
        self.flatten_job: FlattenJob | None = None
        self.ledger = Books(orders)
        self.watchers: list[object] = []

    def watch(self, observer: object) -> None:
        self.watchers.append(observer)


def watching(session: Watched) -> tuple[UnattendedAlerts, list[Message]]:
    sent: list[Message] = []
    return UnattendedAlerts(cast("TradingSession", session), send=sent.append), sent


def test_an_order_in_doubt_is_sent_once_with_mode_operation_and_time() -> None:
    alerts, sent = watching(Watched())
    lost = an_order(status=OrderStatus.UNKNOWN, reason="no answer within 3000 ms")
    for _ in range(2):
        alerts.on_ledger(LedgerChange(at=NOON, strategy_id="momentum", order=lost))

    (message,) = sent
    assert message.title == "PAPER · Order unknown"
    assert message.body.splitlines() == ["Demo", "2026-01-05 12:00:00 UTC", lost.order_id, "no answer within 3000 ms"]


def test_what_stands_at_the_start_is_sent_too() -> None:
    _, sent = watching(Watched(WELL, an_order(status=OrderStatus.UNKNOWN)))

    assert [message.title for message in sent] == ["PAPER · Order unknown"]


def test_a_flatten_that_is_not_through_and_a_session_that_failed_are_sent() -> None:
    session = Watched()
    alerts, sent = watching(session)
    session.flatten_job = a_flatten_job().model_copy(update={"result": FlattenResult.INCOMPLETE})
    alerts.on_status(WELL)
    alerts.on_status(replace(WELL, state=SessionState.FAILED, message="the journal is gone"))

    assert [message.title for message in sent] == ["PAPER · Flatten incomplete", "PAPER · Session failed"]
    assert "the journal is gone" in sent[1].body


def test_what_is_not_critical_is_not_sent() -> None:
    alerts, sent = watching(Watched())
    alerts.on_status(replace(WELL, quarantined={"wild": "imports os"}))

    assert sent == []


@pytest.mark.parametrize(
    ("mode", "addresses", "count"), [(Mode.PAPER, ["nonsense"], 1), (Mode.PAPER, [], 0), (Mode.REPLAY, ["nonsense"], 0)]
)
@pytest.mark.filterwarnings("ignore:.*imghdr.* is deprecated:DeprecationWarning")  # as in test_outside
def test_only_paper_and_live_sessions_with_an_address_are_watched(mode: Mode, addresses: list[str], count: int) -> None:
    session, said = Watched(replace(WELL, mode=mode)), list[str]()
    with telling_people(cast("TradingSession", session), addresses, say=said.append):
        pass

    assert len(session.watchers) == count
    assert len(said) == count, "an address that cannot be read is told"
