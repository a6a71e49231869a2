"""Finds the one plugin that a person means, by name or by path, and looks at it without importing it."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from engine.config.places import Places
from engine.phase0_bootstrap.catalogue import without_clashes
from engine.phase0_bootstrap.discovery import examine_folder, installed_plugins, user_plugins
from engine.phase0_bootstrap.plugin_check import Examination
from engine.phase0_bootstrap.plugin_findings import PluginFinding, advice
from engine.phase0_bootstrap.shelves import shipped_catalogue
from engine.primitives.errors import ConfigError
from engine.sdk.plugin_folder import MANIFEST


def asked_plugin(name_or_path: str, places: Places) -> Examination:
    """Return a plugin by the name that blueprints use, by its folder's name, or by its path.

    Raises:
        ConfigError: there is none; says which is near.
    """
    everyone = _everyone(places)
    by_name: dict[str, Examination] = {}
    for each in everyone:
        by_name.setdefault(each.folder.name, each)
    for each in reversed(everyone):
        by_name[each.name] = each  # of several with one name the shipped one, which stands first
    path = Path(name_or_path)
    if path.is_dir() and ((path / MANIFEST).is_file() or name_or_path not in by_name):
        resolved = path.resolve()
        return next((each for each in everyone if each.folder == resolved), None) or examine_folder(path)
    if name_or_path in by_name:
        return by_name[name_or_path]
    near = get_close_matches(name_or_path, list(by_name), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise ConfigError(f"There is no plugin {name_or_path}, neither as a name nor as a folder.{hint}")


def column_rivals(examined: Examination, places: Places) -> Iterator[PluginFinding]:
    """Tell which columns of a plugin others claim too: in one strategy only one of them can write it."""
    own = _columns(examined)
    for other in _everyone(places):
        shared = [name for name in _columns(other) if name in own]
        if shared and other.folder != examined.folder:
            yield advice(
                f"{other.name} writes the column {', '.join(shared)} too.",
                "A strategy that employs both is refused.",
                file=examined.folder / MANIFEST,
            )


def _columns(examined: Examination) -> Sequence[str]:
    return [column.name for column in examined.manifest.columns] if examined.manifest is not None else []


def _everyone(places: Places) -> Sequence[Examination]:
    return without_clashes([*shipped_catalogue().examined, *user_plugins(places), *installed_plugins()])
