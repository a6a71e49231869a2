"""A recorded session, played again: the same ids, or the first flow that differs."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from engine.backtest.recordings import recordings_of
from engine.backtest.replaying import replay
from engine.backtest.runner import BacktestRequest, run_backtest
from engine.config.places import Places
from engine.contracts.commands import CommandStatus, FlattenAll, PauseStrategy, ResumeStrategy
from engine.contracts.context import AssessedContext
from engine.contracts.disposition import Envelopes
from engine.contracts.flows import FlowRecord, OutcomeKind
from engine.phase0_bootstrap.assembly import open_session
from engine.primitives.errors import ConfigError
from engine.runtime.session import Session
from plugins.phase2_opportunity.fair_value_gap.worker import FVGEntryDetector
from tests.support.every_plugin import OTHER, OWN, an_operation_of, recorded_in, strategies_of_every_plugin
from tests.support.sessions import Witness, a_demo_session, run_to_the_end
from tests.support.wild_market import a_wild_market

pytestmark = pytest.mark.end2end


def _places(home: Path) -> Places:
    return Places(data=home / "data", config=home / "config", state=home / "state")


class _Meddler(Witness):
    """A person who pauses, resumes and flattens in the middle of a session."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.answers: list[CommandStatus] = []

    def on_tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        super().on_tick(strategy_id, assessed)
        asked = {"asked_at": assessed.context.timestamp, "strategy_id": "demo_momentum_eth"}
        loop = asyncio.get_running_loop()
        if self.ticks == 30:
            loop.call_soon(self._ask, lambda command_id: PauseStrategy(command_id=command_id, **asked))
        elif self.ticks == 60:
            loop.call_soon(self._ask, lambda command_id: ResumeStrategy(command_id=command_id, **asked))
        elif self.ticks == 140:
            at = assessed.context.timestamp
            loop.call_soon(self._ask, lambda command_id: FlattenAll(command_id=command_id, asked_at=at))

    def _ask(self, make: object) -> None:
        command = make(self._session.next_command_id())  # type: ignore[operator]  # one of the three lambdas above
        self.answers.append(self._session.ask(command).status)


def test_a_session_with_a_person_in_it_plays_again_id_for_id(tmp_path: Path) -> None:
    session = a_demo_session(tmp_path, bars=150)
    meddler = _Meddler(session)
    run_to_the_end(session, meddler)
    assert meddler.answers == [CommandStatus.DONE, CommandStatus.DONE, CommandStatus.ACCEPTED]
    assert session.status.journal_path is not None

    result = replay(session.status.journal_path, places=_places(tmp_path))
    assert result.difference == ()
    assert result.is_identical
    assert result.flows == len(meddler.flows)
    assert result.inputs > 2 * 150 + 3


def test_a_worker_that_decides_otherwise_is_shown_at_its_first_flow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = Witness()
    session = a_demo_session(tmp_path, bars=60)
    run_to_the_end(session, witness)
    first: FlowRecord = next(record for record in witness.flows if record.outcome.kind is OutcomeKind.EXECUTED)
    honest = FVGEntryDetector.on_context_assessment

    def timid(self: FVGEntryDetector, assessed: AssessedContext) -> Envelopes:
        answer = honest(self, assessed)
        payload = getattr(answer, "payload", None)
        if payload is None:
            return answer
        return type(answer)(
            answer.disposition, answer.event_name, payload.model_copy(update={"confidence": payload.confidence / 2})
        )

    timid.__annotations__ = honest.__annotations__
    monkeypatch.setattr(FVGEntryDetector, "on_context_assessment", timid)
    assert session.status.journal_path is not None
    result = replay(session.status.journal_path, places=_places(tmp_path))

    assert not result.is_identical
    told = "\n".join(result.difference)
    assert f" {first.flow_id}" in told
    assert "-  OPPORTUNITY_DETECTED by fvg_detector" in told


def test_a_session_over_recorded_bars_plays_again_id_for_id(tmp_path: Path) -> None:
    files = recorded_in(tmp_path, [a_wild_market(symbol, 600, seed=3, holes=False) for symbol in (OWN, OTHER)])
    operation = an_operation_of(tmp_path, strategies_of_every_plugin()[:2], files, warmup_bars=60, history_bars=60)
    session = open_session(operation, places=_places(tmp_path), recordings=recordings_of, speed=0)
    witness = Witness()
    run_to_the_end(session, witness)
    assert session.status.journal_path is not None
    kinds = Counter(record.outcome.kind for record in witness.flows)
    assert kinds[OutcomeKind.EXECUTED] >= 20  # a market in which nothing is decided proves nothing
    assert kinds[OutcomeKind.REJECTED] >= 10

    result = replay(session.status.journal_path, places=_places(tmp_path))

    assert result.difference == ()
    assert result.is_identical
    assert result.flows == len(witness.flows)


def test_a_backtest_says_how_it_is_repeated(tmp_path: Path) -> None:
    files = recorded_in(tmp_path, [a_wild_market(symbol, 120, seed=3) for symbol in (OWN, OTHER)])
    operation = an_operation_of(tmp_path, strategies_of_every_plugin()[:1], files, warmup_bars=60)
    journal = tmp_path / "backtest.sqlite"
    request = BacktestRequest(
        operation, (), from_ns=None, to_ns=None, journal=journal, repair=False, keep=None, places=_places(tmp_path)
    )
    run_backtest(request, on_progress=lambda *_: None)

    with pytest.raises(ConfigError, match="`s1mpletrader backtest` again with the same operation"):
        replay(journal, places=_places(tmp_path))


def test_a_journal_without_inputs_says_what_it_is(tmp_path: Path) -> None:
    from tests.support.journals import a_journal  # noqa: PLC0415

    journal = a_journal(tmp_path / "empty.sqlite")
    path = journal.path
    journal.close()
    with pytest.raises(ConfigError, match="holds no inputs"):
        replay(path, places=_places(tmp_path))
