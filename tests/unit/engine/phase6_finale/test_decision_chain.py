from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.contracts.flows import FlowNode, FlowOutcome, FlowRecord, OutcomeKind
from engine.contracts.updates import LedgerUpdate
from engine.journal.queries import SqliteJournalReader
from engine.phase6_finale.decision_chain import explain, rebuild
from engine.primitives.errors import ConfigError
from tests.support.journals import START_NS, STRATEGY, TradedSession, a_journal, a_rejected_flow, an_assessed, tick_id
from tests.support.ledger import Books
from tests.support.notes import AT, a_close_directive, an_account, an_id

pytestmark = pytest.mark.unit


@pytest.fixture
def traded(tmp_path: Path) -> Iterator[TradedSession]:
    session = TradedSession(tmp_path / "session.db")
    yield session
    session.journal.close()


def told(path: Path, identifier: str) -> str:
    with SqliteJournalReader(path) as reader:
        return "\n".join(explain(rebuild(reader, identifier)))


def titles(path: Path, identifier: str) -> list[str]:
    with SqliteJournalReader(path) as reader:
        return [step.title for step in rebuild(reader, identifier).steps]


def test_a_trade_is_told_from_tick_to_result(traded: TradedSession) -> None:
    assert titles(traded.path, traded.entry.trade_id) == [
        "Tick",
        "Context",
        "Assessment",
        "Opportunity",
        "Directive",
        "Remarks",
        "Entry plan",
        "Size plan",
        "Exit plan",
        "Intent",
        "Execution directive",
        "Venue terms",
        "Group",
        "Order",
        "Order",
        "Fill",
        "Fill",
        "Trade",
        "Outcome",
    ]


def test_every_id_of_a_decision_tells_the_same_chain(traded: TradedSession) -> None:
    with SqliteJournalReader(traded.path) as reader:
        (fill,) = reader.fills_of_order(traded.entry.order_id)
        ids = [traded.flow_id, an_id("OPP"), an_id("STR"), traded.group_id, traded.stop.order_id, fill.fill_id]
        chains = [rebuild(reader, identifier) for identifier in ids]

    assert all(replace(chain, asked="") == replace(chains[0], asked="") for chain in chains)


def test_the_numbers_of_every_room_are_in_it(traded: TradedSession) -> None:
    text = told(traded.path, traded.entry.order_id)

    for part in (
        "BTC/USDT 1m in demo closed 2025-10-27 14:31:22 UTC: open 101",
        "ema_20: 100.33333 USDT",
        "trend_strength (adx = 33.25): score 0.8, weight 0.5, adds 0.4",
        "fvg_entry: BUY BTC/USDT, confidence 0.85",
        "NEW_TRADE, confidence 0.82: strong trend",
        "size: aggressiveness 0.66, max_risk_amount 1000",
        "patient_limit: planner passed over: confidence 0.82 is not in [0, 0.8]",
        "BUY BTC/USDT MARKET, planned at 50000",
        "0.5 base, worth 25000; at the stop it loses 250",
        "stop 49500, target 51000",
        "execution_urgency 0.5",
        "fill_model IMMEDIATE",
        "ENTRY BUY 0.5 BTC/USDT MARKET IOC: FILLED, filled 0.5 at 50025",
        "fee 25.0125, 5 bps worse than the planned 50000",
        "ended by STOP_LOSS, result -312.2625 USDT after fees",
        "EXECUTED in execution: 1 order sent",
    ):
        assert part in text, part


def test_what_was_asked_for_is_marked(traded: TradedSession) -> None:
    marked = [line for line in told(traded.path, traded.stop.order_id).splitlines() if "asked for" in line]

    assert marked == [f"Order {traded.stop.order_id} <-- asked for"]


def test_a_quiet_tick_tells_its_row_and_that_nobody_spoke(traded: TradedSession) -> None:
    text = told(traded.path, tick_id(0))

    assert "adx: 25" in text
    assert "strength 0.75, weakness 0.2" in text
    assert "NO_OPPORTUNITY: Nobody saw an opportunity or a threat." in text


def test_a_rejected_tick_tells_the_rule_with_its_numbers(traded: TradedSession) -> None:
    text = told(traded.path, tick_id(2))

    assert "adx: 25" in text
    assert "REJECTED in planning by the rule 'no entry planner': confidence 0.42 is not in [0.8, 1.0]" in text


def test_a_failed_flow_tells_its_traceback(tmp_path: Path) -> None:
    journal = a_journal(tmp_path / "session.db")
    outcome = FlowOutcome(kind=OutcomeKind.FAILED, stage="detection", rule="ValueError", reason="x", error="one\ntwo")
    journal.flow(replace(a_rejected_flow(tick_id(0)), outcome=outcome))
    journal.close()

    lines = told(tmp_path / "session.db", tick_id(0)).splitlines()
    assert lines[-3:] == ["    FAILED in detection by the rule 'ValueError': x", "    one", "    two"]


def test_a_column_that_warms_up_and_a_score_without_factors_are_said(tmp_path: Path) -> None:
    journal = a_journal(tmp_path / "session.db")
    nan = float("nan")
    journal.quiet_tick(STRATEGY, an_assessed(0, row=[1.0, 1.0, 1.0, 1.0, 1.0, nan, 2.0], strength=nan))
    journal.close()

    text = told(tmp_path / "session.db", tick_id(0))
    assert "ema_20: warming up" in text
    assert "strength unknown (no factor present)" in text


def test_a_trade_names_the_later_flow_that_closed_it(traded: TradedSession) -> None:
    close = a_close_directive(directive_id=an_id("STR", 77), target_trade_ids=(traded.entry.trade_id,))
    node = FlowNode(0, "STRATEGY_DIRECTIVE_ISSUED", "planner", "confront", close.directive_id, close)
    traded.journal.flow(replace(a_rejected_flow(tick_id(5)), nodes=(node,)))
    traded.journal.commit()

    assert f"see also {close.directive_id} in flow {tick_id(5)}" in told(traded.path, traded.entry.trade_id)


def test_a_flow_that_no_tick_bore_tells_what_did(tmp_path: Path) -> None:
    update = LedgerUpdate(update_id=an_id("LDG"), timestamp=AT, strategy_id=STRATEGY, account=an_account())
    node = FlowNode(0, "LEDGER_UPDATE", "_platform", "", update.update_id, update)
    outcome = FlowOutcome(kind=OutcomeKind.NO_OPPORTUNITY)
    journal = a_journal(tmp_path / "session.db")
    journal.flow(FlowRecord(an_id("LDG"), STRATEGY, START_NS, "LEDGER_UPDATE", outcome, (node,)))
    journal.close()

    text = told(tmp_path / "session.db", an_id("LDG"))
    assert "born of LEDGER_UPDATE in demo" in text
    assert "cash" in text


def test_an_order_that_no_flow_decided_is_told_from_the_books(tmp_path: Path) -> None:
    books, journal = Books(), a_journal(tmp_path / "session.db")
    order = books.order()
    books.fill(order, "1")
    for change in books.changes:
        journal.ledger(change)
    journal.close()

    text = told(tmp_path / "session.db", order.order_id)
    assert "a person did" in text
    assert "ENTRY BUY 1 BTC/USDT" in text


def test_an_unknown_id_is_refused(traded: TradedSession) -> None:
    with pytest.raises(ConfigError, match="does not know the id"):
        told(traded.path, an_id("ORD", 4321))
