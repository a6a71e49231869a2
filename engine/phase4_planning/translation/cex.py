"""Intent to order: what a trade means on an order-book exchange (decisions 5.2)."""

from typing import Final

from engine.config.policies import CexPolicy
from engine.contracts.base import trusted
from engine.contracts.execution import ExecutionDirective
from engine.contracts.intents import ExecutionStyle
from engine.contracts.market import Instrument
from engine.contracts.specs import CexExecutionSpec
from engine.phase4_planning.translation.family import ExecutionTranslator, TranslationTools
from engine.phase4_planning.translation.limits import slippage_bps
from engine.phase4_planning.translation.order_terms import terms_of
from engine.primitives.ids import GroupId

_execution_spec: Final = trusted(CexExecutionSpec)


class CexExecutionTranslator(ExecutionTranslator):
    """Chooses order type, time in force, slices and iceberg.

    Args:
        policy: The thresholds of the document, as the quant set them.
        tools: Instruments, ids and time.
    """

    def __init__(self, policy: CexPolicy, tools: TranslationTools) -> None:
        super().__init__(tools)
        self._policy = policy

    def _spec(
        self, directive: ExecutionDirective, instrument: Instrument | None, group_id: GroupId
    ) -> tuple[CexExecutionSpec, ExecutionStyle]:
        intent = directive.execution_intent
        terms = terms_of(directive, policy=self._policy, instrument=instrument, scheduling=self._scheduling(group_id))
        spec = _execution_spec(
            action=intent.action,
            order_type=terms.order_type,
            time_in_force=terms.time_in_force,
            limit_price=terms.limit_price,
            stop_price=terms.stop_price,
            layers=terms.layers,
            chunk_count=terms.chunk_count,
            chunk_distribution=terms.chunk_distribution,
            chunk_shares=terms.chunk_shares,
            schedule_note=terms.schedule_note,
            iceberg_enabled=terms.iceberg_visible_ratio is not None,
            iceberg_visible_ratio=terms.iceberg_visible_ratio,
            max_slippage_bps=slippage_bps(intent.max_slippage_pct),
            price_bound=terms.price_bound,
            window_minutes=terms.window_minutes,
        )
        return spec, terms.style
