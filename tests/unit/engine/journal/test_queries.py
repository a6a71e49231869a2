from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.flows import OutcomeKind
from engine.contracts.orders import OrderStatus, TradeStatus
from engine.journal.queries import SqliteJournalReader
from engine.ports.journal import JournalReader
from engine.primitives.errors import LedgerMismatch
from tests.support.journals import (
    COLUMNS,
    START_NS,
    STRATEGY,
    TradedSession,
    a_journal,
    a_rejected_flow,
    a_row,
    quiet_ticks,
    tick_id,
)
from tests.support.notes import an_id

pytestmark = pytest.mark.unit


@pytest.fixture(params=[1, 4096], ids=["one by one", "in blocks"])
def traded(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[TradedSession]:
    session = TradedSession(tmp_path / "session.db", block_size=request.param)
    yield session
    session.journal.close()


@pytest.fixture
def reader(traded: TradedSession) -> Iterator[SqliteJournalReader]:
    with SqliteJournalReader(traded.path) as reader:
        yield reader


def test_the_reader_is_what_the_port_asks_for(reader: SqliteJournalReader) -> None:
    port: JournalReader = reader

    (strategy,) = port.strategies()
    assert (strategy.strategy_id, strategy.columns, strategy.wiring_hash) == (STRATEGY, COLUMNS, "w1")


def test_a_flow_comes_back_with_its_outcome(reader: SqliteJournalReader) -> None:
    flow = reader.flow(tick_id(2))

    assert flow is not None
    assert flow.outcome == a_rejected_flow(tick_id(2)).outcome
    assert not flow.is_quiet


def test_a_quiet_flow_is_found_by_its_tick(reader: SqliteJournalReader) -> None:
    flow = reader.flow(tick_id(0))

    assert flow is not None
    assert (flow.is_quiet, flow.born_ns, flow.outcome.kind) == (True, START_NS, OutcomeKind.NO_OPPORTUNITY)


@pytest.mark.parametrize("identifier", ["TCK_20990101_000000_00000", "TCK_garbage", "nonsense", ""])
def test_what_is_not_there_is_none(reader: SqliteJournalReader, identifier: str) -> None:
    assert reader.flow(identifier) is None
    assert reader.flow_of(identifier) is None
    assert reader.node(identifier) is None
    assert reader.order(identifier) is None
    assert reader.trade(identifier) is None
    assert reader.tick_row(STRATEGY, identifier) is None


def test_flows_are_paged_newest_first(reader: SqliteJournalReader, traded: TradedSession) -> None:
    both = [flow.flow_id for flow in reader.flows()]

    assert both == [tick_id(2), traded.flow_id]
    assert [flow.flow_id for flow in reader.flows(limit=1, offset=1)] == [traded.flow_id]
    assert [flow.flow_id for flow in reader.flows(outcome=OutcomeKind.REJECTED)] == [tick_id(2)]
    assert reader.flows(strategy_id="other") == []


def test_notes_come_back_equal_and_in_order(reader: SqliteJournalReader, traded: TradedSession) -> None:
    nodes = reader.nodes_of_flow(traded.flow_id)

    assert [node.seq for node in nodes] == list(range(11))
    assert nodes[-1].payload.group == traded.group  # type: ignore[attr-defined]  # a Translation
    assert reader.node(nodes[1].node_id) == nodes[1]


def test_remarks_come_back_in_order(reader: SqliteJournalReader, traded: TradedSession) -> None:
    topics = [remark.topic for remark in reader.remarks_of_flow(traded.flow_id)]

    assert topics == ["planner chosen", "planner passed over"]


def test_every_id_leads_to_its_flow(reader: SqliteJournalReader, traded: TradedSession) -> None:
    (fill,) = reader.fills_of_order(traded.stop.order_id)
    (position,) = reader.positions()
    ids = [
        traded.flow_id,
        an_id("OPP"),
        an_id("ENT"),
        traded.group.parent_directive_id,
        traded.group_id,
        traded.entry.order_id,
        traded.stop.order_id,
        traded.entry.trade_id,
        fill.fill_id,
        position.position_id,
    ]

    assert {identifier: reader.flow_of(identifier) for identifier in ids} == dict.fromkeys(ids, traded.flow_id)
    assert reader.flow_of(tick_id(0)) == tick_id(0)


def test_the_row_of_a_tick_is_what_its_flow_saw(reader: SqliteJournalReader) -> None:
    row = reader.tick_row(STRATEGY, tick_id(1))

    assert row is not None
    assert list(row.values) == ["open", "high", "low", "close", "volume", "ema_20", "adx"]
    assert list(row.values.values()) == a_row(1)
    assert (row.strength, row.weakness, row.is_quiet) == (0.75, 0.2, False)


def test_the_books_stand_as_they_stood_last(reader: SqliteJournalReader, traded: TradedSession) -> None:
    ledger = traded.books.ledger

    assert [order.status for order in reader.orders_of_group(traded.group_id)] == [OrderStatus.FILLED] * 2
    assert reader.orders_of_trade(traded.entry.trade_id) == reader.orders_of_group(traded.group_id)
    assert reader.group(traded.group_id) == ledger.get_group(traded.group_id)
    assert [group.status for group in reader.groups_of_directive(traded.group.parent_directive_id)] == [
        ExecutionGroupStatus.COMPLETED
    ]
    (trade,) = reader.trades()
    assert trade == reader.trade(trade.trade_id) == ledger.get_trade(trade.trade_id)
    assert (trade.status, trade.exit_reason) == (TradeStatus.CLOSED, "STOP_LOSS")
    assert [fill.price for fill in reader.fills_of_trade(trade.trade_id)] == [50025, 49500]


def test_outcomes_are_counted_with_the_quiet_ones(reader: SqliteJournalReader) -> None:
    assert reader.outcome_counts() == {
        OutcomeKind.EXECUTED: 1,
        OutcomeKind.NO_OPPORTUNITY: 1,
        OutcomeKind.REJECTED: 1,
    }
    assert reader.rejection_counts() == {("planning", "no entry planner"): 1}


def test_a_reader_sees_a_running_session_grow(tmp_path: Path) -> None:
    journal = a_journal(tmp_path / "session.db", block_size=16)
    with SqliteJournalReader(tmp_path / "session.db") as reader:
        seen = []
        for first in range(0, 200, 50):
            quiet_ticks(journal, range(first, first + 50))
            journal.commit()
            seen.append(len(reader.tick_columns(STRATEGY).closed_ns))
    journal.close()

    assert seen == [50, 100, 150, 200]


def test_a_session_without_ticks_has_empty_columns(tmp_path: Path) -> None:
    a_journal(tmp_path / "session.db").close()

    with SqliteJournalReader(tmp_path / "session.db") as reader:
        columns = reader.tick_columns(STRATEGY)
    assert columns.closed_ns.shape == (0,)
    assert columns.values["adx"].shape == (0,)


def test_a_missing_journal_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerMismatch, match="no such journal"):
        SqliteJournalReader(tmp_path / "nothing.db")
