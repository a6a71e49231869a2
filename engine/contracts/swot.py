"""The four quadrants of one flow, collected for the planner."""

from collections.abc import Sequence
from typing import ClassVar, Protocol, Self, runtime_checkable

from engine.contracts.base import Contract
from engine.contracts.context import AggregatedContextAssessment, AssessedContext
from engine.contracts.signals import OpportunitySignal, ThreatSignal


@runtime_checkable
class Collected(Protocol):
    """A note that is gathered from several events: a handler that takes one is a join (decisions 2.3).

    The wiring calls `collect` once per flow, when no handler that could still contribute is left to run.
    """

    remembers: ClassVar[tuple[type, ...]]
    """Payload types of which the last one of an earlier flow stands in when this flow has none of its own."""

    @classmethod
    def collect(cls, payloads: Sequence[object], *, remembered: Sequence[object], now_ns: int) -> Self | None:
        """Return the note made of the flow's payloads (in order of publication), or None when it is not worth a call."""
        ...


class SWOTInputs(Contract):
    """Strengths and weaknesses (`context`), opportunities and threats of one flow."""

    remembers: ClassVar[tuple[type, ...]] = (AssessedContext,)

    context: AggregatedContextAssessment
    opportunities: tuple[OpportunitySignal, ...] = ()
    threats: tuple[ThreatSignal, ...] = ()

    @classmethod
    def collect(cls, payloads: Sequence[object], *, remembered: Sequence[object], now_ns: int) -> Self | None:
        """Return the quadrants, or None when nobody saw an opportunity or a threat.

        A flow without a context of its own sees the last assessment, marked with its age (decisions 2.4); before the
        first tick there is none, and nothing is worth a confrontation.
        """
        opportunities = tuple(payload for payload in payloads if isinstance(payload, OpportunitySignal))
        threats = tuple(payload for payload in payloads if isinstance(payload, ThreatSignal))
        if not opportunities and not threats:
            return None
        own = [payload for payload in payloads if isinstance(payload, AssessedContext)]
        if own:
            return cls(context=own[-1].assessment, opportunities=opportunities, threats=threats)
        last = [payload for payload in remembered if isinstance(payload, AssessedContext)]
        if not last:
            return None
        return cls(context=last[-1].aged_assessment(now_ns), opportunities=opportunities, threats=threats)

    @property
    def opportunity(self) -> OpportunitySignal | None:
        """The most confident opportunity; the first of equals."""
        return max(self.opportunities, key=lambda signal: signal.confidence, default=None)

    @property
    def threat(self) -> ThreatSignal | None:
        """The most severe threat; the first of equals."""
        return max(self.threats, key=lambda signal: signal.severity, default=None)
