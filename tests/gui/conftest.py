"""A window with a session in it, on Qt's own loop."""

from collections.abc import Callable, Coroutine
from typing import Protocol

import pytest
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from engine.config.places import Places
from engine.ports.session import TradingSession
from gui.app import Workstation
from gui.theme.look import dress

Story = Callable[[Workstation], Coroutine[object, object, None]]


class Play(Protocol):
    """Opens a window on a session, runs a story in it, closes it, and returns the exit code."""

    def __call__(self, session: TradingSession, story: Story, *, places: Places | None = None) -> int: ...


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let two Qt messages pass: the offscreen platform has no window manager to tell sizes, or what is on top."""
    regrets = ("This plugin does not support propagateSizeHints", r"This plugin does not support raise\(\)")
    item.add_marker(pytest.mark.qt_log_ignore(*regrets, extend=True))


@pytest.fixture
def play(qapp: QApplication, qt_loop: QEventLoop) -> Play:
    """Open a window on a session, run a story in it, close it, and return the exit code."""
    dress(qapp)

    def played(session: TradingSession, story: Story, *, places: Places | None = None) -> int:
        async def both() -> int:
            workstation = Workstation(lambda: session, places=places)
            told: list[BaseException] = []

            async def the_story() -> None:
                try:
                    await story(workstation)
                except BaseException as error:
                    told.append(error)
                    raise
                finally:
                    workstation.ask_quit()

            task = workstation.tasks.keep(the_story(), name="story")
            code = await workstation.run()
            await task
            workstation.deleteLater()
            if told:
                raise told[0]
            return code

        code: int = qt_loop.run_until_complete(both())
        return code

    return played
