"""The rules without which a map cannot be carried out at all: every name is known, every note fits, nothing runs in a circle."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from engine.contracts.events import EVENTS
from engine.primitives.event_type import EventType
from engine.wiring.findings import Rule, Severity, WiringFinding, hint
from engine.wiring.flow import ALIASES, Roster, canonical, fits, is_platform_event
from engine.wiring.graph import HandlerGraph, HandlerKey, loops
from engine.wiring.wiring_map import WHOLE_EVENT, EventWiring, Lines, Subscriber, WiringMap

Events = Mapping[str, EventType[object]]


def structure_findings(
    wiring: WiringMap, roster: Roster, *, lines: Lines | None = None, events: Events = EVENTS
) -> tuple[WiringFinding, ...]:
    """Return unknown names, notes that do not fit, doubled entries, and loops within one flow; all are errors."""
    where = lines or {}
    graph = HandlerGraph.of(wiring, roster)
    return (
        *_entry_findings(wiring, where, events),
        *_subscriber_findings(wiring, roster, where, events),
        *_cycle_findings(wiring, graph, where, events),
    )


def line_of_event(wiring: WiringMap, event: str | None, lines: Lines) -> int | None:
    """Return the line of an event's first entry, or None if it has none."""
    for number, entry in enumerate(wiring.event_wirings):
        if entry.event == event:
            return lines.get((number, WHOLE_EVENT))
    return None


def line_of_subscriber(wiring: WiringMap, roster: Roster, lines: Lines, event: str, key: HandlerKey) -> int | None:
    """Return the line of a subscription, under whatever name the map has for the worker; None if it has no line."""
    for number, entry in enumerate(wiring.event_wirings):
        for place, subscriber in enumerate(entry.subscribers if entry.event == event else ()):
            if (canonical(subscriber.worker, roster), subscriber.method) == key:
                return lines.get((number, place))
    return None


def _entry_findings(wiring: WiringMap, lines: Lines, events: Events) -> Iterator[WiringFinding]:
    first: dict[str, int | None] = {}
    for number, entry in enumerate(wiring.event_wirings):
        line = lines.get((number, WHOLE_EVENT))
        if entry.event not in events:
            yield WiringFinding(
                Rule.UNKNOWN_EVENT,
                Severity.ERROR,
                f"{entry.event} is no event of the platform.",
                hint(entry.event, events),
                event=entry.event,
                line=line,
            )
        if entry.event in first:
            before = first[entry.event]
            yield WiringFinding(
                Rule.DUPLICATE_EVENT,
                Severity.ERROR,
                f"{entry.event} has two entries{'' if before is None else f', the first in line {before}'}.",
                "Move the subscribers of the second to the first.",
                event=entry.event,
                line=line,
            )
        first.setdefault(entry.event, line)


def _subscriber_findings(wiring: WiringMap, roster: Roster, lines: Lines, events: Events) -> Iterator[WiringFinding]:
    seen: set[tuple[str, str, str]] = set()
    for number, entry in enumerate(wiring.event_wirings):
        for place, subscriber in enumerate(entry.subscribers):
            line = lines.get((number, place))
            key = (entry.event, canonical(subscriber.worker, roster), subscriber.method)
            if key in seen:
                yield WiringFinding(
                    Rule.DUPLICATE_SUBSCRIPTION,
                    Severity.ERROR,
                    f"{subscriber.worker}.{subscriber.method} hears {entry.event} twice.",
                    "Delete one of the two.",
                    event=entry.event,
                    worker=subscriber.worker,
                    method=subscriber.method,
                    line=line,
                )
                continue
            seen.add(key)
            finding = _misfit(entry, subscriber, roster, events, line)
            if finding is not None:
                yield finding


def _misfit(
    entry: EventWiring, subscriber: Subscriber, roster: Roster, events: Events, line: int | None
) -> WiringFinding | None:
    worker, method = subscriber.worker, subscriber.method

    def finding(rule: Rule, text: str, fix: str) -> WiringFinding:
        return WiringFinding(
            rule, Severity.ERROR, text, fix, event=entry.event, worker=worker, method=method, line=line
        )

    handlers = roster.get(canonical(worker, roster))
    if handlers is None:
        return finding(
            Rule.UNKNOWN_WORKER,
            f"{worker} hears {entry.event}, but the strategy has no such worker.",
            hint(worker, [*roster, *ALIASES]),
        )
    contract = handlers.get(method)
    if contract is None:
        return finding(
            Rule.UNKNOWN_METHOD,
            f"{worker} has no handler {method} for {entry.event}.",
            hint(method, handlers),
        )
    if is_platform_event(entry.event) and contract.worker_type is not None:
        return finding(
            Rule.PLATFORM_EVENT,
            f"{worker} is a plugin and hears {entry.event}; a leading underscore is for the platform alone.",
            "Delete this subscriber.",
        )
    event = events.get(entry.event)
    if event is None or fits(event.payload_type, contract.input_type):
        return None
    able = [name for name, other in handlers.items() if fits(event.payload_type, other.input_type)]
    return finding(
        Rule.PAYLOAD_MISMATCH,
        f"{entry.event} carries {event.payload_type.__name__}, "
        f"but {worker}.{method} takes {contract.input_type.__name__}.",
        f"Wire it to {worker}.{able[0]}." if able else "Wire the event to a worker that takes this note.",
    )


def _cycle_findings(wiring: WiringMap, graph: HandlerGraph, lines: Lines, events: Events) -> Iterator[WiringFinding]:
    def after(event: str) -> tuple[str, ...]:
        return tuple(name for name in graph.said_after(event) if name not in events or not events[name].flow_boundary)

    for loop in loops(graph.heard, after):
        worker, method = next(key for key in graph.heard[loop[0]] if loop[1] in graph.handlers[key].publishes)
        yield WiringFinding(
            Rule.CYCLE,
            Severity.ERROR,
            f"One flow would run in a circle: {path_text(loop, graph)}.",
            "Take one of these subscribers out, or wire it to an event that starts a flow of its own.",
            event=loop[0],
            worker=worker,
            method=method,
            line=line_of_event(wiring, loop[0], lines),
        )


def path_text(path: tuple[str, ...], graph: HandlerGraph) -> str:
    """Return a way through the graph as people read it: ``EVENT > worker.method > EVENT``."""
    steps = [path[0]]
    for event, following in pairwise(path):
        for key in graph.heard.get(event, ()):
            contract = graph.handlers[key]
            if following in contract.publishes or following in contract.echoes:
                steps.append(f"{key[0]}.{key[1]}")
                break
        steps.append(following)
    return " > ".join(steps)
