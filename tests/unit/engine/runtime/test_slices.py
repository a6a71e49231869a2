"""The engine's work, cut into slices."""

import asyncio
from collections.abc import Iterator

import pytest

from engine.runtime.slices import SLICE_NS, Slices

pytestmark = pytest.mark.unit


def _turns_of_the_loop(*looks: int) -> int:
    """Return how often something else on the loop had its turn while the work breathed at these instants (ns)."""
    turns = 0

    async def work() -> None:
        clock: Iterator[int] = iter(looks)
        slices = Slices(lambda: next(clock, looks[-1]))
        loop = asyncio.get_running_loop()

        def another() -> None:
            nonlocal turns
            turns += 1

        for _ in looks[1:]:
            handle = loop.call_soon(another)
            await slices.breathe()
            handle.cancel()

    asyncio.run(work())
    return turns


def test_within_a_slice_nothing_else_has_its_turn() -> None:
    assert _turns_of_the_loop(0, SLICE_NS // 2, SLICE_NS) == 0


def test_a_slice_that_is_used_up_lets_the_loop_do_what_is_due() -> None:
    assert _turns_of_the_loop(0, SLICE_NS + 1) == 1
