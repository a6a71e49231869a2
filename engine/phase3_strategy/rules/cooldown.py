"""A pause after an emergency that a restart does not end."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from engine.ports.worker import WorkerConfig
from engine.ports.worker_state import WorkerState
from engine.primitives.timeframes import datetime_from_ns, ns_from_datetime

_ENDS_NS: Final = "cooldown_ends_ns"


class CooldownTerms(WorkerConfig):
    """How long a strategy that also opens trades leaves it after an emergency."""

    cooldown_minutes: int = Field(default=60, ge=0, description="Minutes without new trades after an emergency.")


class Cooldown:
    """Knows until when no trade may be opened. It is all that its planner keeps (version 1: `cooldown_ends_ns`).

    Args:
        terms: For how long.
        state: The planner's own, where the end is kept.
    """

    def __init__(self, terms: CooldownTerms, state: WorkerState) -> None:
        self._length = timedelta(minutes=terms.cooldown_minutes)
        self._state = state

    def begin(self, now: datetime) -> None:
        """Begin it now, also when one is running."""
        self._state.save({_ENDS_NS: ns_from_datetime(now + self._length)})

    @property
    def ends_at(self) -> datetime | None:
        """When the last one ends or ended; None before the first."""
        kept = self._state.load()
        ends_ns = None if kept is None else kept[_ENDS_NS]
        return datetime_from_ns(ends_ns) if isinstance(ends_ns, int) else None
