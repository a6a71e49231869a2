"""The base of opportunity workers: the scouts."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal

from engine.contracts.base import Direction, Scalar
from engine.contracts.causality import trusted_chain
from engine.contracts.context import AssessedContext
from engine.contracts.disposition import DispositionEnvelope, Envelopes
from engine.contracts.events import OPPORTUNITY_DETECTED
from engine.contracts.signals import OpportunitySignal
from engine.ports.worker import ConfigT, Worker
from engine.primitives.ids import OPPORTUNITY
from engine.primitives.money import from_float
from engine.primitives.ratios import clamp, score_from_float


class OpportunityWorker(Worker[ConfigT], ABC):
    """Sees chances, and says how sure it is. It plans nothing."""

    @abstractmethod
    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a `signal`, several of them, or NOTHING."""

    def signal(
        self,
        assessed: AssessedContext,
        *,
        direction: Direction,
        signal_type: str,
        confidence: float | Decimal,
        invalidation_price: float | Decimal | None = None,
        metadata: Mapping[str, Scalar] | None = None,
    ) -> DispositionEnvelope:
        """Return the answer that publishes a chance in the context's symbol.

        Args:
            assessed: What it was seen in.
            direction: Which way to trade.
            signal_type: The quant's name for the pattern, like ``fvg_entry``.
            confidence: Held between 0 and 1.
            invalidation_price: Where the idea is wrong, quote per base; a float is moved to the nearest tick.
            metadata: Facts for people to read.

        Raises:
            ValueError: the confidence or the invalidation price is not a number.
        """
        context = assessed.context
        if isinstance(invalidation_price, float):
            invalidation_price = from_float(invalidation_price, self.tools.market.instrument(context.symbol).tick_size)
        return DispositionEnvelope.publish(
            OPPORTUNITY_DETECTED,
            OpportunitySignal(
                signal_id=self.tools.ids.next(OPPORTUNITY),
                timestamp=self.tools.clock.now(),
                asset=context.symbol,
                direction=direction,
                signal_type=signal_type,
                confidence=clamp(confidence) if isinstance(confidence, Decimal) else score_from_float(confidence),
                source_worker_id=self.tools.worker_id,
                causality=trusted_chain(
                    flow_id=context.tick_id, context_assessment_id=assessed.assessment.assessment_id
                ),
                invalidation_price=invalidation_price,
                metadata=metadata or {},
            ),
        )
