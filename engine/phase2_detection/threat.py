"""The base of threat workers: the watchdogs."""

from collections.abc import Mapping
from decimal import Decimal

from engine.contracts.base import Scalar
from engine.contracts.causality import CausalityChain, trusted_chain
from engine.contracts.context import AssessedContext
from engine.contracts.disposition import DispositionEnvelope
from engine.contracts.events import THREAT_DETECTED
from engine.contracts.signals import ThreatSignal
from engine.contracts.updates import LedgerUpdate, PositionUpdate
from engine.ports.worker import ConfigT, Worker
from engine.primitives.ids import THREAT
from engine.primitives.ratios import clamp, score_from_float


class ThreatWorker(Worker[ConfigT]):
    """Warns of dangers, and says how bad they are. It never acts.

    A subclass defines those of the three handlers that its manifest lists, each returning `Envelopes`:
    ``on_context_assessment(assessed: AssessedContext)``, ``on_ledger_update(update: LedgerUpdate)``,
    ``on_position_update(update: PositionUpdate)``.
    """

    def threat(
        self,
        cause: AssessedContext | LedgerUpdate | PositionUpdate,
        *,
        threat_type: str,
        severity: float | Decimal,
        asset: str | None = None,
        metadata: Mapping[str, Scalar] | None = None,
    ) -> DispositionEnvelope:
        """Return the answer that publishes a danger.

        Args:
            cause: What it was seen in.
            threat_type: The quant's name for the danger, like ``FLASH_CRASH``.
            severity: Held between 0 and 1.
            asset: The symbol in danger; None for the whole portfolio.
            metadata: Facts for people to read.

        Raises:
            ValueError: the severity is not a number.
        """
        return DispositionEnvelope.publish(
            THREAT_DETECTED,
            ThreatSignal(
                threat_id=self.tools.ids.next(THREAT),
                timestamp=self.tools.clock.now(),
                threat_type=threat_type,
                severity=clamp(severity) if isinstance(severity, Decimal) else score_from_float(severity),
                source_worker_id=self.tools.worker_id,
                causality=_chain_of(cause),
                asset=asset,
                metadata=metadata or {},
            ),
        )


def _chain_of(cause: AssessedContext | LedgerUpdate | PositionUpdate) -> CausalityChain:
    if isinstance(cause, AssessedContext):
        return trusted_chain(flow_id=cause.context.tick_id, context_assessment_id=cause.assessment.assessment_id)
    return trusted_chain(flow_id=cause.update_id)
