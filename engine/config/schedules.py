"""Schedules of a blueprint: by cron or by interval, each in a time zone of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import Field, field_validator, model_validator

from engine.config.base import ConfigModel
from engine.primitives.timeframes import Timeframe, datetime_from_ns, ns_from_datetime


class MissedPolicy(StrEnum):
    """What is done about times that passed while the market stood still: the latest of them once, or none."""

    ONCE = "once"
    SKIP = "skip"


class ScheduleSettings(ConfigModel):
    """When a schedule is due. Give either `cron` or `every`."""

    cron: str | None = None
    """Five fields as in Debian's cron: minute, hour, day of month, month, day of week, like ``0 8 * * MON``."""
    every: str | None = None
    """An interval like 4h, counted from midnight UTC (weeks from Monday)."""
    timezone: str = "UTC"
    """An IANA name like Europe/Amsterdam; for `cron`. A time that the clock skips in spring is due when it jumps."""
    event: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] = "SCHEDULE_DUE"
    """The event that it gives birth to."""
    missed: MissedPolicy = MissedPolicy.ONCE
    """What is done about times that passed while no market data came in."""

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{name!r} is no time zone: write an IANA name like Europe/Amsterdam") from error
        return name

    @field_validator("every")
    @classmethod
    def _is_an_interval(cls, name: str | None) -> str | None:
        return None if name is None else Timeframe.parse(name).name

    @field_validator("cron")
    @classmethod
    def _is_a_cron_line(cls, line: str | None) -> str | None:
        if line is not None:
            try:
                CronSim(line, datetime(2000, 1, 1, tzinfo=UTC))
            except CronSimError as error:
                raise ValueError(f"{line!r} is no cron line: {error}. Write five fields like 0 8 * * MON") from error
        return line

    @model_validator(mode="after")
    def _one_of_both(self) -> "ScheduleSettings":
        if (self.cron is None) == (self.every is None):
            raise ValueError("give either cron or every")
        return self


def times_after(settings: ScheduleSettings, at_ns: int) -> Iterator[int]:
    """Give the times (UTC nanoseconds) at which a schedule is due, all of them later than an instant, oldest first.

    It ends when a cron line has no further time within cronsim's fifty years.
    """
    if settings.every is not None:
        interval = Timeframe.parse(settings.every)
        due_ns = interval.opened_ns(at_ns)
        while True:
            due_ns += interval.length_ns
            yield due_ns
    if settings.cron is not None:
        zone = ZoneInfo(settings.timezone)
        for at in CronSim(settings.cron, datetime_from_ns(at_ns).astimezone(zone)):
            yield ns_from_datetime(at)
