"""What every test stands on: its own folders, fixed seeds, and nothing that goes unnoticed or is left behind."""

import asyncio
import gc
import logging
import os
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # read when the application is made: before anyone imports Qt

import hypothesis
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop
from shiboken6 import isValid

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("unit", "quality", "property", "flow", "conformance", "gui", "end2end", "benchmarks")
_MARKER_OF_FOLDER = {layer: layer.removesuffix("s") if layer == "benchmarks" else layer for layer in LAYERS}
_THREAD_GRACE_S = 2.0
_failed = pytest.StashKey[bool]()

hypothesis.settings.register_profile("here", deadline=None, max_examples=50)
# CI must give the same answer for the same commit: no random seed, no stored examples.
hypothesis.settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def _layer_of(item: pytest.Item) -> str:
    parts = item.path.relative_to(ROOT / "tests").parts if item.path.is_relative_to(ROOT / "tests") else ()
    return parts[0] if parts and parts[0] in LAYERS else "unit"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give each test the marker of its folder, so that `-m gui` takes all of tests/gui."""
    marker = _MARKER_OF_FOLDER[_layer_of(item)]
    if not any(mark.name in _MARKER_OF_FOLDER.values() for mark in item.iter_markers()):
        item.add_marker(marker)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the fast layers first: what fails in one room need not be read in the whole house."""
    items.sort(key=lambda item: LAYERS.index(_layer_of(item)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a test failed: what it then leaves behind is not news."""
    report = yield
    if report.failed:
        item.stash[_failed] = True
    return report


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real market data beside the project."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("real market data is not here: expected the folder shared/data beside the project")
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home for data, configuration and state, so that no test touches the user's folders."""
    folder = tmp_path / "home"
    monkeypatch.setenv("S1MPLETRADER_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves threads, running timers or windows: they would act in the next one."""
    # Made before any other fixture and so checked after all of them are closed.
    threads = set(threading.enumerate())
    has_qt = "qapp" in request.fixturenames
    leftovers = _qt_leftovers() if has_qt else None
    yield
    if request.node.stash.get(_failed, False):
        return
    found = [f"the thread {thread.name!r}" for thread in _threads_that_stay(threads)]
    if leftovers is not None:
        found += leftovers()
    if found:
        pytest.fail(f"the test left behind: {', '.join(found)}", pytrace=False)


def _threads_that_stay(before: set[threading.Thread]) -> list[threading.Thread]:
    new = [thread for thread in threading.enumerate() if thread not in before]
    ours = [thread for thread in new if not isinstance(thread, threading._DummyThread)]
    for thread in ours:
        thread.join(_THREAD_GRACE_S)
    return [thread for thread in ours if thread.is_alive()]


def _qt_leftovers() -> Callable[[], list[str]]:
    """Look at what is open now; return a question that names what has been opened since."""

    def windows() -> list[QWidget]:
        return [widget for widget in QApplication.topLevelWidgets() if isValid(widget) and widget.parent() is None]

    def is_busy(thing: QTimer | QThread) -> bool:
        if isinstance(thing, QTimer):
            return thing.isActive()
        return thing.isRunning() and thing is not QThread.currentThread()

    def at_work() -> list[QTimer | QThread]:
        alive = [thing for thing in gc.get_objects() if issubclass(type(thing), QTimer | QThread)]
        return [thing for thing in alive if isValid(thing) and is_busy(thing)]

    def open_now() -> list[QObject]:
        return [*windows(), *at_work()]

    def name(thing: QObject) -> str:
        title = thing.windowTitle() if isinstance(thing, QWidget) else ""
        return f"{type(thing).__name__}({(thing.objectName() or title)!r})"

    before = {id(thing): thing for thing in open_now()}

    def since() -> list[str]:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if any(before.get(id(thing)) is not thing for thing in open_now()):
            gc.collect()  # what only a cycle of references keeps alive is not left behind
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return [name(thing) for thing in open_now() if before.get(id(thing)) is not thing]

    return since


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test in which our code logged WARNING or above, unless it is marked `allow_warnings`."""
    yield
    if request.node.get_closest_marker("allow_warnings") or request.node.stash.get(_failed, False):
        return
    records = [record for phase in ("setup", "call", "teardown") for record in caplog.get_records(phase)]
    loud = [
        f"{record.name} {record.levelname}: {record.getMessage()}"
        for record in records
        if record.levelno >= logging.WARNING
    ]
    if loud:
        pytest.fail(
            "unexpected in the log (mark the test allow_warnings if it is the point):\n" + "\n".join(loud),
            pytrace=False,
        )


@pytest.fixture
def qt_loop(qapp: QApplication) -> Iterator[QEventLoop]:
    """An asyncio loop that is Qt's own: `qt_loop.run_until_complete(...)` runs coroutines and Qt events together."""
    loop: Any = QEventLoop(qapp)
    yield loop
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.close()
    asyncio.set_event_loop(None)
