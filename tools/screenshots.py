"""Draw the handbook's pictures of the window: a trader's first minutes with the demo session.

``make screenshots`` writes them into resources/handbook/pictures. The same story is run by tests/gui/test_demo_session.py.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, the project is not on the path

from PySide6.QtWidgets import QMessageBox

from engine.config.places import Places
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.flows import OutcomeKind
from engine.phase0_bootstrap.assembly import open_session
from engine.ports.session import TradingSession
from engine.primitives.ids import GroupId
from gui.app import Workstation, application, run_on, save_picture
from gui.bridge.host import SessionHost
from gui.models.group_tree import GroupRow
from gui.panels.emergency import FlattenState
from gui.workspace.desk import Desk
from gui.workspace.panel_names import PanelName
from resources import path_of

PATIENCE_S = 60.0
SPEED = 3_600.0
"""Market seconds per second: an hour of the demo market passes in one."""
SIZE = (1600, 960)
STEPS = ("1-started", "2-first-decision", "3-cancel-a-group", "4-flatten-asked", "5-flat")

_HELD_FOR = timedelta(minutes=15)

_THRESHOLD = "demo_momentum_btc.adaptive_momentum_planner.min_confidence"
"""The setting that the picture of what if asks about."""

OnStep = Callable[[str], None]


def demo_session(places: Places) -> TradingSession:
    """Return the demo session at the speed of the story."""
    return open_session(path_of("config", "operations", "demo-paper", "operation.yaml"), places=places, speed=SPEED)


async def first_minutes(
    workstation: Workstation, folder: Path, on_step: OnStep = lambda _step: None, *, has_cover: bool = False
) -> None:
    """Start, wait for the first decision, cancel a group, flatten, and see flat; a picture of each step.

    Args:
        workstation: Just opened on a demo session.
        folder: Where ``1-started.png`` and the others are written.
        on_step: Called when a step is on the screen.
        has_cover: Also draw what only pages show: ``window.png`` for the README, while a trade that is on the chart is
            open, and what if, which plays the session twice.

    Raises:
        TimeoutError: a step did not come within a minute.
    """
    workstation.window.resize(*SIZE)
    await _until(lambda: workstation.host is not None and workstation.host.is_running)
    desk, host = workstation.desk, workstation.host
    if desk is None or host is None:
        raise RuntimeError("the window has no session although one runs in it")

    def step(number: int) -> None:
        save_picture(workstation.window, desk, folder / f"{STEPS[number - 1]}.png")
        on_step(STEPS[number - 1])

    await asyncio.sleep(0.2)
    step(1)
    await _until(lambda: bool(host.status.flows.get(OutcomeKind.EXECUTED)))
    await _until(lambda: _place_of_executed(desk) is not None)
    desk.refresh()
    desk.decisions.choose(_place_of_executed(desk) or 0)
    step(2)
    if has_cover:
        await _until(lambda: _shows_a_trade(host))
        desk.refresh()
        desk.decisions.choose(_place_of_executed(desk) or 0)
        save_picture(workstation.window, desk, folder / "window.png")
    while not await _cancelled_a_group(desk, host, lambda: step(3)):
        pass  # the venue filled it before it heard of the cancel: the next one
    await _until(lambda: not host.exposure().is_flat)
    desk.session_bar.flatten_button.click()
    await asyncio.sleep(0.1)
    step(4)
    question = next(box for box in workstation.window.findChildren(QMessageBox) if box.isVisible())
    _save_question(question, folder / f"{STEPS[3]}-question.png")
    next(button for button in question.buttons() if button.objectName() == "accept").click()
    await _until(lambda: desk.flatten.state is FlattenState.FLAT)
    desk.show_panel(PanelName.POSITIONS)
    await asyncio.sleep(0.1)
    step(5)
    desk.emergency.open()
    await asyncio.sleep(0.1)
    desk.emergency.grab().save(str(folder / "6-emergency.png"))
    desk.emergency.hide()
    for name in (PanelName.SIGNALS, PanelName.THREATS, PanelName.RISK, PanelName.PERFORMANCE):
        desk.show_panel(name)
        await asyncio.sleep(0.1)
        save_picture(workstation.window, desk, folder / f"panel-{name}.png")
    if has_cover:
        await _ask_what_if(desk)
        save_picture(workstation.window, desk, folder / "panel-what-if.png")


async def _ask_what_if(desk: Desk) -> None:
    """Ask what a higher threshold would have decided, and wait for the answer."""
    desk.show_panel(PanelName.DECISIONS)
    desk.decisions.choose(_place_of_executed(desk) or 0)
    page = desk.chain.what_if
    desk.chain.pages.setCurrentWidget(page)
    await _until(lambda: page.setting.count() > 0)
    page.setting.setCurrentText(_THRESHOLD)
    page.value.setText("0.8")
    page.button.click()
    await _until(lambda: page.tree.topLevelItemCount() > 0)
    desk.toast.put_off()
    await asyncio.sleep(0.1)


async def _cancelled_a_group(desk: Desk, host: SessionHost, on_asked: Callable[[], None]) -> bool:
    """Cancel the first group that can be; tell whether the venue had not filled it by then."""
    await _until(lambda: _place_to_cancel(desk) is not None)
    host.toggle_pause()
    desk.refresh()
    place = _place_to_cancel(desk)
    if place is None:
        host.toggle_pause()
        return False
    desk.show_panel(PanelName.GROUPS)
    desk.groups.table.setCurrentIndex(desk.models.groups.index(place, 0))
    row = desk.groups.chosen_group()
    if row is None:
        raise RuntimeError("a group was chosen and none is")
    group_id = row.group.group_id
    desk.groups.cancel_button.click()
    on_asked()
    host.toggle_pause()
    await _until(lambda: _status(host, group_id).is_terminal)
    return _status(host, group_id) is ExecutionGroupStatus.CANCELLED


def _shows_a_trade(host: SessionHost) -> bool:
    shown, now = host.status.strategies[0].symbol, host.status.now
    return now is not None and any(
        position.symbol == shown and now - position.updated_at >= _HELD_FOR for position in host.exposure().positions
    )


def _status(host: SessionHost, group_id: GroupId) -> ExecutionGroupStatus:
    return next(group.status for group in host.groups() if group.group_id == group_id)


def _place_to_cancel(desk: Desk) -> int | None:
    places = range(desk.models.groups.rowCount())
    rows = ((place, desk.models.groups.row_at(place)) for place in places)
    return next((place for place, row in rows if isinstance(row, GroupRow) and row.may_be_cancelled), None)


def _place_of_executed(desk: Desk) -> int | None:
    model = desk.decisions.model
    places = range(model.rowCount())
    return next((place for place in places if model.row_at(place).outcome.kind is OutcomeKind.EXECUTED), None)


def _save_question(question: QMessageBox, path: Path) -> None:
    question.grab().save(str(path))


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110  # what is waited for is a state of the window, not an event
            await asyncio.sleep(0.01)


def main() -> int:
    """Draw the pictures and say where they are."""
    folder = path_of("handbook") / "pictures"
    folder.mkdir(exist_ok=True)
    app = application(sys.argv[:1])
    with tempfile.TemporaryDirectory() as home:
        root = Path(home)
        places = Places(data=root / "data", config=root / "config", state=root / "state")

        async def work() -> int:
            workstation = Workstation(lambda: demo_session(places))
            story: Awaitable[None] = workstation.tasks.keep(
                first_minutes(workstation, folder, has_cover=True), name="first minutes"
            )

            async def end() -> None:
                await story
                workstation.ask_quit()

            workstation.tasks.start(end(), name="end")
            return await workstation.run()

        code = run_on(app, work())
    print(f"Pictures: {folder}")  # noqa: T201  # a tool talks to the terminal
    return code


if __name__ == "__main__":
    sys.exit(main())
