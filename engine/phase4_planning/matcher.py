"""Which planner of a slot answers: the ranges of the blueprint decide, and every miss can be told with its numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Final, NamedTuple

from engine.config.blueprint import MatchPolicy
from engine.contracts.directives import DirectiveScope, StrategyDirective
from engine.contracts.intents import ExecutionRequest
from engine.phase4_planning.coverage import Cell, cells_of
from engine.ports.reasoning import PlannerAnswer, PlannerRange
from engine.primitives.errors import ConfigError
from engine.primitives.ratios import in_range

Bounds = tuple[Decimal, Decimal]
Fact = Callable[[StrategyDirective, ExecutionRequest | None], Decimal | None]
Entries = Sequence[tuple[str, Mapping[str, Bounds]]]

_HINTS: Final[dict[str, Fact]] = {
    "confidence": lambda directive, _: directive.confidence,
    "timing_preference": lambda directive, _: (
        directive.entry_directive.timing_preference if directive.entry_directive else None
    ),
    "aggressiveness": lambda directive, _: (
        directive.size_directive.aggressiveness if directive.size_directive else None
    ),
    "profit_taking_preference": lambda directive, _: (
        directive.exit_directive.profit_taking_preference if directive.exit_directive else None
    ),
    "execution_urgency": lambda directive, _: (
        directive.execution_intent_directive.execution_urgency if directive.execution_intent_directive else None
    ),
}
_SIZES: Final[dict[str, Fact]] = {
    "position_size": lambda _, request: request.size_plan.position_size if request and request.size_plan else None,
    "position_value": lambda _, request: request.size_plan.position_value if request and request.size_plan else None,
}


def facts_of(slot: str) -> Mapping[str, Fact]:
    """Return what the triggers of a slot can be about; the sizes are known to execution_intent alone."""
    return _HINTS | _SIZES if slot == "execution_intent" else _HINTS


@dataclass(frozen=True, slots=True)
class Miss:
    """One value that fell outside one planner's range."""

    worker: str
    trigger: str
    value: Decimal
    bounds: Bounds

    def __str__(self) -> str:
        return f"{self.worker}: {self.trigger} is {self.value}, its range is {self.bounds[0]} to {self.bounds[1]}"


class MatchReport(NamedTuple):
    """Who answers in a slot, and why the others do not.

    `chosen` is None when nobody matches, or when several do and the policy calls that an error. `passed_over` matched
    too but stand later in the blueprint. `is_stopgap`: nobody matched, and the first one answers all the same.
    """

    slot: str
    chosen: str | None
    misses: tuple[Miss, ...] = ()
    passed_over: tuple[str, ...] = ()
    is_stopgap: bool = False

    @property
    def reason(self) -> str:
        """Why nobody answers, with every candidate and the value that missed its range."""
        if self.passed_over:
            return (
                f"several {self.slot} planners match: {', '.join(self.passed_over)}; match_policy: error forbids that"
            )
        return "; ".join(str(miss) for miss in self.misses) or f"the {self.slot} slot is empty"


class PlannerMatcher:
    """Decides for one slot of one strategy. Ranges are inclusive; a planner without triggers always matches.

    Several match: the first in blueprint order answers, or nobody, as the policy says (decisions 4.1). A trigger about
    something that the scope has no word for (an exit has no timing) does not count. An exit is never left without a
    planner: when all ranges miss on CLOSE_EXISTING, the first one answers, for a position that cannot be closed is
    worse than one that is closed by the wrong specialist.

    Args:
        slot: entry, size, exit or execution_intent.
        entries: Worker id and triggers, in blueprint order.
        policy: What happens when several match.

    Raises:
        ConfigError: a trigger is unknown; the message lists all of them with the nearest valid name.
    """

    def __init__(self, slot: str, entries: Entries, policy: MatchPolicy = MatchPolicy.FIRST) -> None:
        self.slot = slot
        self._facts = facts_of(slot)
        self._entries = tuple((worker, dict(triggers)) for worker, triggers in entries)
        self._policy = policy
        self._last: tuple[StrategyDirective, ExecutionRequest | None, MatchReport] | None = None
        unknown = [(worker, name) for worker, triggers in entries for name in triggers if name not in self._facts]
        if unknown:
            raise ConfigError("; ".join(self._unknown(worker, name) for worker, name in unknown))
        has_ranges = any(triggers for _, triggers in entries)
        # Without a range everybody matches whatever is asked, so it is judged once for all.
        self._always = self._report([worker for worker, _ in entries], []) if entries and not has_ranges else None

    def explain(self, directive: StrategyDirective, request: ExecutionRequest | None = None) -> MatchReport:
        """Return who answers a directive, and why the others do not; the same object when asked again."""
        if self._always is not None:
            return self._always
        last = self._last
        if last is not None and last[0] is directive and last[1] is request:
            return last[2]
        report = self._judge(directive, request)
        self._last = (directive, request, report)
        return report

    def answers(
        self, directive: StrategyDirective, request: ExecutionRequest | None = None
    ) -> tuple[PlannerAnswer, ...]:
        """Return every planner of the slot with its ranges and the values they are held against, in blueprint order."""
        chosen = (self._always or self._judge(directive, request)).chosen
        return tuple(
            PlannerAnswer(
                self.slot,
                worker,
                tuple(self._range(name, bounds, directive, request) for name, bounds in triggers.items()),
                is_chosen=worker == chosen,
            )
            for worker, triggers in self._entries
        )

    def _range(
        self, name: str, bounds: Bounds, directive: StrategyDirective, request: ExecutionRequest | None
    ) -> PlannerRange:
        value = self._facts[name](directive, request)
        return PlannerRange(name, *bounds, value, is_met=value is None or in_range(value, bounds))

    def for_worker(self, worker_id: str) -> "WorkerMatch":
        """Return the view of one planner, to be given to it as a tool."""
        return WorkerMatch(self, worker_id)

    def coverage(self) -> tuple[Cell, ...]:
        """Return the slot's ranges cut into cells, each with the planners that answer in it (see `cells_of`)."""
        return cells_of(self._entries)

    def _judge(self, directive: StrategyDirective, request: ExecutionRequest | None) -> MatchReport:
        matching: list[str] = []
        misses: list[Miss] = []
        for worker, triggers in self._entries:
            missed = [
                Miss(worker, name, value, bounds)
                for name, bounds in triggers.items()
                if (value := self._facts[name](directive, request)) is not None and not in_range(value, bounds)
            ]
            misses += missed
            if not missed:
                matching.append(worker)
        if not matching:
            is_exit = directive.scope is DirectiveScope.CLOSE_EXISTING and bool(self._entries)
            return MatchReport(
                self.slot, self._entries[0][0] if is_exit else None, misses=tuple(misses), is_stopgap=is_exit
            )
        return self._report(matching, misses)

    def _report(self, matching: Sequence[str], misses: Sequence[Miss]) -> MatchReport:
        """Return which of those that match answers."""
        if len(matching) > 1 and self._policy is MatchPolicy.ERROR:
            return MatchReport(self.slot, None, misses=tuple(misses), passed_over=tuple(matching))
        return MatchReport(self.slot, matching[0], misses=tuple(misses), passed_over=tuple(matching[1:]))

    def _unknown(self, worker: str, name: str) -> str:
        near = get_close_matches(name, self._facts, n=1)
        hint = f"nearest: {near[0]}" if near else f"there are: {', '.join(self._facts)}"
        return f"{self.slot}, {worker}: {name} is no trigger of this slot ({hint})"


@dataclass(frozen=True, slots=True)
class WorkerMatch:
    """The matcher as one planner sees it; a `PlannerMatch`."""

    matcher: PlannerMatcher
    worker_id: str

    def is_chosen(self, directive: StrategyDirective, request: ExecutionRequest | None = None) -> bool:
        """Tell whether this planner is the one that answers in its slot."""
        return self.matcher.explain(directive, request).chosen == self.worker_id
