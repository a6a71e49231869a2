"""Signals and threats of a running session: what was said, by whom, and what came of it."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from engine.contracts.flows import OutcomeKind
from gui.app import Workstation
from gui.bridge.host import SessionHost
from gui.bridge.tasks import TaskKeeper
from gui.models.column import BARS_ROLE, Bars
from gui.panels.signals import NoticedPanel, signals_panel, threats_panel
from gui.workspace.panel_names import PanelName
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until

pytestmark = pytest.mark.gui


@dataclass(frozen=True)
class Scene:
    session: ScriptedSession
    host: SessionHost
    signals: NoticedPanel
    threats: NoticedPanel

    def play(self, bars: int) -> None:
        """Let bars pass and show at once all that was said in them."""
        for _ in range(bars):
            self.session.step()
        self.host.feed.flush()
        self.signals.model.refresh()
        self.threats.model.refresh()


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    session = ScriptedSession(bars=200)
    host = SessionHost(session, TaskKeeper())
    signals = signals_panel(host)
    threats = threats_panel(host, signals)
    host.setParent(signals)
    for model in (signals.model, threats.model):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)

    def rest(_panel: NoticedPanel) -> None:
        qtbot.waitUntil(lambda: not any(timer.isActive() for timer in signals.findChildren(QTimer)))

    qtbot.addWidget(signals, before_close_func=rest)
    return Scene(session, host, signals, threats)


def texts(panel: NoticedPanel, place: int) -> dict[str, str]:
    row = panel.model.row_at(place)
    return {column.header: column.text(row) for column in panel.model.columns}


def test_every_signal_and_every_threat_of_the_session_is_a_row_once(scene: Scene) -> None:
    scene.play(60)

    assert scene.signals.model.rowCount() == 6  # one refused, two entered, three refused later
    assert scene.threats.model.rowCount() == 1


def test_a_signal_that_was_refused_says_by_which_rule_and_with_which_numbers(scene: Scene) -> None:
    scene.play(6)

    shown = texts(scene.signals, 0)
    assert (shown["Worker"], shown["Symbol"], shown["Confidence"]) == ("fair_value_gap", "BTC/USDT", "0.58")
    assert shown["Because"] == "gap size 12.5, bars 3"
    assert (shown["Directive"], shown["Flow ended"], shown["By"]) == (
        "None",
        "Rejected",
        "Planning: stop loss tolerance",
    )
    assert "1.84 %" in shown["Reason"]


def test_a_signal_that_was_traded_names_its_directive_and_its_group(scene: Scene) -> None:
    scene.play(9)

    row = scene.signals.model.row_at(0)
    shown = texts(scene.signals, 0)
    assert row.record.outcome.kind is OutcomeKind.EXECUTED
    assert shown["Directive"].startswith("STR_")
    assert shown["By"] == scene.session.books.get_execution_groups()[0].group_id


def test_severity_is_a_number_and_a_bar(scene: Scene) -> None:
    scene.play(15)

    place = [column.header for column in scene.threats.model.columns].index("Severity")
    index = scene.threats.model.index(0, place)
    assert index.data() == "0.45"
    assert index.data(BARS_ROLE) == Bars(None, 0.45)
    assert texts(scene.threats, 0)["Symbol"] == "Whole portfolio"


def test_only_what_a_directive_names_or_only_what_was_refused_is_shown(scene: Scene) -> None:
    scene.play(60)
    choice, model = scene.signals.tools.choice, scene.signals.model

    choice.setCurrentIndex(1)
    assert [bool(model.row_at(place).directives) for place in range(model.rowCount())] == [True, True]
    choice.setCurrentIndex(2)
    assert model.rowCount() == 4


def test_signals_are_exported_with_exact_confidence(scene: Scene, qtbot: QtBot, tmp_path: Path) -> None:
    scene.play(9)
    path = tmp_path / "signals.csv"

    with qtbot.waitSignal(scene.signals.tools.told):
        scene.signals.tools.export_csv(str(path))

    written = path.read_text(encoding="utf-8").splitlines()
    assert len(written) == 3
    assert {Decimal(row.signal.confidence) for row in scene.signals.model.rows.values()} == {
        Decimal("0.58"),
        Decimal("0.82"),
    }
    assert "0.82" in written[1]


def test_choosing_a_row_leads_to_its_flow(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        def has_a_threat() -> bool:
            return workstation.desk is not None and len(workstation.desk.threats.model.rows) == 1

        await until(has_a_threat, seconds=20.0)
        session.pause()
        desk = workstation.desk
        assert desk is not None
        assert workstation.host is not None
        desk.refresh()
        desk.show_panel(PanelName.THREATS)
        desk.threats.table.setCurrentIndex(desk.threats.model.index(0, 0))

        flow_id = desk.threats.model.row_at(0).record.flow_id
        choice = workstation.host.focus.choice
        assert choice is not None
        assert choice.flow_id == flow_id
        assert desk.decisions.table.chosen().flow_id == flow_id
        assert desk.chain.heading.text().endswith(flow_id)

    play(session, story)
