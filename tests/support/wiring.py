"""A small house to wire: handlers, maps, workers that say what the test tells them to, and a bus to run them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from engine.config.blueprint import PlanningWorkers, StrategyBlueprint, StrategyMarket, WorkerEntry, Workforce
from engine.config.manifest import Handler, Identification, PluginManifest, PublishedEvent, WorkerType
from engine.contracts.context import AssessedContext, GivenScores, TradingContext
from engine.contracts.disposition import DispositionEnvelope
from engine.contracts.events import EVENTS
from engine.contracts.flows import FlowRecord
from engine.contracts.market import BAR_COLUMNS
from engine.primitives.event_type import EventType
from engine.primitives.ids import TICK, IdSlot
from engine.primitives.timeframes import ns_from_datetime
from engine.wiring.bus import FlowBus, WorkerBinding, compile_wiring
from engine.wiring.findings import Rule, WiringFinding
from engine.wiring.flow import TYPE_RULES, HandlerContract
from engine.wiring.wiring_map import EventWiring, Subscriber, WiringMap
from tests.support.notes import AT, an_assessment
from tests.support.rows import GivenRows

NOW_NS = ns_from_datetime(AT)


def a_map(entries: Mapping[str, Iterable[str]]) -> WiringMap:
    """Return a map from ``{"EVENT": ["worker.method", ...]}``."""
    return WiringMap(
        event_wirings=tuple(
            EventWiring(event=event, subscribers=tuple(_subscriber(name) for name in names))
            for event, names in entries.items()
        )
    )


def _subscriber(name: str) -> Subscriber:
    worker, method = name.split(".")
    return Subscriber(worker=worker, method=method)


def a_handler(
    name: str,
    takes: type,
    *says: str,
    kind: WorkerType | None = None,
    phase: int | None = None,
    events: Mapping[str, EventType[Any]] = EVENTS,
    **more: Any,
) -> HandlerContract:
    """Return what ``worker.method`` takes and may publish; its phase is that of its kind, or else 1."""
    worker, method = name.split(".")
    of_kind = TYPE_RULES[kind].phase if kind is not None else 1
    publishes = {event: events[event].payload_type for event in says}
    return HandlerContract(worker, method, takes, publishes, of_kind if phase is None else phase, kind, **more)


def a_roster(*handlers: HandlerContract) -> dict[str, dict[str, HandlerContract]]:
    """Return handlers by worker and method."""
    roster: dict[str, dict[str, HandlerContract]] = {}
    for handler in handlers:
        roster.setdefault(handler.worker, {})[handler.method] = handler
    return roster


def codes(findings: Iterable[WiringFinding]) -> list[Rule]:
    """Return the rules that were broken, in order."""
    return [finding.code for finding in findings]


def the_one(findings: Iterable[WiringFinding], rule: Rule) -> WiringFinding:
    """Return the only finding of a rule."""
    (found,) = [finding for finding in findings if finding.code is rule]
    return found


class Scripted:
    """A worker of which every method is told what to answer, and that keeps what it was given.

    An answer is an envelope, a tuple of them, an exception to raise, or a function of the note that returns one.
    """

    def __init__(self, **answers: Any) -> None:
        self.given: list[object] = []
        self._answers = answers

    def __getattr__(self, method: str) -> Callable[[object], Any]:
        if method.startswith("_") or method not in self._answers:
            raise AttributeError(method)
        answer = self._answers[method]

        def call(note: object) -> Any:
            self.given.append(note)
            said = answer(note) if callable(answer) else answer
            if isinstance(said, Exception):
                raise said
            return said

        return call


def bound(instance: object, *handlers: HandlerContract) -> WorkerBinding:
    """Return a worker at hand; its name is that of its handlers."""
    return WorkerBinding(handlers[0].worker, instance, {handler.method: handler for handler in handlers})


def a_bus(wiring: WiringMap, *bindings: WorkerBinding, **more: Any) -> FlowBus:
    """Return a bus at a clock that stands still."""
    events = more.pop("events", EVENTS)
    compiled = compile_wiring(wiring, bindings, events=events)
    return FlowBus(compiled, **({"strategy_id": "demo", "now_ns": lambda: NOW_NS} | more))


def run(bus: FlowBus, event: EventType[Any], payload: object, number: int = 0) -> FlowRecord | None:
    """Run one flow under the id ``TCK_20251027_143022_<number>``."""
    return bus.run(event, payload, slot=IdSlot(NOW_NS // 1_000_000_000, number), kind=TICK)


def said_in(record: FlowRecord | None) -> list[str]:
    """Return the names of the events of a flow, without its end."""
    assert record is not None
    return [node.event for node in record.nodes if node.event != "_flow_stop"]


def says(event: EventType[Any], payload: object) -> DispositionEnvelope:
    """Return an answer that publishes."""
    return DispositionEnvelope.publish(event, payload)


def a_context(*, close: float = 100.0) -> TradingContext:
    """Return a bare context of one bar."""
    row = [close, close, close, close, 1.0]
    store = GivenRows(
        timeframe="5m", columns={name: np.array([value]) for name, value in zip(BAR_COLUMNS, row, strict=True)}
    )
    return TradingContext(store, 0, IdSlot(NOW_NS // 1_000_000_000, 0), NOW_NS - 300_000_000_000, NOW_NS, row)


def an_assessed_context() -> AssessedContext:
    """Return a context of which nobody has read the assessment yet."""
    return AssessedContext(a_context(), GivenScores(0.75, 0.2, lambda _: an_assessment()))


def a_manifest(name: str, kind: WorkerType, *handlers: Handler, worker_id: str | None = None) -> PluginManifest:
    """Return the manifest of a plugin; its worker_id is its name in snake case unless given."""
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).strip("_")
    return PluginManifest(
        identification=Identification(
            name=name,
            worker_id=worker_id or snake,
            type=kind,
            version="0.1.0",
            host=">=0.1",
            entry_point=f"worker:{name}",
            description="For tests.",
        ),
        handlers=handlers,
    )


def heard(method: str, takes: str, *says_events: str, triggers: tuple[str, ...] = ()) -> Handler:
    """Return a manifest's entry for one method; payloads are those of the events."""
    published = tuple(PublishedEvent(event=event, payload=EVENTS[event].payload_type.__name__) for event in says_events)
    return Handler(method=method, input=takes, triggers=triggers, publishes=published)


T = WorkerType
MANIFESTS: dict[str, PluginManifest] = {
    manifest.identification.name: manifest
    for manifest in (
        a_manifest("Structure", T.CONTEXT_WORKER, heard("on_tick", "TradingContext")),
        a_manifest("Ema", T.CONTEXT_WORKER, heard("on_tick", "TradingContext")),
        a_manifest(
            "Gap", T.OPPORTUNITY_WORKER, heard("on_context_assessment", "AssessedContext", "OPPORTUNITY_DETECTED")
        ),
        a_manifest(
            "Drawdown",
            T.THREAT_WORKER,
            heard("on_context_assessment", "AssessedContext", "THREAT_DETECTED"),
            heard("on_ledger_update", "LedgerUpdate", "THREAT_DETECTED"),
        ),
        a_manifest("Momentum", T.STRATEGY_PLANNER, heard("confront", "SWOTInputs", "STRATEGY_DIRECTIVE_ISSUED")),
        a_manifest(
            "Aggressive",
            T.ENTRY_PLANNER,
            heard("on_strategy_directive", "StrategyDirective", "ENTRY_PLAN_CREATED"),
        ),
        a_manifest(
            "Patient", T.ENTRY_PLANNER, heard("on_strategy_directive", "StrategyDirective", "ENTRY_PLAN_CREATED")
        ),
        a_manifest("Risk", T.SIZE_PLANNER, heard("on_strategy_directive", "StrategyDirective", "SIZE_PLAN_CREATED")),
        a_manifest("Reward", T.EXIT_PLANNER, heard("on_strategy_directive", "StrategyDirective", "EXIT_PLAN_CREATED")),
        a_manifest(
            "Balanced",
            T.EXECUTION_INTENT_PLANNER,
            heard("on_execution_request", "ExecutionRequest", "EXECUTION_INTENT_CREATED"),
        ),
    )
}
"""A plugin of every kind."""


def a_blueprint(**workforce: Any) -> StrategyBlueprint:
    """Return a strategy with a worker of every kind; name slots to change them: ``threat_workers=()``."""
    entries: dict[str, Any] = {
        "context_workers": ("Structure", "Ema"),
        "opportunity_workers": ("Gap",),
        "threat_workers": ("Drawdown",),
        "strategy_planner": "Momentum",
        "entry": ("Aggressive", "Patient"),
        "size": ("Risk",),
        "exit": ("Reward",),
        "execution_intent": ("Balanced",),
    }
    direct = workforce.pop("direct_planning", None)
    entries |= workforce
    planner = entries["strategy_planner"]
    return StrategyBlueprint(
        strategy_id="demo",
        name="Demo",
        market=StrategyMarket(symbol="BTC/USDT", timeframe="5m"),
        aggregation_policy="aggregation_policy.yaml",
        direct_planning=direct,
        workforce=Workforce(
            context_workers=_entries(entries["context_workers"]),
            opportunity_workers=_entries(entries["opportunity_workers"]),
            threat_workers=_entries(entries["threat_workers"]),
            strategy_planner=None if planner is None else _entry(planner),
            planning_workers=PlanningWorkers.model_validate(
                {slot: [{"plugin": name} for name in entries[slot]] for slot in _SLOTS}
            ),
        ),
    )


_SLOTS = ("entry", "size", "exit", "execution_intent")


def _entry(plugin: str | WorkerEntry) -> WorkerEntry:
    return plugin if isinstance(plugin, WorkerEntry) else WorkerEntry(plugin=plugin)


def _entries(plugins: Iterable[str | WorkerEntry]) -> tuple[WorkerEntry, ...]:
    return tuple(_entry(plugin) for plugin in plugins)


def subscribers(wiring: WiringMap, event: str) -> list[str]:
    """Return who hears an event as ``worker.method``, in map order."""
    return [
        f"{one.worker}.{one.method}"
        for entry in wiring.event_wirings
        if entry.event == event
        for one in entry.subscribers
    ]


def changed(wiring: WiringMap, event: str, *names: str) -> WiringMap:
    """Return the map with other subscribers for one event; without any the entry is gone."""
    rest = {entry.event: subscribers(wiring, entry.event) for entry in wiring.event_wirings}
    rest[event] = list(names)
    return a_map({name: heard_by for name, heard_by in rest.items() if heard_by})
