"""What time it is, for the whole engine."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time: simulated in backtest and replay, real in paper and live.

    It never steps back, and it never blocks.
    """

    def now_ns(self) -> int:
        """Return nanoseconds since the epoch, UTC."""
        ...

    def now(self) -> datetime:
        """Return the same instant as an aware UTC datetime, cut down to microseconds."""
        ...
