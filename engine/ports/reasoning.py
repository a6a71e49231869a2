"""Questions about a decision that was made: who would answer it, and what it means at each kind of venue."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from engine.contracts.directives import StrategyDirective
from engine.contracts.execution import ExecutionDirective
from engine.contracts.intents import ExecutionRequest
from engine.contracts.specs import ConnectorExecutionSpec


@dataclass(frozen=True, slots=True)
class PlannerRange:
    """One range of a planner, ends included, and the value that it is held against; None counts as inside it."""

    trigger: str
    low: Decimal
    high: Decimal
    value: Decimal | None
    is_met: bool


@dataclass(frozen=True, slots=True)
class PlannerAnswer:
    """Whether a planner answers in its slot. One without ranges always matches; the first that matches answers.

    `is_chosen` with a range that is not met: nobody matched, and an exit is never left without a planner.
    """

    slot: str
    planner: str
    ranges: tuple[PlannerRange, ...]
    is_chosen: bool

    @property
    def matches(self) -> bool:
        """Whether all of its ranges hold."""
        return all(each.is_met for each in self.ranges)


@dataclass(frozen=True, slots=True)
class VenueTerms:
    """What a directive means at a family of venues; `spec` is None where the family cannot do it, and `refusal` says why."""

    family: str
    spec: ConnectorExecutionSpec | None
    refusal: str = ""


class DecisionReader(Protocol):
    """Answers from settings and notes alone: it asks nobody, sends nothing and gives out no id of the engine."""

    def planner_answers(
        self, directive: StrategyDirective, request: ExecutionRequest | None = None
    ) -> Sequence[PlannerAnswer]:
        """Return every planner of every slot of the directive's strategy, in blueprint order.

        The slot of intents is left out without a request: its ranges may be about sizes.
        """
        ...

    def terms_of(self, directive: ExecutionDirective) -> Sequence[VenueTerms]:
        """Return what the directive means at a CEX, at a DEX and in a backtest, as of the second it was made in.

        Where a schedule follows the volume there is none to follow here, and it says so.
        """
        ...
