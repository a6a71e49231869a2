"""The files of an operation as text: kept with a session, and laid out again to play it once more."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from engine.config.loading import SHIPPED, OperationBundle
from engine.config.source import read_text
from engine.primitives.errors import ConfigError
from resources import path_of

OPERATION: Final = "operation.yaml"
_DEPTH: Final = ("session", "files", "of", "an", "operation")
"""Room for links that lead upwards out of the operation's folder."""


def snapshot_of(bundle: OperationBundle) -> dict[str, str]:
    """Return the text of every file of an operation, by its path relative to the operation.

    Files that come with the program are named ``shipped:…`` unless they lie in the operation's own folder. Blocks on
    the disk.
    """
    home = bundle.operation.path.parent
    paths = [bundle.platform.path]
    for linked in bundle.strategies:
        paths += [linked.blueprint.path, linked.aggregation.path, *([linked.wiring_path] if linked.wiring_path else [])]
    named = {_name_of(path, home): path for path in paths}
    return {OPERATION: read_text(bundle.operation.path), **{name: read_text(path) for name, path in named.items()}}


def lay_out(files: Mapping[str, str], folder: Path) -> Path:
    """Write a snapshot into an empty folder and return the operation's file in it.

    Raises:
        ConfigError: a file that came with the program is another one by now, or a name leads out of the folder.
    """
    home = folder.joinpath(*_DEPTH)
    changed = [
        name
        for name, text in files.items()
        if name.startswith(SHIPPED) and text != read_text(path_of("config") / name.removeprefix(SHIPPED))
    ]
    if changed:
        raise ConfigError(
            f"The session stands on files of the program that have changed since: {', '.join(changed)}. "
            "Play it again with the version of the program that it ran with."
        )
    for name, text in files.items():
        if name.startswith(SHIPPED):
            continue
        target = Path(os.path.normpath(home / name))
        if not target.is_relative_to(folder):
            raise ConfigError(f"{name} leads too far out of the operation's folder to be laid out again.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return home / OPERATION


def _name_of(path: Path, home: Path) -> str:
    shipped = path_of("config")
    if path.is_relative_to(shipped) and not path.is_relative_to(home):
        return SHIPPED + path.relative_to(shipped).as_posix()
    return Path(os.path.relpath(path, home)).as_posix()
