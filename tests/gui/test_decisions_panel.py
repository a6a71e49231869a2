"""The chain beside the decisions: what a person chose at once, what comes by itself now and then, the last of it always."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QTreeWidget
from pytestqt.qtbot import QtBot

from engine.contracts.flows import OutcomeKind
from gui.bridge.host import SessionHost
from gui.bridge.tasks import TaskKeeper
from gui.models.ledger import LedgerModels
from gui.panels.decisions import ChainView, DecisionsPanel
from gui.theme.formats import NOTHING
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
    chain = ChainView(host, LedgerModels(host, host))
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


def cells_of(tree: QTreeWidget) -> list[list[str]]:
    """Return the texts of all lines, those below others after them."""
    lines, waiting = list[list[str]](), [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    while waiting:
        item = waiting.pop(0)
        assert item is not None
        lines.append([item.text(column) for column in range(tree.columnCount())])
        waiting[:0] = [item.child(place) for place in range(item.childCount())]
    return lines


def choose_the_trade(scene: Scene) -> None:
    scene.play(20)
    scene.panel.refresh()
    records = scene.panel.model.rows.values()
    traded = next(row for row in records if row.outcome.kind is OutcomeKind.EXECUTED)
    place = scene.panel.model.place_of(traded.flow_id)
    assert place is not None
    scene.panel.choose(place)


def test_the_planners_are_told_with_ranges_values_and_why_they_did_not_answer(scene: Scene) -> None:
    choose_the_trade(scene)

    scene.panel.chain.pages.setCurrentWidget(scene.panel.chain.planners)

    lines = cells_of(scene.panel.chain.planners)
    assert ["Entry: patient limit", "", "", "misses its range"] in lines
    assert ["Confidence", "0.5 to 0.8", "0.82", "outside"] in lines
    assert ["Entry: aggressive market", "", "", "answers"] in lines
    assert ["Size: fixed risk", "any", "", "answers"] in lines


def test_one_intent_is_told_in_the_terms_of_every_family_and_what_was_used_is_marked(scene: Scene) -> None:
    choose_the_trade(scene)

    scene.panel.chain.pages.setCurrentWidget(scene.panel.chain.terms)

    lines = {line[0]: line[1:] for line in cells_of(scene.panel.chain.terms)}
    assert lines["In each venue's terms"] == ["would be", "would be", "used in this session"]
    assert lines["Order type"] == ["Market", NOTHING, "Market"]
    assert lines["Gas strategy"][1] == "Fast"
    assert lines["Fill model"][2] != NOTHING


def test_a_flow_without_a_directive_asks_no_planner(scene: Scene) -> None:
    scene.panel.chain.pages.setCurrentWidget(scene.panel.chain.planners)
    choose_the_trade(scene)
    assert scene.panel.chain.planners.topLevelItemCount() == 3

    scene.panel.choose(scene.panel.model.count - 1)

    assert scene.panel.chain.planners.topLevelItemCount() == 0
