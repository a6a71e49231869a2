"""What a worker answers: go on, say something, or end the flow."""

from enum import StrEnum
from typing import Final, NamedTuple, TypeVar

from engine.contracts.base import trusted
from engine.contracts.flows import FlowOutcome, OutcomeKind
from engine.primitives.event_type import EventType

P = TypeVar("P")

_outcome: Final = trusted(FlowOutcome)


class Disposition(StrEnum):
    """The three answers."""

    CONTINUE = "CONTINUE"
    PUBLISH = "PUBLISH"
    STOP = "STOP"


class DispositionEnvelope(NamedTuple):
    """A worker's answer. The adapter turns it into events; the worker never sees the bus.

    PUBLISH carries an event name and its payload; STOP carries the flow's outcome; CONTINUE carries nothing.
    """

    disposition: Disposition
    event_name: str | None = None
    payload: object | None = None
    outcome: FlowOutcome | None = None

    @classmethod
    def nothing(cls) -> "DispositionEnvelope":
        """Return the answer of a worker that has nothing to say; always the same object."""
        return NOTHING

    @classmethod
    def publish(cls, event: EventType[P], payload: P) -> "DispositionEnvelope":
        """Return an answer that publishes an event with the payload that belongs to it."""
        return cls(Disposition.PUBLISH, event.name, payload)

    @classmethod
    def executed(cls, *, stage: str, reason: str) -> "DispositionEnvelope":
        """Return an answer that ends the flow because it was carried out."""
        return cls(Disposition.STOP, outcome=_outcome(kind=OutcomeKind.EXECUTED, stage=stage, reason=reason))

    @classmethod
    def rejected(cls, *, stage: str, rule: str, reason: str) -> "DispositionEnvelope":
        """Return an answer that ends the flow because a rule says no."""
        return cls(
            Disposition.STOP, outcome=FlowOutcome(kind=OutcomeKind.REJECTED, stage=stage, rule=rule, reason=reason)
        )


NOTHING: Final = DispositionEnvelope(Disposition.CONTINUE)

Envelopes = DispositionEnvelope | tuple[DispositionEnvelope, ...]
"""What a handler returns: one answer, or several in order (decisions 2.5)."""
