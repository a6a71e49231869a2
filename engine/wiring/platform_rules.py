"""The rules about the platform's own workers: what every strategy needs, and how the context chain is ordered."""

from collections.abc import Iterator

from engine.config.manifest import WorkerType
from engine.contracts.events import EVENTS, TICK_RECEIVED
from engine.wiring.findings import Rule, Severity, WiringFinding
from engine.wiring.flow import REQUIRED, Roster
from engine.wiring.graph import HandlerGraph
from engine.wiring.structure import Events, line_of_subscriber
from engine.wiring.wiring_map import Lines, WiringMap

CONTEXT_CHAIN = "context_chain"


def platform_findings(
    wiring: WiringMap, roster: Roster, *, lines: Lines | None = None, events: Events = EVENTS
) -> tuple[WiringFinding, ...]:
    """Return the platform's subscriptions that are missing, and context workers that come too late; all are errors."""
    graph = HandlerGraph.of(wiring, roster)
    return (*_missing(graph, roster), *_late_context(wiring, graph, roster, lines or {}, events))


def _missing(graph: HandlerGraph, roster: Roster) -> Iterator[WiringFinding]:
    for event, worker, method in REQUIRED:
        if worker in roster and (worker, method) not in graph.heard.get(event, ()):
            yield WiringFinding(
                Rule.PLATFORM_MISSING,
                Severity.ERROR,
                f"{worker}.{method} does not hear {event}; without it decisions would get lost.",
                f"Add worker {worker}, method {method} to the subscribers of {event}.",
                event=event,
                worker=worker,
                method=method,
            )


def _late_context(
    wiring: WiringMap, graph: HandlerGraph, roster: Roster, lines: Lines, events: Events
) -> Iterator[WiringFinding]:
    for event, keys in graph.heard.items():
        is_closed = False
        for key in keys:
            if key[0] == CONTEXT_CHAIN:
                is_closed = True
            if graph.handlers[key].worker_type is not WorkerType.CONTEXT_WORKER:
                continue
            if is_closed or (event in events and not events[event].external):
                yield WiringFinding(
                    Rule.CHAIN_ORDER,
                    Severity.ERROR,
                    f"{key[0]} hears {event} when the context is already complete, so nobody would see its columns.",
                    f"Wire it to {TICK_RECEIVED.name}, before {CONTEXT_CHAIN}.",
                    event=event,
                    worker=key[0],
                    method=key[1],
                    line=line_of_subscriber(wiring, roster, lines, event, key),
                )
