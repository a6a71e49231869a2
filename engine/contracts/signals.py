"""What phase 2 says: chances and dangers, each with a score."""

from typing import Annotated

from pydantic import Field, StringConstraints

from engine.contracts.base import Contract, Direction, Facts, Price, Symbol, UtcDatetime
from engine.contracts.causality import CausalityChain
from engine.primitives.ids import OPPORTUNITY, THREAT, OpportunityId, ThreatId, id_pattern
from engine.primitives.ratios import Fraction

OpportunityIdField = Annotated[OpportunityId, StringConstraints(pattern=id_pattern(OPPORTUNITY))]
ThreatIdField = Annotated[ThreatId, StringConstraints(pattern=id_pattern(THREAT))]


class OpportunitySignal(Contract):
    """A chance that somebody sees, and how sure it is (`confidence`, 0-1).

    `invalidation_price` is where the idea is wrong (quote per base); a stop beyond it makes no sense.
    """

    signal_id: OpportunityIdField
    timestamp: UtcDatetime
    asset: Symbol
    direction: Direction
    signal_type: str
    confidence: Fraction
    source_worker_id: str
    causality: CausalityChain
    invalidation_price: Price | None = None
    metadata: Facts = Field(default_factory=dict)


class ThreatSignal(Contract):
    """A danger that somebody sees, and how bad it is (`severity`, 0-1). It warns; it never acts.

    `asset` is None when the danger is to the whole portfolio.
    """

    threat_id: ThreatIdField
    timestamp: UtcDatetime
    threat_type: str
    severity: Fraction
    source_worker_id: str
    causality: CausalityChain
    asset: Symbol | None = None
    metadata: Facts = Field(default_factory=dict)
