"""No task is an orphan."""

import asyncio

import pytest
from qasync import QEventLoop

from gui.bridge.tasks import TaskKeeper

pytestmark = pytest.mark.unit


async def fail() -> None:
    raise ValueError("a reason")


@pytest.mark.allow_warnings
def test_a_failure_is_told_with_the_name_of_the_task(qt_loop: QEventLoop) -> None:
    keeper, told = TaskKeeper(), []
    keeper.failed.connect(lambda name, error: told.append((name, str(error))))

    async def story() -> None:
        await keeper.keep(fail(), name="count")

    qt_loop.run_until_complete(story())

    assert told == [("count", "a reason")]


def test_a_task_is_held_until_it_ends(qt_loop: QEventLoop) -> None:
    keeper = TaskKeeper()

    async def story() -> tuple[tuple[str, ...], tuple[str, ...]]:
        go = asyncio.Event()
        keeper.start(go.wait(), name="wait")
        await asyncio.sleep(0)
        before = keeper.names
        go.set()
        await asyncio.sleep(0.01)
        return before, keeper.names

    assert qt_loop.run_until_complete(story()) == (("wait",), ())


def test_cancelling_waits_until_everything_has_ended(qt_loop: QEventLoop) -> None:
    keeper, ended = TaskKeeper(), []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("tidied")

    async def story() -> None:
        keeper.start(work(), name="work")
        await asyncio.sleep(0)
        await keeper.cancel_all()

    qt_loop.run_until_complete(story())

    assert ended == ["tidied"]
    assert keeper.names == ()
