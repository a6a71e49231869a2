"""The whole catalogue: what comes with the program, what the user wrote, what is installed. Built once, renewed on change."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from engine.config.places import Places
from engine.phase0_bootstrap.catalogue import Catalogue, find_all, without_clashes
from engine.phase0_bootstrap.discovery import ENTRY_POINT_GROUP, installed_plugins, user_plugins, user_shelf
from engine.phase0_bootstrap.plugin_check import Examination
from engine.phase0_bootstrap.probe import ProbeLimits, probe
from engine.phase0_bootstrap.probe_memory import ProbeMemory
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
    plugin that does not come with the program is tried in a child process first, and not again until its files, this
    program, Python or the limits change; only a fault that may have had another cause is looked for at every start.
    Blocks for a second or two per new plugin, and for one that hangs as long as the limits say.

    Args:
        places: Where the user's plugins lie, and where it is remembered how they did.
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
    memory = ProbeMemory(places, limits)
    tried = _tried(theirs, memory, limits)
    return Catalogue([*ours, *tried], shipped.connectors, remarks=memory.remarks)


def _tried(examined: Sequence[Examination], memory: ProbeMemory, limits: ProbeLimits | None) -> Sequence[Examination]:
    """Return the same plugins with what trying them brought to light, now or earlier."""
    importable = [each for each in examined if not each.faults]
    memory.forget_others(importable)
    found = {each.folder: memory.recall(each) for each in importable}
    new = [each for each in importable if found[each.folder] is None]
    if new:
        with ThreadPoolExecutor(_PROBES_AT_ONCE) as pool:
            trials = list(pool.map(lambda each: probe(each, limits), new))
        memory.learn(zip(new, trials, strict=True))
        found |= {each.folder: trial.findings for each, trial in zip(new, trials, strict=True)}
    return [each.with_findings(*(found.get(each.folder) or ())) for each in examined]
