"""Small files that the program keeps for itself: JSON that outlives upgrades, and never stands in the way of a start."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

BROKEN: Final = ".broken"
"""What is put behind the name of a file that could not be read."""

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A kept file that could not be read: why, and where it was put.

    `aside` is None when it could not be put anywhere; then `blocked` says why.
    """

    path: Path
    reason: str
    aside: Path | None
    blocked: str = ""

    def __str__(self) -> str:
        if self.aside is None:
            return f"{self.path} could not be read ({self.reason}), nor set aside ({self.blocked})."
        return f"{self.path} could not be read ({self.reason}). It was set aside as {self.aside.name}."


def read_kept(path: Path, model: type[M]) -> tuple[M, Unreadable | None]:
    """Return what is kept in a file, or the model's defaults when there is none; never raises for what is in it.

    A file that cannot be read is set aside, once, under the same name with ``.broken`` behind it.

    Args:
        path: Of the file.
        model: Has a default for every field. Unknown keys, of a newer version, are for the model to ignore.
    """
    if not path.is_file():
        return model(), None
    try:
        return model.model_validate_json(path.read_bytes()), None
    except (OSError, ValidationError) as error:
        return model(), _set_aside(path, error)


def write_kept(path: Path, value: BaseModel) -> None:
    """Write the whole value, or leave the file as it was; its folder is made at the first write.

    Raises:
        OSError: the disk refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, value.model_dump_json(indent=1).encode())


def _set_aside(path: Path, error: OSError | ValidationError) -> Unreadable:
    aside = path.with_name(path.name + BROKEN)
    reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error.strerror)
    try:
        path.replace(aside)
    except OSError as blocked:
        return Unreadable(path, reason, None, str(blocked.strerror))
    return Unreadable(path, reason, aside)


def write_whole(path: Path, content: bytes) -> None:
    """Put a content in place of a file's, or leave the file as it was; its rights stay. It is on the disk afterwards.

    Raises:
        OSError: the disk refuses.
    """
    unfinished = path.with_name(path.name + ".new")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        unfinished.chmod(path.stat().st_mode)
    unfinished.replace(path)
