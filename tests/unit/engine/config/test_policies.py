"""Factors and weights belong together."""

from pathlib import Path

import pytest

from engine.config.policies import AggregationPolicy
from tests.support.config import POLICY, a_file, mistakes_in, swapped

pytestmark = pytest.mark.unit


def test_a_weight_and_a_factor_of_different_names_are_both_told(tmp_path: Path) -> None:
    findings = mistakes_in(a_file(tmp_path, swapped(POLICY, ("{trend: 0.7", "{trnd: 0.7"))), AggregationPolicy)

    assert [(finding.line, finding.problem, finding.nearest) for finding in findings] == [
        (3, "the weight 'trnd' belongs to no factor", "trend"),
        (5, "the factor 'trend' has no weight", "trnd"),
    ]


def test_weights_are_compared_even_when_a_factor_is_broken(tmp_path: Path) -> None:
    text = swapped(POLICY, ("{trend: 0.7", "{trnd: 0.7"), ("side: WEAKNESS", "side: WEAK"))

    assert len(mistakes_in(a_file(tmp_path, text), AggregationPolicy)) == 3
