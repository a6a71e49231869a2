"""Alerts in the window: they stay until a person has answered them, take no focus and cover no button that matters."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, QTimer
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.alerts.alert import AlertKind, SavedAlerts
from engine.config.places import Places
from engine.contracts.flatten import FlattenResult
from engine.contracts.orders import Order, OrderStatus
from engine.ports.ledger import LedgerChange
from engine.ports.session import Mode
from gui.actions.catalogue import ActionName
from gui.app import Workstation
from gui.bridge.alerts import Alerts
from gui.bridge.host import SessionHost
from gui.bridge.tasks import TaskKeeper
from gui.bridge.vitals import Vital, Vitals
from gui.kept_file import KeptFile
from gui.models.alerts import advice_text, kind_text, source_text
from gui.panels.alerts import AlertsPanel
from gui.workspace.desk import Desk
from gui.workspace.panel_names import PanelName
from tests.gui.conftest import Play
from tests.support.gui import STRATEGY_ID, ScriptedSession, until
from tests.support.notes import a_flatten_job, an_order

pytestmark = pytest.mark.gui

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Scene:
    session: ScriptedSession
    host: SessionHost
    vitals: Vitals
    alerts: Alerts
    panel: AlertsPanel
    path: Path

    def trouble(self, **facts: object) -> None:
        self.session.trouble(**facts)
        self.host.feed.flush()
        self.panel.refresh()

    def choose(self, *places: int) -> None:
        for place in places:
            self.panel.table.selectRow(place)

    def shown(self) -> list[tuple[str, str]]:
        model = self.panel.model
        rows = (model.row_at(place) for place in range(model.rowCount()))
        return [(row.kind.value, model.columns[2].text(row)) for row in rows]


@pytest.fixture
def scene(qtbot: QtBot, tmp_path: Path) -> Scene:
    return make_scene(qtbot, tmp_path)


def make_scene(qtbot: QtBot, folder: Path) -> Scene:
    """Open the alerts of a session on a file; a second scene on the same folder is the next session."""
    session = ScriptedSession(bars=60)
    root = QWidget()
    host = SessionHost(session, TaskKeeper(root), root)
    vitals = Vitals(host, root)
    vitals.findChild(QTimer).stop()
    path = folder / "alerts.json"
    alerts = Alerts(host, vitals, KeptFile(path, SavedAlerts), root)
    panel = AlertsPanel(alerts, root)
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal, panel.model)

    def rest(_root: QWidget) -> None:
        qtbot.waitUntil(lambda: not any(timer.isActive() for timer in root.findChildren(QTimer)))

    qtbot.addWidget(root, before_close_func=rest)
    return Scene(session, host, vitals, alerts, panel, path)


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_has_a_name_a_source_and_something_to_do(kind: AlertKind) -> None:
    assert len(kind_text(kind)) > 8
    assert source_text(kind)
    assert len(advice_text(kind)) > 40


def test_what_happens_is_listed_with_what_to_do_and_stays_when_it_is_over(scene: Scene) -> None:
    scene.trouble(journal_fault="no space left")
    assert scene.shown() == [("JOURNAL_UNAVAILABLE", "▲ stands")]

    scene.trouble()
    assert scene.shown() == [("JOURNAL_UNAVAILABLE", "○ over, not seen")]
    scene.choose(0)
    assert "Free some space" in scene.panel.hint.text()


def test_an_alert_that_nobody_acknowledged_is_there_again_after_a_restart(qtbot: QtBot, tmp_path: Path) -> None:
    first = make_scene(qtbot, tmp_path)
    first.trouble(venue_silent_since=NOON, quarantined={"wild": "imports os"})
    qtbot.waitUntil(first.path.exists)
    first.choose(next(p for p in range(2) if first.panel.model.row_at(p).kind is AlertKind.PLUGIN_QUARANTINED))
    first.panel.acknowledge_chosen()
    first.alerts.keep()

    second = make_scene(qtbot, tmp_path)
    second.panel.refresh()

    assert [alert.kind for alert in second.alerts.unacknowledged] == [AlertKind.VENUE_SILENT]
    assert sorted(second.shown()) == [("PLUGIN_QUARANTINED", "✓ acknowledged"), ("VENUE_SILENT", "○ over, not seen")]


def test_a_book_that_cannot_be_read_is_set_aside_and_told(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "alerts.json").write_text("{", encoding="utf-8")
    scene = make_scene(qtbot, tmp_path)

    assert "alerts.json.broken" in scene.alerts.problem
    assert scene.alerts.unacknowledged == ()


def test_one_is_acknowledged_or_all_of_its_kind(scene: Scene) -> None:
    scene.trouble(quarantined={"wild": "imports os", "odd": "no manifest"}, journal_fault="no space")
    model = scene.panel.model
    place = next(p for p in range(3) if model.row_at(p).kind is AlertKind.PLUGIN_QUARANTINED)
    scene.choose(place)
    scene.panel.kind_button.click()
    scene.panel.refresh()

    assert [alert.kind for alert in scene.alerts.unacknowledged] == [AlertKind.JOURNAL_UNAVAILABLE]
    assert not scene.panel.acknowledge_button.isEnabled()
    scene.choose(next(p for p in range(3) if model.row_at(p).kind is AlertKind.JOURNAL_UNAVAILABLE))
    scene.panel.acknowledge_button.click()
    assert scene.alerts.unacknowledged == ()


def test_an_order_in_doubt_and_a_stuck_window_are_alerts(scene: Scene) -> None:
    change = LedgerChange(at=NOON, strategy_id=STRATEGY_ID, order=lost_order())
    scene.host.feed.on_ledger(change)
    scene.host.feed.flush()
    scene.vitals.measured.emit(Vital(market_age_s=None, behind_s=None, backlog=0, late_ms=2_600.0))

    kinds = [alert.kind for alert in scene.alerts.unacknowledged]
    assert kinds == [AlertKind.ORDER_UNKNOWN, AlertKind.WINDOW_HUNG]


def test_an_incomplete_flatten_is_seen_at_the_next_measurement(scene: Scene) -> None:
    scene.session.flatten_job = a_flatten_job().model_copy(update={"result": FlattenResult.INCOMPLETE})
    scene.vitals.measured.emit(scene.vitals.measure())

    assert [alert.kind for alert in scene.alerts.unacknowledged] == [AlertKind.FLATTEN_INCOMPLETE]


def test_the_worst_beat_since_the_last_look_counts(scene: Scene) -> None:
    for late_ms in (3.0, 250.0, 8.0):
        scene.vitals.take_lag(late_ms)

    assert scene.vitals.measure().late_ms == 250.0
    assert scene.vitals.measure().late_ms == 0.0


def lost_order() -> Order:
    return an_order(status=OrderStatus.UNKNOWN)


def at_once(desk: Desk, session: ScriptedSession, **facts: object) -> None:
    session.trouble(**facts)
    desk.refresh()


def test_the_card_stays_until_it_is_answered_and_takes_no_focus(play: Play) -> None:
    session = ScriptedSession(bars=0)

    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        desk.decisions.search.setFocus()
        before = QApplication.focusWidget()
        at_once(desk, session, journal_fault="no space left")

        assert desk.toast.isVisible()
        assert QApplication.focusWidget() is before
        assert "Journal cannot be written" in desk.toast.heading.text()
        assert "Free some space" in desk.toast.advice.text()
        at_once(desk, session)
        await asyncio.sleep(0.05)
        assert desk.toast.isVisible(), "it is over, but nobody has seen it"
        assert "over, not seen" in desk.toast.about.text()

        workstation.window.action(ActionName.ACKNOWLEDGE).trigger()
        assert not desk.toast.isVisible()
        assert desk.alerts.unacknowledged == ()

    play(session, story)


def test_the_gravest_is_on_the_card_and_the_others_are_counted(play: Play) -> None:
    session = ScriptedSession(bars=0)

    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        at_once(desk, session, quarantined={"wild": "imports os"})
        at_once(desk, session, quarantined={"wild": "imports os"}, venue_silent_since=NOON)

        assert "Venue not heard" in desk.toast.heading.text()
        assert desk.toast.more.text() == "and 1 other alert"
        assert desk.status_bar.alerts_button.text() == "■ Alerts 2"
        desk.toast.acknowledge_button.click()
        assert "Plugin in quarantine" in desk.toast.heading.text()
        assert desk.status_bar.alerts_button.text() == "▲ Alerts 1"
        desk.toast.later_button.click()
        assert not desk.toast.isVisible()
        assert len(desk.alerts.unacknowledged) == 1

    play(session, story)


def test_what_is_critical_is_heard_once_in_a_storm_and_a_warning_is_not(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    sounds: list[None] = []
    monkeypatch.setattr(QApplication, "beep", lambda: sounds.append(None))
    session = ScriptedSession(bars=0)

    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        at_once(desk, session, quarantined={"wild": "imports os"})
        assert sounds == []
        for number in range(20):
            desk.alerts._on_order_changed(
                lost_order().model_copy(update={"order_id": f"ORD_20260105_120000_{number:05}"})
            )
        assert len(sounds) == 1

    play(session, story)


def test_a_notice_is_listed_and_counted_without_a_card(play: Play) -> None:
    session = ScriptedSession(bars=60, pace_s=0.05)

    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        desk.status_bar.halt_button.click()
        await until(lambda: bool(desk.alerts.unacknowledged))

        assert not desk.toast.isVisible()
        assert desk.status_bar.alerts_button.text() == "○ Alerts 1"

    play(session, story)


SIZES = [QSize(1600, 960), QSize(1280, 800), QSize(900, 600), QSize(600, 400)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
def test_the_card_never_covers_the_emergency_button_or_the_status_bar(play: Play, size: QSize) -> None:
    session = ScriptedSession(bars=0)

    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        workstation.window.resize(size)
        at_once(desk, session, quarantined={f"plugin_{n}": "a long reason " * 20 for n in range(3)})
        await asyncio.sleep(0.05)
        desk.incident_offer.show()
        await asyncio.sleep(0.05)

        card = within(desk, desk.toast)
        assert desk.toast.isVisible()
        for button in (
            desk.session_bar.flatten_button,
            desk.status_bar.halt_button,
            desk.status_bar.alerts_button,
            desk.incident_offer.open_button,
        ):
            assert button.isVisible()
            assert not card.intersects(within(desk, button)), button.text()

    play(session, story)


def within(desk: Desk, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(desk, QPoint(0, 0)), widget.size())


def test_a_card_leads_to_the_list_and_the_list_to_the_cause(play: Play) -> None:
    session = ScriptedSession(bars=30)

    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        await until(lambda: desk.models.orders.count > 1)
        order = session.books.get_order(next(iter(desk.models.orders.rows)))
        desk.orders.tools.search.setText("no such order")
        desk.orders.tools.apply()
        desk.alerts._on_order_changed(order.model_copy(update={"status": OrderStatus.UNKNOWN}))
        desk.toast.list_button.click()
        await until(desk.alerts_panel.table.isVisible)

        chosen = desk.alerts_panel.table.chosen()
        assert chosen.kind is AlertKind.ORDER_UNKNOWN
        assert not desk.toast.isVisible()
        desk.alerts_panel.cause_button.click()
        await until(desk.orders.table.isVisible)
        assert desk.orders.table.chosen().order_id == chosen.subject
        desk.status_bar.alerts_button.click()
        await until(desk.alerts_panel.table.isVisible)

    play(session, story)


@pytest.mark.parametrize(("mode", "names"), [(Mode.PAPER, [" paper.json"]), (Mode.REPLAY, [])])
def test_paper_and_live_keep_alerts_apart_and_a_recorded_market_keeps_none(
    play: Play, tmp_path: Path, mode: Mode, names: list[str]
) -> None:
    session = ScriptedSession(bars=0, mode=mode)
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")

    async def story(workstation: Workstation) -> None:
        desk = await the_desk(workstation)
        at_once(desk, session, venue_silent_since=NOON)

    play(session, story, places=places)

    assert [path.name for path in (tmp_path / "state" / "alerts").glob("*")] == names


async def the_desk(workstation: Workstation) -> Desk:
    await until(lambda: workstation.desk is not None)
    assert workstation.desk is not None
    await asyncio.sleep(0.05)
    assert PanelName.ALERTS in workstation.desk.panels
    return workstation.desk
