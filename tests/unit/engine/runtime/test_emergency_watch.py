"""The thread that sees a flatten through when the session's loop hangs."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.contracts.commands import CommandAnswer, Request
from engine.contracts.flatten import FlattenRequest
from engine.primitives.errors import EngineError, InvariantBroken
from engine.runtime.emergency_watch import AskFor, EmergencyWatch
from engine.runtime.turn import EngineTurn, Reach
from engine.storage.flatten_file import FlattenFile

pytestmark = [pytest.mark.unit, pytest.mark.allow_warnings]


def _break(_: Request) -> CommandAnswer:
    raise InvariantBroken("A promise does not hold.")


class Hanging:
    """A session whose loop hangs until the watch has done something; each flatten breaks."""

    def __init__(self, turn: EngineTurn) -> None:
        self.turn = turn
        self.tried = threading.Event()
        self.failures: list[EngineError] = []

    def ask_for(self, request: Request) -> CommandAnswer:
        raise AssertionError("the loop hangs")

    def ask_in_emergency(self, act: Callable[[AskFor], None], *, patience_s: float) -> Reach:
        with self.turn.within(0.01) as reach:
            try:
                if reach is not Reach.NOTHING:
                    act(_break)
            finally:
                self.tried.set()
        return reach

    def let_time_pass_in_emergency(self, *, patience_s: float) -> Reach:
        return Reach.NOTHING

    def fail(self, error: EngineError) -> None:
        self.failures.append(error)


def watched(files: FlattenFile, session: Hanging) -> None:
    """Let the watch look while the loop hangs, then let the loop turn."""

    async def hang() -> None:
        watch = EmergencyWatch(session, files, asyncio.get_running_loop())
        watch.start()
        assert session.tried.wait(20)
        await asyncio.get_running_loop().run_in_executor(None, watch.stop)
        await asyncio.sleep(0)

    asyncio.run(hang())


def test_what_breaks_on_its_thread_ends_the_session_and_not_the_thread(tmp_path: Path) -> None:
    files, session = FlattenFile(tmp_path), Hanging(EngineTurn())
    files.ask(FlattenRequest(asked_by="a test"))

    watched(files, session)

    assert [type(error) for error in session.failures] == [InvariantBroken]


def test_a_request_stays_while_the_books_cannot_be_reached(tmp_path: Path) -> None:
    files, session = FlattenFile(tmp_path), Hanging(EngineTurn())
    asked = files.ask(FlattenRequest(asked_by="a test"))

    with session.turn.whole():
        watched(files, session)

    assert files.requests() == [asked]


def test_a_worker_that_hangs_holds_the_turn_and_not_the_books() -> None:
    turn = EngineTurn()
    reached: list[Reach] = []

    def look() -> None:
        with turn.within(0.01) as reach:
            reached.append(reach)

    def look_from_another_thread() -> None:
        other = threading.Thread(target=look)
        other.start()
        other.join()

    look_from_another_thread()
    with turn.whole():
        look_from_another_thread()
        turn.call_outside(look_from_another_thread)
        look_from_another_thread()

    assert reached == [Reach.WHOLE, Reach.NOTHING, Reach.BOOKS, Reach.NOTHING]
