"""Answers questions about decisions that were made, beside the engine and without touching it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, get_args

from engine.config.policies import TranslationPolicy
from engine.contracts.directives import StrategyDirective
from engine.contracts.execution import ExecutionDirective
from engine.contracts.intents import ExecutionRequest
from engine.contracts.market import Instrument
from engine.phase4_planning.matcher import PlannerMatcher
from engine.phase4_planning.translation.family import TranslationTools
from engine.phase4_planning.translation.translator import VenueFamily, translator_for
from engine.ports.reasoning import PlannerAnswer, VenueTerms
from engine.primitives.errors import VenueRejected
from engine.primitives.ids import IdSource, instant_of
from engine.primitives.timeframes import ns_from_datetime
from engine.runtime.clocks import SimulatedClock

_FAMILIES: Final[Sequence[VenueFamily]] = get_args(VenueFamily)
_INTENT_SLOT: Final = "execution_intent"


class Reasoning:
    """A `DecisionReader` over the settings of one operation.

    Args:
        matchers: Those of each strategy by slot; not the ones that the engine works with.
        policy_of: The thresholds of the translators, for the market of a symbol.
        instrument: Finds a market by its symbol; raises VenueRejected if the venue does not trade it.
    """

    def __init__(
        self,
        *,
        matchers: Mapping[str, Mapping[str, PlannerMatcher]],
        policy_of: Callable[[str], TranslationPolicy],
        instrument: Callable[[str], Instrument],
    ) -> None:
        self._matchers = matchers
        self._policy_of = policy_of
        self._instrument = instrument

    def planner_answers(
        self, directive: StrategyDirective, request: ExecutionRequest | None = None
    ) -> tuple[PlannerAnswer, ...]:
        """Return every planner of every slot that can be judged; none for a strategy that the operation has not."""
        return tuple(
            answer
            for slot, matcher in self._matchers.get(directive.strategy_id, {}).items()
            if slot != _INTENT_SLOT or request is not None
            for answer in matcher.answers(directive, request)
        )

    def terms_of(self, directive: ExecutionDirective) -> tuple[VenueTerms, ...]:
        """Return the directive in the terms of each family, as of the second it was made in."""
        return tuple(self._terms_at(family, directive) for family in _FAMILIES)

    def _terms_at(self, family: VenueFamily, directive: ExecutionDirective) -> VenueTerms:
        # A clock and ids of its own: one id taken from the engine's source would change all that follow.
        clock = SimulatedClock(ns_from_datetime(instant_of(directive.directive_id)))
        tools = TranslationTools(self._instrument, IdSource(clock.now_ns), clock)
        symbol = directive.entry_plan.symbol if directive.entry_plan is not None else ""
        try:
            translation = translator_for(family, self._policy_of(symbol), tools).translate(directive)
        except VenueRejected as no:
            return VenueTerms(family, None, str(no))
        return VenueTerms(family, translation.spec)
