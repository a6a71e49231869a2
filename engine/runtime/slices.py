"""Work on the window's loop, cut into slices that fit between two frames."""

import asyncio
from collections.abc import Callable
from typing import Final

from engine.primitives.timeframes import NS_PER_MS

SLICE_NS: Final = 4 * NS_PER_MS
"""How long the engine works before it lets the window paint (charts-and-loop.md, engine and window on one loop)."""


class Slices:
    """Lets the loop do other things as soon as a slice is used up; between that it costs one look at the clock.

    Args:
        monotonic_ns: A wall clock; never used for decisions.
    """

    def __init__(self, monotonic_ns: Callable[[], int]) -> None:
        self._monotonic_ns = monotonic_ns
        self._began_ns = monotonic_ns()

    async def breathe(self) -> None:
        """Return at once while the slice lasts; else after everything else that was due on the loop."""
        if self._monotonic_ns() - self._began_ns > SLICE_NS:
            await asyncio.sleep(0)
            self._began_ns = self._monotonic_ns()
