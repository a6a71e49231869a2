"""A small file of the window's own state: JSON that outlives upgrades, and never stands in the way of a start."""

from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from gui.translation import translate

BROKEN: Final = ".broken"
"""What is put behind the name of a file that could not be read."""

M = TypeVar("M", bound=BaseModel)


class KeptFile(Generic[M]):
    """Keeps one value of a model on disk. Nothing here raises: a window that forgot its layout still has to open.

    Args:
        path: Its folder is made at the first write; None keeps nothing.
        model: Has a default for every field, so that there is always a value. Unknown keys, of a newer version, are
            for the model to ignore.
    """

    def __init__(self, path: Path | None, model: type[M]) -> None:
        self._path = path
        self._model = model

    def read(self) -> tuple[M, str]:
        """Return what is kept, and what a person should know about it.

        A file that cannot be read is set aside, once, under the same name with ``.broken`` behind it, and the
        defaults are returned; so they are, and no word is said, when there is no file yet.
        """
        if self._path is None or not self._path.is_file():
            return self._model(), ""
        try:
            return self._model.model_validate_json(self._path.read_bytes()), ""
        except (OSError, ValidationError) as error:
            return self._model(), self._set_aside(self._path, error)

    def write(self, value: M) -> str:
        """Write the whole value, or leave the file as it was; return what went wrong, or nothing."""
        if self._path is None:
            return ""
        unfinished = self._path.with_name(self._path.name + ".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(value.model_dump_json(indent=1), encoding="utf-8")
            unfinished.replace(self._path)
        except OSError as error:
            return translate(
                "KeptFile", "{path} could not be written: {reason}. The change lasts until the end."
            ).format(path=self._path, reason=error.strerror)
        return ""

    def _set_aside(self, path: Path, error: OSError | ValidationError) -> str:
        aside = path.with_name(path.name + BROKEN)
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error.strerror)
        try:
            path.replace(aside)
        except OSError as blocked:
            return translate(
                "KeptFile", "{path} could not be read ({reason}), nor set aside ({blocked}): the defaults are used."
            ).format(path=path, reason=reason, blocked=blocked.strerror)
        return translate(
            "KeptFile", "{path} could not be read ({reason}). It was set aside as {aside}; the defaults are used."
        ).format(path=path, reason=reason, aside=aside.name)
