"""Finds operations: the user's own, and those that come with the program."""

import re
import shutil
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


def copy_operation(source: Path, name: str, places: Places) -> Path:
    """Copy the folder of an operation into the user's own under a new name and id. Return the new operation.yaml.

    Links that lead out of the folder must begin with ``shipped:``, as those of the program's own operations do.

    Raises:
        ConfigError: the name is no name, or is taken.
    """
    if re.fullmatch(r"[a-z][a-z0-9_-]*", name) is None:
        raise ConfigError(f"{name!r} is no name for an operation: use small letters, digits, - and _.")
    target = places.config / "operations" / name
    if target.exists():
        raise ConfigError(f"There is an operation {name} already, in {target}. Choose another name.")
    shutil.copytree(source.parent, target)
    copied = target / _FILE
    _point_at_schemas(target)
    text = copied.read_text(encoding="utf-8")
    # The id names the journals on disk: two operations never share one. The name is what a person sees in the window.
    for key in ("id", "name"):
        text = re.sub(rf"(?m)^(\s+{key}:\s*)[^#\n]*?(?=\s*(#|$))", rf"\g<1>{name}", text, count=1)
    copied.write_text(text, encoding="utf-8")
    return copied


def _point_at_schemas(folder: Path) -> None:
    """Let the copies' hints for editors lead to our schemas: the relative ones of the originals lead nowhere now."""
    schemas = path_of("schemas").as_uri()
    for file in folder.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\$schema=(\.\./)+schemas", f"$schema={schemas}", text), encoding="utf-8")
