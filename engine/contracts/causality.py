"""Which ids led to this one."""

from typing import Annotated, Final, Self

from pydantic import StringConstraints

from engine.contracts.base import Contract, trusted
from engine.primitives import ids
from engine.primitives.ids import AnyId


class CausalityChain(Contract):
    """The ids of everything that led here, from the birth of the flow onwards.

    Each room adds what it made with `extended`; nothing is ever taken out.
    """

    flow_id: AnyId
    context_assessment_id: (
        Annotated[ids.AssessmentId, StringConstraints(pattern=ids.id_pattern(ids.ASSESSMENT))] | None
    ) = None
    opportunity_ids: tuple[ids.OpportunityId, ...] = ()
    threat_ids: tuple[ids.ThreatId, ...] = ()
    strategy_directive_id: ids.StrategyDirectiveId | None = None
    entry_plan_id: ids.EntryPlanId | None = None
    size_plan_id: ids.SizePlanId | None = None
    exit_plan_id: ids.ExitPlanId | None = None
    execution_intent_id: ids.IntentId | None = None
    execution_directive_id: ids.ExecutionDirectiveId | None = None
    batch_id: ids.BatchId | None = None
    group_id: ids.GroupId | None = None

    def extended(self, **more: object) -> Self:
        """Return the chain with more links. They are the ids of notes, which were checked when those were made.

        Raises:
            TypeError: there is no link of that name.
        """
        unknown = more.keys() - self.__dict__.keys()
        if unknown:
            raise TypeError(f"A chain has no link {', '.join(sorted(unknown))}")
        return self.model_copy(update=more)


trusted_chain: Final = trusted(CausalityChain)
"""Makes a chain of the ids of notes at hand."""
