"""The one visible place where columns become opinions: strength and weakness, as the policy says."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from engine.config.policies import AggregationPolicy
from engine.contracts.base import trusted
from engine.contracts.context import (
    AggregatedContextAssessment,
    AssessedContext,
    ColumnSpec,
    FactorSide,
    TradingContext,
)
from engine.contracts.market import FloatColumn, FloatMatrix
from engine.phase1_context.factors import Factor, compile_factors
from engine.phase1_context.scoring import Reading, column_score_of, contributions, score_of
from engine.primitives.ids import ASSESSMENT
from engine.primitives.money import ONE, ZERO
from engine.primitives.ratios import SCORE_STEP, clamp

_assessment: Final = trusted(AggregatedContextAssessment)


class ContextAggregator:
    """Scores the enriched context of each bar.

    Scores, and the assessment with its arithmetic, are worked out when somebody reads them, from the values of that bar
    (`Scorer`); the assessment's id has the same place in the order of ids as its tick, so that reading it (or not) changes
    no other id.

    While all factors of a side are missing, its float is NaN and the written score is the careful one: strength 0,
    weakness 1. A side for which the policy has no factor scores 0.

    Args:
        policy: The whole of aggregation_policy.yaml.
        specs: The enriched columns of the chain.

    Raises:
        ConfigError: the policy reads columns that the chain does not write.
    """

    def __init__(self, policy: AggregationPolicy, specs: Sequence[ColumnSpec]) -> None:
        self._aggregation = policy.aggregation
        self._factors = compile_factors(policy.aggregation, specs)
        self._strength = [factor for factor in self._factors if factor.side is FactorSide.STRENGTH]
        self._weakness = [factor for factor in self._factors if factor.side is FactorSide.WEAKNESS]
        self._last: AssessedContext | None = None

    def on_context_ready(self, context: TradingContext) -> AssessedContext:
        """Hand on the context together with its assessment."""
        self._last = assessed = AssessedContext(context, self)
        return assessed

    def scores(self, row: Sequence[float]) -> tuple[float, float]:
        """Return strength and weakness, 0-1, of one row; NaN while no factor of the side is present."""
        aggregation = self._aggregation
        return score_of(self._strength, row, aggregation), score_of(self._weakness, row, aggregation)

    def column_scores(self, rows: FloatMatrix) -> tuple[FloatColumn, FloatColumn]:
        """Return the same of many rows, shape ``(n_rows, n_columns)``, to the last bit."""
        aggregation = self._aggregation
        return column_score_of(self._strength, rows, aggregation), column_score_of(self._weakness, rows, aggregation)

    @property
    def last_context(self) -> TradingContext | None:
        """The enriched context of the last bar; None before the first."""
        return None if self._last is None else self._last.context

    def assessed_of(self, context: TradingContext) -> AssessedContext | None:
        """Return what was made of a context if it is the last one that came in, else None."""
        last = self._last
        return last if last is not None and last.context is context else None

    def write(self, context: TradingContext) -> AggregatedContextAssessment:
        """Return the assessment of a context with its arithmetic."""
        strength, no_strength = self._read(self._strength, context)
        weakness, no_weakness = self._read(self._weakness, context)
        for_strength = contributions(strength, self._aggregation)
        for_weakness = contributions(weakness, self._aggregation)
        return _assessment(
            assessment_id=context.slot.write(ASSESSMENT),
            timestamp=context.timestamp,
            symbol=context.symbol,
            strength=_sum_of([line.contribution for line in for_strength]),
            weakness=ONE if no_weakness and not weakness else _sum_of([line.contribution for line in for_weakness]),
            method=self._aggregation.method.value,
            contributing_factors=(*for_strength, *for_weakness),
            missing_factors=(*no_strength, *no_weakness),
        )

    @staticmethod
    def _read(factors: Sequence[Factor], context: TradingContext) -> tuple[list[Reading], list[str]]:
        row = context.row
        scored = [(factor, factor.score(row)) for factor in factors]
        readings = [(factor, score, row[factor.position]) for factor, score in scored if score == score]  # noqa: PLR0124  # not NaN
        return readings, [factor.name for factor, score in scored if score != score]  # noqa: PLR0124  # not NaN


def _sum_of(parts: Sequence[Decimal]) -> Decimal:
    return clamp(sum(parts, ZERO).quantize(SCORE_STEP))
