"""The batches panel: what became of each part, by the report that the engine keeps."""

import pytest

from engine.contracts.batches import BatchPhase, BatchStatus, LegStatus
from gui.app import Workstation
from gui.panels.batches import BatchesPanel
from gui.workspace.panel_names import PanelName
from tests.gui.conftest import Play
from tests.support import notes
from tests.support.gui import ScriptedSession, until

pytestmark = pytest.mark.gui


async def panel_of(workstation: Workstation) -> BatchesPanel:
    await until(lambda: workstation.desk is not None)
    assert workstation.desk is not None
    workstation.desk.show_panel(PanelName.BATCHES)
    return workstation.desk.batches


def texts(panel: BatchesPanel) -> list[list[str]]:
    panel.refresh()
    model = panel.model
    return [[str(model.index(row, column).data()) for column in range(9)] for row in range(model.rowCount())]


def test_every_part_of_a_batch_is_a_row_and_follows_its_report(play: Play) -> None:
    session = ScriptedSession(bars=0)
    one = notes.a_batch_report()
    report = one.model_copy(update={"legs": one.legs * 3})

    async def story(workstation: Workstation) -> None:
        panel = await panel_of(workstation)
        assert texts(panel) == []
        session.batch_reports = (report,)
        rows = texts(panel)
        count = len(report.legs)
        assert [row[3] for row in rows] == [f"{number} of {count}" for number in range(1, count + 1)]
        assert {row[1] for row in rows} == {"Atomic"}
        failed = report.legs[0].model_copy(update={"status": LegStatus.FAILED, "text": "the venue refuses to close"})
        over = {"phase": BatchPhase.REPORT, "status": BatchStatus.PARTIAL, "legs": (failed, *report.legs[1:])}
        session.batch_reports = (report.model_copy(update=over),)

        rows = texts(panel)

        assert len(rows) == count
        assert rows[0][2] == "Partial"
        assert rows[0][5] == "Failed"
        assert rows[0][8] == "the venue refuses to close"

    play(session, story)


def test_batches_that_did_not_come_out_as_asked_can_be_looked_for(play: Play) -> None:
    session = ScriptedSession(bars=0)
    report = notes.a_batch_report()
    over = {"phase": BatchPhase.REPORT, "status": BatchStatus.COMMITTED}
    refused = {"phase": BatchPhase.REPORT, "status": BatchStatus.REFUSED, "batch_id": notes.an_id("BAT", 9)}
    session.batch_reports = (report.model_copy(update=over), report.model_copy(update=refused))

    async def story(workstation: Workstation) -> None:
        panel = await panel_of(workstation)
        assert {row[2] for row in texts(panel)} == {"Committed", "Refused"}
        panel.tools.choice.setCurrentIndex(2)
        assert {row[2] for row in texts(panel)} == {"Refused"}

    play(session, story)
