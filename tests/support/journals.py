"""Journals to test against: a session with ticks, one flow from signal to order, and its books."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from engine.contracts.context import AssessedContext, ColumnSpec, GivenScores, TradingContext
from engine.contracts.execution import ExecutionGroup
from engine.contracts.flows import FlowNode, FlowOutcome, FlowRecord, OutcomeKind, Remark
from engine.contracts.orders import OrderRole
from engine.journal.journal import SqliteJournal
from engine.ports.journal import SessionHeader
from engine.primitives.ids import TICK, IdSlot
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_SECOND, ns_from_datetime
from tests.support.ledger import Books, StandingClock
from tests.support.notes import (
    AT,
    a_causality,
    a_column,
    a_request,
    a_size_plan,
    a_strategy_directive,
    a_translation,
    an_assessment,
    an_entry_plan,
    an_execution_directive,
    an_exit_plan,
    an_id,
    an_intent,
    an_opportunity,
)
from tests.support.rows import GivenRows

COLUMNS = (a_column(name="ema_20"), a_column(name="adx"))
STRATEGY = "demo"
START_NS = ns_from_datetime(AT)


def a_header(**changes: object) -> SessionHeader:
    facts = {
        "session_id": an_id("JRN"),
        "operation": "demo",
        "mode": "BACKTEST",
        "label": "DEMO",
        "started_ns": START_NS,
        "facts": {"seed": 7, "python": "3.11"},
    }
    return SessionHeader(**(facts | changes))  # type: ignore[arg-type]  # any mix of fields


def a_journal(
    path: Path, *, block_size: int = 1, columns: Sequence[ColumnSpec] = COLUMNS, header: SessionHeader | None = None
) -> SqliteJournal:
    """Return a journal that is open for one strategy, `STRATEGY`."""
    journal = SqliteJournal(path, clock=StandingClock(AT + timedelta(hours=1)), block_size=block_size)
    journal.open_session(header or a_header())
    journal.open_strategy(STRATEGY, symbol="BTC/USDT", timeframe="1m", columns=columns, wiring_hash="w1")
    return journal


def tick_slot(minute: int) -> IdSlot:
    """Return the slot of the tick that closes so many minutes after `AT`."""
    return IdSlot(START_NS // NS_PER_SECOND + 60 * minute, 0)


def tick_id(minute: int) -> str:
    return tick_slot(minute).write(TICK)


def a_row(minute: int) -> list[float]:
    """Return a row that belongs to its minute alone: bar, ema_20, adx."""
    return [100.0 + minute, 101.5 + minute, 99.25 + minute, 100.1 + minute, 3.0, 100.0 + minute / 3, 25.0]


def an_assessed(
    minute: int, *, row: list[float] | None = None, strength: float = 0.75, weakness: float = 0.2
) -> AssessedContext:
    """Return the assessed context of a tick; nobody may ask it for the written assessment."""
    closed_ns = START_NS + minute * NS_PER_MINUTE
    store = GivenRows(specs=COLUMNS)
    context = TradingContext(store, 0, tick_slot(minute), closed_ns - NS_PER_MINUTE, closed_ns, row or a_row(minute))
    return AssessedContext(context, GivenScores(strength, weakness, _never))


def _never(*_: object) -> NoReturn:
    raise AssertionError("a quiet tick must not ask for this")


def quiet_ticks(journal: SqliteJournal, minutes: range) -> None:
    for minute in minutes:
        journal.quiet_tick(STRATEGY, an_assessed(minute))


def an_executed_flow(flow_id: str, group: ExecutionGroup, directive_id: str = an_id("EXE", 9)) -> FlowRecord:
    """Return a flow from the assessment to the translation, all notes in it."""
    entry, size, leave = an_entry_plan(), a_size_plan(), an_exit_plan()
    intent = an_intent()
    directive = an_execution_directive(
        directive_id=directive_id,
        causality=a_causality(flow_id=flow_id),
        entry_plan=entry,
        size_plan=size,
        exit_plan=leave,
        execution_intent=intent,
    )
    opportunity = an_opportunity(causality=a_causality(flow_id=flow_id))
    strategy = a_strategy_directive(
        rationale="strong trend", causality=a_causality(flow_id=flow_id, opportunity_ids=(opportunity.signal_id,))
    )
    said = [
        ("CONTEXT_ASSESSMENT_READY", "context_aggregator", an_assessment(), an_assessment().assessment_id),
        ("OPPORTUNITY_DETECTED", "fvg_detector", opportunity, opportunity.signal_id),
        ("STRATEGY_DIRECTIVE_ISSUED", "adaptive_momentum", strategy, strategy.directive_id),
        ("ENTRY_PLAN_CREATED", "aggressive_market", entry, entry.plan_id),
        ("SIZE_PLAN_CREATED", "fixed_risk", size, size.plan_id),
        ("EXIT_PLAN_CREATED", "fixed_reward_risk", leave, leave.plan_id),
        ("EXECUTION_INTENT_REQUESTED", "planning_aggregator", a_request(strategy_directive=strategy), flow_id),
        ("EXECUTION_INTENT_CREATED", "balanced", intent, intent.intent_id),
        ("EXECUTION_DIRECTIVE_READY", "planning_aggregator", directive, directive_id),
        ("TRANSLATION_REQUESTED", "planning_aggregator", directive, directive_id),
        (
            "TRANSLATION_COMPLETE",
            "execution_translator_factory",
            a_translation(directive=directive, group=group),
            flow_id,
        ),
    ]
    return FlowRecord(
        flow_id=flow_id,
        strategy_id=STRATEGY,
        born_ns=START_NS,
        birth_event="TICK_RECEIVED",
        outcome=FlowOutcome(kind=OutcomeKind.EXECUTED, stage="execution", reason="1 order sent"),
        nodes=tuple(
            FlowNode(seq=seq, event=event, worker=worker, method="on", node_id=node_id, payload=payload)
            for seq, (event, worker, payload, node_id) in enumerate(said)
        ),
        remarks=(
            Remark(worker="aggressive_market", topic="planner chosen", text="confidence 0.82 is in [0.8, 1.0]"),
            Remark(worker="patient_limit", topic="planner passed over", text="confidence 0.82 is not in [0, 0.8]"),
        ),
        wiring_hash="w1",
    )


def a_rejected_flow(flow_id: str) -> FlowRecord:
    """Return a flow that a rule of the planning room ended."""
    strategy = a_strategy_directive(causality=a_causality(flow_id=flow_id))
    node = FlowNode(
        seq=0,
        event="STRATEGY_DIRECTIVE_ISSUED",
        worker="adaptive_momentum",
        method="confront",
        node_id=strategy.directive_id,
        payload=strategy,
    )
    return FlowRecord(
        flow_id=flow_id,
        strategy_id=STRATEGY,
        born_ns=START_NS,
        birth_event="TICK_RECEIVED",
        outcome=FlowOutcome(
            kind=OutcomeKind.REJECTED,
            stage="planning",
            rule="no entry planner",
            reason="confidence 0.42 is not in [0.8, 1.0] of aggressive_market",
        ),
        nodes=(node,),
        wiring_hash="w1",
    )


class TradedSession:
    """A session on disk: a quiet tick, an executed flow whose trade is stopped out, and a rejected flow.

    Minute 0 is quiet, minute 1 trades, minute 2 is rejected.
    """

    def __init__(self, path: Path, *, block_size: int = 1) -> None:
        self.path = path
        self.journal = a_journal(path, block_size=block_size)
        self.books = Books("100000")
        quiet_ticks(self.journal, range(1))
        self.journal.tick(STRATEGY, an_assessed(1))
        self.group_id = self.books.group()
        self.group = self.books.ledger.get_group(self.group_id)
        self.flow_id = tick_id(1)
        self.journal.flow(an_executed_flow(self.flow_id, self.group, self.group.parent_directive_id))
        self.entry = self.books.order("0.5", group_id=self.group_id)
        self.books.fill(self.entry, "0.5", "50025", fee="25.0125")
        self.stop = self.books.order(
            "0.5",
            group_id=self.group_id,
            trade_id=self.entry.trade_id,
            role=OrderRole.STOP_LOSS,
            direction=self.entry.direction.opposite,
        )
        self.books.clock.move(minutes=1)
        self.books.fill(self.stop, "0.5", "49500", fee="24.75")
        for change in self.books.changes:
            self.journal.ledger(change)
        self.journal.tick(STRATEGY, an_assessed(2))
        self.journal.flow(a_rejected_flow(tick_id(2)))
        self.journal.equity(self.books.ledger.get_account())
        self.journal.commit()
