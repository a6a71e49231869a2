"""What reaches a person who is not at the desk: critical alerts, once, and once more if nobody acknowledges them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.alerts.alert import SavedAlerts
from engine.alerts.outside import Message, Outside
from engine.ports.session import Mode
from gui.bridge.alert_phone import AlertPhone
from gui.bridge.alerts import Alerts
from gui.bridge.host import SessionHost
from gui.bridge.tasks import TaskKeeper
from gui.bridge.vitals import Vitals
from gui.kept_file import KeptFile
from tests.support.gui import ScriptedSession

pytestmark = pytest.mark.gui

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Written(Outside):
    """Keeps what would be sent."""

    def __init__(self, on_failure: Callable[[str], None]) -> None:
        super().__init__(lambda: lambda _message: True, on_failure=on_failure)
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        self.messages.append(message)


@dataclass(frozen=True)
class Scene:
    session: ScriptedSession
    host: SessionHost
    alerts: Alerts
    phone: AlertPhone

    @property
    def messages(self) -> list[Message]:
        assert isinstance(self.phone._outside, Written)
        return self.phone._outside.messages

    def trouble(self, **facts: object) -> None:
        self.session.trouble(**facts)
        self.host.feed.flush()


def make_scene(qtbot: QtBot, mode: Mode) -> Scene:
    session = ScriptedSession(bars=10, mode=mode)
    root = QWidget()
    host = SessionHost(session, TaskKeeper(root), root)
    vitals = Vitals(host, root)
    alerts = Alerts(host, vitals, KeptFile(None, SavedAlerts), root)
    phone = AlertPhone(["ntfy://a-secret-topic"], root, outside=Written)
    phone.watch(alerts, host)

    def rest(_root: QWidget) -> None:
        for timer in root.findChildren(QTimer):
            timer.stop()

    qtbot.addWidget(root, before_close_func=rest)
    return Scene(session, host, alerts, phone)


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    return make_scene(qtbot, Mode.PAPER)


def test_a_critical_alert_is_sent_once_with_mode_operation_and_what_to_do(scene: Scene) -> None:
    for _ in range(2):
        scene.trouble(venue_silent_since=NOON)
        scene.trouble()

    (message,) = scene.messages
    assert message.title == "PAPER · Venue not heard"
    assert "Demo on paper" in message.body
    assert "Look at the network" in message.body
    assert "secret" not in message.body


def test_what_is_not_critical_stays_in_the_window(scene: Scene) -> None:
    scene.trouble(quarantined={"wild": "imports os"})

    assert scene.messages == []


@pytest.mark.parametrize("mode", [Mode.REPLAY, Mode.BACKTEST])
def test_a_recorded_market_calls_nobody(qtbot: QtBot, mode: Mode) -> None:
    scene = make_scene(qtbot, mode)
    scene.trouble(venue_silent_since=NOON)

    assert scene.messages == []


def test_what_nobody_acknowledges_is_sent_once_more_and_not_again(scene: Scene) -> None:
    scene.trouble(venue_silent_since=NOON)
    assert scene.phone._remind.isActive()
    scene.phone.remind()
    scene.phone.remind()

    assert [message.body.startswith("Still not acknowledged") for message in scene.messages] == [False, True]


def test_what_is_acknowledged_is_not_sent_again_but_what_happens_after_it_is(scene: Scene) -> None:
    scene.trouble(venue_silent_since=NOON)
    scene.alerts.acknowledge(*scene.alerts.unacknowledged)
    scene.phone.remind()
    assert len(scene.messages) == 1

    scene.trouble()
    scene.trouble(venue_silent_since=NOON)
    assert len(scene.messages) == 2


def test_a_test_goes_out_and_without_an_address_it_says_how_to_name_one(scene: Scene, qtbot: QtBot) -> None:
    scene.phone.test()
    assert [message.title for message in scene.messages] == ["S1mpleTrader: a test"]

    silent = AlertPhone((), scene.host)
    with qtbot.waitSignal(silent.told) as told:
        silent.test()
    assert "S1MPLETRADER_ALERT_URLS" in told.args[0]


def test_a_message_that_nobody_got_is_told(scene: Scene, qtbot: QtBot) -> None:
    with qtbot.waitSignal(scene.phone.told) as told:
        scene.phone._on_failure("PAPER · Venue not heard")

    assert "reached nobody outside: PAPER · Venue not heard" in told.args[0]
