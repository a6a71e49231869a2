"""How factors add up to a score: as floats on every bar, and as the kept arithmetic when somebody reads it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from engine.config.policies import Aggregation, AggregationMethod
from engine.contracts.context import ContributingFactor
from engine.phase1_context.factors import NAN, Factor, Read
from engine.primitives.money import ONE, ZERO
from engine.primitives.ratios import score_from_float

_WEIGHT_STEP: Final = Decimal("0.000001")

Reading = tuple[Factor, float, float]
"""A factor that is present, its score 0-1, and what stood in its column."""


def score_of(factors: Sequence[Factor], read: Read, aggregation: Aggregation) -> float:
    """Return the score of one side at the current bar, over the factors that are present; NaN if there is none.

    weighted_average: weights are normalised over what is present. max: the largest. consensus: the share of factors
    above the threshold times the mean of those (decisions 3.1).
    """
    if aggregation.method is AggregationMethod.WEIGHTED_AVERAGE:
        total = weighted = 0.0
        for factor in factors:
            score = factor.score(read)
            if score == score:  # not NaN  # noqa: PLR0124
                total += factor.weight
                weighted += factor.weight * score
        return weighted / total if total else NAN
    scores = [score for factor in factors if (score := factor.score(read)) == score]
    if not scores:
        return NAN
    if aggregation.method is AggregationMethod.MAX:
        return max(scores)
    return sum(score for score in scores if score > aggregation.consensus_threshold) / len(scores)


def contributions(readings: Sequence[Reading], aggregation: Aggregation) -> tuple[ContributingFactor, ...]:
    """Return one line per factor of a side; the contributions add up to the score.

    max: the winner has all the weight. consensus: each factor above the threshold has an equal share, the others none.
    """
    return tuple(
        ContributingFactor(
            name=factor.name,
            side=factor.side,
            score=(exact := score_from_float(score)),
            weight=weight,
            contribution=exact * weight,
            source_column=factor.column,
            source_value=value,
        )
        for (factor, score, value), weight in zip(readings, _weights(readings, aggregation), strict=True)
    )


def _weights(readings: Sequence[Reading], aggregation: Aggregation) -> list[Decimal]:
    if not readings:
        return []
    match aggregation.method:
        case AggregationMethod.WEIGHTED_AVERAGE:
            total = sum(factor.weight for factor, _, _ in readings)
            shares = [Decimal(repr(factor.weight / total)).quantize(_WEIGHT_STEP) for factor, _, _ in readings]
            # Normalised weights add up to exactly 1, so that a person can check them: the last one takes the rest.
            shares[-1] = ONE - sum(shares[:-1], ZERO)
            return shares
        case AggregationMethod.MAX:
            winner = max(range(len(readings)), key=lambda i: readings[i][1])
            return [ONE if i == winner else ZERO for i in range(len(readings))]
        case AggregationMethod.CONSENSUS:
            share = (ONE / len(readings)).quantize(_WEIGHT_STEP)
            return [share if score > aggregation.consensus_threshold else ZERO for _, score, _ in readings]
