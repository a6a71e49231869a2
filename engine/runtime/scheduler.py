"""Timed events of a strategy: due by the engine's clock, so the same in backtest, paper and replay."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.config.schedules import MissedPolicy, ScheduleSettings, times_after


@dataclass(frozen=True, slots=True)
class DueSchedule:
    """One schedule that is due: its name in the blueprint, its event, and since when (UTC nanoseconds)."""

    name: str
    event: str
    due_ns: int


class Scheduler:
    """Keeps the next time of every schedule of one strategy.

    It is asked at each step of the engine's clock. When several times of one schedule passed since it was last asked
    (the market was closed, or data is missing), the latest of them is due once, or none, as the schedule says.

    Args:
        schedules: By name.
        start_ns: The schedule's first time is later than this instant (UTC nanoseconds).
    """

    def __init__(self, schedules: Mapping[str, ScheduleSettings], *, start_ns: int) -> None:
        self._schedules = schedules
        self._times: dict[str, Iterator[int]] = {
            name: times_after(settings, start_ns) for name, settings in schedules.items()
        }
        self._next_ns: dict[str, int] = {}
        for name in schedules:
            self._advance(name)

    def due(self, now_ns: int) -> Sequence[DueSchedule]:
        """Return what has become due since the last call, up to and including now; in order of time, then of name.

        A step of the clock that is longer than the schedule's own pace makes it missed: see `MissedPolicy`.
        """
        if not self._next_ns or now_ns < min(self._next_ns.values()):
            return ()
        found: list[DueSchedule] = []
        for name, settings in self._schedules.items():
            passed: list[int] = []
            while self._next_ns.get(name, now_ns + 1) <= now_ns:
                passed.append(self._next_ns[name])
                self._advance(name)
            is_missed = len(passed) > 1
            if passed and not (is_missed and settings.missed is MissedPolicy.SKIP):
                found.append(DueSchedule(name, settings.event, passed[-1]))
        return sorted(found, key=lambda one: (one.due_ns, one.name))

    def pass_over(self, now_ns: int) -> None:
        """Let everything pass that was due up to and including an instant: nobody decided then, so nothing was missed."""
        self.due(now_ns)

    def _advance(self, name: str) -> None:
        following = next(self._times[name], None)
        if following is None:
            self._next_ns.pop(name, None)
        else:
            self._next_ns[name] = following
