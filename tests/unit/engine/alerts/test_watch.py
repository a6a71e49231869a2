"""What becomes an alert, and that it is told once, when it begins."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.alerts.alert import Alert, AlertKind
from engine.alerts.book import AlertBook
from engine.alerts.watch import BACKLOG_MAX, HANG_MS, SessionAlerts, stale_after_s
from engine.contracts.commands import PAUSED_BY_USER, TradingState
from engine.contracts.flatten import FlattenResult
from engine.contracts.flows import MAXIMUM_DAILY_LOSS, FlowOutcome, FlowRecord, OutcomeKind
from engine.contracts.orders import OrderStatus
from engine.ports.session import Mode, SessionState, SessionStatus, StrategySummary
from engine.primitives.timeframes import ns_from_datetime
from tests.support.notes import a_flatten_job, an_order

pytestmark = pytest.mark.unit

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
QUIET = {"market_age_s": 1.0, "backlog": 0, "late_ms": 3.0}


class Scene:
    """A watch over a session that is told about by hand."""

    def __init__(self, before: tuple[Alert, ...] = ()) -> None:
        self.told: list[Alert] = []
        self.book = AlertBook(before, on_change=lambda alert, _raised: self.told.append(alert))
        self.watch = SessionAlerts(self.book)

    def status(self, **changes: Any) -> None:
        facts: dict[str, Any] = {
            "session_id": "s",
            "operation": "Demo",
            "mode": Mode.PAPER,
            "label": "DEMO",
            "state": SessionState.RUNNING,
            "trading_state": TradingState.ACTIVE,
            "now": NOON,
            "strategies": (a_strategy(),),
        }
        self.watch.on_status(SessionStatus(**(facts | changes)))

    def open(self) -> list[tuple[AlertKind, str, bool]]:
        return [(alert.kind, alert.subject, alert.stands) for alert in self.book.unacknowledged]


def a_strategy(**changes: Any) -> StrategySummary:
    facts: dict[str, Any] = {"strategy_id": "momentum", "name": "Momentum", "symbol": "BTC/USDT", "timeframe": "1m"}
    return StrategySummary(columns=(), **(facts | changes))


def a_flow(rule: str, *, at: datetime = NOON) -> FlowRecord:
    outcome = FlowOutcome(kind=OutcomeKind.REJECTED, stage="execution", rule=rule, reason="lost 210 of 200")
    return FlowRecord("TCK_1", "momentum", ns_from_datetime(at), "TICK_RECEIVED", outcome)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_session_in_which_all_is_well_raises_nothing(scene: Scene) -> None:
    scene.status()
    scene.watch.on_flatten(None)
    scene.watch.on_order(an_order(status=OrderStatus.OPEN))
    scene.watch.on_flow(a_flow("confidence"))
    scene.watch.on_pulse(**QUIET)

    assert scene.told == []


@pytest.mark.parametrize(
    ("facts", "kind", "subject"),
    [
        ({"journal_fault": "disk full"}, AlertKind.JOURNAL_UNAVAILABLE, ""),
        ({"quarantined": {"wild": "imports os"}}, AlertKind.PLUGIN_QUARANTINED, "wild"),
        ({"venue_silent_since": NOON}, AlertKind.VENUE_SILENT, ""),
        ({"trading_state": TradingState.HALTED}, AlertKind.TRADING_HALTED, ""),
        ({"state": SessionState.FAILED, "message": "broken"}, AlertKind.SESSION_FAILED, ""),
        (
            {"strategies": (a_strategy(is_paused=True, pause_reason="5 failures in a row"),)},
            AlertKind.STRATEGY_PAUSED,
            "momentum",
        ),
    ],
)
def test_a_state_is_told_once_when_it_begins_and_ends_with_it(
    scene: Scene, facts: dict[str, Any], kind: AlertKind, subject: str
) -> None:
    scene.status(**facts)
    scene.status(**facts)
    assert scene.open() == [(kind, subject, True)]
    assert len(scene.told) == 1

    scene.status()
    assert scene.open() == [(kind, subject, False)]


def test_a_strategy_that_a_person_paused_is_no_alert(scene: Scene) -> None:
    scene.status(strategies=(a_strategy(is_paused=True, pause_reason=PAUSED_BY_USER),))

    assert scene.open() == []


def test_a_person_who_has_acknowledged_a_state_is_not_told_of_it_again_while_it_lasts(scene: Scene) -> None:
    scene.status(journal_fault="disk full")
    scene.book.acknowledge(scene.book.unacknowledged[0])
    scene.status(journal_fault="disk full")
    assert scene.open() == []

    scene.status()
    scene.status(journal_fault="disk full")
    assert scene.open() == [(AlertKind.JOURNAL_UNAVAILABLE, "", True)]


def test_a_quarantine_that_was_acknowledged_is_told_in_a_later_session_only_for_another_reason(scene: Scene) -> None:
    scene.status(quarantined={"wild": "imports os"})
    scene.book.acknowledge(scene.book.unacknowledged[0])

    later = Scene(scene.book.alerts)
    later.status(quarantined={"wild": "imports os"})
    assert later.open() == []
    later.status()
    later.status(quarantined={"wild": "takes too long"})
    assert later.open() == [(AlertKind.PLUGIN_QUARANTINED, "wild", True)]


def test_a_journal_that_cannot_be_written_is_told_in_each_session(scene: Scene) -> None:
    scene.status(journal_fault="disk full")
    scene.book.acknowledge(scene.book.unacknowledged[0])

    later = Scene(scene.book.alerts)
    later.status(journal_fault="disk full")
    assert later.open() == [(AlertKind.JOURNAL_UNAVAILABLE, "", True)]


def test_a_flatten_is_an_alert_when_it_is_incomplete_and_over_when_it_is_flat(scene: Scene) -> None:
    job = a_flatten_job()
    scene.watch.on_flatten(job.model_copy(update={"result": FlattenResult.WORKING}))
    assert scene.open() == []

    scene.watch.on_flatten(job.model_copy(update={"result": FlattenResult.INCOMPLETE, "text": "0.3 BTC left"}))
    assert scene.open() == [(AlertKind.FLATTEN_INCOMPLETE, job.job_id, True)]
    assert scene.told[0].detail == "0.3 BTC left"

    scene.watch.on_flatten(job.model_copy(update={"result": FlattenResult.FLAT}))
    assert scene.open() == [(AlertKind.FLATTEN_INCOMPLETE, job.job_id, False)]


def test_each_order_in_doubt_is_an_alert_until_the_venue_has_said_what_became_of_it(scene: Scene) -> None:
    one, other = (
        an_order(status=OrderStatus.UNKNOWN),
        an_order(order_id="ORD_20260105_120000_99999", status=OrderStatus.UNKNOWN),
    )
    scene.watch.on_order(one)
    scene.watch.on_order(one)
    scene.watch.on_order(other)
    assert scene.open() == [
        (AlertKind.ORDER_UNKNOWN, one.order_id, True),
        (AlertKind.ORDER_UNKNOWN, other.order_id, True),
    ]

    scene.watch.on_order(one.model_copy(update={"status": OrderStatus.FILLED}))
    assert [stands for _, _, stands in scene.open()] == [False, True]


def test_the_daily_loss_is_told_once_a_day(scene: Scene) -> None:
    scene.watch.on_flow(a_flow(MAXIMUM_DAILY_LOSS))
    scene.watch.on_flow(a_flow(MAXIMUM_DAILY_LOSS))
    assert scene.open() == [(AlertKind.DAILY_LOSS, "2026-01-05", True)]
    assert len(scene.told) == 1

    scene.watch.on_flow(a_flow(MAXIMUM_DAILY_LOSS, at=NOON.replace(day=6)))
    assert scene.open()[-1] == (AlertKind.DAILY_LOSS, "2026-01-06", True)


def test_a_market_is_stale_after_one_and_a_half_of_the_shortest_bars(scene: Scene) -> None:
    strategies = (a_strategy(timeframe="1h"), a_strategy(timeframe="5m"))
    assert stale_after_s(strategies) == 450
    assert stale_after_s(()) is None

    scene.status(strategies=strategies)
    scene.watch.on_pulse(**(QUIET | {"market_age_s": 449.0}))
    assert scene.open() == []
    scene.watch.on_pulse(**(QUIET | {"market_age_s": 451.0}))
    assert scene.open() == [(AlertKind.MARKET_STALE, "", True)]


def test_a_session_that_does_not_run_has_no_stale_market(scene: Scene) -> None:
    scene.status()
    scene.watch.on_pulse(**(QUIET | {"market_age_s": None}))

    assert scene.open() == []


def test_a_window_that_hung_is_told_when_it_answers_again(scene: Scene) -> None:
    scene.watch.on_pulse(**(QUIET | {"late_ms": HANG_MS + 300}))
    scene.watch.on_pulse(**QUIET)

    assert scene.open() == [(AlertKind.WINDOW_HUNG, "", False)]
    assert scene.told[0].detail == "2.3 s"


def test_a_backlog_is_told_when_it_is_still_there_at_the_next_look(scene: Scene) -> None:
    burst = QUIET | {"backlog": BACKLOG_MAX}
    scene.watch.on_pulse(**burst)
    scene.watch.on_pulse(**QUIET)
    assert scene.open() == []

    scene.watch.on_pulse(**burst)
    scene.watch.on_pulse(**burst)
    assert scene.open() == [(AlertKind.ENGINE_BEHIND, "", True)]
