"""What a person asks of an operation from a terminal: of the session that runs it, or of its files when none does."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.config.loading import load_all
from engine.config.operation import Environment
from engine.config.places import Places
from engine.contracts.commands import (
    FROM_TERMINAL,
    AbortFlattenRequest,
    ClearLatchRequest,
    CommandAnswer,
    CommandStatus,
    ResolveOrderRequest,
)
from engine.contracts.flatten import FlattenResult, FlattenStage
from engine.phase0_bootstrap.account_lock import AccountLock
from engine.phase0_bootstrap.assembly import ReadRecordings, open_session
from engine.ports.session import Mode
from engine.primitives.errors import ConfigError, LedgerMismatch
from engine.runtime.session import Session
from engine.storage.flatten_file import FlattenFile

LOOK_S: Final = 0.1
TAKEN_WITHIN: Final = 100
"""Looks until a request should have been taken: 10 s, for a machine that is busy."""
_LOOKS_PER_ASK: Final = 10
"""Every request stands in the journal, so a person's word is offered once a second while the venue is being asked."""


@dataclass(frozen=True, slots=True)
class Account:
    """The paper account of an operation: where its files are, and whether a session holds it now."""

    name: str
    folder: Path
    is_held: bool

    @property
    def files(self) -> FlattenFile:
        """Where a session that runs is asked."""
        return FlattenFile(self.folder)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request; not accepted means that nothing was changed."""

    is_accepted: bool
    text: str


def account_of(operation: Path, places: Places) -> Account:
    """Return the account of an operation.yaml.

    Raises:
        ConfigError: the operation has none that lasts: only paper has.
    """
    settings = load_all(operation).operation.model
    if settings.environment is not Environment.PAPER:
        raise ConfigError(
            f"An operation of environment {settings.environment} has no account that lasts: only paper has."
        )
    folder = places.journal_folder(settings.operation.id, Mode.PAPER)
    try:
        AccountLock(folder, settings.operation.id).release()
    except ConfigError:
        return Account(settings.operation.id, folder, is_held=True)
    return Account(settings.operation.id, folder, is_held=False)


def wait_until_taken(asked: Path) -> None:
    """Wait until the session has taken a request. Blocks for 10 s at most.

    Raises:
        LedgerMismatch: it did not; the request is taken back.
    """
    for _ in range(TAKEN_WITHIN):
        if not asked.exists():
            return
        time.sleep(LOOK_S)
    asked.unlink(missing_ok=True)
    raise LedgerMismatch(
        "The session that holds the account does not take the request: end its process, then ask again", asked=asked
    )


def abort_flatten(operation: Path, *, places: Places, reason: str) -> Outcome:
    """End a flatten of an operation before it is through; the latch stays. Blocks until it is answered.

    Raises:
        ConfigError: the operation has no account.
        LedgerMismatch: the session that holds the account does not answer, or the file is damaged.
    """
    account, request = account_of(operation, places), AbortFlattenRequest(asked_by=FROM_TERMINAL, reason=reason)
    if account.is_held:
        return _by_the_session(account, request)
    # No session may be opened for this: it would go on with the flatten first.
    lock = AccountLock(account.folder, account.name)
    try:
        job = account.files.read()
        if job is None or job.result.is_final:
            return Outcome(is_accepted=False, text="no flatten is under way: there is nothing to abort")
        text = f"aborted while no session ran: {request.reason}; nothing was proven flat"
        ended = {"result": FlattenResult.ABORTED, "stage": FlattenStage.REPORT, "text": text}
        account.files.keep(job.model_copy(update=ended))
        return Outcome(is_accepted=True, text=f"{text}. No new risk is taken until the latch is cleared")
    finally:
        lock.release()


def resume_trading(
    operation: Path, *, places: Places, reason: str, recordings: ReadRecordings | None = None
) -> Outcome:
    """Clear the latch of an operation. Blocks until it is answered.

    Raises:
        ConfigError: the operation has no account.
        LedgerMismatch: the session that holds the account does not answer, or its files are damaged.
    """
    account, request = account_of(operation, places), ClearLatchRequest(asked_by=FROM_TERMINAL, reason=reason)
    if account.is_held:
        return _by_the_session(account, request)
    job = account.files.read()
    if job is not None and not job.result.is_final:
        # Opening a session would go on with the flatten, whose end is what a person waits for.
        text = f"the flatten is not through: {job.text}; let `flatten` end it, or abort it"
        return Outcome(is_accepted=False, text=text)
    session = open_session(operation, places=places, recordings=recordings, speed=1.0)
    answer = session.ask_for(request)
    session.close()
    return _outcome(answer)


def resolve_order(
    operation: Path,
    request: ResolveOrderRequest,
    *,
    places: Places,
    wait_s: float,
    recordings: ReadRecordings | None = None,
) -> Outcome:
    """Take a person's word for how an order ended. Without a session that runs the venue is asked first, for `wait_s`.

    Raises:
        ConfigError: the operation has no account.
        LedgerMismatch: the session that holds the account does not answer, or its files are damaged.
    """
    account = account_of(operation, places)
    if account.is_held:
        return _by_the_session(account, request)
    session = open_session(operation, places=places, recordings=recordings, speed=1.0)
    return asyncio.run(_when_the_venue_was_asked(session, request, looks=max(int(wait_s / LOOK_S), 1)))


async def _when_the_venue_was_asked(session: Session, request: ResolveOrderRequest, *, looks: int) -> Outcome:
    running = asyncio.get_running_loop().create_task(session.run(), name="session")
    try:
        answer = session.ask_for(request)
        for look in range(1, looks + 1):
            if answer.status is not CommandStatus.REFUSED or running.done():
                break
            await asyncio.sleep(LOOK_S)
            if look % _LOOKS_PER_ASK == 0 or look == looks:
                answer = session.ask_for(request)
    finally:
        session.stop()
        await running
    return _outcome(answer)


def _by_the_session(
    account: Account, request: AbortFlattenRequest | ClearLatchRequest | ResolveOrderRequest
) -> Outcome:
    asked = account.files.ask(request)
    wait_until_taken(asked)
    for _ in range(TAKEN_WITHIN):
        answer = account.files.take_answer(asked)
        if answer is not None:
            return _outcome(answer)
        time.sleep(LOOK_S)
    raise LedgerMismatch("The session took the request and did not answer: look at its window", asked=asked)


def _outcome(answer: CommandAnswer) -> Outcome:
    return Outcome(is_accepted=answer.status is not CommandStatus.REFUSED, text=answer.text)
