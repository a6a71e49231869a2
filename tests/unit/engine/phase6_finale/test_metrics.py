from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts.base import Direction
from engine.contracts.flows import FlowOutcome, OutcomeKind
from engine.journal.queries import SqliteJournalReader
from engine.phase6_finale.metrics import RunMetrics, entry_slippages, slippage_bps
from tests.support.journals import TradedSession
from tests.support.notes import an_outcome

pytestmark = pytest.mark.unit
D = Decimal


def test_flows_are_counted_by_outcome_and_by_the_rule_that_said_no() -> None:
    metrics = RunMetrics()
    for outcome in (an_outcome(), an_outcome(), an_outcome(rule="too wide"), FlowOutcome(kind=OutcomeKind.EXECUTED)):
        metrics.count(outcome)

    assert metrics.outcomes == {OutcomeKind.REJECTED: 3, OutcomeKind.EXECUTED: 1}
    assert list(metrics.rejections.items()) == [
        (("planning", "no entry planner"), 2),
        (("planning", "too wide"), 1),
    ]


def test_a_latency_is_never_understated_and_at_most_doubled() -> None:
    metrics = RunMetrics()
    for took_ns in [1_000] * 98 + [50_000, 4_000_000]:
        metrics.count_latency(took_ns)

    median, tail, worst = (metrics.latency_ns(share) for share in (0.5, 0.99, 1.0))
    assert median is not None
    assert tail is not None
    assert worst is not None
    assert 1_000 < median <= 2_000
    assert 50_000 < tail <= 100_000
    assert 4_000_000 < worst <= 8_000_000


def test_without_latencies_there_is_none() -> None:
    assert RunMetrics().latency_ns(0.5) is None


@pytest.mark.parametrize(
    ("direction", "filled", "bps"),
    [
        (Direction.BUY, "100.1", "10"),
        (Direction.BUY, "99.9", "-10"),
        (Direction.SELL, "99.9", "10"),
        (Direction.SELL, "100", "0"),
    ],
)
def test_slippage_is_positive_when_the_fill_was_worse(direction: Direction, filled: str, bps: str) -> None:
    assert slippage_bps(direction=direction, intended=D(100), filled=D(filled)) == D(bps)


def test_the_slippage_of_a_trade_is_measured_against_the_price_of_its_plan(tmp_path: Path) -> None:
    session = TradedSession(tmp_path / "session.db")
    session.journal.close()

    with SqliteJournalReader(session.path) as reader:
        (slippage,) = entry_slippages(reader, reader.trades())

    assert (slippage.trade_id, slippage.reference_price, slippage.bps) == (session.entry.trade_id, 50000, 5)
