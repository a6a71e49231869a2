"""Other values for what a blueprint says: ``--set worker.setting=1,2,3`` on the command line."""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from engine.config.base import KeyPath
from engine.config.blueprint import WorkerEntry
from engine.config.findings import ConfigRefused, nearest
from engine.config.loading import LinkedStrategy, OperationBundle
from engine.config.source import SourceFile
from engine.phase0_bootstrap.catalogue import Catalogue
from engine.phase0_bootstrap.factory import SLOTS, WorkerFactory
from engine.primitives.errors import ConfigError

_PLATFORM: Final = "platform"
_TRIGGERS: Final = "triggers"
"""Stand beside a planner's `config`; no worker has a setting of this name."""

Settings = tuple[tuple[str, str], ...]
"""One value for each path, both as they were written."""


@dataclass(frozen=True, slots=True)
class Variation:
    """A setting and the values to be tried, all as they were written.

    `path` is ``worker.setting``, or ``strategy.worker.setting`` where several strategies employ a worker of this name;
    ``worker.triggers.confidence`` is a planner's trigger, and ``platform.execution.limits.max_daily_loss`` stands in
    platform.yaml.
    """

    path: str
    values: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Variation":
        """Read ``worker.setting=value,value``; commas inside of brackets belong to a value.

        Raises:
            ConfigError: this is no variation; says what is missing.
        """
        path, sign, listed = text.partition("=")
        path, values = path.strip(), _split(listed)
        example = "write it like fixed_risk_sizer.risk_pct=0.002,0.004"
        if not sign or not all(path.split(".")) or "." not in path:
            raise ConfigError(f"--set {text}: this names no setting of a worker; {example}.")
        if not all(values):
            raise ConfigError(f"--set {text}: a value is empty; {example}.")
        doubles = sorted({value for value in values if values.count(value) > 1})
        if doubles:
            raise ConfigError(f"--set {text}: {', '.join(doubles)} is there twice; each value is tried once.")
        return cls(path, tuple(values))


def combinations(variations: Sequence[Variation]) -> list[Settings]:
    """Return every combination of values, the last setting changing fastest.

    Raises:
        ConfigError: two variations are about one setting.
    """
    paths = [variation.path for variation in variations]
    for path in paths:
        if paths.count(path) > 1:
            raise ConfigError(f"--set {path} is there twice: give all its values at once, like {path}=1,2,3.")
    return [
        tuple(zip(paths, values, strict=True))
        for values in itertools.product(*(variation.values for variation in variations))
    ]


def with_settings(bundle: OperationBundle, settings: Settings, catalogue: Catalogue) -> OperationBundle:
    """Return an operation as if its blueprints, or its platform.yaml, said this.

    Raises:
        ConfigError: a setting is not there, or the values are not allowed; says which, and what would be.
        PluginError: a plugin cannot be imported.
    """
    strategies, platform = [*bundle.strategies], bundle.platform
    try:
        for path, text in settings:
            value = SourceFile(Path(f"--set {path}"), f"value: {text}").content["value"]
            first, *rest = path.split(".")
            if first == _PLATFORM:
                platform = platform.with_part(tuple(rest), value)
                continue
            number, at = _place_of(bundle, path, catalogue)
            strategies[number] = replace(
                strategies[number], blueprint=strategies[number].blueprint.with_part(at, value)
            )
        # Only together are they held against the models: a low and a high limit may move past their old values.
        for linked in strategies:
            WorkerFactory(linked.blueprint, catalogue)
    except ConfigRefused as refused:
        raise ConfigError(f"{said(settings)} cannot be: {refused}") from refused
    return replace(bundle, strategies=tuple(strategies), platform=platform)


def known_settings(bundle: OperationBundle, catalogue: Catalogue) -> Settings:
    """Return every setting of the operation's workers as it stands, in the order of the house, with its shortest path.

    Only what can be written in one line is there: words, numbers, and lists of them.

    Raises:
        ConfigError: a worker is set wrongly.
        PluginError: a plugin cannot be imported.
    """
    posts = [(linked.blueprint.model, WorkerFactory(linked.blueprint, catalogue).posts) for linked in bundle.strategies]
    employed = Counter(post.worker_id for _, several in posts for post in several)
    found = []
    for blueprint, several in posts:
        for post in several:
            worker = post.worker_id if employed[post.worker_id] == 1 else f"{blueprint.strategy_id}.{post.worker_id}"
            for name, value in post.config.model_dump(mode="json").items():
                text = _in_one_line(value)
                found += [(f"{worker}.{name}", text)] if text else []
    return tuple(found)


def _in_one_line(value: object) -> str:
    if isinstance(value, list):
        parts = [_in_one_line(part) for part in value]
        return f"[{', '.join(parts)}]" if all(parts) else ""
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, str | int | float) else ""


def said(settings: Settings) -> str:
    """Return the words of the command line that mean these settings."""
    return " ".join(f"--set {path}={text}" for path, text in settings)


def _place_of(bundle: OperationBundle, path: str, catalogue: Catalogue) -> tuple[int, KeyPath]:
    """Return which strategy a path means, and where in its blueprint the setting stands or would stand."""
    places = [_workers_of(linked, catalogue) for linked in bundle.strategies]
    names = [linked.blueprint.model.strategy_id for linked in bundle.strategies]
    first, *rest = path.split(".")
    wanted = [number for number, name in enumerate(names) if name == first and len(rest) > 1]
    worker, setting = (rest[0], rest[1:]) if wanted else (first, rest)
    found = [number for number in wanted or range(len(names)) if worker in places[number]]
    if not found:
        known = sorted({name for number in wanted or range(len(names)) for name in places[number]})
        near = nearest(worker, known)
        hint = f" Did you mean {near}?" if near else ""
        raise ConfigError(f"--set {path}: no worker is called {worker}.{hint} There are: {', '.join(known)}.")
    if len(found) > 1:
        longer = " or ".join(f"{names[number]}.{path}" for number in found)
        raise ConfigError(f"--set {path}: several strategies employ a worker called {worker}; write {longer}.")
    at = ("workforce", *places[found[0]][worker])
    return found[0], (*at, *setting) if setting[0] == _TRIGGERS else (*at, "config", *setting)


def _workers_of(linked: LinkedStrategy, catalogue: Catalogue) -> Mapping[str, KeyPath]:
    """Return where each worker of a strategy stands in its blueprint, below ``workforce``, by its name in the wiring."""
    force = linked.blueprint.model.workforce
    groups: list[tuple[KeyPath, Sequence[WorkerEntry]]] = [
        (("context_workers",), force.context_workers),
        (("opportunity_workers",), force.opportunity_workers),
        (("threat_workers",), force.threat_workers),
        *((("planning_workers", slot), getattr(force.planning_workers, slot)) for slot in SLOTS),
    ]
    entries = [((*at, place), entry) for at, group in groups for place, entry in enumerate(group)]
    if force.strategy_planner is not None:
        entries.append((("strategy_planner",), force.strategy_planner))
    manifests = catalogue.manifests
    return {
        entry.worker or manifests[entry.plugin].identification.worker_id: at
        for at, entry in entries
        if entry.worker or entry.plugin in manifests
    }


def _split(text: str) -> list[str]:
    """Return what stands between the commas that are not in brackets."""
    values, depth = [""], 0
    for sign in text:
        depth += (sign in "[{") - (sign in "]}")
        if sign == "," and depth == 0:
            values.append("")
        else:
            values[-1] += sign
    return [value.strip() for value in values]
