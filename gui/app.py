"""The window's composition root: application, loop, session, desk.

`run_window` is what the program calls; `run_offscreen` draws a session where there is no screen.
"""

import asyncio
import gc
import importlib
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

os.environ["QT_API"] = "pyside6"  # qasync and pyqtgraph would take another Qt if it were installed, and mix the two

from PySide6.QtCore import QDateTime, QEvent, QMessageLogContext, QObject, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from engine.alerts.alert import SavedAlerts
from engine.alerts.outside import addresses_in
from engine.config.places import Places
from engine.ports.session import Mode, SessionStatus, TradingSession
from engine.primitives.errors import EngineError
from gui.actions.catalogue import ActionId, ActionName
from gui.actions.palette import Command, CommandPalette
from gui.actions.panic_key import PanicKey
from gui.bridge.alert_phone import AlertPhone
from gui.bridge.host import SessionHost
from gui.bridge.tasks import TaskKeeper
from gui.bridge.watchdog import LagWatchdog
from gui.incident.faults import Fault
from gui.incident.response import IncidentResponse
from gui.interrupts import Interrupts
from gui.kept_file import KeptFile
from gui.log.collector import LogCollector
from gui.log.file import LogFile
from gui.main_window import MainWindow
from gui.preferences.dialog import PreferencesDialog
from gui.preferences.preferences import Preferences
from gui.preferences.settings import Settings
from gui.theme.look import dress, has_fonts
from gui.translation import translate
from gui.workspace.window_place import WindowPlace, place_of, put_back

if TYPE_CHECKING:
    from engine.phase0_bootstrap.strategy_draft import StrategyDraft
    from gui.editor.strategy_editor import StrategyEditor
    from gui.workspace.desk import Desk

logger = logging.getLogger("gui")

_OPENING: Final = "open session"

_DESK: Final = ("gui.workspace.desk", "gui.workspace.workspaces", "gui.tour.guide")
"""Bring pyqtgraph, QtAds and all panels: two thirds of a second."""
_SWITCH_S: Final = 0.0005
"""How long another thread may keep the window waiting; Python's own 5 ms are seen as jerks (charts-and-loop.md, 7)."""

EXIT_OK: Final = 0
EXIT_FAILED: Final = 1

OpenSession = Callable[[], TradingSession]
T = TypeVar("T")


class Workstation(QObject):
    """One window and the session in it, from opening to the orderly end.

    Args:
        open_session: Makes a session that has not begun; called once at the start and again for *Start anew*.
        starts_at_once: Whether a session begins to run as soon as it is shown.
        quits_with_session: Whether the window closes when the session has ended by itself.
        quit_after_flows: Close when so many flows have ended; None waits for a person.
        picture: Where the window is drawn just before it closes, as PNG.
        places: Where settings and workspaces are kept; None keeps nothing.
        loads: Modules that `open_session` needs: imported on another thread once the window is on the screen.
        prepares: What has to be done before a session can be opened and may take long; on another thread, each time.
        version: Of the program: its tour is shown once; None shows it only when it is asked for.
    """

    def __init__(
        self,
        open_session: OpenSession,
        *,
        places: Places | None = None,
        starts_at_once: bool = True,
        quits_with_session: bool = False,
        quit_after_flows: int | None = None,
        picture: Path | None = None,
        loads: Sequence[str] = (),
        prepares: Callable[[], object] | None = None,
        version: str | None = None,
    ) -> None:
        super().__init__()
        self._version = version
        self._open_session = open_session
        self._loads = loads
        self._prepares = prepares
        self._starts_at_once = starts_at_once
        self._quits_with_session = quits_with_session
        self._quit_after_flows = quit_after_flows
        self._picture = picture
        self._is_closing = False
        self._has_failed = False
        self._over: asyncio.Future[None] | None = None
        self.host: SessionHost | None = None
        self.desk: Desk | None = None
        self.tasks = TaskKeeper(self)
        self._places = places
        self._window_file = KeptFile(_state_path(places, "window.json"), WindowPlace)
        self._told_later: list[str] = []
        self.preferences = Preferences(places, self)
        self.watchdog = LagWatchdog(parent=self)
        self.log = LogCollector(self)
        self.phone = AlertPhone(addresses_in(os.environ), self)
        self.phone.told.connect(self._tell)
        self.window = MainWindow()
        place, problem = self._window_file.read()
        put_back(self.window, place)
        self._told_later.extend(each for each in (self.preferences.problem, problem) if each)
        self.window.show_keymap(self.preferences.keymap)
        self.preferences.changed.connect(self._on_settings_changed)
        self.preferences.failed.connect(self._tell)
        self.panic = PanicKey(self._panic_keys, self)
        self.panic.armed.connect(self._on_panic_armed)
        self.panic.fired.connect(self._on_panic_fired)
        self.panic.disarmed.connect(self._on_panic_disarmed)
        self.incidents = IncidentResponse(
            self.window,
            places,
            log=self.log,
            tasks=self.tasks,
            status=self._status,
            tell=self._tell,
            parent=self,
        )
        self.incidents.faults.seen.connect(self._on_fault_seen)
        self.window.close_asked.connect(self.ask_quit)
        self.window.pause_asked.connect(self._on_pause_asked)
        self.tasks.failed.connect(self._on_task_failed)
        self.editor: StrategyEditor | None = None
        self._connect_actions()

    async def run(self) -> int:
        """Show the window, open the session, and return when both are closed: 0, or 1 after a failure."""
        self._over = asyncio.get_running_loop().create_future()
        self.window.show()
        self.tasks.start(self._open(), name=_OPENING)
        try:
            await self._over
        finally:
            self.watchdog.stop()
            await self.phone.close()
            if self.desk is not None:
                self.desk.emergency.deleteLater()
            self.panic.let_go()
            await self.tasks.cancel_all()
            self.window.close_now()
            self.window.deleteLater()
        return EXIT_FAILED if self._has_failed else EXIT_OK

    def ask_quit(self) -> None:
        """End the session orderly, wait until all is on disk, then close. A second call changes nothing."""
        if not self._is_closing:
            self._is_closing = True
            self.tasks.start(self._close(), name="close")

    def _panic_keys(self) -> list[QKeySequence]:
        return self.window.action(ActionName.FLATTEN).shortcuts()

    def _on_panic_armed(self) -> None:
        if self.desk is not None:
            keys = self.window.action(ActionName.FLATTEN).shortcut()
            self.desk.emergency.show_armed(keys.toString(QKeySequence.SequenceFormat.NativeText))

    def _on_panic_fired(self) -> None:
        if self.desk is not None:
            self.desk.emergency.flatten_everything()

    def _on_panic_disarmed(self) -> None:
        if self.desk is not None:
            self.desk.emergency.show_disarmed()

    def show_commands(self) -> CommandPalette:
        """Open the command palette."""
        palette = CommandPalette(self._commands(), self.window)
        palette.chosen.connect(_run)
        palette.open()
        return palette

    def edit_strategy(self) -> None:
        """Open the strategy editor; what is not saved stays in it when it is closed."""
        if self.host is None:
            return
        if self.editor is None:
            from gui.editor.strategy_editor import StrategyEditor  # noqa: PLC0415  # reads plugins: not before the first paint

            self.editor = StrategyEditor(self.host.status.strategies, self._open_draft, self.tasks, self.window)
        self.editor.show()
        self.editor.raise_()
        self.editor.activateWindow()

    def _open_draft(self, path: Path) -> "StrategyDraft":
        from engine.phase0_bootstrap.shelves import full_catalogue  # noqa: PLC0415  # likewise
        from engine.phase0_bootstrap.strategy_draft import StrategyDraft  # noqa: PLC0415  # likewise

        return StrategyDraft(path, full_catalogue(self._places or Places.of_user()))

    def show_preferences(self) -> PreferencesDialog:
        """Open the preferences."""
        dialog = PreferencesDialog(self.preferences, self.window)
        dialog.open()
        return dialog

    def keep_log(self) -> Callable[[], None]:
        """Collect the log from now on, and write it where this window's state is kept; return what ends that."""
        self.log.start()
        if self._places is None:
            return self.log.stop
        begun = QDateTime.currentDateTimeUtc().toString("yyyyMMdd-HHmmss")
        file = LogFile(self._places.state / "logs", f"{begun}-{os.getpid()}", clean=self.incidents.clean)
        try:
            file.start()
        except OSError as error:
            text = self.tr("The log is not written to disk: {folder} cannot be made ({reason}).")
            self._tell(text.format(folder=file.path.parent, reason=error.strerror))
            return self.log.stop

        def end() -> None:
            self.log.stop()
            file.stop()

        return end

    def _tell_fault(self, text: str) -> None:
        """Tell a person that something of ours failed; the session goes on if it can."""
        self._has_failed = True
        if self.desk is not None:
            self.desk.notes.add_fault(text)
        else:
            self.window.say(self.tr("Something went wrong"), text, is_fault=True)

    async def _open(self) -> None:
        await asyncio.sleep(0.02)  # one frame: the window is on the screen before anything heavy is imported
        await asyncio.to_thread(_load, (*_DESK, *self._loads))  # and stays alive meanwhile
        from gui.workspace.desk import Desk  # noqa: PLC0415  # loaded above
        from gui.workspace.workspaces import FILE_NAME, SavedWorkspaces  # noqa: PLC0415  # brings QtAds

        try:
            if self._prepares is not None:
                await asyncio.to_thread(self._prepares)
            session = self._open_session()
        except EngineError as error:
            self._has_failed = True
            untouched = self.tr("Nothing was started.")
            self.window.say(self.tr("The session cannot be opened"), f"{error}\n\n{untouched}", is_fault=True)
            if self._quits_with_session:
                self.ask_quit()
            return
        former, self.host = self.host, SessionHost(session, self.tasks, self)
        kept = KeptFile(_state_path(self._places, FILE_NAME), SavedWorkspaces)
        kept_alerts = KeptFile(_alerts_path(self._places, self.host.status), SavedAlerts)
        self.desk = Desk(self.host, self.window, kept=kept, kept_alerts=kept_alerts, log=self.log)
        self.desk.new_session_asked.connect(self._on_new_session_asked)
        self.watchdog.lag_measured.connect(self.desk.vitals.take_lag)
        self.phone.watch(self.desk.alerts, self.host)
        self.window.setCentralWidget(self.desk)
        if former is not None:
            former.deleteLater()
        self.host.feed.status_changed.connect(self._on_status_changed)
        self._on_status_changed(self.host.status)
        self._connect_actions()
        self.window.show_panel_toggles(self.desk.docks.toggle_action(name) for name in self.desk.panels)
        for text in self._told_later:
            self._tell(text)
        self._told_later.clear()
        if self._quits_with_session:
            self.host.ended.connect(self.ask_quit)
        # A full collection stops the window for 20 to 50 ms; what was made so far stays until the end anyway.
        gc.collect()
        gc.freeze()
        if self.desk.market.chart is not None:
            self.desk.market.chart.setFocus()
        self._offer_tour()
        if not self._starts_at_once:
            return
        if self.host.status.mode is Mode.LIVE:
            self._tell(self.tr("Real money: nothing begins by itself. Press Start when you are ready."))
        else:
            self.host.start()

    def show_tour(self) -> None:
        """Show where everything is, from the first step on."""
        from gui.tour.guide import show_tour  # noqa: PLC0415  # brings the desk, which is loaded behind the first paint

        if self.desk is not None and self.host is not None:
            show_tour(self.desk, self.preferences.keymap, self.host.status.mode)

    def _offer_tour(self) -> None:
        """Show the tour to somebody who has not seen that of this version."""
        from gui.tour.guide import FILE_NAME, show_once  # noqa: PLC0415  # brings the desk, which is loaded by now

        path = _state_path(self._places, FILE_NAME)
        if path is None or self._version is None or self.desk is None or self.host is None:
            return
        mode = self.host.status.mode
        if problem := show_once(self.desk, self.preferences.keymap, mode, path=path, version=self._version):
            self._tell(problem)

    async def _close(self) -> None:
        if self.host is not None and self.host.is_running:
            self.window.show_closing()
            self.host.stop()
            await self.host.wait_ended()
        self._remember()
        if self._picture is not None:
            await asyncio.sleep(0)
            self.window.setUpdatesEnabled(True)
            save_picture(self.window, self.desk, self._picture)
        if self._over is not None and not self._over.done():
            self._over.set_result(None)

    def _connect_actions(self) -> None:
        handlers: dict[ActionId, Callable[[], object]] = dict(self.desk.handlers()) if self.desk is not None else {}
        if self.desk is not None:
            handlers[ActionName.TOUR] = self.show_tour
        handlers[ActionName.QUIT] = self.ask_quit
        handlers[ActionName.SHOW_KEYS] = self.window.show_keys
        handlers[ActionName.INCIDENT_BUNDLE] = self.incidents.make_bundle
        handlers[ActionName.TEST_ALERT] = self.phone.test
        handlers[ActionName.COMMANDS] = self.show_commands
        handlers[ActionName.PREFERENCES] = self.show_preferences
        if self.host is not None:
            handlers[ActionName.EDIT_STRATEGY] = self.edit_strategy
        self.window.connect_actions(handlers)

    def _commands(self) -> list[Command]:
        """Return everything that the palette finds: all actions, with panels and workspaces, then the strategies."""
        keymap = self.preferences.keymap
        commands = [
            Command(
                kind=entry.menu.replace("&", ""),
                text=entry.text,
                keys=keymap.shown_keys_of(name),
                run=self.window.action(name).trigger,
                is_enabled=self.window.action(name).isEnabled(),
            )
            for name, entry in keymap.usual.items()
            if name is not ActionName.COMMANDS
        ]
        if self.desk is not None and self.host is not None:
            commands.extend(
                Command(
                    kind=translate("Actions", "Strategy"),
                    text=f"{strategy.name} · {strategy.symbol} · {strategy.timeframe}",
                    keys="",
                    run=partial(self.desk.show_strategy, place),
                )
                for place, strategy in enumerate(self.host.status.strategies)
            )
        return commands

    def _on_settings_changed(self, _settings: Settings) -> None:
        self.window.show_keymap(self.preferences.keymap)
        if self.desk is not None:
            self.desk.show_titles()
        if self.host is not None:
            self.window.wear_icon(self.host.status.mode)

    def _status(self) -> SessionStatus | None:
        return None if self.host is None else self.host.status

    def _on_fault_seen(self, fault: Fault) -> None:
        self._tell_fault(f"{fault.where}: {fault.text}")

    def _tell(self, text: str) -> None:
        """Tell a person what is about the window, not about trading."""
        if self.desk is None:
            self._told_later.append(text)
        else:
            self.desk.notes.add(translate("Workstation", "Window"), text)

    def _remember(self) -> None:
        """Keep how the window and its workspaces lie now."""
        if self.desk is not None:
            self.desk.workspaces.remember()
            self.desk.alerts.keep()
        if problem := self._window_file.write(place_of(self.window)):
            logger.warning("The place of the window was not kept.", extra={"problem": problem})

    def _on_pause_asked(self) -> None:
        if self.desk is not None:
            self.desk.start_or_pause()

    def _on_new_session_asked(self) -> None:
        self._remember()
        self.desk = None
        self.window.show_panel_toggles(())
        self.window.say(self.tr("Opening the session…"), "")
        self._connect_actions()
        self.tasks.start(self._open(), name=_OPENING)

    def _on_status_changed(self, status: SessionStatus) -> None:
        self.window.show_status(status)
        if self._quit_after_flows is not None and sum(status.flows.values()) >= self._quit_after_flows:
            self.ask_quit()

    def _on_task_failed(self, name: str, error: Exception) -> None:
        if isinstance(error, EngineError):
            self._tell_fault(f"{name}: {error}")
        else:
            self.incidents.faults.take(name, error)
        if name == _OPENING and self._quits_with_session:
            self.ask_quit()


def run_window(
    open_session: OpenSession,
    *,
    places: Places | None = None,
    screenshot: Path | None = None,
    quit_after_flows: int | None = None,
    loads: Sequence[str] = (),
    prepares: Callable[[], object] | None = None,
) -> int:
    """Open the window on a session and return when it is closed.

    Args:
        open_session: Makes the session; an `EngineError` that it raises is shown in the window.
        places: Where settings and workspaces are kept; None keeps nothing.
        screenshot: Where to draw the window just before it closes, as PNG.
        quit_after_flows: Close after so many flows; None waits for a person.
        loads: Modules that `open_session` needs: imported on another thread once the window is on the screen.
        prepares: What has to be done before a session can be opened and may take long; on another thread, each time.

    Returns:
        0, or 1 when the session could not be opened or something failed.
    """
    app = application(sys.argv[:1])
    sys.setswitchinterval(_SWITCH_S)

    async def work() -> int:
        workstation = Workstation(
            open_session,
            places=places,
            quit_after_flows=quit_after_flows,
            picture=screenshot,
            loads=loads,
            version=version("s1mpletrader"),
            prepares=prepares,
        )
        workstation.watchdog.start()  # where a person waits; pictures and tests may take their time
        workstation.phone.start()
        end_log = workstation.keep_log()
        interrupts = Interrupts()
        interrupts.asked_to_end.connect(workstation.ask_quit)
        loop = asyncio.get_running_loop()
        workstation.incidents.begin(loop)  # what a slot raises ends there; Qt would only print it
        try:
            return await workstation.run()
        finally:
            workstation.incidents.end(loop)
            interrupts.close()
            end_log()

    return run_on(app, work())


def run_offscreen(session: TradingSession, picture: Path, *, size: tuple[int, int] = (1600, 960)) -> int:
    """Run a session to its end with a window that nobody sees, and draw that window into a PNG.

    Args:
        session: Not begun yet, with a feed that ends.
        picture: The file; its folder is made.
        size: Of the picture in pixels.

    Returns:
        0, or 1 when something failed.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = application(sys.argv[:1])
    former = qInstallMessageHandler(_say_what_matters)

    async def work() -> int:
        workstation = Workstation(lambda: session, quits_with_session=True, picture=picture)
        workstation.window.resize(*size)
        workstation.window.setUpdatesEnabled(False)  # nobody sees the frames in between
        return await workstation.run()

    try:
        return run_on(app, work())
    finally:
        qInstallMessageHandler(former)


def _load(modules: Sequence[str]) -> None:
    """Import modules by name; may be called on another thread than the window's."""
    for name in modules:
        importlib.import_module(name)


def _state_path(places: Places | None, name: str) -> Path | None:
    return None if places is None else places.state / name


def _alerts_path(places: Places | None, status: SessionStatus) -> Path | None:
    """Return where the alerts of an operation in a mode are kept; a recorded market has none that outlive the window."""
    if places is None or status.journal_path is None or status.mode not in (Mode.PAPER, Mode.LIVE):
        return None
    operation = status.journal_path.parent.parent.name
    return places.state / "alerts" / f"{operation} {status.mode.lower()}.json"


def _run(command: Command) -> None:
    command.run()


def _say_what_matters(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Log what Qt says, but for the offscreen platform's regret that nobody can size its windows by hand."""
    if "propagateSizeHints" not in message:
        logger.warning("Qt: %s", message)


def save_picture(window: MainWindow, desk: "Desk | None", path: Path) -> None:
    """Draw the window, up to date, into a PNG; its folder is made."""
    if desk is not None:
        desk.refresh()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Sizes that changed a moment ago are laid out; no other event runs, for this may be called from a task.
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    window.grab().save(str(path))


def application(arguments: list[str]) -> QApplication:
    """Return the one application, dressed; made at the first call."""
    former = QApplication.instance()
    app = former if isinstance(former, QApplication) else QApplication(arguments)
    app.setApplicationName("S1mpleTrader")
    app.setQuitOnLastWindowClosed(False)  # the session ends first
    dress(app)
    if not has_fonts():
        logger.warning("Qt finds no font, so no text can be drawn: install one, for example fonts-dejavu-core.")
    return app


def run_on(app: QApplication, work: Coroutine[object, object, T]) -> T:
    """Run a coroutine on a loop that is Qt's own, and return what it returns."""
    loop = QEventLoop(app)
    asyncio.set_event_loop(loop)
    try:
        result: T = loop.run_until_complete(work)
    finally:
        loop.close()
        asyncio.set_event_loop(None)
    return result
