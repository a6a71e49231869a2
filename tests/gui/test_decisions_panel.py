"""The chain beside the decisions: what a person chose at once, what comes by itself now and then, the last of it always."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from gui.bridge.host import SessionHost
from gui.bridge.tasks import TaskKeeper
from gui.models.ledger import LedgerModels
from gui.panels.decisions import ChainView, DecisionsPanel
from tests.support.gui import ScriptedSession

pytestmark = pytest.mark.gui


class Counter(QObject):
    """Counts how often a signal came."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def count_one(self) -> None:
        self.count += 1


@dataclass(frozen=True)
class Scene:
    session: ScriptedSession
    host: SessionHost
    panel: DecisionsPanel

    def play(self, bars: int) -> None:
        """Let bars pass and tell the panel at once of all that came of them."""
        for _ in range(bars):
            self.session.step()
        self.host.feed.flush()


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    session = ScriptedSession(bars=200)
    host = SessionHost(session, TaskKeeper())
    chain = ChainView(LedgerModels(host, host))
    panel = DecisionsPanel(host, chain)
    host.setParent(panel)
    chain.setParent(panel)

    def rest(_panel: DecisionsPanel) -> None:
        qtbot.waitUntil(lambda: not any(timer.isActive() for timer in panel.findChildren(QTimer)))

    qtbot.addWidget(panel, before_close_func=rest)
    return Scene(session, host, panel)


def test_many_flows_draw_the_chain_once_and_it_is_the_last_of_them(scene: Scene, qtbot: QtBot) -> None:
    drawn, told = Counter(), Counter()
    scene.panel.chain.tree.model().modelReset.connect(drawn.count_one)
    scene.host.feed.flow_ended.connect(told.count_one)

    scene.play(180)

    newest = list(scene.panel.model.rows)[-1]
    assert told.count > 10
    assert drawn.count == 0
    qtbot.waitUntil(lambda: scene.panel.chain.heading.text().endswith(str(newest)))
    assert drawn.count == 1


def test_a_picture_waits_for_nothing(scene: Scene) -> None:
    scene.play(180)

    scene.panel.refresh()

    assert scene.panel.chain.heading.text().endswith(str(list(scene.panel.model.rows)[-1]))


def test_what_a_person_chooses_is_drawn_at_once(scene: Scene) -> None:
    scene.play(180)

    scene.panel.choose(3)

    assert scene.panel.chain.heading.text().endswith(str(scene.panel.model.keys[3]))
