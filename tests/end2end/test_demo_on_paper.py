"""The demo session from the first bar to its journal, through every phase."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.demo_market.feed import DemoFeed
from connectors.demo_market.settings import DemoSettings
from engine.config.policies import LineParameters
from engine.contracts.directives import DirectiveScope, StrategyDirective
from engine.contracts.execution import ExecutionDirectiveBatch
from engine.contracts.flows import OutcomeKind
from engine.contracts.intents import ExecutionAction
from engine.contracts.signals import ThreatSignal
from engine.journal.digest import journal_digest
from engine.journal.queries import SqliteJournalReader
from engine.ports.session import Mode, SessionState
from engine.primitives.errors import PlanError
from engine.runtime.explain import explain_id
from plugins.phase2_opportunity.fair_value_gap.worker import FVGEntryDetector
from tests.support.sessions import Witness, a_demo_session, notes_of, run_to_the_end

pytestmark = pytest.mark.end2end


def _bars_past_the_crash() -> int:
    market = DemoFeed(DemoSettings()).market
    day = DemoSettings().start.toordinal() - 719_163
    crash = market.crash(day)
    assert crash is not None
    return crash.minute + crash.falling + 10


@pytest.fixture(scope="module")
def crash_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Witness, Path]:
    """One run over the day of the first crash, shared by the tests that look at it."""
    witness = Witness()
    session = a_demo_session(tmp_path_factory.mktemp("crash"), bars=_bars_past_the_crash())
    run_to_the_end(session, witness)
    assert session.status.journal_path is not None
    return witness, session.status.journal_path


def test_a_trade_walks_through_every_phase_within_the_first_minute_of_watching(tmp_path: Path) -> None:
    witness = Witness()
    session = a_demo_session(tmp_path, bars=60)
    run_to_the_end(session, witness)

    executed = next(record for record in witness.flows if record.outcome.kind is OutcomeKind.EXECUTED)
    assert [node.event for node in executed.nodes if node.event != "EXECUTION_DIRECTIVE_READY"] == [
        "CONTEXT_ASSESSMENT_READY",
        "OPPORTUNITY_DETECTED",
        "STRATEGY_DIRECTIVE_ISSUED",
        "ENTRY_PLAN_CREATED",
        "SIZE_PLAN_CREATED",
        "EXIT_PLAN_CREATED",
        "EXECUTION_INTENT_REQUESTED",
        "EXECUTION_INTENT_CREATED",
        "TRANSLATION_REQUESTED",
        "TRANSLATION_COMPLETE",
        "_flow_stop",
        "UI_FLOW_TERMINATED",
    ]
    assert any(change.fill is not None for change in witness.changes)
    assert session.status.mode is Mode.PAPER
    assert session.status.label == "DEMO"
    assert session.status.state is SessionState.STOPPED


def test_a_flash_crash_cancels_and_closes_everything_of_the_strategy(crash_run: tuple[Witness, Path]) -> None:
    witness, _ = crash_run
    emergency = next(
        record
        for record in witness.flows
        for note in notes_of([record], "STRATEGY_DIRECTIVE_ISSUED")
        if isinstance(note, StrategyDirective) and note.scope is DirectiveScope.CLOSE_EXISTING
    )
    (threat,) = {
        note.threat_type for note in notes_of([emergency], "THREAT_DETECTED") if isinstance(note, ThreatSignal)
    }
    (batch,) = notes_of([emergency], "EXECUTION_BATCH_READY")
    assert threat == "FLASH_CRASH"
    assert isinstance(batch, ExecutionDirectiveBatch)
    actions = [directive.execution_intent.action for directive in batch.directives]
    assert actions == sorted(actions, key=lambda action: action is not ExecutionAction.CANCEL_GROUP)
    assert emergency.outcome.kind is OutcomeKind.EXECUTED

    targets = {trade for directive in batch.directives for trade in directive.target_trade_ids}
    last = {change.trade.trade_id: change.trade for change in witness.changes if change.trade is not None}
    assert targets
    assert all(last[trade].open_quantity == 0 for trade in targets)
    after = [record for record in witness.flows if record.flow_id > emergency.flow_id]
    assert not any(
        record.outcome.kind is OutcomeKind.EXECUTED and notes_of([record], "ENTRY_PLAN_CREATED") for record in after
    ), "nothing may be opened while the crash lasts"


def test_why_tells_what_became_of_the_flatten_that_a_batch_ran_as(crash_run: tuple[Witness, Path]) -> None:
    witness, journal = crash_run
    batch = next(
        note.batch_id
        for note in notes_of(witness.flows, "EXECUTION_BATCH_READY")
        if isinstance(note, ExecutionDirectiveBatch)
    )
    told = "\n".join(explain_id(journal, batch))
    assert f"{batch} runs as flatten BAT_" in told
    assert "FLAT" in told


def test_any_order_of_the_run_can_be_explained_from_the_journal_alone(crash_run: tuple[Witness, Path]) -> None:
    witness, journal = crash_run
    orders = {change.order.order_id for change in witness.changes if change.order is not None}
    for order_id in sorted(orders):
        text = "\n".join(explain_id(journal, order_id))
        for word in ("TCK_", "CTX_", "STR_", "EXI_", "EXE_", "EXG_", order_id):
            assert word in text, f"{word} is missing in the chain of {order_id}"


def test_a_refused_flow_says_which_rule_and_which_number(crash_run: tuple[Witness, Path]) -> None:
    witness, journal = crash_run
    refused = next(record for record in witness.flows if record.outcome.rule == "enough open trades")
    assert refused.outcome.reason in "\n".join(explain_id(journal, refused.flow_id))


def test_the_same_session_gives_the_same_journal_id_for_id(tmp_path: Path) -> None:
    digests = []
    for run in ("first", "second"):
        session = a_demo_session(tmp_path / run, bars=200)
        run_to_the_end(session)
        assert session.status.journal_path is not None
        digests.append(journal_digest(session.status.journal_path))
    assert digests[0] == digests[1]


def test_every_equity_mark_is_cash_and_positions_recomputed_from_fills_to_the_last_digit(
    crash_run: tuple[Witness, Path],
) -> None:
    witness, journal = crash_run
    with SqliteJournalReader(journal) as reader:
        fills = [fill for trade in reader.trades() for fill in reader.fills_of_trade(trade.trade_id)]
    market = DemoFeed(DemoSettings()).market
    heard_after = timedelta(milliseconds=LineParameters().report_latency_ms)
    # The bars of one minute come symbol by symbol: the last mark of a minute's end has seen all of them.
    marks = {account.at: account for account in witness.equity if account.at.second == account.at.microsecond == 0}
    assert len(fills) > 10
    assert len(marks) > 100
    # A fill of that very instant is heard after the mark, and dates the account with itself.
    settled = [at for at in marks if not any(at - heard_after < fill.filled_at <= at for fill in fills)]
    assert len(settled) > len(marks) - 10
    for at in settled:
        account = marks[at]
        cash, held = Decimal(10_000), dict.fromkeys(("BTC/USDT", "ETH/USDT"), Decimal(0))
        for fill in fills:
            if fill.filled_at <= at:
                signed = fill.quantity if fill.direction == "BUY" else -fill.quantity
                cash -= signed * fill.price + fill.fee
                held[fill.symbol] += signed
        at_ns = int(at.timestamp()) * 10**9
        worth = Decimal(0)
        for symbol, quantity in held.items():
            if quantity:
                close = market.bars(symbol, from_ns=at_ns - 60 * 10**9, to_ns=at_ns).close[-1]
                worth += quantity * Decimal(repr(float(close)))
        assert (account.cash, account.equity) == (cash, cash + worth), at


@pytest.mark.parametrize("fault", ["raises", "wrong note", "undeclared event", "plan error"])
@pytest.mark.allow_warnings
def test_a_worker_that_fails_ends_its_flow_and_not_the_session(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.contracts.disposition import Disposition, DispositionEnvelope  # noqa: PLC0415

    seen = 0  # 300 bars of each strategy are seen in the warm-up
    honest = FVGEntryDetector.on_context_assessment

    def faulty(self: FVGEntryDetector, assessed: object) -> object:
        nonlocal seen
        seen += 1
        if seen != 620:
            return honest(self, assessed)  # type: ignore[arg-type]  # passed on as it came
        match fault:
            case "raises":
                raise ZeroDivisionError("a quant's mistake")
            case "wrong note":
                return DispositionEnvelope(Disposition.PUBLISH, "OPPORTUNITY_DETECTED", "not a signal")
            case "undeclared event":
                return DispositionEnvelope(Disposition.PUBLISH, "THREAT_DETECTED", None)
            case _:
                raise PlanError("there is no sound plan")

    faulty.__annotations__ = honest.__annotations__
    monkeypatch.setattr(FVGEntryDetector, "on_context_assessment", faulty)
    witness = Witness()
    session = a_demo_session(tmp_path, bars=40)
    run_to_the_end(session, witness)

    ended = next(
        record for record in witness.flows if record.outcome.kind in (OutcomeKind.FAILED, OutcomeKind.REJECTED)
    )
    if fault == "plan error":
        assert ended.outcome.kind is OutcomeKind.REJECTED
        assert "no sound plan" in ended.outcome.reason
    else:
        assert ended.outcome.kind is OutcomeKind.FAILED
        assert "fvg_detector" in ended.outcome.reason
        assert ended.outcome.error
    assert session.status.state is SessionState.STOPPED
    assert witness.ticks > 60
    assert any(record.outcome.kind is OutcomeKind.EXECUTED for record in witness.flows if record is not ended)
