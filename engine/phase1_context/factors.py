"""Factors: the policy's opinions on columns, compiled once so that a bar costs a few comparisons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import numpy as np

from engine.config.policies import Aggregation, FactorRule
from engine.contracts.context import ColumnKind, ColumnSpec, FactorSide
from engine.contracts.market import BAR_COLUMNS, FloatColumn, FloatMatrix
from engine.primitives.errors import ConfigError

NAN: Final = float("nan")

Score = Callable[[Sequence[float]], float]
"""Reads a factor's score (0-1) from a row; NaN while it is missing."""

ColumnScore = Callable[[FloatMatrix], FloatColumn]
"""Reads the same from many rows, shape ``(n_rows, n_columns)``, to the last bit: the same steps in the same order."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One compiled line of the policy."""

    name: str
    side: FactorSide
    weight: float
    column: str
    position: int
    """Where the column stands in a row."""
    score: Score
    column_score: ColumnScore


def compile_factors(aggregation: Aggregation, specs: Sequence[ColumnSpec]) -> tuple[Factor, ...]:
    """Return the policy's factors, in its order.

    Raises:
        ConfigError: a factor reads a column that is not there, or does not fit its kind; the message lists all findings.
    """
    known: dict[str, ColumnSpec | None] = dict.fromkeys(BAR_COLUMNS)
    known.update({spec.name: spec for spec in specs})
    positions = {name: position for position, name in enumerate(known)}
    findings: list[str] = []
    factors: list[Factor] = []
    for name, rule in aggregation.factors.items():
        mistakes = _mistakes(name, rule, known)
        findings += mistakes
        if not mistakes:
            read = _by_category(rule, known[rule.column], positions) if rule.categories else _on_a_line(rule, positions)
            weight, column = aggregation.weights[name], rule.column
            factors.append(Factor(name, rule.side, weight, column, positions[column], *read))
    if findings:
        raise ConfigError("the aggregation policy does not fit the context workers: " + "; ".join(findings))
    return tuple(factors)


def _mistakes(name: str, rule: FactorRule, known: dict[str, ColumnSpec | None]) -> list[str]:
    unknown = [column for column in (rule.column, rule.relative_to) if column is not None and column not in known]
    if unknown:
        return [_unknown_column(name, column, known) for column in unknown]
    spec = known[rule.column]
    is_category = spec is not None and spec.kind is ColumnKind.CATEGORY
    if is_category != bool(rule.categories):
        wanted = "a score for each category" if is_category else "zero_at and one_at"
        return [f"{name}: {rule.column} is {'a' if is_category else 'no'} category, give {wanted}"]
    labels = set(spec.categories) if spec is not None else set()
    if is_category and labels != set(rule.categories):
        odd = ", ".join(sorted(labels ^ set(rule.categories)))
        return [f"{name}: {rule.column} has the categories {', '.join(sorted(labels))}; missing or too many: {odd}"]
    return []


def _unknown_column(name: str, column: str, known: dict[str, ColumnSpec | None]) -> str:
    near = get_close_matches(column, known, n=1)
    hint = f" (nearest: {near[0]})" if near else f" (there are: {', '.join(known)})"
    return f"{name}: no context worker writes {column}{hint}"


def _by_category(rule: FactorRule, spec: ColumnSpec | None, positions: Mapping[str, int]) -> tuple[Score, ColumnScore]:
    scores = [float(rule.categories[label]) for label in spec.categories] if spec is not None else []
    table = np.array([*scores, NAN])
    at = positions[rule.column]

    def score(row: Sequence[float]) -> float:
        index = row[at]
        return scores[int(index)] if index >= 0.0 else NAN

    def column_score(rows: FloatMatrix) -> FloatColumn:
        # A missing category (NaN) takes the last entry.
        return table[np.where(rows[:, at] >= 0.0, rows[:, at], -1.0).astype(np.int64)]

    return score, column_score


def _on_a_line(rule: FactorRule, positions: Mapping[str, int]) -> tuple[Score, ColumnScore]:
    zero_at = rule.zero_at if rule.zero_at is not None else 0.0
    way = (rule.one_at if rule.one_at is not None else 1.0) - zero_at
    at, is_absolute = positions[rule.column], rule.absolute
    base_at = None if rule.relative_to is None else positions[rule.relative_to]

    def score(row: Sequence[float]) -> float:
        value = row[at]
        if base_at is not None:
            base = row[base_at]
            value = (value - base) / base if base else NAN
        share = ((-value if is_absolute and value < 0.0 else value) - zero_at) / way
        if share < 0.0:
            return 0.0
        return 1.0 if share > 1.0 else share  # NaN passes through

    def column_score(rows: FloatMatrix) -> FloatColumn:
        values = rows[:, at]
        if base_at is not None:
            base = rows[:, base_at]
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.where(base != 0.0, (values - base) / base, NAN)
        share = ((np.where(values < 0.0, -values, values) if is_absolute else values) - zero_at) / way
        return np.where(share < 0.0, 0.0, np.where(share > 1.0, 1.0, share))

    return score, column_score
