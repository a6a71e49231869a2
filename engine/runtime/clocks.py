"""The two clocks: one follows the market's own time, one follows the wall."""

import time
from datetime import datetime

from engine.primitives.errors import InvariantBroken
from engine.primitives.timeframes import datetime_from_ns


class SimulatedClock:
    """Market time: it stands still until the next event of the market moves it on. For backtest, replay and demo."""

    def __init__(self, start_ns: int = 0) -> None:
        self._now_ns = start_ns

    def now_ns(self) -> int:
        """Return nanoseconds since the epoch, UTC."""
        return self._now_ns

    def now(self) -> datetime:
        """Return the same instant as an aware UTC datetime."""
        return datetime_from_ns(self._now_ns)

    def advance_to(self, at_ns: int) -> None:
        """Move on to an instant; an earlier one than now leaves the clock where it is."""
        self._now_ns = max(self._now_ns, at_ns)


class LiveClock:
    """Wall time, for venues that live in it. It never steps back, whatever the machine's clock does."""

    def __init__(self) -> None:
        self._latest_ns = 0

    def now_ns(self) -> int:
        """Return nanoseconds since the epoch, UTC."""
        self._latest_ns = max(self._latest_ns, time.time_ns())  # noqa: TID251  # this is where time comes in
        return self._latest_ns

    def now(self) -> datetime:
        """Return the same instant as an aware UTC datetime."""
        return datetime_from_ns(self.now_ns())

    def advance_to(self, at_ns: int) -> None:
        """Do nothing but refuse the future: the market cannot be ahead of the wall by more than a minute.

        Raises:
            InvariantBroken: the event is from the future; the machine's clock is wrong.
        """
        if at_ns > self.now_ns() + 60_000_000_000:
            raise InvariantBroken(
                "The market is ahead of this machine's clock; set the clock right and start again.",
                market=datetime_from_ns(at_ns),
                machine=self.now(),
            )
