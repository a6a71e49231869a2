"""The whole catalogue: what comes with the program, what the user wrote, what is installed. Built once, renewed on change."""

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from engine.config.places import Places
from engine.phase0_bootstrap.catalogue import Catalogue, find_all, without_clashes
from engine.phase0_bootstrap.discovery import (
    ENTRY_POINT_GROUP,
    HOST_VERSION,
    installed_plugins,
    user_plugins,
    user_shelf,
)
from engine.phase0_bootstrap.plugin_check import Examination
from engine.phase0_bootstrap.probe import ProbeLimits, probe
from engine.sdk.plugin_folder import digest_of

PROJECT: Final = Path(__file__).resolve().parents[2]
"""Where the packages ``plugins`` and ``connectors`` lie, in the source tree and in an installed wheel alike."""

_PROBES_AT_ONCE: Final = 2
_Seen = tuple[object, ...]
_built: dict[Path, tuple[_Seen, Catalogue]] = {}


@cache
def shipped_catalogue() -> Catalogue:
    """Return the plugins and connectors that come with the program."""
    return find_all(plugins=PROJECT / "plugins", connectors=PROJECT / "connectors")


def full_catalogue(places: Places, *, limits: ProbeLimits | None = None) -> Catalogue:
    """Return every plugin and connector that there is.

    Built once in a process, and again when a file of the user's plugins or the list of installed ones has changed. A
    plugin that does not come with the program is tried in a child process first; one that passed is not tried again
    until its files, this program or Python change. Blocks for a second or two per new plugin.

    Args:
        places: Where the user's plugins lie, and where it is remembered which of them passed.
        limits: What a plugin may use while it is tried.
    """
    seen = _seen(places)
    known = _built.get(places.config)
    if known is None or known[0] != seen:
        known = _built[places.config] = (seen, _build(places, limits))
    return known[1]


def _seen(places: Places) -> _Seen:
    shelf = user_shelf(places)
    folders = [folder for folder in sorted(shelf.iterdir()) if folder.is_dir()] if shelf.is_dir() else []
    points = sorted((point.name, point.value) for point in entry_points(group=ENTRY_POINT_GROUP))
    return (*((folder.name, digest_of(folder)) for folder in folders), *points)


def _build(places: Places, limits: ProbeLimits | None) -> Catalogue:
    shipped = shipped_catalogue()
    strangers = [*user_plugins(places), *installed_plugins()]
    everyone = without_clashes([*shipped.examined, *strangers])
    ours, theirs = everyone[: len(shipped.examined)], everyone[len(shipped.examined) :]
    return Catalogue([*ours, *_tried(theirs, places.state / "plugin_probes.json", limits)], shipped.connectors)


def _tried(examined: Sequence[Examination], memory: Path, limits: ProbeLimits | None) -> Sequence[Examination]:
    """Return the same plugins with what trying them brought to light. Only passes are remembered."""
    passed = _passed(memory)
    new = [each for each in examined if not each.faults and _ticket(each) not in passed]
    if not new:
        return examined
    with ThreadPoolExecutor(_PROBES_AT_ONCE) as pool:
        results = list(pool.map(lambda each: each.with_findings(*probe(each, limits)), new))
    after = {each.folder: each for each in results}
    tried = [after.get(each.folder, each) for each in examined]
    memory.parent.mkdir(parents=True, exist_ok=True)
    tickets = sorted(_ticket(each) for each in tried if not each.faults)
    memory.write_text(json.dumps(tickets, indent=1), encoding="utf-8")
    return tried


def _passed(memory: Path) -> set[str]:
    try:
        tickets = json.loads(memory.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return set()
    return {ticket for ticket in tickets if isinstance(ticket, str)} if isinstance(tickets, list) else set()


def _ticket(examined: Examination) -> str:
    """Return what a pass holds for: these files, this program, this Python."""
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{examined.package} {digest_of(examined.folder)} {HOST_VERSION} {python}"
