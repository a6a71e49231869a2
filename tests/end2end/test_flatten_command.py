"""Flatten from another process: taken by the session that runs, also when its loop hangs, and after it is gone."""

import asyncio
import threading
import time
from pathlib import Path

import pytest

from engine.config.places import Places
from engine.contracts.commands import TradingState
from engine.contracts.flatten import FlattenJob, FlattenRequest, FlattenResult
from engine.phase0_bootstrap.flattening import flatten_operation
from engine.phase0_bootstrap.operations import operation_path
from engine.storage.flatten_file import FlattenFile
from tests.support.sessions import a_demo_session

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
