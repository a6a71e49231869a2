"""The book of alerts: nothing that nobody has acknowledged is forgotten, and a storm is one line."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.alerts.alert import Alert, AlertKind, AlertLevel, SavedAlerts
from engine.alerts.book import ACKNOWLEDGED_MAX, SUBJECTS_MAX, AlertBook

pytestmark = pytest.mark.unit

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)


class Told:
    """Remembers what a book tells."""

    def __init__(self) -> None:
        self.raised: list[Alert] = []
        self.changed: list[Alert] = []

    def __call__(self, alert: Alert, is_raised: bool) -> None:
        (self.raised if is_raised else self.changed).append(alert)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def book(told: Told) -> AlertBook:
    return AlertBook(on_change=told)


def test_an_alert_says_since_when_it_stands_and_that_nobody_has_seen_it(book: AlertBook, told: Told) -> None:
    book.add(AlertKind.ORDER_UNKNOWN, NOON, subject="ORD_1", detail="no answer")

    (alert,) = book.unacknowledged
    assert (alert.first_at, alert.at, alert.times, alert.detail) == (NOON, NOON, 1, "no answer")
    assert alert.stands
    assert not alert.is_acknowledged
    assert told.raised == [alert]


def test_the_same_about_the_same_is_counted_and_not_listed_again(book: AlertBook, told: Told) -> None:
    book.add(AlertKind.MARKET_STALE, NOON, detail="90 s")
    book.add(AlertKind.MARKET_STALE, LATER, detail="120 s")

    (alert,) = book.unacknowledged
    assert (alert.first_at, alert.at, alert.times, alert.detail) == (NOON, LATER, 2, "120 s")
    assert len(told.raised) == 2


def test_what_is_over_still_waits_for_a_person(book: AlertBook) -> None:
    book.add(AlertKind.VENUE_SILENT, NOON)
    book.end(AlertKind.VENUE_SILENT, LATER)

    (alert,) = book.unacknowledged
    assert (alert.stands, alert.ended_at) == (False, LATER)


def test_what_happens_again_after_it_was_over_stands_again(book: AlertBook) -> None:
    book.add(AlertKind.VENUE_SILENT, NOON)
    book.end(AlertKind.VENUE_SILENT, NOON)
    book.add(AlertKind.VENUE_SILENT, LATER)

    (alert,) = book.unacknowledged
    assert (alert.stands, alert.ended_at, alert.times) == (True, None, 2)


def test_what_a_person_acknowledges_waits_no_more_and_can_be_looked_back_at(book: AlertBook) -> None:
    book.add(AlertKind.DAILY_LOSS, NOON, subject="2026-01-05")

    assert book.acknowledge(book.unacknowledged[0])
    assert book.unacknowledged == ()
    assert [alert.is_acknowledged for alert in book.alerts] == [True]


def test_what_has_happened_again_since_it_was_shown_is_not_acknowledged_unseen(book: AlertBook) -> None:
    book.add(AlertKind.ORDER_UNKNOWN, NOON, subject="ORD_1")
    shown = book.unacknowledged[0]
    book.add(AlertKind.ORDER_UNKNOWN, LATER, subject="ORD_1")

    assert not book.acknowledge(shown)
    assert len(book.unacknowledged) == 1


def test_nothing_is_acknowledged_twice(book: AlertBook, told: Told) -> None:
    book.add(AlertKind.TRADING_HALTED, NOON)
    shown = book.unacknowledged[0]

    assert [book.acknowledge(shown), book.acknowledge(shown)] == [True, False]
    assert len(told.changed) == 1


def test_what_happens_again_after_it_was_acknowledged_is_an_alert_of_its_own(book: AlertBook) -> None:
    book.add(AlertKind.TRADING_HALTED, NOON)
    book.acknowledge(book.unacknowledged[0])
    book.add(AlertKind.TRADING_HALTED, LATER)

    assert [(alert.number, alert.times) for alert in book.unacknowledged] == [(2, 1)]


def test_unacknowledged_alerts_survive_json_and_a_new_session_but_nothing_stands_unsaid(
    book: AlertBook, told: Told
) -> None:
    book.add(AlertKind.ORDER_UNKNOWN, NOON, subject="ORD_1", detail="no answer")
    book.add(AlertKind.DAILY_LOSS, NOON, subject="2026-01-05")
    book.acknowledge(book.unacknowledged[1])
    saved = SavedAlerts.model_validate_json(SavedAlerts(alerts=book.alerts).model_dump_json())

    after = AlertBook(saved.alerts, on_change=told)

    assert [(alert.subject, alert.stands, alert.ended_at) for alert in after.unacknowledged] == [("ORD_1", False, NOON)]
    assert [alert.is_acknowledged for alert in after.alerts] == [False, True]
    after.add(AlertKind.ORDER_UNKNOWN, LATER, subject="ORD_2")
    assert [alert.number for alert in after.alerts] == [1, 2, 3]


def test_a_storm_of_orders_in_doubt_is_listed_one_by_one_up_to_a_limit_and_counted_beyond(book: AlertBook) -> None:
    for number in range(SUBJECTS_MAX + 500):
        book.add(AlertKind.ORDER_UNKNOWN, NOON, subject=f"ORD_{number}")

    assert len(book.unacknowledged) == SUBJECTS_MAX + 1
    assert (book.unacknowledged[-1].subject, book.unacknowledged[-1].times) == ("", 500)
    assert book.unacknowledged[-1].detail == f"ORD_{SUBJECTS_MAX + 499}"


def test_of_the_acknowledged_only_the_newest_are_kept(book: AlertBook) -> None:
    for number in range(ACKNOWLEDGED_MAX + 10):
        book.add(AlertKind.ORDER_UNKNOWN, NOON, subject=f"ORD_{number}")
        book.acknowledge(book.unacknowledged[0])

    assert [alert.number for alert in book.alerts] == list(range(11, ACKNOWLEDGED_MAX + 11))


def test_money_at_risk_is_critical() -> None:
    critical = {kind for kind in AlertKind if kind.level is AlertLevel.CRITICAL}

    assert critical >= {AlertKind.FLATTEN_INCOMPLETE, AlertKind.ORDER_UNKNOWN, AlertKind.JOURNAL_UNAVAILABLE}
    assert AlertLevel.CRITICAL.rank > AlertLevel.WARNING.rank > AlertLevel.NOTICE.rank
