"""A flatten on disk, outside the journal, and what other processes ask of a session: written whole, read after a crash.

Plain files in the folder of an operation's journals: they need no database, no socket and no running window.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from engine.contracts.commands import CommandAnswer, Request
from engine.contracts.flatten import FlattenJob, FlattenRequest
from engine.primitives.errors import LedgerMismatch

_JOB: Final = "flatten.json"
_FLATTEN: Final = "flatten-request-"
_REQUEST: Final = "request-"
_ANSWER: Final = "answer-to-"
_REQUESTS: Final[TypeAdapter[Request]] = TypeAdapter(Request)


class FlattenFile:
    """Where the sessions of one operation and mode meet the command line.

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

    def ask(self, request: Request) -> Path:
        """Ask whatever session runs; the file is gone as soon as it was taken.

        Raises:
            LedgerMismatch: the disk does not take it.
        """
        prefix = _FLATTEN if isinstance(request, FlattenRequest) else _REQUEST
        number = 1
        while any((self._folder / f"{before}{prefix}{number}.json").exists() for before in ("", _ANSWER)):
            number += 1
        return self._put(f"{prefix}{number}.json", request.model_dump_json())

    def requests(self) -> Sequence[Path]:
        """Return the requests that nobody has taken, in the order in which they were asked; flattens first."""
        return [*sorted(self._folder.glob(f"{_FLATTEN}*.json")), *sorted(self._folder.glob(f"{_REQUEST}*.json"))]

    def take(self, path: Path) -> Request | None:
        """Return a request and remove it; None for one that cannot be read.

        A flatten that cannot be read asks for everything: it was meant as an emergency.
        """
        request: Request | None = None
        try:
            request = _REQUESTS.validate_json(path.read_bytes())
        except ValidationError:
            if path.name.startswith(_FLATTEN):
                request = FlattenRequest(asked_by=f"an unreadable request ({path.name})")
        path.unlink()
        return request

    def answer(self, path: Path, answer: CommandAnswer) -> None:
        """Answer a request that was taken from a path.

        Raises:
            LedgerMismatch: the disk does not take it.
        """
        self._put(f"{_ANSWER}{path.name}", answer.model_dump_json())

    def take_answer(self, path: Path) -> CommandAnswer | None:
        """Return the answer to a request that was put at a path, and remove it; None while there is none.

        Raises:
            LedgerMismatch: it is damaged.
        """
        answered = path.with_name(f"{_ANSWER}{path.name}")
        try:
            answer = CommandAnswer.model_validate_json(answered.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise LedgerMismatch("The answer of the session is damaged: look at its window", path=answered) from error
        answered.unlink()
        return answer

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
