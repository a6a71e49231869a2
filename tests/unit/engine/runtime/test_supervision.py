"""What stops and what goes on, by the class of the error."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.contracts.commands import TradingState
from engine.primitives.errors import InvariantBroken, LedgerMismatch, PlanError, VenueRejected
from engine.runtime.supervision import Supervisor
from tests.support.engine import Workshop

pytestmark = pytest.mark.unit


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    made = Workshop(tmp_path / "journal.sqlite", strategies=[("one", "BTC/USDT")])
    yield made
    made.journal.close()


@pytest.fixture
def supervisor(shop: Workshop) -> Supervisor:
    return Supervisor(guard=shop.guard, journal=shop.journal, now_ns=shop.clock.now_ns)


@pytest.mark.parametrize(
    ("worker", "error", "state"),
    [
        ("some_plugin", ValueError("x"), TradingState.ACTIVE),
        ("execution_handler", ValueError("x"), TradingState.HALTED),
        ("execution_handler", VenueRejected("x"), TradingState.ACTIVE),
        ("some_plugin", PlanError("x"), TradingState.ACTIVE),
        ("execution_handler", LedgerMismatch("x"), TradingState.HALTED),
        ("some_plugin", InvariantBroken("x"), TradingState.HALTED),
    ],
    ids=lambda value: f"{type(value).__name__}" if isinstance(value, Exception) else str(value),
)
def test_trading_halts_where_the_books_are_in_doubt(
    shop: Workshop, supervisor: Supervisor, worker: str, error: Exception, state: TradingState
) -> None:
    supervisor.on_fault("one", worker, "on_it", error)

    assert shop.guard.state is state


def test_a_broken_promise_is_raised_once_the_flow_is_over(supervisor: Supervisor) -> None:
    supervisor.require_sound()
    supervisor.on_fault("one", "some_plugin", "on_it", InvariantBroken("x"))

    with pytest.raises(InvariantBroken):
        supervisor.require_sound()
