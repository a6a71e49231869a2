"""Which ids led to this one."""

from typing import Annotated, Self

from pydantic import StringConstraints

from engine.contracts.base import Contract
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
        """Return the chain with more links, checked like a new one.

        Raises:
            pydantic.ValidationError: a name is unknown or a value is of the wrong type.
        """
        checked = self.model_validate({"flow_id": self.flow_id, **more})
        return self.model_copy(update={name: getattr(checked, name) for name in more})
