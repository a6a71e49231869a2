"""The one place where the window starts asynchronous work."""

import asyncio
import logging
from collections.abc import Coroutine

from PySide6.QtCore import QObject, Signal

logger = logging.getLogger("gui.bridge")


class TaskKeeper(QObject):
    """Starts tasks, holds them until they end, and says so when one fails.

    All of it happens on the running loop's thread.
    """

    failed = Signal(str, object)  # name of the task, Exception

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def names(self) -> tuple[str, ...]:
        """What is under way, sorted."""
        return tuple(sorted(task.get_name() for task in self._tasks))

    def start(self, work: Coroutine[object, object, object], *, name: str) -> None:
        """Run work to its end. A failure is logged and told through `failed`."""
        _ = self.keep(work, name=name)

    def keep(self, work: Coroutine[object, object, object], *, name: str) -> "asyncio.Task[None]":
        """Run work to its end, like `start`, and return the task to wait for; it never raises what the work raised."""
        task = asyncio.create_task(self._guarded(work, name), name=name)  # noqa: TID251  # this is the TaskKeeper
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def cancel_all(self) -> None:
        """Cancel what is under way and wait until all of it has ended."""
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _guarded(self, work: Coroutine[object, object, object], name: str) -> None:
        try:
            await work
        except Exception as error:
            logger.exception("A task of the window failed.", extra={"task": name})
            self.failed.emit(name, error)
