"""What every translator is: one signature for every family of venues (decisions 5.1)."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from engine.contracts.base import trusted
from engine.contracts.execution import ExecutionDirective, ExecutionGroup
from engine.contracts.intents import ExecutionStyle
from engine.contracts.market import Instrument
from engine.contracts.specs import ConnectorExecutionSpec, Translation
from engine.phase4_planning.translation.limits import require_feasible
from engine.phase4_planning.translation.order_terms import Scheduling
from engine.phase4_planning.translation.schedules import RecentVolume
from engine.ports.clock import Clock
from engine.primitives.ids import GROUP, GroupId, IdSource

_group: Final = trusted(ExecutionGroup)
_translation: Final = trusted(Translation)


def _no_volume(_symbol: str) -> None:
    """Know no bars of any market."""


@dataclass(frozen=True, slots=True)
class TranslationTools:
    """What every translator works with. `instrument` finds a market by its symbol and raises VenueRejected if none."""

    instrument: Callable[[str], Instrument]
    ids: IdSource
    clock: Clock
    recent_volume: RecentVolume = _no_volume


class ExecutionTranslator(ABC):
    """Says what a directive means at one family of venues. It is deterministic and sends nothing."""

    def __init__(self, tools: TranslationTools) -> None:
        self._tools = tools

    def translate(self, directive: ExecutionDirective) -> Translation:
        """Return the directive with its spec and a new, PENDING group.

        Raises:
            VenueRejected: the venue cannot do it; `facts` hold `rule` and the numbers.
        """
        instrument = None
        if directive.entry_plan is not None:
            instrument = self._tools.instrument(directive.entry_plan.symbol)
            require_feasible(directive, instrument)
        group_id = self._tools.ids.next(GROUP)
        spec, style = self._spec(directive, instrument, group_id)
        group = _group(
            group_id=group_id,
            parent_directive_id=directive.directive_id,
            strategy_id=directive.strategy_id,
            execution_strategy=style,
            created_at=self._tools.clock.now(),
        )
        return _translation(directive=directive, spec=spec, group=group)

    def _scheduling(self, group_id: GroupId) -> Scheduling:
        return Scheduling(group_id, self._tools.clock.now(), self._tools.recent_volume)

    @abstractmethod
    def _spec(
        self, directive: ExecutionDirective, instrument: Instrument | None, group_id: GroupId
    ) -> tuple[ConnectorExecutionSpec, ExecutionStyle]:
        """Return the terms and how the group is carried out; `instrument` is None without an entry plan."""
