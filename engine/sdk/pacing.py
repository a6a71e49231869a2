"""Lets a recorded or made market pass at the pace of a wall clock, or as fast as it can."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from engine.primitives.timeframes import NS_PER_SECOND

Sleep = Callable[[float], Awaitable[None]]
"""Waits for so many seconds; `asyncio.sleep` outside of tests."""

WallSeconds = Callable[[], float]
"""Monotonic seconds of the wall clock; the running loop's own `time` outside of tests."""

_SLICE_S: Final = 0.1  # a pause, a resume and a new speed are felt within this time
_BEHIND_S_MAX: Final = 2.0  # after a longer stall (a laptop that slept) the market goes on instead of rushing


class Pacer:
    """Waits until the wall clock has reached an instant of the market.

    Every wait is measured from one anchor (a wall second and the market instant that belongs to it), so that small
    delays never add up. The anchor moves only when a person pauses or changes the speed, when the feed skips a hole,
    and when the consumer was stalled for over two seconds.

    All methods belong to the thread of the running loop.

    Args:
        speed: Market seconds per wall second; 0 means as fast as possible, with one yield to the loop per call.
        sleep: Waits for seconds.
        wall_s: Monotonic wall clock; None takes the running loop's.
    """

    def __init__(
        self,
        *,
        speed: float,
        sleep: Sleep = asyncio.sleep,
        wall_s: WallSeconds | None = None,
    ) -> None:
        self._speed = _checked(speed)
        self._sleep = sleep
        self._wall_s = wall_s
        self._anchor: tuple[float, int] | None = None
        self._reached_ns: int | None = None
        self._running = asyncio.Event()
        self._running.set()

    @property
    def speed(self) -> float:
        """Market seconds per wall second; 0 is as fast as possible."""
        return self._speed

    @property
    def is_paused(self) -> bool:
        """Whether the market stands still."""
        return not self._running.is_set()

    def pause(self) -> None:
        """Let the market stand still; an instant half waited for keeps its half."""
        if not self.is_paused:
            self._lift_anchor()
            self._running.clear()

    def resume(self) -> None:
        """Let the market go on from where it stood."""
        self._running.set()

    def set_speed(self, speed: float) -> None:
        """Change the pace from this instant on.

        Raises:
            ValueError: the speed is negative or not a finite number.
        """
        checked = _checked(speed)
        self._lift_anchor()
        self._speed = checked

    def skip(self, hole_ns: int) -> None:
        """Let so many nanoseconds of the market pass at once."""
        if self._anchor is not None:
            self._anchor = (self._anchor[0], self._anchor[1] + hole_ns)
        elif self._reached_ns is not None:
            self._reached_ns += hole_ns

    async def until(self, at_ns: int, *, from_ns: int) -> None:
        """Return when the market has reached an instant.

        Args:
            at_ns: The instant to wait for, UTC nanoseconds.
            from_ns: Where the market stands if this is the first wait.
        """
        while True:
            await self._running.wait()
            if self._speed == 0:
                await self._sleep(0)
                if self._speed == 0 and not self.is_paused:
                    self._reached_ns = at_ns
                    return
                continue
            wait_s = self._wait_s(at_ns, from_ns)
            if wait_s <= 0:
                self._reached_ns = at_ns
                return
            await self._sleep(min(wait_s, _SLICE_S))

    def _wait_s(self, at_ns: int, from_ns: int) -> float:
        """Return the wall seconds that are left, after setting or moving the anchor where that is due."""
        now_s = self._now_s()
        if self._anchor is None:
            self._anchor = (now_s, from_ns if self._reached_ns is None else self._reached_ns)
        anchor_s, anchor_ns = self._anchor
        wait_s = anchor_s + (at_ns - anchor_ns) / NS_PER_SECOND / self._speed - now_s
        if wait_s < -_BEHIND_S_MAX:
            self._anchor = (now_s, at_ns)
            return 0.0
        return wait_s

    def _now_s(self) -> float:
        if self._wall_s is None:
            # Kept, because a pause may be asked for from outside of the loop's own callbacks.
            self._wall_s = asyncio.get_running_loop().time
        return self._wall_s()

    def _lift_anchor(self) -> None:
        """Remember how far the market has come, so that the next wait starts there."""
        if self._anchor is None:
            return
        anchor_s, anchor_ns = self._anchor
        passed_ns = int((self._now_s() - anchor_s) * self._speed * NS_PER_SECOND)
        self._reached_ns = anchor_ns + passed_ns
        self._anchor = None


def _checked(speed: float) -> float:
    if not 0 <= speed < float("inf"):
        raise ValueError(f"{speed} is not a speed: give market seconds per wall second, 0 for as fast as possible")
    return speed


class PacedFeed:
    """What every feed shares that makes its market itself or reads it: a person may hold it and change its pace.

    Args:
        pacer: Keeps the pace; the feed waits for it before each event.
    """

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer

    @property
    def speed(self) -> float:
        """Market seconds per wall second; 0 is as fast as possible."""
        return self._pacer.speed

    @property
    def is_paused(self) -> bool:
        """Whether the market stands still."""
        return self._pacer.is_paused

    def pause(self) -> None:
        """Let the market stand still."""
        self._pacer.pause()

    def resume(self) -> None:
        """Let the market go on from where it stood."""
        self._pacer.resume()

    def set_speed(self, speed: float) -> None:
        """Change the pace from now on; 0 is as fast as possible.

        Raises:
            ValueError: the speed is negative or not a finite number.
        """
        self._pacer.set_speed(speed)
