"""The EventAdapter: gives a note to a worker and checks its answer. No worker ever sees the bus."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from engine.contracts.disposition import NOTHING, Disposition, DispositionEnvelope
from engine.contracts.flows import OutcomeKind
from engine.contracts.swot import Collected
from engine.primitives.errors import OutputContractBroken
from engine.wiring.flow import HandlerContract, is_platform_event


@dataclass(frozen=True, slots=True)
class Fault:
    """In place of an answer: the worker raised this."""

    error: Exception


class Gathered(NamedTuple):
    """What a join is asked with. `remembered` comes from earlier flows; `now_ns` is engine time, UTC."""

    payloads: Sequence[object]
    remembered: Sequence[object]
    now_ns: int


class EventAdapter:
    """One method of one worker, with what it may say.

    Args:
        contract: What it takes and may publish.
        method: The worker's bound method.
    """

    __slots__ = ("call", "contract", "publishes", "relays_to")

    def __init__(self, contract: HandlerContract, method: Callable[[object], object]) -> None:
        self.contract = contract
        self.publishes = dict(contract.publishes)
        self.relays_to = next(iter(contract.publishes)) if contract.relays else ""
        self.call = _gathering(contract.input_type, method) if contract.is_join else method

    def accept(self, answer: object) -> tuple[DispositionEnvelope, ...]:
        """Return what a worker said, one by one; nothing of it counts when a part of it breaks the contract.

        Raises:
            OutputContractBroken: it is no answer, or says what the manifest does not list.
        """
        is_one = type(answer) is DispositionEnvelope or not isinstance(answer, tuple)
        answers = cast("tuple[DispositionEnvelope, ...]", (answer,) if is_one else answer)
        for one in answers:
            # What nearly every answer is needs no further call.
            if (
                type(one) is not DispositionEnvelope
                or one.disposition is not Disposition.PUBLISH
                or (expected := self.publishes.get(one.event_name or "")) is None
                or not isinstance(one.payload, expected)
            ):
                self._judge(one)
        return answers

    def _judge(self, answer: object) -> None:
        """Refuse an answer that breaks the contract, and say where."""
        if not isinstance(answer, DispositionEnvelope):
            advice = "return NOTHING when there is nothing to say" if answer is None else "return an envelope"
            raise self._broken(
                f"A handler returns a DispositionEnvelope or a tuple of them: {advice}.",
                expected="DispositionEnvelope",
                got=type(answer).__name__,
            )
        match answer.disposition:
            case Disposition.PUBLISH:
                self._check_payload(answer.event_name, answer.payload)
            case Disposition.STOP:
                self._check_outcome(answer)

    def _check_outcome(self, answer: DispositionEnvelope) -> None:
        if answer.outcome is None:
            raise self._broken("A STOP carries the outcome of the flow.", expected="FlowOutcome", got="None")
        if answer.outcome.kind is OutcomeKind.EXECUTED and self.contract.worker_type is not None:
            raise self._broken(
                "Only the execution handler may say that a flow was carried out.", expected="REJECTED", got="EXECUTED"
            )

    def _check_payload(self, event: str | None, payload: object) -> None:
        listed = self.publishes
        expected = listed.get(event) if event is not None else None
        if expected is None:
            problem = (
                "A leading underscore is for the platform alone."
                if event is not None and is_platform_event(event)
                else "A handler publishes only the events that its manifest lists."
            )
            raise self._broken(problem, event=event, expected=", ".join(listed) or "nothing")
        if not isinstance(payload, expected):
            raise self._broken(
                "An event carries the note that belongs to it.",
                event=event,
                expected=expected.__name__,
                got=type(payload).__name__,
            )

    def _broken(self, message: str, **facts: object) -> OutputContractBroken:
        return OutputContractBroken(message, worker=self.contract.worker, method=self.contract.method, **facts)


def _gathering(input_type: type, method: Callable[[object], object]) -> Callable[[object], object]:
    assert isinstance(input_type, Collected)  # noqa: S101  # only a join's contract comes here

    def call(gathered: object) -> object:
        assert isinstance(gathered, Gathered)  # noqa: S101  # the bus asks joins with nothing else
        note = input_type.collect(gathered.payloads, remembered=gathered.remembered, now_ns=gathered.now_ns)
        return NOTHING if note is None else method(note)

    return call


Answers = list[tuple[EventAdapter, object]]
"""Who said what; those with nothing to say are not in it."""

Delivery = Callable[[Sequence[EventAdapter], object, Answers], None]
"""Gives one note to each adapter in turn and adds what they said; a worker that raises harms no other."""


def deliver(adapters: Sequence[EventAdapter], note: object, answers: Answers) -> None:
    """Give one note to each worker and add what they said to `answers`."""
    for adapter in adapters:
        try:
            answer = adapter.call(note)
        except Exception as error:  # noqa: BLE001  # one of the four places: whatever foreign code raises ends its flow alone
            answer = Fault(error)
        if answer is not NOTHING:
            answers.append((adapter, answer))


def timed_delivery(
    *, monotonic_ns: Callable[[], int], time_budget_ns: int, on_slow: Callable[[str, str, int], None]
) -> Delivery:
    """Return `deliver` with a watch: a worker that takes longer is reported with its time, and not stopped."""

    def deliver_timed(adapters: Sequence[EventAdapter], note: object, answers: Answers) -> None:
        began = monotonic_ns()
        for adapter in adapters:
            deliver((adapter,), note, answers)
            ended = monotonic_ns()
            if ended - began > time_budget_ns:
                on_slow(adapter.contract.worker, adapter.contract.method, ended - began)
                ended = monotonic_ns()  # telling about one worker must not count against the next
            began = ended

    return deliver_timed


def tidy(instances: Sequence[tuple[str, Callable[[], object]]]) -> list[tuple[str, Fault]]:
    """Call each worker's `reset`; return the names of those that raised with what they raised."""
    faults: list[tuple[str, Fault]] = []
    for worker, reset in instances:
        try:
            reset()
        except Exception as error:  # noqa: BLE001  # as in `deliver`
            faults.append((worker, Fault(error)))
    return faults
