"""A small file of the window's own state, and what a person is told when it cannot be read or written."""

from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from engine.config.kept import Unreadable, read_kept, write_kept
from gui.translation import translate

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

        The defaults are returned, without a word, when there is no file yet, and with one when it was set aside.
        """
        if self._path is None:
            return self._model(), ""
        value, unreadable = read_kept(self._path, self._model)
        return value, "" if unreadable is None else _said(unreadable)

    def write(self, value: M) -> str:
        """Write the whole value, or leave the file as it was; return what went wrong, or nothing."""
        if self._path is None:
            return ""
        try:
            write_kept(self._path, value)
        except OSError as error:
            return translate(
                "KeptFile", "{path} could not be written: {reason}. The change lasts until the end."
            ).format(path=self._path, reason=error.strerror)
        return ""


def _said(unreadable: Unreadable) -> str:
    path, reason = unreadable.path, unreadable.reason
    if unreadable.aside is None:
        return translate(
            "KeptFile", "{path} could not be read ({reason}), nor set aside ({blocked}): the defaults are used."
        ).format(path=path, reason=reason, blocked=unreadable.blocked)
    return translate(
        "KeptFile", "{path} could not be read ({reason}). It was set aside as {aside}; the defaults are used."
    ).format(path=path, reason=reason, aside=unreadable.aside.name)
