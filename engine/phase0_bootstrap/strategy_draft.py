"""A strategy's files while a person changes them: what can be set, and what is right and wrong with it as it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.config.base import KeyPath
from engine.config.blueprint import StrategyBlueprint
from engine.config.editing import EditedFile
from engine.config.findings import ConfigFinding, ConfigRefused
from engine.config.loading import LinkedStrategy, followed
from engine.config.policies import AggregationPolicy
from engine.config.reading import judge
from engine.config.settings import Setting, settings_of
from engine.config.shape import Shape
from engine.phase0_bootstrap.catalogue import Catalogue
from engine.phase0_bootstrap.fence import load_worker_class
from engine.phase0_bootstrap.strategy_assembly import plan_strategy
from engine.phase4_planning.coverage import Cell
from engine.primitives.errors import ConfigError
from engine.wiring.findings import WiringFinding, errors_of
from resources import path_of

_OF_A_WORKER: Final = frozenset({"plugin", "worker", "config"})
_ELSEWHERE: Final = frozenset({"schema_version", "market", "workforce", "schedules", "direct_planning"})


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that belong together: the market, one worker, the policy.

    `name` is the key, or what the worker is called; `plugin` is empty where it is no worker. `place` says where a worker
    stands in the strategy: ``threat_workers``, ``entry``.
    """

    file: EditedFile
    at: KeyPath
    name: str
    settings: tuple[Setting, ...]
    plugin: str = ""
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a strategy would be like if it were started as it stands."""

    findings: tuple[ConfigFinding, ...]
    """What is wrong in its files."""
    wiring: tuple[WiringFinding, ...] = ()
    """What is wrong, or odd, between its workers."""
    coverage: Mapping[str, Sequence[Cell]] | None = None
    """Which planners answer where, by slot; None while its files are wrong."""

    @property
    def may_start(self) -> bool:
        """Whether a session would begin with it."""
        return not self.findings and not errors_of(self.wiring)


class StrategyDraft:
    """The blueprint of a strategy and its aggregation policy, being changed. Nothing runs otherwise before a new start.

    Args:
        path: Of the blueprint.
        catalogue: The plugins that there are.

    Raises:
        ConfigRefused: the blueprint or its policy cannot be read, or is no YAML.
    """

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.blueprint: Final = EditedFile(path)
        link = self.blueprint.source.part(("aggregation_policy",))
        self.policy: Final = EditedFile(followed(path, link)) if isinstance(link, str) else None

    @property
    def files(self) -> Sequence[EditedFile]:
        """The files that make it up."""
        return [self.blueprint] if self.policy is None else [self.blueprint, self.policy]

    def sections(self) -> Sequence[Section]:
        """Return everything that can be set, as it stands, in the order of the pipeline."""
        content = self.blueprint.source.content
        shape = Shape.of(StrategyBlueprint)
        general = tuple(settings_of(shape, content, (), leave_out=_ELSEWHERE))
        sections = [Section(self.blueprint, (), "strategy", general)]
        for key in ("market", "direct_planning"):
            settings = tuple(settings_of(shape.at(key), content.get(key), (key,)))
            sections += [Section(self.blueprint, (key,), key, settings)] if settings else []
        sections += self._workers(shape)
        if self.policy is not None:
            settings = tuple(
                settings_of(Shape.of(AggregationPolicy), self.policy.source.content, (), leave_out=_ELSEWHERE)
            )
            sections.append(Section(self.policy, (), "aggregation", settings))
        return sections

    def judge(self) -> Verdict:
        """Read everything as a start would, build nothing, and return what is to be said about it."""
        blueprint = judge(self.blueprint.path, self.blueprint.text, StrategyBlueprint)
        policy = None if self.policy is None else judge(self.policy.path, self.policy.text, AggregationPolicy)
        findings = (*blueprint.findings, *(policy.findings if policy is not None else ()))
        if findings or policy is None:
            return Verdict(findings)
        try:
            planned = plan_strategy(
                LinkedStrategy(blueprint.complete(), policy.complete(), self._wiring_path()), self._catalogue
            )
            coverage = {slot: matcher.coverage() for slot, matcher in planned.factory.matchers().items()}
        except ConfigRefused as refused:
            return Verdict(tuple(refused.findings))
        except ConfigError as error:
            return Verdict((ConfigFinding(self.blueprint.path, None, "", str(error).rstrip(".")),))
        return Verdict((), tuple(planned.findings), coverage)

    def _workers(self, shape: Shape) -> Iterator[Section]:
        for at in _posts(self.blueprint.source.content):
            entry = self.blueprint.source.part(at)
            if not isinstance(entry, Mapping):
                continue
            plugin, place = (
                str(entry.get("plugin", "")),
                next(str(step) for step in reversed(at) if isinstance(step, str)),
            )
            own = shape
            for step in at:
                own = own.at(step)
            config = self._config_shape(plugin)
            settings = (
                *settings_of(config, entry.get("config"), (*at, "config")),
                *settings_of(own, entry, at, leave_out=_OF_A_WORKER),
            )
            manifest = self._catalogue.manifests.get(plugin)
            name = entry.get("worker") or (manifest.identification.worker_id if manifest else plugin)
            note = manifest.identification.description if manifest else ""
            yield Section(self.blueprint, at, str(name), settings, plugin=plugin, place=place, note=note)

    def _config_shape(self, plugin: str) -> Shape:
        """Return what a plugin may be told; one that is not there may be told anything."""
        if plugin not in self._catalogue.manifests:
            return Shape([{}], {})
        return Shape.of(load_worker_class(self._catalogue.plugin(plugin)).config_model)

    def _wiring_path(self) -> Path | None:
        link = self.blueprint.source.part(("wiring",))
        return followed(self.blueprint.path, link) if isinstance(link, str) else None


def is_shipped(file: EditedFile) -> bool:
    """Tell whether a file comes with the program: it would be lost at the next update, and is not changed."""
    return file.path.resolve().is_relative_to(path_of("config").resolve())


def _posts(content: Mapping[str, object]) -> Iterator[KeyPath]:
    """Return where the workers stand, in the order of the pipeline."""
    force = content.get("workforce")
    if not isinstance(force, Mapping):
        return
    for key, value in force.items():
        lists = value.items() if key == "planning_workers" and isinstance(value, Mapping) else ((None, value),)
        for slot, entries in lists:
            at: KeyPath = ("workforce", key) if slot is None else ("workforce", key, slot)
            if isinstance(entries, list):
                yield from ((*at, place) for place in range(len(entries)))
            elif isinstance(entries, Mapping):
                yield at
