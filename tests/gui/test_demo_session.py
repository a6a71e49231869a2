"""The demo session in the window, as a trader first meets it: decide, cancel, flatten, flat. A picture of each step."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from engine.config.places import Places
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.flows import OutcomeKind
from engine.phase0_bootstrap.assembly import open_session
from engine.ports.session import SessionState
from gui.app import EXIT_OK, Workstation, save_picture
from gui.panels.emergency import FlattenState
from gui.workspace.desk import Desk
from resources import path_of
from tests.gui.conftest import Play
from tests.support.gui import click_answer, until

pytestmark = pytest.mark.gui

PATIENCE_S = 60.0
SPEED = 3_600.0  # an hour of the market a second: a bar every 17 ms


def first_to_cancel(desk: Desk) -> int | None:
    """Return the place of the first group of which something is still to come."""
    places = range(desk.models.groups.rowCount())
    return next((place for place in places if desk.models.groups.row_at(place).may_be_cancelled), None)


def test_a_trader_s_first_minutes(play: Play, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    session = open_session(
        path_of("config", "operations", "demo-paper", "operation.yaml"), places=Places.of_user(), speed=SPEED
    )

    async def story(workstation: Workstation) -> None:
        workstation.window.resize(1600, 960)
        await until(lambda: workstation.host is not None and workstation.host.is_running, seconds=PATIENCE_S)
        desk, host = workstation.desk, workstation.host
        await asyncio.sleep(0.1)
        save_picture(workstation.window, desk, pictures / "1-started.png")
        assert host.status.label == "DEMO"

        await until(lambda: bool(host.status.flows.get(OutcomeKind.EXECUTED)), seconds=PATIENCE_S)
        desk.refresh()
        row = next(
            place
            for place in range(desk.decisions.model.rowCount())
            if desk.decisions.model.row_at(place).outcome.kind is OutcomeKind.EXECUTED
        )
        desk.decisions.choose(row)
        save_picture(workstation.window, desk, pictures / "2-first-decision.png")
        assert desk.chain.tree.topLevelItemCount() > 8

        await until(lambda: first_to_cancel(desk) is not None, seconds=PATIENCE_S)
        host.toggle_pause()
        desk.refresh()
        desk.show_tab(desk.groups)
        desk.groups.table.setCurrentIndex(desk.models.groups.index(first_to_cancel(desk), 0))
        group_id = desk.groups.table.chosen().group.group_id
        desk.groups.cancel_button.click()
        save_picture(workstation.window, desk, pictures / "3-cancelling-a-group.png")
        host.toggle_pause()
        status_of = session.ledger.get_group
        await until(lambda: status_of(group_id).status is ExecutionGroupStatus.CANCELLED, seconds=PATIENCE_S)

        await until(lambda: not host.exposure().is_flat, seconds=PATIENCE_S)
        desk.session_bar.flatten_button.click()
        await asyncio.sleep(0.05)
        save_picture(workstation.window, desk, pictures / "4-flatten-asked.png")
        click_answer(workstation.window, "Flatten all")
        await until(lambda: desk.flatten.state is FlattenState.FLAT, seconds=PATIENCE_S)
        desk.show_tab(desk.positions)
        save_picture(workstation.window, desk, pictures / "5-flat.png")
        assert host.exposure().is_flat
        assert desk.models.positions.rowCount() == 0
        assert "FLAT, verified from the ledger" in desk.flatten.text.text()

    assert play(session, story) == EXIT_OK
    assert session.status.state is SessionState.STOPPED
    assert len(list(pictures.glob("*.png"))) == 5


def test_focus_starts_where_the_keys_of_the_chart_work(play: Play) -> None:
    session = open_session(
        path_of("config", "operations", "demo-paper", "operation.yaml"), places=Places.of_user(), bars=5, speed=0
    )

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None, seconds=PATIENCE_S)
        chart = workstation.desk.market.chart
        assert chart is not None
        assert chart.focusPolicy() == Qt.FocusPolicy.StrongFocus
        await until(chart.hasFocus)

    play(session, story)
