"""The four quadrants of one flow, collected for the planner."""

from collections.abc import Sequence
from dataclasses import dataclass
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


def _sorted_out(
    payloads: Sequence[object],
) -> tuple[AssessedContext | None, tuple[OpportunitySignal, ...], tuple[ThreatSignal, ...]]:
    """Return the last context among the payloads of a flow, and the signals in order of publication."""
    own: AssessedContext | None = None
    opportunities: list[OpportunitySignal] = []
    threats: list[ThreatSignal] = []
    for payload in payloads:
        if isinstance(payload, AssessedContext):
            own = payload
        elif isinstance(payload, OpportunitySignal):
            opportunities.append(payload)
        elif isinstance(payload, ThreatSignal):
            threats.append(payload)
    return own, tuple(opportunities), tuple(threats)


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
        own, opportunities, threats = _sorted_out(payloads)
        if not opportunities and not threats:
            return None
        if own is not None:
            return cls(context=own.assessment, opportunities=opportunities, threats=threats)
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


@dataclass(frozen=True, slots=True)
class Situation:
    """All that one flow brought up, for a planner that wants to be asked at every bar, quiet ones included.

    `SWOTInputs` is worth a call only when somebody saw an opportunity or a threat. A planner that also looks after open
    trades, and may decide but once per flow, takes this instead. `assessed` is None in a flow without a tick of its own
    (a threat after a change of the books).
    """

    remembers: ClassVar[tuple[type, ...]] = ()

    assessed: AssessedContext | None = None
    opportunities: tuple[OpportunitySignal, ...] = ()
    threats: tuple[ThreatSignal, ...] = ()

    @classmethod
    def collect(cls, payloads: Sequence[object], *, remembered: Sequence[object], now_ns: int) -> Self | None:  # noqa: ARG003
        """Return what came up; never None, for a quiet bar is a situation too."""
        assessed, opportunities, threats = _sorted_out(payloads)
        return cls(assessed=assessed, opportunities=opportunities, threats=threats)

    @property
    def threat(self) -> ThreatSignal | None:
        """The most severe threat; the first of equals."""
        return max(self.threats, key=lambda signal: signal.severity, default=None)

    @property
    def swot(self) -> SWOTInputs | None:
        """The four quadrants; None when there is nothing to confront, or no tick to confront it with."""
        if self.assessed is None or not (self.opportunities or self.threats):
            return None
        return SWOTInputs(context=self.assessed.assessment, opportunities=self.opportunities, threats=self.threats)
