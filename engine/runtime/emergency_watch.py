"""Listens for what another process asks, and sees it through when the session's own loop hangs."""

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from engine.contracts.commands import CommandAnswer, Request
from engine.contracts.flatten import FlattenRequest
from engine.storage.flatten_file import FlattenFile

_LOOK_S: Final = 0.1
"""How often requests are looked for: a tenth of a second is not felt, and a folder listing costs microseconds."""
_PATIENCE_S: Final = 1.0
"""After so long without a turn of the loop it counts as hanging."""
_log: Final = logging.getLogger("engine.runtime")


class Flattened(Protocol):
    """What the watch asks of a session; each call takes the session's lock by itself."""

    def ask_for(self, request: Request) -> CommandAnswer:
        """Do what another process asks."""
        ...

    def let_time_pass(self) -> None:
        """Move on what waits for time."""
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
                self._take(path)

    def _take(self, path: Path) -> None:
        request = self._files.take(path)
        if request is None:
            _log.warning("A request of another process cannot be read and was dropped.", extra={"request": path.name})
            return
        _log.warning("Another process asks the session.", extra={"request": request.kind, "asked_by": request.asked_by})
        if self._on_loop(lambda: self._carry_out(path, request), patience_s=_PATIENCE_S):
            return
        self._carry_out(path, request)
        while not self._ended.is_set() and not self._on_loop(lambda: None, patience_s=_LOOK_S):
            self._session.let_time_pass()

    def _carry_out(self, path: Path, request: Request) -> None:
        answer = self._session.ask_for(request)
        if not isinstance(request, FlattenRequest):
            # What a flatten comes to is read from its job.
            self._files.answer(path, answer)

    def _on_loop(self, act: Callable[[], None], *, patience_s: float) -> bool:
        """Let the loop do something; tell whether it took it in time. What it did not take in time it never does."""
        claim, done = threading.Lock(), threading.Event()

        def turn() -> None:
            if claim.acquire(blocking=False):
                try:
                    act()
                finally:
                    done.set()

        try:
            self._loop.call_soon_threadsafe(turn)
        except RuntimeError:
            return False  # the loop is closed
        if done.wait(patience_s):
            return True
        return not claim.acquire(blocking=False)
