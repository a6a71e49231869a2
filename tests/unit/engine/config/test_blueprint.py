"""Somebody, and only one, decides in a strategy."""

from pathlib import Path

import pytest

from engine.config.blueprint import StrategyBlueprint
from tests.support.config import BLUEPRINT, a_file, mistakes_in, swapped

pytestmark = pytest.mark.unit

DIRECT = "direct_planning: {minimum_confidence: {fvg_entry: 0.7}}\n"
PLANNER = "  strategy_planner: {plugin: AdaptiveMomentumPlanner}\n"


def test_a_strategy_has_a_planner_or_plans_directly(tmp_path: Path) -> None:
    direct = swapped(BLUEPRINT, (PLANNER, "")) + DIRECT

    assert mistakes_in(a_file(tmp_path, BLUEPRINT), StrategyBlueprint) == ()
    assert mistakes_in(a_file(tmp_path, direct), StrategyBlueprint) == ()


@pytest.mark.parametrize(("text", "line"), [(BLUEPRINT + DIRECT, 21), (swapped(BLUEPRINT, (PLANNER, "")), 7)])
def test_not_both_and_not_none(tmp_path: Path, text: str, line: int) -> None:
    (finding,) = mistakes_in(a_file(tmp_path, text), StrategyBlueprint)

    assert finding.line == line
    assert "not both and not none" in finding.problem


def test_ranges_of_triggers_keep_the_digits_that_were_written(tmp_path: Path) -> None:
    text = swapped(BLUEPRINT, ("[0.8, 1.0]", "[0.8, 2]"))

    assert mistakes_in(a_file(tmp_path, text), StrategyBlueprint) == ()
