"""The blueprint's ranges decide who answers, and every miss is told with its numbers."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from engine.config.blueprint import MatchPolicy
from engine.contracts.directives import StrategyDirective
from engine.phase4_planning.matcher import PlannerMatcher
from engine.primitives.errors import ConfigError
from tests.support.notes import (
    a_close_directive,
    a_request,
    a_size_plan,
    a_strategy_directive,
    an_entry_directive,
)

pytestmark = pytest.mark.unit

D = Decimal


def between(low: str, high: str) -> tuple[Decimal, Decimal]:
    return D(low), D(high)


def a_matcher(
    *entries: tuple[str, Mapping[str, tuple[Decimal, Decimal]]],
    slot: str = "entry",
    policy: MatchPolicy = MatchPolicy.FIRST,
) -> PlannerMatcher:
    return PlannerMatcher(slot, entries, policy)


AGGRESSIVE = ("aggressive", {"confidence": between("0.8", "1"), "timing_preference": between("0.8", "1")})
PATIENT = ("patient", {"confidence": between("0.3", "0.7"), "timing_preference": between("0", "0.3")})


def sure(confidence: str, timing: str = "0.9") -> StrategyDirective:
    return a_strategy_directive(
        confidence=D(confidence), entry_directive=an_entry_directive(timing_preference=D(timing))
    )


@pytest.mark.parametrize(("confidence", "chosen"), [("0.79", None), ("0.8", "aggressive"), ("1", "aggressive")])
def test_ranges_hold_their_edges(confidence: str, chosen: str | None) -> None:
    assert a_matcher(AGGRESSIVE).explain(sure(confidence)).chosen == chosen


def test_every_trigger_of_a_planner_must_hold() -> None:
    matcher = a_matcher(AGGRESSIVE, PATIENT)

    assert matcher.explain(sure("0.9", "0.9")).chosen == "aggressive"
    assert matcher.explain(sure("0.5", "0.1")).chosen == "patient"
    assert matcher.explain(sure("0.9", "0.1")).chosen is None


def test_a_miss_names_planner_trigger_value_and_range() -> None:
    report = a_matcher(AGGRESSIVE, PATIENT).explain(sure("0.75", "0.9"))

    assert [(miss.worker, miss.trigger) for miss in report.misses] == [
        ("aggressive", "confidence"),
        ("patient", "confidence"),
        ("patient", "timing_preference"),
    ]
    assert "aggressive: confidence is 0.75, its range is 0.8 to 1" in report.reason


def test_of_several_that_match_the_first_of_the_blueprint_answers_and_the_others_are_named() -> None:
    report = a_matcher(("a", {}), ("b", {}), ("c", {"confidence": between("0", "0.1")})).explain(sure("0.5"))

    assert (report.chosen, report.passed_over) == ("a", ("b",))


def test_several_that_match_are_an_error_when_the_policy_says_so() -> None:
    report = a_matcher(("a", {}), ("b", {}), policy=MatchPolicy.ERROR).explain(sure("0.5"))

    assert report.chosen is None
    assert "several entry planners match: a, b" in report.reason


def test_exactly_one_planner_is_told_that_it_was_chosen() -> None:
    matcher = a_matcher(("a", {}), ("b", {}))
    directive = sure("0.5")

    assert [matcher.for_worker(worker).is_chosen(directive) for worker in ("a", "b", "stranger")] == [
        True,
        False,
        False,
    ]


def test_a_directive_is_judged_once() -> None:
    matcher, directive = a_matcher(AGGRESSIVE), sure("0.9")

    assert matcher.explain(directive) is matcher.explain(directive)
    assert matcher.explain(directive) is not matcher.explain(sure("0.9"))


def test_an_intent_planner_may_be_chosen_by_size() -> None:
    large = ("twap", {"position_size": between("1", "1000")})
    matcher = a_matcher(large, ("balanced", {}), slot="execution_intent")
    small = a_request(size_plan=a_size_plan(position_size=D("0.2")))

    assert matcher.explain(small.strategy_directive, small).chosen == "balanced"
    big = a_request(size_plan=a_size_plan(position_size=D(3)))
    assert matcher.explain(big.strategy_directive, big).chosen == "twap"


def test_a_trigger_that_the_slot_does_not_know_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigError, match=r"entry, a: confidense is no trigger of this slot \(nearest: confidence\)"):
        a_matcher(("a", {"confidense": between("0", "1")}))
    with pytest.raises(ConfigError, match="position_size is no trigger of this slot"):
        a_matcher(("a", {"position_size": between("0", "1")}))


def test_all_unknown_triggers_come_at_once() -> None:
    with pytest.raises(ConfigError, match=r"first.*second"):
        a_matcher(("a", {"first": between("0", "1")}), ("b", {"second": between("0", "1")}))


def test_an_exit_is_never_left_without_a_planner() -> None:
    matcher = a_matcher(
        ("calm", {"confidence": between("0", "0.5")}),
        ("small", {"position_size": between("0", "1"), "confidence": between("0", "0.2")}),
        slot="execution_intent",
    )
    report = matcher.explain(a_close_directive(confidence=D("0.95")))

    assert (report.chosen, report.is_stopgap) == ("calm", True)
    assert "confidence is 0.95" in report.reason


def test_a_trigger_that_an_exit_has_no_word_for_does_not_count() -> None:
    matcher = a_matcher(("eager", {"timing_preference": between("0.8", "1")}), slot="execution_intent")
    report = matcher.explain(a_close_directive())

    assert (report.chosen, report.is_stopgap) == ("eager", False)


def test_an_empty_slot_answers_nobody() -> None:
    report = a_matcher(slot="size").explain(sure("0.5"))

    assert (report.chosen, report.reason) == (None, "the size slot is empty")


def test_coverage_shows_the_gap_between_the_documents_own_ranges() -> None:
    cells = a_matcher(
        ("aggressive", {"confidence": between("0.8", "1")}), ("patient", {"confidence": between("0.3", "0.7")})
    ).coverage()

    assert [(*cell.box["confidence"], cell.workers) for cell in cells] == [
        (D(0), D("0.3"), ()),
        (D("0.3"), D("0.7"), ("patient",)),
        (D("0.7"), D("0.8"), ()),
        (D("0.8"), D(1), ("aggressive",)),
    ]
    assert [cell.is_gap for cell in cells] == [True, False, True, False]


def test_every_planner_of_a_slot_is_told_with_its_ranges_and_the_values_held_against_them() -> None:
    eager, patient = a_matcher(AGGRESSIVE, PATIENT).answers(sure("0.9", "0.9"))

    assert (eager.planner, eager.is_chosen, eager.matches) == ("aggressive", True, True)
    assert (patient.planner, patient.is_chosen, patient.matches) == ("patient", False, False)
    missed = patient.ranges[0]
    assert (missed.trigger, missed.low, missed.high, missed.value, missed.is_met) == (
        "confidence",
        D("0.3"),
        D("0.7"),
        D("0.9"),
        False,
    )


def test_a_planner_that_matches_too_late_is_told_apart_from_one_that_misses() -> None:
    first, second = a_matcher(("first", {}), ("second", {})).answers(sure("0.9"))

    assert first.is_chosen
    assert second.matches
    assert not second.is_chosen
