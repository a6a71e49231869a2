"""Sessions follow the clocks of their cities, also when those clocks change."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from engine.contracts.market import MarketBar
from engine.phase1_context.tick_cache import TickCache
from engine.primitives.ids import IdSource
from engine.primitives.timeframes import NS_PER_MINUTE, ns_from_datetime
from tests.support.context import employ

pytestmark = pytest.mark.unit

FOLDER = "phase1_context/session_classifier"
WINTER, SUMMER = "2025-01-15", "2025-07-16"
"""Two Wednesdays."""


def told(at: str, column: str, worker: Any = None, **config: object) -> str | None:
    """Return the label of a bar that opens at an instant of UTC, like ``2025-01-15 08:00``."""
    worker = worker or employ(FOLDER, config)
    opened_ns = ns_from_datetime(datetime.fromisoformat(at).replace(tzinfo=UTC))
    cache = TickCache("BTC/USDT", "1m", 5, worker.tools.columns, IdSource(lambda: 0))
    context = cache.push(MarketBar("BTC/USDT", "1m", opened_ns, opened_ns + NS_PER_MINUTE, 1.0, 1.0, 1.0, 1.0, 1.0))
    worker.on_tick(context)
    return context.category(column)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("00:00", "asia"),
        ("07:59", "asia"),
        ("08:00", "london"),
        ("12:59", "london"),
        ("13:00", "new_york"),
        ("17:00", "new_york"),
        ("21:59", "new_york"),
        ("22:00", "closed"),
        ("23:59", "closed"),
    ],
)
def test_the_sessions_of_a_winter_day_follow_each_other_around_the_world(at: str, expected: str) -> None:
    assert told(f"{WINTER} {at}", "session") == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("00:00", "asia"),
        ("03:59", "asia"),
        ("04:00", "none"),
        ("06:59", "none"),
        ("07:00", "london"),
        ("09:59", "london"),
        ("10:00", "none"),
        ("12:00", "new_york"),
        ("14:59", "new_york"),
        ("15:00", "none"),
    ],
)
def test_the_killzones_of_a_winter_day(at: str, expected: str) -> None:
    assert told(f"{WINTER} {at}", "session_killzone") == expected


def test_in_summer_the_clocks_of_europe_and_america_go_an_hour_ahead_and_tokyos_does_not() -> None:
    worker = employ(FOLDER)

    assert told(f"{SUMMER} 06:00", "session_killzone", worker) == "london"
    assert told(f"{SUMMER} 09:00", "session_killzone", worker) == "none"
    assert told(f"{SUMMER} 11:00", "session_killzone", worker) == "new_york"
    assert told(f"{SUMMER} 00:00", "session_killzone", worker) == "asia"


def test_a_change_of_clocks_in_new_york_does_not_move_london() -> None:
    # From 9 to 30 March 2025 New York is on summer time and London is not.
    assert told("2025-03-12 07:00", "session_killzone") == "london"
    assert told("2025-03-12 11:00", "session_killzone") == "new_york"


def test_the_monday_of_tokyo_begins_on_the_sunday_of_new_york() -> None:
    hours = {"zone": "America/New_York", "opens": "19:00", "closes": "23:00"}

    assert told("2025-01-13 00:00", "session") == "asia"
    assert told("2025-01-13 01:00", "session", asia=hours, weekdays_only=True) == "closed"
    assert told("2025-01-13 01:00", "session", asia=hours, weekdays_only=False) == "asia"


@pytest.mark.parametrize("day", ["2025-01-18", "2025-01-19"])
def test_no_session_opens_on_a_weekend_unless_it_is_asked_for(day: str) -> None:
    assert told(f"{day} 14:00", "session") == "closed"
    assert told(f"{day} 14:00", "session", weekdays_only=False) == "new_york"


def test_hours_may_run_past_midnight() -> None:
    night = {"zone": "UTC", "opens": "22:00", "closes": "02:00"}
    told_at = [told(f"2025-01-15 {at}", "session_killzone", asia_killzone=night) for at in ("01:59", "02:00", "22:00")]

    assert told_at == ["asia", "none", "asia"]


def test_a_classifier_that_is_asked_day_after_day_answers_like_a_new_one() -> None:
    worker, days = employ(FOLDER), [f"2025-03-{day:02d}" for day in range(6, 14)]
    asked = [told(f"{day} {hour}:30", "session", worker) for day in days for hour in ("00", "09", "16", "23")]

    assert asked == [told(f"{day} {hour}:30", "session") for day in days for hour in ("00", "09", "16", "23")]


def test_a_city_that_does_not_exist_is_refused_with_the_nearest_that_does() -> None:
    with pytest.raises(ValidationError, match="no time zone 'Europe/Londn': did you mean Europe/London"):
        employ(FOLDER, {"london": {"zone": "Europe/Londn", "opens": "08:00", "closes": "17:00"}})


@pytest.mark.parametrize("opens", ["25:00", "08:00+01:00"])
def test_hours_of_no_local_clock_are_refused(opens: str) -> None:
    with pytest.raises(ValidationError):
        employ(FOLDER, {"london": {"zone": "Europe/London", "opens": opens, "closes": "17:00"}})
