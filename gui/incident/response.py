"""What the window does about a fault: a report that can be read, and one file with everything."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QDateTime, QIODevice, QObject
from PySide6.QtWidgets import QWidget

from engine.config.places import Places
from engine.ports.session import SessionStatus
from gui.bridge.tasks import TaskKeeper
from gui.incident.bundle import Incident, SecretLeft, write_bundle
from gui.incident.faults import Fault, Faults
from gui.incident.report import FaultReport
from gui.log.collector import LogCollector
from gui.log.redaction import cleaner, secrets_in
from gui.theme import formats

Tell = Callable[[str], None]


class IncidentResponse(QObject):
    """Shows faults, one report at a time, and makes incident bundles.

    Args:
        window: Whose picture is taken, and to which reports belong.
        places: Where the user's files are; None where nothing is kept, and no bundle can be made.
        log: The newest lines of the log.
        tasks: Where a bundle is made.
        status: Gives how the session stands; None while there is none.
        tell: Called with what a person should know.
        parent: Qt parent.
    """

    def __init__(
        self,
        window: QWidget,
        places: Places | None,
        *,
        log: LogCollector,
        tasks: TaskKeeper,
        status: Callable[[], SessionStatus | None],
        tell: Tell,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._places = places
        self._tasks = tasks
        self._status = status
        self._tell = tell
        self.clean = cleaner(os.environ, Path.home())
        folder = None if places is None else places.state / "reports"
        self.faults = Faults(folder, clean=self.clean, log_lines=lambda: log.lines, parent=self)
        self.faults.seen.connect(self.show_fault)
        self._report: FaultReport | None = None

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take in faults from now on, and tell of what an earlier window died of."""
        for path in self.faults.install(loop, self.tr("Window")):
            text = self.tr("An earlier window died of a fault below Python. Where it was is written in {path}.")
            self._tell(text.format(path=path))

    def end(self, loop: asyncio.AbstractEventLoop) -> None:
        """Leave faults to Python again."""
        self.faults.uninstall(loop)

    def show_fault(self, fault: Fault) -> None:
        """Show a report, if none is open: every fault is written down in any case."""
        if self._report is not None:
            return
        self._report = FaultReport(fault, self._stands(), self._window)
        self._report.bundle_asked.connect(self.make_bundle)
        self._report.destroyed.connect(self._on_report_closed)
        self._report.show()

    def make_bundle(self) -> None:
        """Put everything about the session into one file; the window goes on meanwhile, and tells where it is."""
        if self._places is None:
            self._tell(self.tr("There is no folder for an incident bundle: this window keeps no files."))
            return
        name = f"incident-{QDateTime.currentDateTimeUtc().toString('yyyyMMdd-HHmmss')}.zip"
        status = self._status()
        incident = Incident(None if status is None else status.journal_path, _facts_of(status), self._picture())
        self._tell(self.tr("The incident bundle is being made…"))
        self._tasks.start(self._make(self._places, name, incident), name="incident bundle")

    async def _make(self, places: Places, name: str, incident: Incident) -> None:
        target, secrets = places.data / "incidents" / name, secrets_in(os.environ)
        try:
            made = await asyncio.to_thread(write_bundle, target, incident, places, clean=self.clean, secrets=secrets)
        except OSError as error:
            text = self.tr("The incident bundle was not written: {reason}. Free some space and try again.")
            self._tell(text.format(reason=error.strerror or error))
        except SecretLeft as error:
            self._tell(self.tr("The incident bundle was not kept: {reason}").format(reason=error))
        else:
            text = self.tr("The incident bundle is written: {path}. Secrets were taken out; amounts were not.")
            self._tell(text.format(path=made))

    def _picture(self) -> bytes:
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._window.grab().save(buffer, "PNG")
        return bytes(content.data())

    def _stands(self) -> str:
        status = self._status()
        if status is None:
            return self.tr("No session is open.")
        state = formats.state_text(status.state)
        return self.tr("The session: {mode}, {state}. The emergency window stays in reach.").format(
            mode=status.mode.value, state=state.lower()
        )

    def _on_report_closed(self) -> None:
        self._report = None


def _facts_of(status: SessionStatus | None) -> dict[str, str]:
    if status is None:
        return {"session": "none"}
    return {
        "session": status.session_id,
        "operation": status.operation,
        "mode": status.mode.value,
        "label": status.label,
        "state": status.state.value,
        "trading_state": status.trading_state.value,
        "session_time": str(status.now),
        "message": status.message,
        "journal_fault": status.journal_fault,
    }
