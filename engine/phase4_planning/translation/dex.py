"""Intent to swap: what a trade means on a chain (document, execution architecture)."""

from typing import Final

from engine.config.policies import DexPolicy
from engine.contracts.base import trusted
from engine.contracts.execution import ExecutionDirective
from engine.contracts.intents import ExecutionIntent, ExecutionStyle
from engine.contracts.market import Instrument
from engine.contracts.plans import EntryPlan, OrderType
from engine.contracts.specs import DexExecutionSpec, GasStrategy, RouterStrategy
from engine.phase4_planning.translation.family import ExecutionTranslator, TranslationTools
from engine.phase4_planning.translation.limits import slippage_bps
from engine.primitives.errors import VenueRejected
from engine.primitives.ids import GroupId

_execution_spec: Final = trusted(DexExecutionSpec)


class DexExecutionTranslator(ExecutionTranslator):
    """Chooses gas, protection against front-running, privacy, routing and deadline.

    Args:
        policy: The thresholds of the document, as the quant set them.
        tools: Instruments, ids and time.
    """

    def __init__(self, policy: DexPolicy, tools: TranslationTools) -> None:
        super().__init__(tools)
        self._policy = policy

    def _spec(
        self,
        directive: ExecutionDirective,
        instrument: Instrument | None,
        group_id: GroupId,  # noqa: ARG002  # no slices
    ) -> tuple[DexExecutionSpec, ExecutionStyle]:
        intent, policy = directive.execution_intent, self._policy
        if directive.entry_plan is not None and instrument is not None:
            _require_swap(directive.entry_plan, instrument)
        gas = self._gas(intent)
        size = directive.size_plan
        is_valuable = size is not None and size.position_value > policy.mev_above_value
        is_large = size is not None and size.position_size > policy.multi_dex_above_size
        is_shy = intent.visibility_preference < policy.mev_below_visibility
        spec = _execution_spec(
            action=intent.action,
            gas_strategy=gas,
            slippage_tolerance_bps=slippage_bps(intent.max_slippage_pct),
            # The document's prose adds "FAST: frontrun protection" to what its code shows.
            mev_protection_enabled=is_shy or is_valuable or gas is GasStrategy.FAST,
            private_mempool=intent.visibility_preference < policy.private_below_visibility,
            router_strategy=RouterStrategy.MULTI_DEX if is_large else RouterStrategy.SINGLE_DEX,
            deadline_minutes=intent.max_execution_window_minutes or policy.default_deadline_minutes,
        )
        return spec, ExecutionStyle.SINGLE_ORDER

    def _gas(self, intent: ExecutionIntent) -> GasStrategy:
        if intent.must_complete_immediately or intent.execution_urgency > self._policy.fast_above_urgency:
            return GasStrategy.FAST
        if intent.execution_urgency < self._policy.slow_below_urgency:
            return GasStrategy.SLOW
        return GasStrategy.STANDARD


def _require_swap(entry: EntryPlan, instrument: Instrument) -> None:
    if entry.order_type is not OrderType.MARKET:
        raise VenueRejected(
            "a swap cannot rest at a price: on a chain an entry is MARKET",
            rule="no resting orders",
            symbol=instrument.symbol,
            order_type=entry.order_type,
        )
