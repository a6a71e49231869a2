"""Events in, events out, for one worker: `house.give(EVENT, note)`, `house.expect(EVENT, field=value)`."""

from collections import deque
from collections.abc import Mapping
from functools import cache
from typing import Any, Self

from engine.config.manifest import PluginManifest
from engine.contracts.disposition import NOTHING, Disposition, DispositionEnvelope
from engine.contracts.events import EVENTS
from engine.contracts.flows import FlowOutcome, OutcomeKind
from engine.contracts.swot import Collected
from engine.primitives.event_type import EventType
from engine.wiring.adapter import EventAdapter, Fault, Gathered, deliver
from engine.wiring.flow import PLATFORM_WORKERS, HandlerContract, fits
from engine.wiring.planning import load_base_wiring
from engine.wiring.roster import contracts_of


class Playbook:
    """Hands events to one worker as the wiring would, holds it to its contract, and keeps what it says.

    Args:
        worker: Platform worker or plugin.
        manifest: Of a plugin: what it takes and may publish. A platform worker's stands in the table of phases.
        worker_id: Its name; needed only for a platform worker whose methods do not tell which it is.
        hears: Event name -> method, where it is not what the base wiring says.
        now_ns: Engine time for joins.
    """

    def __init__(
        self,
        worker: object,
        *,
        manifest: PluginManifest | None = None,
        worker_id: str | None = None,
        hears: Mapping[str, str] | None = None,
        now_ns: int = 0,
    ) -> None:
        self._worker = worker
        self._contracts = contracts_of(manifest, worker_id) if manifest else _platform_contracts(worker, worker_id)
        self._hears = dict(hears or {})
        self._now_ns = now_ns
        self._gathered: dict[str, list[object]] = {}
        self._said: deque[DispositionEnvelope] = deque()

    def give(self, event: EventType[Any], payload: object) -> Self:
        """Let the worker hear an event; what it raises is raised here."""
        contract = self._contract_for(event)
        if isinstance(contract.input_type, Collected):
            self._gathered.setdefault(contract.method, []).append(payload)
        else:
            self._call(contract, payload)
        return self

    def ask(self, *remembered: object) -> Self:
        """Ask the worker's joins with everything given so far: no handler that could still contribute is left."""
        for method, payloads in self._gathered.items():
            self._call(self._contracts[method], Gathered(tuple(payloads), remembered, self._now_ns))
        self._gathered.clear()
        return self

    def expect(self, event: EventType[Any], **fields: object) -> Any:
        """Take the next thing that was said; it is this event and its payload has these fields. Return the payload."""
        assert self._said, f"expected {event.name}, but nothing more was said"
        envelope = self._said.popleft()
        assert envelope.disposition is Disposition.PUBLISH, f"expected {event.name}, but it said {envelope}"
        assert envelope.event_name == event.name
        payload = envelope.payload
        assert isinstance(payload, event.payload_type)
        assert {name: getattr(payload, name) for name in fields} == fields
        return payload

    def expect_stop(self, kind: OutcomeKind, **fields: object) -> FlowOutcome:
        """Take the next thing that was said; it ends the flow like this. Return the outcome."""
        assert self._said, f"expected a STOP with {kind}, but nothing more was said"
        envelope = self._said.popleft()
        assert envelope.outcome is not None, f"expected a STOP with {kind}, but it said {envelope}"
        assert envelope.outcome.kind is kind
        assert {name: getattr(envelope.outcome, name) for name in fields} == fields
        return envelope.outcome

    def expect_nothing(self) -> None:
        """Nothing more was said."""
        assert not self._said, f"expected silence, but it said {list(self._said)}"

    def reset(self) -> None:
        """End the flow, as the bus does after every flow in which something was said."""
        reset = getattr(self._worker, "reset", None)
        if callable(reset):
            reset()

    def _call(self, contract: HandlerContract, note: object) -> None:
        adapter = EventAdapter(contract, getattr(self._worker, contract.method))
        answers: list[tuple[EventAdapter, object]] = []
        deliver((adapter,), note, answers)
        for _, answer in answers:
            if isinstance(answer, Fault):
                raise answer.error
            relayed = DispositionEnvelope.publish(EVENTS[adapter.relays_to], answer) if adapter.relays_to else answer
            self._said.extend(one for one in adapter.accept(relayed) if one is not NOTHING)

    def _contract_for(self, event: EventType[Any]) -> HandlerContract:
        method = self._hears.get(event.name) or self._method_by_template(event)
        assert method in self._contracts, f"nobody here hears {event.name}: there are {', '.join(self._contracts)}"
        return self._contracts[method]

    def _method_by_template(self, event: EventType[Any]) -> str:
        able = [name for name, one in self._contracts.items() if fits(event.payload_type, one.input_type)]
        return next((name for name in _template_methods(event.name) if name in able), able[0] if able else "")


def _platform_contracts(worker: object, worker_id: str | None) -> Mapping[str, HandlerContract]:
    if worker_id is not None:
        return PLATFORM_WORKERS[worker_id]
    able = [methods for methods in PLATFORM_WORKERS.values() if all(hasattr(worker, method) for method in methods)]
    assert len(able) == 1, f"say which platform worker {type(worker).__name__} is: worker_id=..., or give its manifest"
    return able[0]


@cache
def _template_methods(event: str) -> tuple[str, ...]:
    template = load_base_wiring()
    return tuple(
        slot.method for wiring in template.event_wirings if wiring.event == event for slot in wiring.subscribers
    )
