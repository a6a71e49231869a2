"""Ten kinds of bad plugins lie on the shelf, and a window opens: the session is unharmed, and each is named with its reason."""

import sys
import threading

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from qasync import QEventLoop

from engine.alerts.alert import AlertKind
from engine.config.places import Places
from engine.contracts.flows import OutcomeKind
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.catalogue import Catalogue
from engine.phase0_bootstrap.discovery import user_shelf
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.phase0_bootstrap.probe import ProbeLimits
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.ports.session import SessionState, TradingSession
from gui.app import EXIT_FAILED, EXIT_OK, Workstation
from tests.gui.conftest import Play
from tests.support.config import swapped
from tests.support.gui import ScriptedSession, until
from tests.support.strangers import WHY_BAD, name_of, ten_bad_plugins

pytestmark = pytest.mark.gui

LAST_CONTEXT_WORKER = "    - plugin: ADXRegimeClassifier\n"
HARMLESS_HERE = {"linux": set[str](), "darwin": {"huge_memory"}, "win32": {"huge_memory", "infinite_loop"}}
"""What a platform cannot hold to its limits, so that it is found otherwise or not at all."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    root = tmp_path_factory.mktemp("user")
    return Places(data=root / "data", config=root / "config", state=root / "state")


@pytest.fixture(scope="module")
def crowd(places: Places) -> Catalogue:
    ten_bad_plugins(user_shelf(places))
    return full_catalogue(places, limits=ProbeLimits(time_s=60.0, computing_s=2.0))


def test_the_window_names_each_bad_plugin_with_its_reason_and_trades_on(
    play: Play, places: Places, crowd: Catalogue
) -> None:
    session = open_session(operation_path("demo-paper", places), places=places, bars=40, speed=0)
    shown: dict[str, str] = {}

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None and session.status.state is SessionState.STOPPED, seconds=60)
        assert workstation.desk is not None
        panel = workstation.desk.alerts_panel
        panel.refresh()
        rows = [panel.model.row_at(place) for place in range(panel.model.rowCount())]
        shown.update({row.subject: row.detail for row in rows if row.kind is AlertKind.PLUGIN_QUARANTINED})

    assert play(session, story, places=places) == EXIT_OK
    expected = {name_of(folder): why for folder, why in WHY_BAD.items() if folder not in HARMLESS_HERE[sys.platform]}
    assert {name: why for name, why in expected.items() if why not in shown.get(name, "")} == {}
    assert {"FirstClaim", "SecondClaim"}.isdisjoint(shown)
    assert [strategy.is_paused for strategy in session.status.strategies] == [False, False]
    assert session.status.flows.get(OutcomeKind.FAILED, 0) == 0


@pytest.mark.allow_warnings
def test_a_strategy_that_employs_two_that_claim_one_column_is_refused_in_the_window(
    qapp: QApplication, qt_loop: QEventLoop, places: Places, crowd: Catalogue
) -> None:
    operation = copy_operation(operation_path("demo-paper", places), "claims", places)
    file = operation.parent / "strategies" / "demo_momentum_btc.yaml"
    both = f"    - plugin: FirstClaim\n    - plugin: SecondClaim\n{LAST_CONTEXT_WORKER}"
    file.write_text(swapped(file.read_text(encoding="utf-8"), (LAST_CONTEXT_WORKER, both)), encoding="utf-8")
    told: list[str] = []

    async def story() -> int:
        workstation = Workstation(lambda: open_session(operation, places=places, bars=5))

        async def read() -> None:
            await until(lambda: any("claimed" in label.text() for label in workstation.window.findChildren(QLabel)))
            told.extend(label.text() for label in workstation.window.findChildren(QLabel))
            workstation.ask_quit()

        workstation.tasks.keep(read(), name="reader")
        code = await workstation.run()
        workstation.deleteLater()
        return code

    assert qt_loop.run_until_complete(story()) == EXIT_FAILED
    text = "\n".join(told)
    assert "first_claim" in text
    assert "second_claim" in text
    assert "Nothing was started." in text


def test_what_takes_long_before_a_session_is_done_beside_the_window(qapp: QApplication, qt_loop: QEventLoop) -> None:
    seen: list[tuple[str, bool]] = []

    def note(what: str) -> None:
        seen.append((what, threading.current_thread() is threading.main_thread()))

    def opened() -> TradingSession:
        note("opened")
        return ScriptedSession(bars=5)

    async def story() -> int:
        workstation = Workstation(opened, prepares=lambda: note("prepared"), quits_with_session=True)
        code = await workstation.run()
        workstation.deleteLater()
        return code

    assert qt_loop.run_until_complete(story()) == EXIT_OK
    assert seen == [("prepared", False), ("opened", True)]
