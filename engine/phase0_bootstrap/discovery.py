"""Finds plugins by their manifests: on our shelves, in the user's folder, and among installed packages."""

import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from engine.config.places import Places
from engine.phase0_bootstrap.plugin_check import Examination, Origin, examine
from engine.phase0_bootstrap.plugin_findings import fault
from engine.sdk.plugin_folder import MANIFEST, package_of

ENTRY_POINT_GROUP: Final = "s1mpletrader.plugins"
"""The group under which an installed distribution names its plugins; each value is a package with a manifest.yaml."""

HOST_VERSION: Final = "0.1.0"
"""What manifests' host ranges are held against."""


def user_shelf(places: Places) -> Path:
    """Return the folder in which the user's own plugins lie, one folder each."""
    return places.config / "plugins"


def shipped_plugins(shelf: Path) -> Iterator[Examination]:
    """Give every plugin of the package ``plugins``: ``phase/plugin/manifest.yaml``."""
    for file in sorted(shelf.glob(f"*/*/{MANIFEST}")):
        package = f"plugins.{file.parent.parent.name}.{file.parent.name}"
        yield examine(file.parent, package=package, origin=Origin.SHIPPED, host_version=HOST_VERSION)


def user_plugins(places: Places) -> Iterator[Examination]:
    """Give every folder of the user's that has a manifest or Python files: one without a manifest has a fault."""
    shelf = user_shelf(places)
    for folder in sorted(shelf.iterdir()) if shelf.is_dir() else ():
        is_hidden = folder.name.startswith((".", "__"))
        if folder.is_dir() and not is_hidden and ((folder / MANIFEST).is_file() or any(folder.glob("*.py"))):
            yield examine_folder(folder)


def examine_folder(folder: Path) -> Examination:
    """Look at a plugin of the user's, wherever its folder lies."""
    folder = folder.resolve()
    return examine(folder, package=package_of(folder), origin=Origin.USER, host_version=HOST_VERSION)


def installed_plugins() -> Iterator[Examination]:
    """Give every plugin that an installed distribution names, without importing it."""
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: (point.name, point.value)):
        package = point.value.partition(":")[0]
        folder = _folder_of(package)
        if folder is None:
            yield _lost(point)
        else:
            yield examine(folder, package=package, origin=Origin.INSTALLED, host_version=HOST_VERSION)


def _folder_of(package: str) -> Path | None:
    """Return where a package lies. Its parents are looked up, never imported."""
    first, *rest = package.split(".")
    if first in sys.builtin_module_names:
        return None
    spec = find_spec(first)
    for step in rest:
        if spec is None:
            return None
        spec = PathFinder.find_spec(step, spec.submodule_search_locations)
    places = spec.submodule_search_locations if spec is not None else None
    return next((Path(place).resolve() for place in places or ()), None)


def _lost(point: EntryPoint) -> Examination:
    who = point.dist.name if point.dist is not None else "a distribution"
    finding = fault(
        f"{who} names the plugin {point.name} in the package {point.value}, and there is no such package.",
        "Install it again, or uninstall it.",
    )
    return Examination(point.name, Path(), point.value, Origin.INSTALLED, None, (finding,))
