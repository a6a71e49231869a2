"""How factors add up to a score: as floats on every bar, and as the kept arithmetic when somebody reads it."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

import numpy as np

from engine.config.policies import Aggregation, AggregationMethod
from engine.contracts.base import trusted
from engine.contracts.context import ContributingFactor
from engine.contracts.market import FloatColumn, FloatMatrix
from engine.phase1_context.factors import NAN, Factor
from engine.primitives.money import ONE, ZERO
from engine.primitives.ratios import score_from_float

_WEIGHT_STEP: Final = Decimal("0.000001")
_factor_line: Final = trusted(ContributingFactor)

Reading = tuple[Factor, float, float]
"""A factor that is present, its score 0-1, and what stood in its column."""


def score_of(factors: Sequence[Factor], row: Sequence[float], aggregation: Aggregation) -> float:
    """Return the score of one side at one row, over the factors that are present; NaN if there is none.

    weighted_average: weights are normalised over what is present. max: the largest. consensus: the share of factors
    above the threshold times the mean of those (decisions 3.1). A side without factors scores 0.
    """
    if not factors:
        return 0.0
    if aggregation.method is AggregationMethod.WEIGHTED_AVERAGE:
        total = weighted = 0.0
        for factor in factors:
            score = factor.score(row)
            if score == score:  # not NaN  # noqa: PLR0124
                total += factor.weight
                weighted += factor.weight * score
        return weighted / total if total else NAN
    scores = [score for factor in factors if (score := factor.score(row)) == score]
    if not scores:
        return NAN
    if aggregation.method is AggregationMethod.MAX:
        return max(scores)
    return sum(score for score in scores if score > aggregation.consensus_threshold) / len(scores)


def column_score_of(factors: Sequence[Factor], rows: FloatMatrix, aggregation: Aggregation) -> FloatColumn:
    """Return `score_of` for many rows, shape ``(n_rows, n_columns)``: the same sums in the same order, to the last bit."""
    if not factors:
        return np.zeros(len(rows))
    scores = [factor.column_score(rows) for factor in factors]
    present = [~np.isnan(score) for score in scores]
    if aggregation.method is AggregationMethod.MAX:
        largest: FloatColumn = np.fmax.reduce(scores)
        return largest
    total, reached = np.zeros(len(rows)), np.zeros(len(rows))
    is_average = aggregation.method is AggregationMethod.WEIGHTED_AVERAGE
    for factor, score, is_there in zip(factors, scores, present, strict=True):
        weight = factor.weight if is_average else 1.0
        counts = is_there if is_average else is_there & (score > aggregation.consensus_threshold)
        total = np.where(is_there, total + weight, total)
        reached = np.where(counts, reached + weight * score, reached)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total != 0.0, reached / total, NAN)


def contributions(readings: Sequence[Reading], aggregation: Aggregation) -> tuple[ContributingFactor, ...]:
    """Return one line per factor of a side; the contributions add up to the score.

    max: the winner has all the weight. consensus: each factor above the threshold has an equal share, the others none.
    """
    return tuple(
        _factor_line(
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


@lru_cache(maxsize=256)
def _normalised(weights: tuple[float, ...]) -> Sequence[Decimal]:
    """Return weights that add up to exactly 1, so that a person can check them: the last one takes the rest."""
    total = sum(weights)
    shares = [Decimal(repr(weight / total)).quantize(_WEIGHT_STEP) for weight in weights]
    return (*shares[:-1], ONE - sum(shares[:-1], ZERO))


def _weights(readings: Sequence[Reading], aggregation: Aggregation) -> Sequence[Decimal]:
    if not readings:
        return ()
    match aggregation.method:
        case AggregationMethod.WEIGHTED_AVERAGE:
            return _normalised(tuple([factor.weight for factor, _, _ in readings]))
        case AggregationMethod.MAX:
            winner = max(range(len(readings)), key=lambda i: readings[i][1])
            return [ONE if i == winner else ZERO for i in range(len(readings))]
        case AggregationMethod.CONSENSUS:
            share = (ONE / len(readings)).quantize(_WEIGHT_STEP)
            return [share if score > aggregation.consensus_threshold else ZERO for _, score, _ in readings]
