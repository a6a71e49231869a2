"""Columns become scores as the policy says, and a person can add them up."""

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from engine.config.policies import AggregationPolicy
from engine.contracts.context import AssessedContext, ColumnSpec, FactorSide
from engine.phase1_context.aggregator import ContextAggregator
from engine.primitives.errors import ConfigError
from tests.support.context import columns_named, contexts

pytestmark = pytest.mark.unit

NAN = float("nan")
REGIME = {"regime": ("ranging", "trending")}


def a_policy(
    factors: dict[str, dict[str, Any]], *, weights: dict[str, float] | None = None, **more: Any
) -> AggregationPolicy:
    return AggregationPolicy.model_validate(
        {"aggregation": {"weights": weights or dict.fromkeys(factors, 1.0), "factors": factors, **more}}
    )


def line(column: str, side: str = "STRENGTH", zero: float = 0.0, one: float = 10.0, **more: Any) -> dict[str, Any]:
    return {"column": column, "side": side, "zero_at": zero, "one_at": one, **more}


def judged(policy: AggregationPolicy, **columns: float) -> AssessedContext:
    specs: list[ColumnSpec] = columns_named(list(columns), REGIME)
    (context,) = contexts([100.0], {name: [value] for name, value in columns.items()}, categories=REGIME)
    return ContextAggregator(policy, specs).on_context_ready(context)


@pytest.mark.parametrize(("value", "score"), [(-3.0, 0.0), (0.0, 0.0), (2.5, 0.25), (10.0, 1.0), (99.0, 1.0)])
def test_a_line_rises_from_zero_to_one_and_is_held_there(value: float, score: float) -> None:
    assert judged(a_policy({"f": line("x")}), x=value).strength == pytest.approx(score)


def test_a_line_may_fall() -> None:
    assert judged(a_policy({"f": line("x", zero=10.0, one=0.0)}), x=2.0).strength == pytest.approx(0.8)


def test_a_line_may_look_at_the_distance_to_another_column_either_way() -> None:
    factor = line("close", one=0.2, relative_to="mean", absolute=True)

    assert judged(a_policy({"f": factor}), mean=125.0).strength == pytest.approx(1.0)
    assert judged(a_policy({"f": factor}), mean=100.0).strength == pytest.approx(0.0)


def test_a_distance_to_zero_is_missing_and_not_infinite() -> None:
    assert math.isnan(judged(a_policy({"f": line("close", relative_to="mean")}), mean=0.0).strength)


def test_a_category_has_a_score_for_each_label() -> None:
    factor = {"column": "regime", "side": "STRENGTH", "categories": {"ranging": "0.2", "trending": "0.9"}}

    assert judged(a_policy({"f": factor}), regime=0.0).strength == pytest.approx(0.2)
    assert judged(a_policy({"f": factor}), regime=1.0).strength == pytest.approx(0.9)
    assert math.isnan(judged(a_policy({"f": factor}), regime=NAN).strength)


def test_a_weighted_average_normalises_over_what_is_present() -> None:
    policy = a_policy({"a": line("a"), "b": line("b"), "c": line("c")}, weights={"a": 0.4, "b": 0.3, "c": 0.3})

    assert judged(policy, a=10.0, b=0.0, c=5.0).strength == pytest.approx(0.55)
    assert judged(policy, a=10.0, b=NAN, c=5.0).strength == pytest.approx((0.4 + 0.15) / 0.7)


def test_the_largest_factor_wins_under_max() -> None:
    assert judged(a_policy({"a": line("a"), "b": line("b")}, method="max"), a=3.0, b=7.0).strength == pytest.approx(0.7)


def test_consensus_is_the_share_that_agrees_times_its_mean() -> None:
    policy = a_policy({name: line(name) for name in "abcd"}, method="consensus", consensus_threshold=0.5)

    # Three of four agree, with a mean of 0.8.
    assert judged(policy, a=7.0, b=8.0, c=9.0, d=1.0).strength == pytest.approx(0.75 * 0.8)


@pytest.mark.parametrize("method", ["weighted_average", "max", "consensus"])
def test_the_written_contributions_add_up_to_the_score(method: str) -> None:
    policy = a_policy(
        {**{name: line(name) for name in "abc"}, "w": line("w", "WEAKNESS")},
        weights={"a": 1.0, "b": 1.0, "c": 1.0, "w": 2.0},
        method=method,
    )
    result = judged(policy, a=7.0, b=8.5, c=1.0, w=6.0)
    note = result.assessment
    of_strength = [part for part in note.contributing_factors if part.side is FactorSide.STRENGTH]

    assert abs(sum(part.contribution for part in of_strength) - note.strength) <= Decimal("0.00005")
    assert all(part.contribution == part.score * part.weight for part in of_strength)
    assert float(note.strength) == pytest.approx(result.strength, abs=1e-4)
    assert float(note.weakness) == pytest.approx(result.weakness, abs=1e-4)
    assert note.method == method


def test_written_weights_of_an_average_are_whole() -> None:
    note = judged(a_policy({name: line(name) for name in "abc"}), a=1.0, b=2.0, c=3.0).assessment

    assert sum(part.weight for part in note.contributing_factors) == 1


def test_a_missing_factor_is_listed_and_never_counted_as_zero() -> None:
    result = judged(a_policy({"a": line("a"), "b": line("b")}), a=8.0, b=NAN)

    assert result.strength == pytest.approx(0.8)
    assert result.assessment.missing_factors == ("b",)
    assert [part.name for part in result.assessment.contributing_factors] == ["a"]


def test_while_nothing_is_known_the_written_scores_are_the_careful_ones() -> None:
    result = judged(a_policy({"s": line("a"), "w": line("a", "WEAKNESS")}), a=NAN)

    assert math.isnan(result.strength)
    assert math.isnan(result.weakness)
    assert (result.assessment.strength, result.assessment.weakness) == (0, 1)


def test_a_side_that_the_policy_does_not_judge_scores_nothing() -> None:
    result = judged(a_policy({"s": line("a")}), a=5.0)

    assert (result.weakness, result.assessment.weakness) == (0.0, 0)


def test_a_quiet_bar_writes_no_assessment() -> None:
    result = judged(a_policy({"s": line("a")}), a=5.0)

    assert not result.is_written
    assert result.assessment is result.assessment
    assert result.is_written


def test_an_assessment_that_is_read_late_is_the_one_of_its_own_bar() -> None:
    specs = columns_named(["a"])
    aggregator = ContextAggregator(a_policy({"s": line("a")}), specs)
    early, late = contexts([100.0, 200.0], {"a": [2.0, 9.0]})
    first = aggregator.on_context_ready(early)
    aggregator.on_context_ready(late)

    assert first.assessment.strength == Decimal("0.2000")
    assert first.assessment.contributing_factors[0].source_value == 2.0
    assert first.assessment.timestamp == early.timestamp


def test_reading_an_assessment_changes_no_other_id() -> None:
    note = judged(a_policy({"s": line("a")}), a=5.0)

    assert note.assessment.assessment_id == note.context.tick_id.replace("TCK", "CTX")


def test_it_tells_what_it_made_of_its_last_context_only() -> None:
    aggregator = ContextAggregator(a_policy({"s": line("a")}), columns_named(["a"]))
    early, late = contexts([1.0, 2.0], {"a": [2.0, 9.0]})
    for context in (early, late):
        aggregator.on_context_ready(context)

    assert aggregator.assessed_of(early) is None
    newest = aggregator.assessed_of(late)
    assert newest is not None
    assert newest.context is late


def refusal(policy: AggregationPolicy) -> str:
    with pytest.raises(ConfigError) as caught:
        ContextAggregator(policy, columns_named(["adx", "regime"], REGIME))
    return str(caught.value)


def test_a_factor_on_an_unknown_column_names_the_nearest() -> None:
    assert "f: no context worker writes adxx (nearest: adx)" in refusal(a_policy({"f": line("adxx")}))


def test_a_category_must_be_scored_label_by_label() -> None:
    assert "regime is a category" in refusal(a_policy({"f": line("regime")}))
    short = {"column": "regime", "side": "STRENGTH", "categories": {"trending": "1"}}
    assert "missing or too many: ranging" in refusal(a_policy({"f": short}))
    wrong = {"column": "adx", "side": "STRENGTH", "categories": {"trending": "1"}}
    assert "adx is no category" in refusal(a_policy({"f": wrong}))


def test_all_misfits_of_a_policy_come_at_once() -> None:
    text = refusal(a_policy({"f": line("nowhere"), "g": line("regime"), "h": line("adx", relative_to="lost")}))

    assert all(name in text for name in ("f:", "g:", "h:"))


def test_a_policy_may_judge_the_bar_itself() -> None:
    (context,) = contexts([100.0])
    assessed = ContextAggregator(a_policy({"f": line("close", one=200.0)}), []).on_context_ready(context)

    assert assessed.context is context
    assert assessed.strength == pytest.approx(0.5)


def test_the_last_context_is_the_one_that_was_scored_last() -> None:
    aggregator = ContextAggregator(a_policy({"trend": line("adx")}), columns_named(["adx"]))
    assert aggregator.last_context is None
    first, second = contexts([100.0, 101.0], {"adx": [5.0, 6.0]})
    aggregator.on_context_ready(first)
    aggregator.on_context_ready(second)

    assert aggregator.last_context is second


@pytest.mark.parametrize("method", ["weighted_average", "max", "consensus"])
def test_many_rows_at_once_score_the_same_to_the_last_bit(method: str) -> None:
    factors = {
        "line": line("x", zero=-0.3, one=0.7),
        "size": line("x", "WEAKNESS", zero=0.1, one=0.9, absolute=True),
        "away": line("close", zero=-1.0, one=1.0, relative_to="x"),
        "kind": {"column": "regime", "side": "STRENGTH", "categories": {"ranging": "0.2", "trending": "0.9"}},
    }
    weights = {"line": 0.3, "size": 0.7, "away": 0.1, "kind": 0.2}
    aggregator = ContextAggregator(
        a_policy(factors, weights=weights, method=method), columns_named(["x", "regime"], REGIME)
    )
    draw = np.random.default_rng(5)
    values = np.array([NAN, 0.0, -0.0, 0.1, *draw.uniform(-2.0, 2.0, 300)])
    rows = np.ones((len(values), 7))
    rows[:, 3], rows[:, 5] = draw.permutation(values), values
    rows[:, 6] = draw.choice([NAN, 0.0, 1.0], len(values))

    strength, weakness = aggregator.column_scores(rows)

    one_by_one = np.array([aggregator.scores(row) for row in rows.tolist()])
    assert np.column_stack((strength, weakness)).tobytes() == one_by_one.tobytes()
