"""A flatten on disk, outside the journal: asked for by any process, written before the first request, read after a crash.

Plain files in the folder of an operation's journals: they need no database, no socket and no running window.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from engine.contracts.flatten import FlattenJob, FlattenRequest
from engine.primitives.errors import LedgerMismatch

_JOB: Final = "flatten.json"
_REQUEST: Final = "flatten-request-"


class FlattenFile:
    """Where the sessions of one operation and mode, and the command line, meet about a flatten.

    Every file appears whole or not at all, and is on the disk when a method returns.

    Args:
        folder: The folder of the operation's journals of one mode; made when something is first written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, job: FlattenJob) -> None:
        """Write down how a flatten stands.

        Raises:
            LedgerMismatch: the disk does not take it.
        """
        self._put(_JOB, job.model_dump_json())

    def read(self) -> FlattenJob | None:
        """Return the last flatten whose latch was not cleared; None when there is none.

        Raises:
            LedgerMismatch: the file is damaged.
        """
        try:
            return FlattenJob.model_validate_json((self._folder / _JOB).read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise LedgerMismatch("The file of the flatten is damaged: ask for it again", path=self._folder) from error

    def forget(self) -> None:
        """Take the flatten away: a person has cleared its latch."""
        (self._folder / _JOB).unlink(missing_ok=True)

    def ask(self, request: FlattenRequest) -> Path:
        """Ask whatever session runs to flatten; the file is gone as soon as it was taken.

        Raises:
            LedgerMismatch: the disk does not take it.
        """
        number = 1
        while (self._folder / f"{_REQUEST}{number}.json").exists():
            number += 1
        return self._put(f"{_REQUEST}{number}.json", request.model_dump_json())

    def requests(self) -> Sequence[Path]:
        """Return the requests that nobody has taken, in the order in which they were asked."""
        return sorted(self._folder.glob(f"{_REQUEST}*.json"))

    def take(self, path: Path) -> FlattenRequest:
        """Return a request and remove it. What cannot be read asks for everything: it was meant as an emergency."""
        try:
            request = FlattenRequest.model_validate_json(path.read_bytes())
        except ValidationError:
            request = FlattenRequest(asked_by=f"an unreadable request ({path.name})")
        path.unlink()
        return request

    def _put(self, name: str, text: str) -> Path:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self._folder, prefix=".flatten-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            target = self._folder / name
            Path(draft).replace(target)
        except OSError as error:
            raise LedgerMismatch("A flatten could not be written down", path=self._folder, cause=str(error)) from error
        return target
