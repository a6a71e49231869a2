"""The rules about where events go: somebody says them, somebody hears them, and every handler can be reached."""

from collections.abc import Iterator

from engine.contracts.events import EVENTS, FLOW_STOP
from engine.wiring.findings import Rule, Severity, WiringFinding
from engine.wiring.flow import JOIN_LEGS, Roster, is_background
from engine.wiring.graph import HandlerGraph, HandlerKey, reached_from, shortest_path
from engine.wiring.structure import Events, line_of_event, line_of_subscriber, path_text
from engine.wiring.wiring_map import Lines, WiringMap


def flow_findings(
    wiring: WiringMap, roster: Roster, *, lines: Lines | None = None, events: Events = EVENTS
) -> tuple[WiringFinding, ...]:
    """Return missing publishers, dead ends, what no flow reaches, steps backwards, and feedback through the outside."""
    return tuple(FlowRules(wiring, roster, lines or {}, events).findings())


class FlowRules:
    """The rules of this module over one map."""

    def __init__(self, wiring: WiringMap, roster: Roster, lines: Lines, events: Events) -> None:
        self._wiring = wiring
        self._roster = roster
        self._lines = lines
        self._events = events
        self._graph = HandlerGraph.of(wiring, roster)
        births = [name for name in self._graph.heard if name in events and events[name].external]
        self._has_birth = bool(births)
        self._reached = reached_from([*births, FLOW_STOP.name], self._graph.echoed_after)

    def findings(self) -> Iterator[WiringFinding]:
        """Give each finding."""
        if not self._has_birth:
            yield WiringFinding(
                Rule.NO_BIRTH,
                Severity.ERROR,
                "Nobody hears an event from outside, so no flow ever starts.",
                "Wire TICK_RECEIVED, or another event that starts a flow.",
            )
        yield from self._without_publisher()
        yield from self._dead_ends()
        yield from self._unreachable()
        yield from self._join_legs()
        yield from self._idle_workers()
        yield from self._backwards()
        yield from self._feedback()

    def _known(self) -> Iterator[str]:
        return (name for name in self._graph.heard if name in self._events)

    def _comes_from_nowhere(self, event: str) -> bool:
        is_given = self._events[event].external or event == FLOW_STOP.name
        return not is_given and not self._graph.publishers_of(event)

    def _without_publisher(self) -> Iterator[WiringFinding]:
        for event in self._known():
            if not self._comes_from_nowhere(event):
                continue
            able = [
                worker for worker, methods in self._roster.items() for one in methods.values() if event in one.publishes
            ]
            # A planner that gathers may do without one of its legs: a strategy need not have a threat worker.
            is_spare = all(self._has_other_leg(key, event) for key in self._graph.heard[event])
            yield WiringFinding(
                Rule.NO_PUBLISHER,
                Severity.WARNING if is_spare else Severity.ERROR,
                f"{event} has subscribers, but no worker that hears something publishes it.",
                f"Wire {', '.join(dict.fromkeys(able))}, which may publish it."
                if able
                else "Add a worker that publishes it.",
                event=event,
                line=line_of_event(self._wiring, event, self._lines),
            )

    def _has_other_leg(self, key: HandlerKey, event: str) -> bool:
        contract = self._graph.handlers[key]
        return contract.is_join and any(
            key in self._graph.heard[other]
            and not self._comes_from_nowhere(other)
            and not self._is_background(key, other)
            for other in self._known()
            if other != event
        )

    def _is_background(self, key: HandlerKey, event: str) -> bool:
        return is_background(self._events[event].payload_type, self._graph.handlers[key].input_type)

    def _dead_ends(self) -> Iterator[WiringFinding]:
        for event in self._graph.events():
            if event in self._graph.heard or event not in self._events or self._events[event].terminal:
                continue
            worker, method = self._graph.publishers_of(event)[0]
            yield WiringFinding(
                Rule.DEAD_END,
                Severity.WARNING,
                f"{worker}.{method} may publish {event}, but nobody hears it.",
                "Wire a subscriber to it.",
                event=event,
                worker=worker,
                method=method,
            )

    def _unreachable(self) -> Iterator[WiringFinding]:
        if not self._has_birth:
            return
        for event in self._known():
            if event in self._reached or self._comes_from_nowhere(event):
                continue
            for worker, method in self._graph.heard[event]:
                yield WiringFinding(
                    Rule.UNREACHABLE,
                    Severity.WARNING,
                    f"{worker}.{method} hears {event}, but no event from outside leads there.",
                    "Look at who publishes it: something before it is not wired.",
                    event=event,
                    worker=worker,
                    method=method,
                    line=self._line_of(event, (worker, method)),
                )

    def _join_legs(self) -> Iterator[WiringFinding]:
        for key, contract in self._graph.handlers.items():
            if not contract.is_join:
                continue
            worker, method = key
            heard = [event for event in self._known() if key in self._graph.heard[event]]
            if all(self._is_background(key, event) for event in heard):
                yield WiringFinding(
                    Rule.JOIN_LEG_MISSING,
                    Severity.WARNING,
                    f"{worker}.{method} hears only {', '.join(heard)}, which alone is no reason to ask it.",
                    "Wire it to the events that it is to decide on.",
                    worker=worker,
                    method=method,
                )
            legs = JOIN_LEGS.get(contract.input_type, ())
            said = {name for name in self._graph.events() if name in self._events and self._graph.publishers_of(name)}
            for event in sorted(said.difference(heard)):
                if self._events[event].payload_type in legs:
                    yield WiringFinding(
                        Rule.JOIN_LEG_MISSING,
                        Severity.WARNING,
                        f"{worker}.{method} gathers {self._events[event].payload_type.__name__}, but does not hear {event}.",
                        f"Wire it to {event} as well.",
                        event=event,
                        worker=worker,
                        method=method,
                    )

    def _idle_workers(self) -> Iterator[WiringFinding]:
        busy = {worker for worker, _ in self._graph.handlers}
        for worker, methods in self._roster.items():
            is_plugin = any(contract.worker_type is not None for contract in methods.values())
            if is_plugin and worker not in busy:
                yield WiringFinding(
                    Rule.HEARS_NOTHING,
                    Severity.WARNING,
                    f"{worker} is in the blueprint but hears nothing.",
                    f"Wire one of its methods: {', '.join(methods)}.",
                    worker=worker,
                )

    def _backwards(self) -> Iterator[WiringFinding]:
        for event in self._known():
            said_by = [(key, self._graph.handlers[key].phase) for key in self._graph.publishers_of(event)]
            for key in self._graph.heard[event]:
                phase = self._graph.handlers[key].phase
                later = next((publisher for publisher, its_phase in said_by if its_phase > phase), None)
                if later is not None:
                    yield WiringFinding(
                        Rule.PHASE_BACKWARDS,
                        Severity.WARNING,
                        f"{event} goes backwards: {later[0]}.{later[1]} works in a later phase "
                        f"than {key[0]}.{key[1]} (phase {phase}).",
                        "Notes go from the front of the house to the back; wire it to an earlier event.",
                        event=event,
                        worker=key[0],
                        method=key[1],
                        line=self._line_of(event, key),
                    )

    def _feedback(self) -> Iterator[WiringFinding]:
        for event in self._known():
            if not self._events[event].flow_boundary:
                continue
            path = shortest_path(event, event, self._graph.echoed_after)
            if path:
                yield WiringFinding(
                    Rule.FEEDBACK,
                    Severity.INFO,
                    f"Feedback from one flow to a later one: {path_text(path, self._graph)}.",
                    event=event,
                    line=line_of_event(self._wiring, event, self._lines),
                )

    def _line_of(self, event: str, key: HandlerKey) -> int | None:
        return line_of_subscriber(self._wiring, self._roster, self._lines, event, key)
