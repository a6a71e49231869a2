"""Listens for what another process asks, and sees it through when the session's own loop hangs."""

import asyncio
import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from engine.contracts.commands import CommandAnswer, Request
from engine.contracts.flatten import FlattenRequest
from engine.primitives.errors import EngineError
from engine.runtime.turn import Reach
from engine.storage.flatten_file import FlattenFile

_LOOK_S: Final = 0.1
"""How often requests are looked for: a tenth of a second is not felt, and a folder listing costs microseconds."""
_PATIENCE_S: Final = 1.0
"""After so long without a turn of the loop it counts as hanging."""
_GLANCE_S: Final = 0.02
"""How long the engine is waited for at each step of time: it hangs, that is known by then."""
_log: Final = logging.getLogger("engine.runtime")


AskFor = Callable[[Request], CommandAnswer]
"""Does what another process asks."""


class Flattened(Protocol):
    """What the watch asks of a session. `ask_for` and `fail` are for the loop; the others are for any thread."""

    def ask_for(self, request: Request) -> CommandAnswer:
        """Do what another process asks."""
        ...

    def ask_in_emergency(self, act: Callable[[AskFor], None], *, patience_s: float) -> Reach:
        """Let the watch ask, if the engine can be reached."""
        ...

    def let_time_pass_in_emergency(self, *, patience_s: float) -> Reach:
        """Move on what waits for time, if the engine can be reached."""
        ...

    def fail(self, error: EngineError) -> None:
        """End the run: it cannot go on."""
        ...


class EmergencyWatch:
    """A thread of its own beside the session's loop. It hands requests to the loop, and acts itself if that hangs.

    Args:
        session: Whom it flattens.
        files: Where requests are put.
        loop: The session's loop.
    """

    def __init__(self, session: Flattened, files: FlattenFile, loop: asyncio.AbstractEventLoop) -> None:
        self._session = session
        self._files = files
        self._loop = loop
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="emergency watch", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; waits for what it is doing."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_LOOK_S):
            for path in self._files.requests():
                try:
                    self._see_through(path)
                except EngineError as error:
                    self._fail(error)

    def _see_through(self, path: Path) -> None:
        """Have one request carried out. It stays while the engine cannot be reached: who asked is told so then."""
        if self._on_loop(lambda: self._carry_out(path, self._session.ask_for), patience_s=_PATIENCE_S):
            return
        if self._session.ask_in_emergency(partial(self._carry_out, path), patience_s=_PATIENCE_S) is Reach.NOTHING:
            _log.error("A request cannot reach the engine: it works on the books, and does not come to an end.")
            return
        while not self._ended.is_set() and not self._on_loop(lambda: None, patience_s=_LOOK_S):
            self._session.let_time_pass_in_emergency(patience_s=_GLANCE_S)

    def _carry_out(self, path: Path, ask_for: AskFor) -> None:
        request = self._files.take(path)
        if request is None:
            _log.warning("A request of another process cannot be read and was dropped.", extra={"request": path.name})
            return
        _log.warning("Another process asks the session.", extra={"request": request.kind, "asked_by": request.asked_by})
        answer = ask_for(request)
        if not isinstance(request, FlattenRequest):
            # What a flatten comes to is read from its job.
            self._files.answer(path, answer)

    def _fail(self, error: EngineError) -> None:
        """Say what broke, and end the session when its loop turns again; other requests are still listened for."""
        _log.error("A request broke on the thread of the emergency watch.", extra={"cause": str(error)})
        try:
            self._loop.call_soon_threadsafe(self._session.fail, error)
        except RuntimeError:
            return  # the loop is closed: the session has ended

    def _on_loop(self, act: Callable[[], None], *, patience_s: float) -> bool:
        """Let the loop do something; tell whether it took it in time. What it did not take in time it never does."""
        claim, done = threading.Lock(), threading.Event()

        def turn() -> None:
            if claim.acquire(blocking=False):
                try:
                    act()
                except EngineError as error:
                    self._session.fail(error)
                finally:
                    done.set()

        try:
            self._loop.call_soon_threadsafe(turn)
        except RuntimeError:
            return False  # the loop is closed
        if done.wait(patience_s):
            return True
        return not claim.acquire(blocking=False)
