"""Schedules by cron and by interval, in simulated time."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from engine.config.schedules import MissedPolicy, ScheduleSettings
from engine.primitives.timeframes import datetime_from_ns, ns_from_datetime
from engine.runtime.scheduler import Scheduler

pytestmark = pytest.mark.unit
MONDAY = datetime(2026, 3, 23, tzinfo=UTC)


def _walk(scheduler: Scheduler, start: datetime, step: timedelta, steps: int) -> list[tuple[str, datetime]]:
    seen = []
    for number in range(1, steps + 1):
        now = ns_from_datetime(start + number * step)
        seen += [(one.name, datetime_from_ns(one.due_ns)) for one in scheduler.due(now)]
    return seen


def _scheduler(start: datetime = MONDAY, **schedules: ScheduleSettings) -> Scheduler:
    return Scheduler(schedules, start_ns=ns_from_datetime(start))


def test_an_interval_counts_from_midnight_and_is_due_at_the_step_that_reaches_it() -> None:
    seen = _walk(_scheduler(pace=ScheduleSettings(every="4h")), MONDAY, timedelta(minutes=5), 12 * 9)
    assert seen == [("pace", MONDAY + timedelta(hours=4)), ("pace", MONDAY + timedelta(hours=8))]


def test_a_week_of_cron_fires_once_on_its_day_in_its_own_zone() -> None:
    weekly = ScheduleSettings(cron="0 8 * * FRI", timezone="America/New_York")
    seen = _walk(_scheduler(dca=weekly), MONDAY, timedelta(hours=1), 24 * 7)
    assert seen == [("dca", datetime(2026, 3, 27, 12, tzinfo=UTC))]  # 08:00 in New York, summer time there


def test_a_clock_that_jumps_in_spring_skips_no_day() -> None:
    nightly = ScheduleSettings(cron="30 2 * * *", timezone="Europe/Amsterdam")
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)
    seen = [at for _, at in _walk(_scheduler(start, night=nightly), start, timedelta(minutes=5), 12 * 48)]
    assert [at.date().day for at in seen] == [29, 30]


def test_several_schedules_come_in_order_of_time_and_then_of_name() -> None:
    scheduler = _scheduler(
        b=ScheduleSettings(every="1h"), a=ScheduleSettings(every="1h"), c=ScheduleSettings(every="30m")
    )
    due = scheduler.due(ns_from_datetime(MONDAY + timedelta(hours=1)))
    assert [one.name for one in due] == ["a", "b", "c"]


@pytest.mark.parametrize(("policy", "count"), [(MissedPolicy.ONCE, 1), (MissedPolicy.SKIP, 0)])
def test_times_that_passed_in_a_hole_of_the_data_are_due_once_or_never(policy: MissedPolicy, count: int) -> None:
    scheduler = _scheduler(pace=ScheduleSettings(every="1h", missed=policy))
    due = scheduler.due(ns_from_datetime(MONDAY + timedelta(hours=5, minutes=10)))
    assert [datetime_from_ns(one.due_ns) for one in due] == [MONDAY + timedelta(hours=5)] * count
    assert scheduler.due(ns_from_datetime(MONDAY + timedelta(hours=6)))


def test_nothing_is_due_twice() -> None:
    scheduler = _scheduler(pace=ScheduleSettings(every="1h"))
    at = ns_from_datetime(MONDAY + timedelta(hours=1))
    assert scheduler.due(at)
    assert not scheduler.due(at)


def test_what_was_due_while_nobody_decided_is_not_made_up_for() -> None:
    scheduler = _scheduler(pace=ScheduleSettings(every="1h"))
    scheduler.pass_over(ns_from_datetime(MONDAY + timedelta(hours=3)))
    due = scheduler.due(ns_from_datetime(MONDAY + timedelta(hours=4)))
    assert [datetime_from_ns(one.due_ns) for one in due] == [MONDAY + timedelta(hours=4)]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "either cron or every"),
        ({"cron": "0 8 * * MON", "every": "1h"}, "either cron or every"),
        ({"cron": "61 * * * *"}, "no cron line"),
        ({"every": "soon"}, "not a timeframe"),
        ({"every": "1h", "timezone": "Mars/Olympus"}, "no time zone"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_with_what_to_write(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        ScheduleSettings(**wrong)
