"""base_wiring.yaml + blueprint + manifests -> the wiring map of a strategy."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Self

from pydantic import model_validator

from engine.config.base import ConfigModel
from engine.config.blueprint import StrategyBlueprint
from engine.config.loading import load
from engine.config.manifest import Handler, PluginManifest, WorkerType
from engine.contracts.events import EVENTS
from engine.wiring.flow import DIRECT_PLANNER, PLATFORM_WORKERS, TYPE_RULES
from engine.wiring.roster import entries_of, worker_id_of
from engine.wiring.wiring_map import EventWiring, Subscriber, WiringMap
from resources import path_of


class TemplateSubscriber(ConfigModel):
    """Who hears: every worker of a `type` that has the `method`, or one `worker` of the platform."""

    type: WorkerType | None = None
    worker: str | None = None
    method: str

    @model_validator(mode="after")
    def _type_or_worker(self) -> Self:
        if (self.type is None) == (self.worker is None):
            raise ValueError("give either type or worker")
        return self


class TemplateWiring(ConfigModel):
    """One event of the template."""

    event: str
    subscribers: tuple[TemplateSubscriber, ...]


class BaseWiring(ConfigModel):
    """The whole of base_wiring.yaml: who hears what unless a manifest's triggers say otherwise."""

    schema_version: int = 1
    event_wirings: tuple[TemplateWiring, ...]


def load_base_wiring(path: Path | None = None) -> BaseWiring:
    """Read a template; ours if no path is given. Blocks on the disk.

    Raises:
        ConfigRefused: the file is not there or is no template; says every mistake with its line.
    """
    return load(path if path is not None else path_of("config", "base_wiring.yaml"), BaseWiring)


_AFTER_THE_SPECIALISTS: Final = 1 << 30

_Place = tuple[int, int, int]
"""Where a subscriber stands: phase, place in the blueprint, place among its own."""


def generate(template: BaseWiring, blueprint: StrategyBlueprint, manifests: Mapping[str, PluginManifest]) -> WiringMap:
    """Return the map of a strategy: always the same for the same three.

    A method of a plugin hears its own `triggers`, or else what the template gives to its kind. Events come in the
    order of the house; subscribers by phase, specialists in blueprint order, the platform after them. An event that
    nobody of this strategy may publish is left out.

    Args:
        template: Who hears what by default.
        blueprint: The strategy. A plugin without a manifest is left out here; `roster_of` reports it.
        manifests: Of each plugin, by the name that blueprints use.
    """
    said = _may_be_said(blueprint, manifests)
    wired: dict[str, list[tuple[_Place, Subscriber]]] = {}
    for event, place, subscriber in _subscriptions(template, blueprint, manifests):
        if event in said:
            wired.setdefault(event, []).append((place, subscriber))
    order = {name: number for number, name in enumerate(EVENTS)}
    entries = [
        EventWiring(
            event=event,
            subscribers=tuple(
                dict.fromkeys(subscriber for _, subscriber in sorted(wired[event], key=lambda one: one[0]))
            ),
        )
        for event in sorted(wired, key=lambda name: order.get(name, len(order)))
    ]
    return WiringMap(event_wirings=tuple(entries))


def _subscriptions(
    template: BaseWiring, blueprint: StrategyBlueprint, manifests: Mapping[str, PluginManifest]
) -> Iterator[tuple[str, _Place, Subscriber]]:
    number = 0
    for number, (_, entry) in enumerate(entries_of(blueprint)):
        manifest = manifests.get(entry.plugin)
        if manifest is None:
            continue
        kind = manifest.identification.type
        for place, handler in enumerate(manifest.handlers):
            subscriber = Subscriber(worker=worker_id_of(entry, manifest), method=handler.method)
            for event in handler.triggers or _given_to(template, kind, handler):
                yield event, (TYPE_RULES[kind].phase, number, place), subscriber
    is_direct = blueprint.direct_planning is not None
    for wiring in template.event_wirings:
        for place, slot in enumerate(wiring.subscribers):
            if slot.worker is None or (slot.worker == DIRECT_PLANNER and not is_direct):
                continue
            handlers = PLATFORM_WORKERS.get(slot.worker, {})
            phase = min((handler.phase for handler in handlers.values()), default=0)
            yield (
                wiring.event,
                (phase, _AFTER_THE_SPECIALISTS, place),
                Subscriber(worker=slot.worker, method=slot.method),
            )


def _given_to(template: BaseWiring, kind: WorkerType, handler: Handler) -> Iterator[str]:
    for wiring in template.event_wirings:
        if any(slot.type is kind and slot.method == handler.method for slot in wiring.subscribers):
            yield wiring.event


def _may_be_said(blueprint: StrategyBlueprint, manifests: Mapping[str, PluginManifest]) -> set[str]:
    """Return every event that can occur in the strategy; one that the platform does not know is kept to be reported."""
    said = {name for name, event in EVENTS.items() if event.external} | {"_flow_stop"}
    for worker, methods in PLATFORM_WORKERS.items():
        if worker != DIRECT_PLANNER or blueprint.direct_planning is not None:
            said.update(name for handler in methods.values() for name in handler.publishes)
    for _, entry in entries_of(blueprint):
        if entry.plugin in manifests:
            handlers = manifests[entry.plugin].handlers
            said.update(one.event for handler in handlers for one in handler.publishes)
            said.update(name for handler in handlers for name in handler.triggers if name not in EVENTS)
    return said
