"""Flatten an operation from another process: by the session that runs it, or, when none does, by one of our own."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.config.places import Places
from engine.contracts.commands import FROM_TERMINAL, CommandStatus
from engine.contracts.flatten import FlattenJob, FlattenPart, FlattenRequest, FlattenResult
from engine.phase0_bootstrap.asking import LOOK_S, TAKEN_WITHIN, account_of, wait_until_taken
from engine.phase0_bootstrap.assembly import ReadRecordings, open_session
from engine.ports.session import SessionState
from engine.primitives.errors import ConfigError, LedgerMismatch
from engine.storage.flatten_file import FlattenFile

_ALL: Final = FlattenPart()

OnProgress = Callable[[FlattenJob], None]


@dataclass(frozen=True, slots=True)
class FlattenOutcome:
    """What came of it, and whether a session that runs did it."""

    job: FlattenJob
    was_running: bool
    taken_over: str = ""
    """What was said at the take-over of an account that no session held: from where it goes on, or that it cannot."""


def flatten_operation(
    operation: Path,
    *,
    places: Places,
    part: FlattenPart = _ALL,
    wait_s: float,
    on_progress: OnProgress,
    recordings: ReadRecordings | None = None,
) -> FlattenOutcome:
    """Flatten an operation's paper account and wait until it is flat, or the time is up; then it goes on without us.

    A session that runs takes the request within a second, also when its window hangs. When none runs, the account is
    taken over from its files as at any start, and flattened without a window.

    Args:
        operation: An operation.yaml.
        places: Where the user's files live.
        part: What of it; everything unless something is named.
        wait_s: How long it is waited for.
        on_progress: Is told each time something has changed.
        recordings: Reads the bars that a feed of recorded markets plays.

    Raises:
        ConfigError: the operation has no account that could be flattened.
        LedgerMismatch: the session that holds the account does not take the request.
    """
    account = account_of(operation, places)
    request = FlattenRequest(
        asked_by=FROM_TERMINAL, symbols=part.symbols, strategies=part.strategies, groups=part.groups
    )
    looks = max(int(wait_s / LOOK_S), 1)
    if account.is_held:
        job = _by_the_session(account.files, account.files.ask(request), looks, on_progress)
        return FlattenOutcome(job, was_running=True)
    return asyncio.run(_by_ourselves(operation, places, request, looks, on_progress, recordings))


def _by_the_session(files: FlattenFile, asked: Path, looks: int, on_progress: OnProgress) -> FlattenJob:
    wait_until_taken(asked)
    told: FlattenJob | None = None
    for _ in range(looks + TAKEN_WITHIN):
        job = files.read()
        if job is not None and job != told:
            told = job
            on_progress(job)
        if told is not None and (told.result.is_final or looks <= 0):
            return told
        looks -= 1
        time.sleep(LOOK_S)
    if told is None:
        raise LedgerMismatch("The session took the request, and wrote nothing down about it: look at its window")
    return told


async def _by_ourselves(
    operation: Path,
    places: Places,
    request: FlattenRequest,
    looks: int,
    on_progress: OnProgress,
    recordings: ReadRecordings | None,
) -> FlattenOutcome:
    session = open_session(operation, places=places, recordings=recordings, speed=1.0)
    taken_over = session.status.message
    answer = session.ask_for(request)
    if answer.status is CommandStatus.REFUSED:
        session.close()
        raise ConfigError(answer.text)
    running = asyncio.get_running_loop().create_task(session.run(), name="session")
    told: FlattenJob | None = None
    try:
        for _ in range(looks):
            job = session.flatten_job
            if job is not None and job != told:
                told = job
                on_progress(job)
            if running.done() or (told is not None and told.result.is_final):
                break
            await asyncio.sleep(LOOK_S)
    finally:
        session.stop()
        await running
    if told is None or session.status.state is SessionState.FAILED:
        raise LedgerMismatch("The account could not be flattened", cause=session.status.message)
    return FlattenOutcome(told, was_running=False, taken_over=taken_over)


def is_flat(job: FlattenJob) -> bool:
    """Tell whether a flatten ended with nothing open but dust."""
    return job.result in (FlattenResult.FLAT, FlattenResult.FLAT_WITH_DUST)
