"""Finds operations: the user's own, and those that come with the program."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from engine.config.places import Places
from engine.primitives.errors import ConfigError
from resources import path_of

_FILE = "operation.yaml"


def known_operations(places: Places) -> Mapping[str, Path]:
    """Return operations by name; the user's own hide shipped ones of the same name."""
    shelves = (path_of("config", "operations"), places.config / "operations")
    return {path.parent.name: path for shelf in shelves for path in sorted(shelf.glob(f"*/{_FILE}"))}


def operation_path(name_or_path: str, places: Places) -> Path:
    """Return the file of an operation, by name, by its path, or by its folder's path.

    Raises:
        ConfigError: there is none; says which there are and which is near.
    """
    known = known_operations(places)
    if name_or_path in known:
        return known[name_or_path]
    path = Path(name_or_path)
    if path.is_dir() and (path / _FILE).is_file():
        return path / _FILE
    if path.is_file():
        return path
    near = get_close_matches(name_or_path, list(known), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise ConfigError(
        f"There is no operation {name_or_path!r}, neither as a name nor as a file.{hint} "
        f"Known: {', '.join(known)}. Your own go into {places.config / 'operations'}."
    )
