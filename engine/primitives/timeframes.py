"""UTC nanoseconds, timeframes and bar boundaries."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

NS_PER_MS: Final = 1_000_000
NS_PER_SECOND: Final = 1_000_000_000
NS_PER_MINUTE: Final = 60 * NS_PER_SECOND
NS_PER_DAY: Final = 86_400 * NS_PER_SECOND
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_PER_DAY: Final = 86_400
_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
# 1970-01-01 was a Thursday: weeks open on Monday, as venues count them.
_WEEK_ORIGIN_NS: Final = 4 * 86_400 * NS_PER_SECOND


@dataclass(frozen=True, slots=True, order=True)
class Timeframe:
    """The length of a bar, named as venues name it: ``1m``, ``5m``, ``1h``, ``1d``."""

    length_ns: int
    name: str

    @classmethod
    def parse(cls, name: str) -> "Timeframe":
        """Return the timeframe of a name.

        Raises:
            ValueError: the name is not a count and one of s, m, h, d, w.
        """
        match = re.fullmatch(r"([1-9]\d*)([smhdw])", name)
        if match is None:
            raise ValueError(f"{name!r} is not a timeframe: expected a count and one of s, m, h, d, w, like 5m")
        count, unit = match.groups()
        return cls(int(count) * _UNITS[unit] * NS_PER_SECOND, name)

    def opened_ns(self, at_ns: int) -> int:
        """Return the open time of the bar that contains an instant."""
        origin = _WEEK_ORIGIN_NS if self.name.endswith("w") else 0
        return (at_ns - origin) // self.length_ns * self.length_ns + origin

    def __str__(self) -> str:
        return self.name


def _datetime_from_ns(at_ns: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at_ns // 1_000)


def _ns_from_datetime(at: datetime) -> int:
    if at.tzinfo is None:
        raise ValueError("a datetime without a time zone names no instant: give it in UTC")
    since = at - _EPOCH
    return (since.days * _SECONDS_PER_DAY + since.seconds) * NS_PER_SECOND + since.microseconds * 1_000


# All notes of a flow carry its instant: it is worked out once.
datetime_from_ns: Final[Callable[[int], datetime]] = lru_cache(maxsize=1024)(_datetime_from_ns)
"""Return an aware UTC datetime, cut down to microseconds."""

ns_from_datetime: Final[Callable[[datetime], int]] = lru_cache(maxsize=1024)(_ns_from_datetime)
"""Return nanoseconds since the epoch.

Raises:
    ValueError: the datetime has no time zone.
"""
