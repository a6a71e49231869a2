"""Flatten from another process: taken by the session that runs, also when its loop hangs, and after it is gone."""

import asyncio
import sys
import threading
import time
from pathlib import Path

import pytest

from engine.config.places import Places
from engine.contracts.commands import OrderClaim, ResolveOrderRequest, TradingState
from engine.contracts.flatten import FlattenJob, FlattenPart, FlattenRequest, FlattenResult
from engine.phase0_bootstrap.asking import abort_flatten, resolve_order, resume_trading
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.discovery import user_shelf
from engine.phase0_bootstrap.flattening import flatten_operation
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.ports.session import SessionState
from engine.primitives.errors import ConfigError
from engine.primitives.ids import OrderId
from engine.storage.flatten_file import FlattenFile
from tests.support import notes
from tests.support.config import swapped
from tests.support.sessions import a_demo_session
from tests.support.strangers import a_scout

pytestmark = [pytest.mark.end2end, pytest.mark.allow_warnings]


def places_in(home: Path) -> Places:
    return Places(data=home / "data", config=home / "config", state=home / "state")


def test_a_session_whose_loop_hangs_is_flattened_all_the_same(tmp_path: Path) -> None:
    session = a_demo_session(tmp_path, bars=100_000, speed=60)
    files = FlattenFile(places_in(tmp_path).journal_folder("demo-paper", "paper"))
    seen: list[FlattenJob] = []

    def press() -> None:
        files.ask(FlattenRequest(asked_by="a test"))
        for _ in range(100):
            time.sleep(0.05)
            job = files.read()
            if job is not None and job.result is FlattenResult.FLAT:
                seen.append(job)
                return

    async def hang() -> None:
        running = asyncio.get_running_loop().create_task(session.run())
        await asyncio.sleep(0.3)
        pressing = threading.Thread(target=press)
        pressing.start()
        pressing.join()  # the loop does not turn while we wait
        session.stop()
        await running

    asyncio.run(hang())

    assert [job.asked_by for job in seen] == ["a test"]
    assert session.status.trading_state is TradingState.REDUCING


def test_without_a_session_it_is_done_from_the_files_and_the_latch_stays(tmp_path: Path) -> None:
    told: list[FlattenJob] = []
    places = places_in(tmp_path)

    outcome = flatten_operation(operation_path("demo-paper", places), places=places, wait_s=30, on_progress=told.append)

    assert (outcome.was_running, outcome.job.result) == (False, FlattenResult.FLAT)
    assert told[-1] == outcome.job
    again = a_demo_session(tmp_path, bars=1)
    assert again.status.trading_state is TradingState.REDUCING
    assert again.flatten_job == outcome.job
    again.close()


def test_the_latch_of_a_stopped_session_is_cleared_by_a_person_and_stays_cleared(tmp_path: Path) -> None:
    places = places_in(tmp_path)
    operation = operation_path("demo-paper", places)
    flatten_operation(operation, places=places, wait_s=30, on_progress=lambda _: None)

    cleared = resume_trading(operation, places=places, reason="the crash is over")
    twice = resume_trading(operation, places=places, reason="the crash is over")

    assert cleared.is_accepted
    assert not twice.is_accepted
    again = a_demo_session(tmp_path, bars=1)
    assert again.status.trading_state is TradingState.ACTIVE
    assert again.flatten_job is None
    again.close()


def an_unfinished_job(places: Places) -> FlattenFile:
    files = FlattenFile(places.journal_folder("demo-paper", "paper"))
    files.keep(notes.a_flatten_job().model_copy(update={"result": FlattenResult.WORKING}))
    return files


def test_a_flatten_that_is_not_through_must_be_aborted_before_trading_is_resumed(tmp_path: Path) -> None:
    places = places_in(tmp_path)
    operation, files = operation_path("demo-paper", places), an_unfinished_job(places)

    refused = resume_trading(operation, places=places, reason="in a hurry")
    aborted = abort_flatten(operation, places=places, reason="the wrong account")
    twice = abort_flatten(operation, places=places, reason="the wrong account")
    left = files.read()
    cleared = resume_trading(operation, places=places, reason="closed by hand")

    assert (refused.is_accepted, aborted.is_accepted, twice.is_accepted) == (False, True, False)
    assert left is not None
    assert left.result is FlattenResult.ABORTED
    assert cleared.is_accepted


def test_a_session_that_runs_answers_what_a_terminal_asks(tmp_path: Path) -> None:
    session = a_demo_session(tmp_path, bars=100_000, speed=60)
    places = places_in(tmp_path)
    operation = operation_path("demo-paper", places)
    unknown = ResolveOrderRequest(
        asked_by="a test",
        order_id=OrderId("ORD_20260105_093000_00001"),
        claim=OrderClaim.CANCELLED,
        reason="seen at the venue",
    )

    def ask() -> list[str]:
        flattened = flatten_operation(operation, places=places, wait_s=30, on_progress=lambda _: None)
        answers = [
            resolve_order(operation, unknown, places=places, wait_s=1),
            abort_flatten(operation, places=places, reason="too late"),
            resume_trading(operation, places=places, reason="the crash is over"),
        ]
        assert flattened.was_running
        assert [answer.is_accepted for answer in answers] == [False, False, True]
        return [answer.text for answer in answers]

    async def run() -> list[str]:
        running = asyncio.get_running_loop().create_task(session.run())
        await asyncio.sleep(0.3)
        texts = await asyncio.get_running_loop().run_in_executor(None, ask)
        session.stop()
        await running
        return texts

    texts = asyncio.run(run())

    assert "there is no order" in texts[0]
    assert "the crash is over" in texts[2]
    assert session.flatten_job is None


def test_only_a_known_strategy_is_flattened(tmp_path: Path) -> None:
    places = places_in(tmp_path)
    operation = operation_path("demo-paper", places)

    with pytest.raises(ConfigError, match="There is no strategy nobody"):
        flatten_operation(
            operation, places=places, part=FlattenPart(strategies=("nobody",)), wait_s=30, on_progress=lambda _: None
        )


HANGS = """\
import threading

from engine.sdk.plugin import NOTHING, OpportunityWorker

HUNG, GO_ON = threading.Event(), threading.Event()


class {name}(OpportunityWorker):
    def on_context_assessment(self, assessed):
        if self.tools.ledger is not None and self.tools.ledger.get_open_orders():
            HUNG.set()
            GO_ON.wait(30)
        return NOTHING
"""


def test_a_session_whose_engine_hangs_inside_a_worker_is_flattened_all_the_same(tmp_path: Path) -> None:
    places = places_in(tmp_path)
    a_scout(user_shelf(places), "hanger", source=HANGS, more="capabilities: {ledger_reading: true}\n")
    operation = copy_operation(operation_path("demo-paper", places), "mine", places)
    blueprint = operation.parent / "strategies" / "demo_momentum_btc.yaml"
    scout = "    - plugin: FVGEntryDetector\n"
    text = blueprint.read_text(encoding="utf-8")
    blueprint.write_text(swapped(text, (scout, f"    - plugin: Hanger\n{scout}")), encoding="utf-8")
    session = open_session(operation, places=places, speed=0)
    (gates,) = [module for name, module in sys.modules.items() if hasattr(module, "HUNG")]
    files = FlattenFile(places.journal_folder("mine", "paper"))
    seen: list[FlattenJob] = []

    def press() -> None:
        try:
            assert gates.HUNG.wait(30)
            files.ask(FlattenRequest(asked_by="a test"))
            for _ in range(200):
                time.sleep(0.05)
                job = files.read()
                if job is not None and job.result is FlattenResult.FLAT:
                    seen.append(job)
                    break
        finally:
            session.stop()
            gates.GO_ON.set()

    pressing = threading.Thread(target=press)
    pressing.start()
    asyncio.run(session.run())
    pressing.join()

    assert [job.asked_by for job in seen] == ["a test"], "flat while the worker still hung"
    assert session.status.state is SessionState.STOPPED
    assert session.ledger.get_open_positions() == []
