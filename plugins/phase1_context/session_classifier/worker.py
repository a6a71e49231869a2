"""Trading sessions and killzones, by the clock of their own cities."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
from pydantic import AfterValidator

from engine.sdk.plugin import (
    ContextWorker,
    Field,
    FloatColumn,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
    WorkerTools,
)

_NS_PER_DAY: Final = 86_400 * 1_000_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_DAY: Final = timedelta(days=1)
_OUTSIDE: Final = 0.0
_SATURDAY: Final = 5

Hours = tuple[int, int, float]
"""From and to (UTC nanoseconds, the end not included), and the category that they stand for."""


def _is_a_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        near = get_close_matches(name, sorted(available_timezones()), n=1)
        hint = f"did you mean {near[0]}?" if near else "expected one like Europe/London"
        raise ValueError(f"there is no time zone '{name}': {hint}") from error
    return name


def _is_local(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError(f"the time is that of the zone beside it: expected one like 08:00, not {at}")
    return at


LocalTime = Annotated[time, AfterValidator(_is_local)]


class LocalHours(WorkerConfig):
    """The hours of a city, by its own clock; until the next day if `closes` is not after `opens`."""

    zone: Annotated[str, AfterValidator(_is_a_zone)] = Field(description="Name in the time zone database.")
    opens: LocalTime = Field(description="First instant, by the clock of the zone.")
    closes: LocalTime = Field(description="First instant after it, by the clock of the zone.")

    def on(self, day: date, category: float) -> Hours:
        """Return the hours that begin on a local day."""
        zone = ZoneInfo(self.zone)
        last = day if self.opens < self.closes else day + _ONE_DAY
        return (
            _ns_of(datetime.combine(day, self.opens, tzinfo=zone)),
            _ns_of(datetime.combine(last, self.closes, tzinfo=zone)),
            category,
        )


def _ns_of(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1) * 1_000


def _hours(zone: str, opens: int, closes: int) -> LocalHours:
    return LocalHours(zone=zone, opens=time(opens), closes=time(closes))


class SessionClassifierConfig(WorkerConfig):
    """The hours of three sessions and of their killzones."""

    asia: LocalHours = Field(default=_hours("Asia/Tokyo", 9, 18), description="The Asian session.")
    london: LocalHours = Field(default=_hours("Europe/London", 8, 17), description="The London session.")
    new_york: LocalHours = Field(default=_hours("America/New_York", 8, 17), description="The New York session.")
    asia_killzone: LocalHours = Field(default=_hours("Asia/Tokyo", 9, 13), description="The Asian killzone.")
    london_killzone: LocalHours = Field(default=_hours("Europe/London", 7, 10), description="The London killzone.")
    new_york_killzone: LocalHours = Field(
        default=_hours("America/New_York", 7, 10), description="The New York killzone."
    )
    weekdays_only: bool = Field(
        default=True, description="Whether hours that begin on a local Saturday or Sunday do not count."
    )


class _Calendar:
    """Hours that recur each day; worked out once per day of UTC, looked up per bar."""

    def __init__(self, hours: Sequence[LocalHours], *, weekdays_only: bool) -> None:
        self._recurring = hours
        self._weekdays_only = weekdays_only
        self._day = -1
        self._near: list[Hours] = []

    def at(self, now_ns: int) -> float:
        """Return the category of the hours around an instant; of several, those that began last."""
        day = now_ns // _NS_PER_DAY
        if day != self._day:
            self._day, self._near = day, self._of(day)
        for opens_ns, closes_ns, category in self._near:
            if opens_ns <= now_ns < closes_ns:
                return category
        return _OUTSIDE

    def over(self, recorded: RecordedColumns) -> FloatColumn:
        """Return `at` of the instants at which the bars of a recording open."""
        opened_ns, found = recorded.opened_ns, np.full(len(recorded), _OUTSIDE)
        if not len(recorded):
            return found
        days = range(int(opened_ns[0]) // _NS_PER_DAY, int(opened_ns[-1]) // _NS_PER_DAY + 1)
        # Those that begin last are written last, and stay.
        hours = sorted({hours for day in days for hours in self._around(day)})
        first = np.searchsorted(opened_ns, [opens_ns for opens_ns, _, _ in hours])
        end = np.searchsorted(opened_ns, [closes_ns for _, closes_ns, _ in hours])
        for at, until, (_, _, category) in zip(first.tolist(), end.tolist(), hours, strict=True):
            found[at:until] = category
        return found

    def _of(self, day: int) -> list[Hours]:
        """Return the hours that touch a day of UTC, those that begin last first."""
        from_ns, to_ns = day * _NS_PER_DAY, (day + 1) * _NS_PER_DAY
        return sorted((hours for hours in self._around(day) if hours[0] < to_ns and hours[1] > from_ns), reverse=True)

    def _around(self, day: int) -> Iterator[Hours]:
        # Local days begin up to 14 hours before those of UTC and end up to 12 hours after them, or run into the next.
        for local in (_EPOCH.date() + (day + away) * _ONE_DAY for away in (-2, -1, 0, 1)):
            if self._weekdays_only and local.weekday() >= _SATURDAY:
                continue
            for category, hours in enumerate(self._recurring, 1):
                yield hours.on(local, float(category))


class SessionClassifier(ContextWorker[SessionClassifierConfig]):
    """Writes the categories `session` and `session_killzone` of the instant at which a bar opens."""

    config_model = SessionClassifierConfig

    def __init__(self, config: SessionClassifierConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        weekdays_only = config.weekdays_only
        self._sessions = _Calendar((config.asia, config.london, config.new_york), weekdays_only=weekdays_only)
        self._killzones = _Calendar(
            (config.asia_killzone, config.london_killzone, config.new_york_killzone), weekdays_only=weekdays_only
        )

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return session and killzone at the open of this bar."""
        opened_ns = context.opened_ns
        return self._sessions.at(opened_ns), self._killzones.at(opened_ns)

    def precompute(self, recorded: RecordedColumns) -> Sequence[FloatColumn]:
        """Return session and killzone at the open of each bar of a recording."""
        return self._sessions.over(recorded), self._killzones.over(recorded)
