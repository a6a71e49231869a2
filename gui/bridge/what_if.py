"""Asks what other settings would have decided, in a process of its own: the engine that trades is not slowed down."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from engine.contracts.what_if import WhatIf
from gui.translation import translate

_LIST: Final = "--list"
_KILL_MS: Final = 2_000
"""A process that is killed is gone in milliseconds; so long is waited for it at most."""


class WhatIfProcess(QObject):
    """One question at a time; its answer comes as a signal, and a new question ends the one before.

    Args:
        parent: Qt parent; with it the process ends.
    """

    settings_known = Signal(object)  # dict[str, str]: path to its value, both as they are written
    answered = Signal(object)  # WhatIf
    refused = Signal(str)  # a sentence for people
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_listing = False
        self._was_stopped = False
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
        self._process.setProcessEnvironment(environment)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self.destroyed.connect(partial(_end, self._process))

    @property
    def is_busy(self) -> bool:
        """Whether a process runs."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    @property
    def is_asking(self) -> bool:
        """Whether a session is being played; to list its settings takes a moment only."""
        return self.is_busy and not self._is_listing

    def list_settings(self, journal: Path) -> None:
        """Ask what can be otherwise in a session."""
        self._is_listing = True
        self._start(journal, _LIST)

    def ask(self, journal: Path, setting: str) -> None:
        """Ask what a session would have decided with ``worker.setting=value``."""
        self._is_listing = False
        self._start(journal, "--set", setting, "--json")

    def stop(self) -> None:
        """Give the question up; nothing more is told of it."""
        if self.is_busy:
            self._was_stopped = True
            _end(self._process)

    def _start(self, journal: Path, *words: str) -> None:
        self.stop()
        self._was_stopped = False
        self._process.start(sys.executable, ["-m", "engine", "what-if", str(journal), "--gently", *words])
        self.busy_changed.emit(True)

    def _on_finished(self, code: int, _status: QProcess.ExitStatus) -> None:
        said = bytes(self._process.readAllStandardOutput().data()).decode(errors="replace")
        complaint = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
        self.busy_changed.emit(False)
        if self._was_stopped:
            return
        if code:
            self.refused.emit(_last_line(complaint))
        elif self._is_listing:
            pairs = [line.partition("=") for line in said.splitlines()]
            self.settings_known.emit({path: value for path, sign, value in pairs if sign})
        else:
            self._tell(said)

    def _tell(self, said: str) -> None:
        try:
            self.answered.emit(WhatIf.model_validate_json(said))
        except ValidationError as error:
            self.refused.emit(str(error))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.busy_changed.emit(False)
            self.refused.emit(
                translate("WhatIf", "No process could be started: {reason}").format(reason=self._process.errorString())
            )


def _end(process: QProcess) -> None:
    if process.state() is not QProcess.ProcessState.NotRunning:
        process.kill()
        process.waitForFinished(_KILL_MS)


def _last_line(complaint: str) -> str:
    """Return what the process said last: the sentence of its error, without the class of it."""
    lines = complaint.strip().splitlines()[-1:]
    return "".join(lines).removeprefix("Error ").partition(": ")[2] or "".join(lines)
