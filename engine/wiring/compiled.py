"""A wiring map with its workers, worked out beforehand so that a quiet bar costs next to nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from engine.contracts.base import Contract
from engine.contracts.context import AssessedContext
from engine.contracts.events import EVENTS
from engine.contracts.swot import Collected
from engine.primitives.errors import WiringError
from engine.primitives.event_type import EventType
from engine.wiring.adapter import EventAdapter
from engine.wiring.annotations import check_annotations
from engine.wiring.findings import errors_of
from engine.wiring.flow import HandlerContract, is_background
from engine.wiring.graph import HandlerGraph, HandlerKey
from engine.wiring.render import describe
from engine.wiring.structure import Events, structure_findings
from engine.wiring.wiring_map import WiringMap, wiring_hash

P = TypeVar("P")

COUNT_BITS: Final = 32
"""Width of one join's count in `pending`."""
COUNT_MASK: Final = (1 << COUNT_BITS) - 1


@dataclass(frozen=True, slots=True)
class WorkerBinding:
    """A worker at hand: its name in the wiring, the object, and what each of its methods takes and may say."""

    worker_id: str
    instance: object
    contracts: Mapping[str, HandlerContract]


@dataclass(eq=False, slots=True)
class Join:
    """A handler that runs once per flow with everything that was gathered for it.

    How many deliveries are still ahead that could contribute is counted for all joins at once, side by side in one
    integer of `COUNT_BITS` for each: so one addition per event keeps every count.

    Args:
        number: Its place among the joins.
        adapters: Its one adapter.
        weight: A one in the field of every join to which its own answer can lead.
        memory: Where the payloads stand that it remembers of earlier flows.
    """

    number: int
    adapters: tuple[EventAdapter]
    weight: int = 0
    memory: tuple[int, ...] = ()
    bit: int = field(init=False)
    """Its bit among the joins."""
    shift: int = field(init=False)
    """Where its field begins in `pending`."""

    def __post_init__(self) -> None:
        self.bit = 1 << self.number
        self.shift = self.number * COUNT_BITS


@dataclass(eq=False, slots=True)
class Channel:
    """One event as the bus sees it.

    Args:
        event: What it is.
        adapters: Who hears it, in order.
        joins: Which joins gather it, and whether it is a reason to ask them (not only background).
        weight: A one in the field of every join to which a subscriber's answer can lead.
        is_note: Its payload is a note: publishing it is saying something.
        is_assessed: Its payload holds a note that counts only if somebody read it.
        memory: Where its payload is remembered for joins of later flows; -1 for nowhere.
    """

    event: EventType[object]
    adapters: tuple[EventAdapter, ...] = ()
    joins: tuple[tuple[Join, bool], ...] = ()
    weight: int = 0
    is_note: bool = False
    is_assessed: bool = False
    memory: int = -1


@dataclass(frozen=True, slots=True)
class CompiledWiring:
    """Everything that a `FlowBus` needs. It holds no state of a flow and may be shared."""

    channels: Mapping[str, Channel]
    outlets: Mapping[str, Channel]
    """Where a worker's events go. One that starts a flow of its own is only recorded here, and heard in that flow."""
    joins: tuple[Join, ...]
    resets: tuple[tuple[str, Callable[[], object]], ...]
    memory_size: int
    wiring_hash: str
    heard: Mapping[str, tuple[HandlerKey, ...]] = field(default_factory=dict)

    def subscribers_of(self, event: EventType[P]) -> tuple[HandlerKey, ...]:
        """Return (worker, method) of everybody who hears an event, in the order in which they are called."""
        return self.heard.get(event.name, ())

    def listeners(self, event: EventType[P]) -> tuple[str, ...]:
        """Return the workers that hear an event, those included that gather it as a reason to be asked."""
        channel = self.channels[event.name]
        asked = (join.adapters[0] for join, is_reason in channel.joins if is_reason)
        return tuple(adapter.contract.worker for adapter in (*channel.adapters, *asked))

    def sparing(self, event: EventType[P], workers: Collection[str]) -> "CompiledWiring":
        """Return the same wiring in which these workers, who publish nothing, are not called on an event."""
        channel = self.channels[event.name]
        kept = tuple(adapter for adapter in channel.adapters if adapter.contract.worker not in workers)
        spared = replace(channel, adapters=kept)
        return replace(
            self, channels={**self.channels, event.name: spared}, outlets={**self.outlets, event.name: spared}
        )


def compile_wiring(wiring: WiringMap, bindings: Sequence[WorkerBinding], *, events: Events = EVENTS) -> CompiledWiring:
    """Return the map with its workers, ready to run.

    Only what cannot be carried out is refused here (`structure_findings`, and methods that are not there or written
    for another note); `validate` tells more.

    Raises:
        WiringError: says every fault.
    """
    roster = {binding.worker_id: binding.contracts for binding in bindings}
    instances = {binding.worker_id: binding.instance for binding in bindings}
    faults = errors_of((*structure_findings(wiring, roster, events=events), *check_annotations(instances, roster)))
    if faults:
        raise WiringError(f"The wiring cannot be carried out.\n{describe(faults)}")
    if len(roster) < len(bindings):
        raise WiringError("Two workers have the same name.", workers=[binding.worker_id for binding in bindings])
    return _Compiler(HandlerGraph.of(wiring, roster), instances, events).compiled(wiring_hash(wiring))


Step = tuple[tuple[EventAdapter, ...], int, EventAdapter | None]
"""Who hears a note, where it is remembered (-1 for nowhere), and who of them hands something on."""


def quiet_way(birth: Channel, channels: Mapping[str, Channel]) -> tuple[Step, ...]:
    """Return the way of a birth while nobody speaks: from relay to relay; empty if a join may have to be asked on it."""
    steps: list[Step] = []
    channel: Channel | None = birth
    while channel is not None:
        relays = [adapter for adapter in channel.adapters if adapter.relays_to]
        says = channel.is_note and channel is not birth
        if len(relays) > 1 or len(steps) > len(channels) or says or any(is_reason for _, is_reason in channel.joins):
            return ()
        relay = relays[0] if relays else None
        steps.append((channel.adapters, channel.memory, relay))
        channel = None if relay is None else channels[relay.relays_to]
    return tuple(steps)


class _Compiler:
    def __init__(self, graph: HandlerGraph, instances: Mapping[str, object], events: Events) -> None:
        self._graph = graph
        self._instances = instances
        self._events = events
        self._heard = {
            event: tuple(sorted(keys, key=lambda key: graph.handlers[key].phase)) for event, keys in graph.heard.items()
        }
        # A stable sort: (phase, place in the file).
        keys = sorted(graph.handlers, key=lambda key: graph.handlers[key].phase)
        self._adapters = {key: EventAdapter(graph.handlers[key], getattr(instances[key[0]], key[1])) for key in keys}
        self._joins = {
            key: Join(number, (self._adapters[key],))
            for number, key in enumerate(key for key in keys if graph.handlers[key].is_join)
        }
        self._leads: dict[str, int] = {}

    def compiled(self, hash_of_map: str) -> CompiledWiring:
        remembered = self._remembered()
        for key, join in self._joins.items():
            join.weight = self._weight([key])
            kept = _remembers(self._graph.handlers[key])
            join.memory = tuple(place for place, kind in enumerate(remembered) if kind in kept)
        channels = {name: self._channel(event, remembered) for name, event in self._events.items()}
        outside = {name: self._bare(event) for name, event in self._events.items() if event.flow_boundary}
        return CompiledWiring(
            channels=channels,
            outlets=channels | outside,
            joins=tuple(self._joins.values()),
            resets=self._resets(),
            memory_size=len(remembered),
            wiring_hash=hash_of_map,
            heard=self._heard,
        )

    def _channel(self, event: EventType[object], remembered: list[type]) -> Channel:
        keys = self._heard.get(event.name, ())
        direct = [key for key in keys if key not in self._joins]
        channel = self._bare(event)
        channel.adapters = tuple(self._adapters[key] for key in direct)
        channel.joins = tuple(
            (self._joins[key], not is_background(event.payload_type, self._graph.handlers[key].input_type))
            for key in keys
            if key in self._joins
        )
        channel.weight = self._weight(direct)
        places = [place for place, kind in enumerate(remembered) if issubclass(event.payload_type, kind)]
        channel.memory = places[0] if places else -1
        return channel

    def _bare(self, event: EventType[object]) -> Channel:
        return Channel(
            event,
            is_note=issubclass(event.payload_type, Contract),
            is_assessed=issubclass(event.payload_type, AssessedContext),
        )

    def _weight(self, keys: Sequence[HandlerKey]) -> int:
        mask = 0
        for key in keys:
            for event in self._graph.handlers[key].publishes:
                mask |= self._leads_to(event)
        return sum(1 << join.shift for join in self._joins.values() if mask & join.bit)

    def _leads_to(self, event: str) -> int:
        """Return the joins that gather an event or anything that may follow from it in the same flow, as bits."""
        if event in self._events and self._events[event].flow_boundary:
            return 0
        if event not in self._leads:
            mask = 0
            for key in self._heard.get(event, ()):
                if key in self._joins:
                    mask |= self._joins[key].bit
                for following in self._graph.handlers[key].publishes:
                    mask |= self._leads_to(following)
            self._leads[event] = mask
        return self._leads[event]

    def _remembered(self) -> list[type]:
        kinds = (kind for key in self._joins for kind in _remembers(self._graph.handlers[key]))
        return list(dict.fromkeys(kinds))

    def _resets(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        calls = ((worker, getattr(instance, "reset", None)) for worker, instance in self._instances.items())
        return tuple((worker, reset) for worker, reset in calls if callable(reset))


def _remembers(contract: HandlerContract) -> tuple[type, ...]:
    return contract.input_type.remembers if isinstance(contract.input_type, Collected) else ()
