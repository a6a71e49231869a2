"""The bus of one strategy: runs a flow to its end, one event after another, and says what became of it."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from engine.contracts.base import trusted
from engine.contracts.directives import StrategyDirective
from engine.contracts.disposition import Disposition
from engine.contracts.events import FLOW_STOP
from engine.contracts.flows import FlowEnd, FlowOutcome, FlowRecord, OutcomeKind, Remark
from engine.primitives.errors import OutputContractBroken
from engine.primitives.event_type import EventType
from engine.primitives.ids import IdKind, IdSlot
from engine.wiring.adapter import Answers, Delivery, EventAdapter, Fault, Gathered, deliver, tidy, timed_delivery
from engine.wiring.compiled import COUNT_MASK, Channel, CompiledWiring, WorkerBinding, compile_wiring, quiet_way
from engine.wiring.outcome import causality_of, outcome_of_error, outcome_of_silence
from engine.wiring.record import Said, nodes_of
from engine.wiring.state_book import StateBook
from engine.wiring.tracebacks import traceback_text

__all__ = ["CompiledWiring", "FlowBus", "WorkerBinding", "compile_wiring"]

P = TypeVar("P")
K = TypeVar("K", bound=str)

_flow_end: Final = trusted(FlowEnd)


class FlowBus:
    """Carries the notes of one strategy, one flow at a time. Not for two threads.

    All subscribers of an event run before anything that they publish is delivered. A join runs once per flow, when no
    handler that could still contribute is left to run. STOP, or a worker that raises, ends the flow after the other
    subscribers of the same event have run; the first one counts.

    Args:
        compiled: Who hears whom.
        strategy_id: Whose flows these are.
        now_ns: Engine time, UTC nanoseconds.
        states: What the workers keep; None when none of them keeps anything.
        time_budget_ns: How long one handler may take; None does not look at the time.
        monotonic_ns: A clock for the budget.
        on_slow: Told (worker, method, nanoseconds) of every handler over its budget.
        on_fault: Told (worker, method, error) of every error that makes a flow FAILED, or comes after its end.
    """

    def __init__(
        self,
        compiled: CompiledWiring,
        *,
        strategy_id: str,
        now_ns: Callable[[], int],
        states: StateBook | None = None,
        time_budget_ns: int | None = None,
        monotonic_ns: Callable[[], int] | None = None,
        on_slow: Callable[[str, str, int], None] | None = None,
        on_fault: Callable[[str, str, Exception], None] | None = None,
    ) -> None:
        self._compiled = compiled
        self._channels = compiled.channels
        self._outlets = compiled.outlets
        self._ways = {name: quiet_way(channel, compiled.channels) for name, channel in compiled.channels.items()}
        self._trail: list[object] = [None] * max((len(way) for way in self._ways.values()), default=0)
        self._joins = compiled.joins
        self._resets = compiled.resets
        self._strategy_id = strategy_id
        self._now_ns = now_ns
        self._on_fault = on_fault
        self._states = states or StateBook(strategy_id, now_ns=now_ns)
        self._unsaved = self._states.unsaved
        self._deliver = _delivery(time_budget_ns, monotonic_ns, on_slow)
        self._memory: list[object] = [None] * compiled.memory_size
        self._gathered: tuple[list[object], ...] = tuple([] for _ in compiled.joins)
        # One at a time, so each flow uses the same lists: a quiet bar makes no object.
        self._queue: deque[tuple[Channel, object]] = deque()
        self._answers: Answers = []
        self._said: list[Said] = []
        self._remarks: list[Remark] = []
        self._pending = 0
        """How many deliveries can still contribute to each join, all counts side by side (`Join`)."""
        self._waiting = 0
        """The joins that have a reason to be asked and have not been, as bits."""
        self._is_quiet = True
        self._is_stopped = False
        self._outcome: FlowOutcome | None = None
        self._stopped_by: EventAdapter | None = None

    def hears(self, event: EventType[P]) -> bool:
        """Tell whether anybody hears an event."""
        return bool(self._compiled.subscribers_of(event))

    def subscribers_of(self, event: EventType[P]) -> tuple[tuple[str, str], ...]:
        """Return (worker, method) of everybody who hears an event, in the order in which they are called."""
        return self._compiled.subscribers_of(event)

    def remember(self, worker_id: str, topic: str, text: str) -> None:
        """Put a remark beside the current flow, which then is not quiet; between two flows, beside the next one."""
        self._remarks.append(Remark(worker=worker_id, topic=topic, text=text))

    def pass_by(self, event: EventType[P], payload: P) -> None:
        """Note a payload that nobody would answer, as far as later flows remember it."""
        channel = self._channels[event.name]
        if channel.memory >= 0:
            self._memory[channel.memory] = payload

    def run(self, event: EventType[P], payload: P, *, slot: IdSlot, kind: IdKind[K]) -> FlowRecord | None:
        """Run the flow that an event gives birth to; return None when nobody said anything.

        What a worker raises ends the flow and stands in its record; nothing of it is raised here.

        Args:
            event: What happened.
            payload: Its note.
            slot: The flow's place in the order of ids; its text is only made when something was said.
            kind: What kind of flow it is.
        """
        born_ns = self._now_ns()
        way, trail, answers = self._ways[event.name], self._trail, self._answers
        answers.clear()
        deliver_to, place = self._deliver, 0
        note: object = payload
        for adapters, memory, relay in way:
            if memory >= 0:
                self._memory[memory] = note
            trail[place] = note
            deliver_to(adapters, note, answers)
            if not answers:
                if self._remarks or self._unsaved:
                    break
                return None
            adapter, answer = answers[0]
            if adapter is not relay or len(answers) > 1 or type(answer) is Fault:
                break
            answers.clear()
            note, place = answer, place + 1
        try:
            if way:
                self._stand_at(event.name, place)
            else:
                self._publish(self._channels[event.name], payload, None)
                self._is_quiet = True  # the birth itself says nothing yet
            self._pump()
            if self._is_quiet and not (self._remarks or self._unsaved):
                return None
            return self._conclude(event.name, slot.write(kind), born_ns)
        finally:
            self._clear()

    def _stand_at(self, birth_event: str, place: int) -> None:
        """Take up the ordinary way at a place of the quiet one: there somebody spoke, or it ended with a remark.

        All is then as if the notes had been published one by one.
        """
        channel: Channel = self._channels[birth_event]
        adapter: EventAdapter | None = None
        for step, note in enumerate(self._trail[: place + 1]):
            if step:
                _, _, adapter = self._ways[birth_event][step - 1]
                assert adapter is not None  # noqa: S101  # only a relay leads from step to step
                channel = self._channels[adapter.relays_to]
            if channel.is_note or channel.is_assessed:
                self._said.append((channel, adapter, note))
            for join, _ in channel.joins:
                self._gathered[join.number].append(note)
        self._is_quiet = True  # the birth itself says nothing yet
        self._pending += channel.weight
        self._take_answers()
        self._pending -= channel.weight

    def _pump(self) -> None:
        queue, answers, deliver_to = self._queue, self._answers, self._deliver
        while not self._is_stopped:
            if self._waiting and self._ask_a_join():
                continue
            if not queue:
                return
            channel, note = queue.popleft()
            deliver_to(channel.adapters, note, answers)
            if answers:
                self._take_answers()
            self._pending -= channel.weight

    def _publish(self, channel: Channel, payload: object, adapter: EventAdapter | None) -> None:
        if channel.is_note:
            self._is_quiet = False
            self._said.append((channel, adapter, payload))
        elif channel.is_assessed:
            self._said.append((channel, adapter, payload))
        if channel.memory >= 0:
            self._memory[channel.memory] = payload
        for join, is_reason in channel.joins:
            self._gathered[join.number].append(payload)
            if is_reason and not self._waiting & join.bit:
                self._waiting |= join.bit
                self._pending += join.weight
        if channel.adapters:
            self._queue.append((channel, payload))
            self._pending += channel.weight

    def _ask_a_join(self) -> bool:
        """Ask the first join to which nothing more can come; return whether there was one."""
        for join in self._joins:
            if self._waiting & join.bit and not self._pending >> join.shift & COUNT_MASK:
                self._waiting ^= join.bit
                remembered = [note for place in join.memory if (note := self._memory[place]) is not None]
                note = Gathered(tuple(self._gathered[join.number]), remembered, self._now_ns())
                self._deliver(join.adapters, note, self._answers)
                self._take_answers()
                self._pending -= join.weight
                return True
        return False

    def _take_answers(self) -> None:
        for adapter, answer in self._answers:
            if isinstance(answer, Fault):
                self._fail(adapter, answer.error)
                continue
            if adapter.relays_to:
                self._publish(self._channels[adapter.relays_to], answer, adapter)
                continue
            try:
                envelopes = adapter.accept(answer)
            except OutputContractBroken as error:
                self._fail(adapter, error)
                continue
            for envelope in envelopes:
                if envelope.disposition is Disposition.PUBLISH and envelope.event_name is not None:
                    self._publish(self._outlets[envelope.event_name], envelope.payload, adapter)
                elif envelope.disposition is Disposition.STOP and envelope.outcome is not None:
                    self._stop(adapter, envelope.outcome)
        self._answers.clear()

    def _fail(self, adapter: EventAdapter, error: Exception) -> None:
        outcome = outcome_of_error(error, adapter.contract)
        if outcome.error and self._on_fault is not None:
            self._on_fault(adapter.contract.worker, adapter.contract.method, error)
        self._stop(adapter, outcome)

    def _stop(self, adapter: EventAdapter, outcome: FlowOutcome) -> None:
        self._is_quiet = False
        if self._outcome is None:
            self._outcome = outcome
            self._stopped_by = adapter
            self._is_stopped = True
            return
        text = "\n".join(part for part in (outcome.kind, outcome.reason, outcome.error) if part)
        self.remember(adapter.contract.worker, "also ended the flow", text)

    def _conclude(self, birth_event: str, flow_id: str, born_ns: int) -> FlowRecord:
        nodes, heard = nodes_of(self._said, flow_id), len(self._said)
        notes = [node.payload for node in nodes]
        outcome = self._outcome or self._outcome_of_silence(notes)
        self._outcome = outcome
        end = _flow_end(
            flow_id=flow_id,
            strategy_id=self._strategy_id,
            outcome=outcome,
            causality=causality_of(notes, flow_id),
        )
        self._drop_what_is_ahead()
        self._publish(self._channels[FLOW_STOP.name], end, self._stopped_by)
        self._pump()
        nodes += nodes_of(self._said[heard:], flow_id, first=len(nodes))
        self._tidy()
        return FlowRecord(
            flow_id=flow_id,
            strategy_id=self._strategy_id,
            born_ns=born_ns,
            birth_event=birth_event,
            outcome=outcome,
            nodes=tuple(nodes),
            remarks=tuple(self._remarks),
            states=self._states.settle(counts=outcome.kind is not OutcomeKind.FAILED),
            wiring_hash=self._compiled.wiring_hash,
        )

    def _outcome_of_silence(self, notes: Sequence[object]) -> FlowOutcome:
        directives = [note for note in notes if isinstance(note, StrategyDirective)]
        said = frozenset(channel.event.name for channel, _, _ in self._said)
        return outcome_of_silence(said, directives[-1] if directives else None)

    def _tidy(self) -> None:
        for worker, fault in tidy(self._resets):
            self.remember(worker, "reset failed", traceback_text(fault.error))
            if self._on_fault is not None:
                self._on_fault(worker, "reset", fault.error)

    def _drop_what_is_ahead(self) -> None:
        self._queue.clear()
        self._pending = 0
        self._waiting = 0
        self._is_stopped = False

    def _clear(self) -> None:
        self._said.clear()
        for gathered in self._gathered:
            gathered.clear()
        if self._is_quiet and not (self._pending or self._queue or self._answers or self._remarks or self._unsaved):
            return  # a flow that went to its end and in which nobody said anything leaves nothing else behind
        self._drop_what_is_ahead()
        self._outcome = None
        self._stopped_by = None
        self._answers.clear()
        self._remarks.clear()
        if self._unsaved:
            self._states.settle(counts=False)


def _delivery(
    time_budget_ns: int | None,
    monotonic_ns: Callable[[], int] | None,
    on_slow: Callable[[str, str, int], None] | None,
) -> Delivery:
    if time_budget_ns is None or monotonic_ns is None or on_slow is None:
        return deliver
    return timed_delivery(monotonic_ns=monotonic_ns, time_budget_ns=time_budget_ns, on_slow=on_slow)
