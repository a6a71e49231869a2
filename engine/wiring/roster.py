"""Blueprint and manifests -> everybody who can be wired, with what each may hear and say."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from engine.config.blueprint import StrategyBlueprint, WorkerEntry
from engine.config.manifest import Handler, PluginManifest, PublishedEvent, WorkerType
from engine.contracts.events import EVENTS
from engine.wiring.findings import Rule, Severity, WiringFinding, hint
from engine.wiring.flow import (
    DIRECT_PLANNER,
    NOTES,
    PLATFORM_WORKERS,
    TYPE_RULES,
    HandlerContract,
    Roster,
    is_platform_event,
)


def entries_of(blueprint: StrategyBlueprint) -> Iterator[tuple[WorkerType, WorkerEntry]]:
    """Give each specialist of a blueprint with the kind that its slot asks for, in blueprint order."""
    workforce = blueprint.workforce
    planning = workforce.planning_workers
    planner = (workforce.strategy_planner,) if workforce.strategy_planner is not None else ()
    slots: tuple[tuple[WorkerType, tuple[WorkerEntry, ...]], ...] = (
        (WorkerType.CONTEXT_WORKER, workforce.context_workers),
        (WorkerType.OPPORTUNITY_WORKER, workforce.opportunity_workers),
        (WorkerType.THREAT_WORKER, workforce.threat_workers),
        (WorkerType.STRATEGY_PLANNER, planner),
        (WorkerType.ENTRY_PLANNER, planning.entry),
        (WorkerType.SIZE_PLANNER, planning.size),
        (WorkerType.EXIT_PLANNER, planning.exit),
        (WorkerType.EXECUTION_INTENT_PLANNER, planning.execution_intent),
    )
    for kind, entries in slots:
        for entry in entries:
            yield kind, entry


def worker_id_of(entry: WorkerEntry, manifest: PluginManifest) -> str:
    """Return a specialist's name in the wiring: the blueprint's, or else the plugin's own."""
    return entry.worker or manifest.identification.worker_id


def contracts_of(manifest: PluginManifest, worker_id: str | None = None) -> Mapping[str, HandlerContract]:
    """Return what each method of a plugin takes and may say, by method.

    A name that the platform does not know takes any note, and an unknown event is left out; `manifest_findings` says so.
    """
    worker = worker_id or manifest.identification.worker_id
    kind = manifest.identification.type
    return MappingProxyType(
        {
            handler.method: HandlerContract(
                worker=worker,
                method=handler.method,
                input_type=NOTES.get(handler.input, object),
                publishes=MappingProxyType(
                    {said.event: EVENTS[said.event].payload_type for said in handler.publishes if said.event in EVENTS}
                ),
                phase=TYPE_RULES[kind].phase,
                worker_type=kind,
            )
            for handler in manifest.handlers
        }
    )


def manifest_findings(manifest: PluginManifest, worker_id: str | None = None) -> tuple[WiringFinding, ...]:
    """Return everything in a manifest's handlers that the platform does not know or does not allow."""
    worker = worker_id or manifest.identification.worker_id
    methods = [handler.method for handler in manifest.handlers]
    found = [
        WiringFinding(
            Rule.DUPLICATE_METHOD,
            Severity.ERROR,
            f"The manifest of {worker} lists the method {method} more than once.",
            "Keep one entry for each method.",
            worker=worker,
            method=method,
        )
        for method in dict.fromkeys(methods)
        if methods.count(method) > 1
    ]
    for handler in manifest.handlers:
        found += _handler_findings(worker, manifest.identification.type, handler)
    return tuple(found)


def _handler_findings(worker: str, kind: WorkerType, handler: Handler) -> Iterator[WiringFinding]:
    where = f"The manifest of {worker}"
    if handler.input not in NOTES:
        yield WiringFinding(
            Rule.UNKNOWN_NOTE,
            Severity.ERROR,
            f"{where} says that {handler.method} takes {handler.input}, which is no note of the platform.",
            hint(handler.input, NOTES),
            worker=worker,
            method=handler.method,
        )
    for trigger in handler.triggers:
        if trigger not in EVENTS and not is_platform_event(trigger):
            yield WiringFinding(
                Rule.UNKNOWN_EVENT,
                Severity.ERROR,
                f"{where} wires {handler.method} to {trigger}, which is no event of the platform.",
                hint(trigger, EVENTS),
                event=trigger,
                worker=worker,
                method=handler.method,
            )
    for name in (*handler.triggers, *(said.event for said in handler.publishes)):
        if is_platform_event(name):
            yield WiringFinding(
                Rule.PLATFORM_EVENT,
                Severity.ERROR,
                f"{where} uses {name} in {handler.method}; a leading underscore is for the platform alone.",
                "Use an event without the underscore.",
                event=name,
                worker=worker,
                method=handler.method,
            )
    for said in handler.publishes:
        yield from _output_findings(worker, kind, handler.method, said)


def _output_findings(worker: str, kind: WorkerType, method: str, said: PublishedEvent) -> Iterator[WiringFinding]:
    if is_platform_event(said.event):
        return
    where = f"The manifest of {worker} says that {method} may publish {said.event}"
    allowed = TYPE_RULES[kind].may_publish
    if said.event not in EVENTS:
        yield WiringFinding(
            Rule.UNKNOWN_EVENT,
            Severity.ERROR,
            f"{where}, which is no event of the platform.",
            hint(said.event, EVENTS),
            event=said.event,
            worker=worker,
            method=method,
        )
        return
    if said.event not in allowed:
        may = f"may publish only {', '.join(sorted(allowed))}" if allowed else "publishes nothing, it writes columns"
        yield WiringFinding(
            Rule.FORBIDDEN_OUTPUT,
            Severity.ERROR,
            f"{where}, but a {kind} {may}.",
            "Take the event out of the manifest, or write a plugin of another kind.",
            event=said.event,
            worker=worker,
            method=method,
        )
    expected = EVENTS[said.event].payload_type.__name__
    if said.payload != expected:
        yield WiringFinding(
            Rule.PAYLOAD_MISMATCH,
            Severity.ERROR,
            f"{where} with {said.payload}, but this event carries {expected}.",
            f"Write payload: {expected}.",
            event=said.event,
            worker=worker,
            method=method,
        )


def roster_of(
    blueprint: StrategyBlueprint, manifests: Mapping[str, PluginManifest]
) -> tuple[Roster, tuple[WiringFinding, ...]]:
    """Return everybody whom a strategy can wire, the platform's workers after the specialists, and what is wrong.

    Args:
        blueprint: The strategy.
        manifests: Of each plugin, by the name that blueprints use.
    """
    roster: dict[str, Mapping[str, HandlerContract]] = {}
    found: list[WiringFinding] = []
    for slot, entry in entries_of(blueprint):
        manifest = manifests.get(entry.plugin)
        if manifest is None:
            found.append(
                WiringFinding(
                    Rule.UNKNOWN_PLUGIN,
                    Severity.ERROR,
                    f"The blueprint asks for the plugin {entry.plugin}, which is not installed.",
                    hint(entry.plugin, manifests),
                    worker=entry.worker,
                )
            )
            continue
        worker = worker_id_of(entry, manifest)
        found += _entry_findings(worker, slot, manifest, is_taken=worker in roster or worker in PLATFORM_WORKERS)
        roster.setdefault(worker, contracts_of(manifest, worker))
    is_direct = blueprint.direct_planning is not None
    platform = {
        worker: methods for worker, methods in PLATFORM_WORKERS.items() if is_direct or worker != DIRECT_PLANNER
    }
    return MappingProxyType(roster | platform), tuple(found)


def _entry_findings(
    worker: str, slot: WorkerType, manifest: PluginManifest, *, is_taken: bool
) -> Iterator[WiringFinding]:
    kind = manifest.identification.type
    if is_taken:
        yield WiringFinding(
            Rule.DUPLICATE_WORKER,
            Severity.ERROR,
            f"Two workers of the strategy are called {worker}.",
            "Give one of them a name of its own with `worker:` in the blueprint.",
            worker=worker,
        )
        return
    if kind is not slot:
        yield WiringFinding(
            Rule.WRONG_SLOT,
            Severity.ERROR,
            f"{worker} is a {kind}, but the blueprint lists it as a {slot}.",
            f"Move it to the list of its kind, or choose a {slot}.",
            worker=worker,
        )
    yield from manifest_findings(manifest, worker)
