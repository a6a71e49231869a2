"""A market that moves one way trends; one that goes nowhere ranges."""

import math

import pytest

from tests.support.context import Drawn, employ, enriched

pytestmark = pytest.mark.unit

FOLDER = "phase1_context/adx_regime"
RANGING, TRENDING = 0.0, 1.0


def steps(by: float, count: int = 30) -> list[Drawn]:
    return [(p := 100.0 + by * at, p + 1.0, p - 1.0, p) for at in range(count)]


def swings(count: int = 30) -> list[Drawn]:
    return [(100.0, 101.0 + at % 2, 99.0 + at % 2, 100.0 + at % 2) for at in range(count)]


def test_a_steady_rise_trends_upwards() -> None:
    last = enriched(employ(FOLDER, {"periods": 5}), steps(2.0))[-1]

    assert last["regime"] == TRENDING
    assert last["adx"] == pytest.approx(100.0)
    assert last["plus_di"] > 50 > last["minus_di"] == 0.0


def test_a_steady_fall_trends_too_the_index_knows_no_direction() -> None:
    last = enriched(employ(FOLDER, {"periods": 5}), steps(-2.0))[-1]

    assert last["regime"] == TRENDING
    assert last["minus_di"] > 50 > last["plus_di"] == 0.0


def test_a_market_that_goes_nowhere_ranges() -> None:
    assert enriched(employ(FOLDER, {"periods": 5}), swings())[-1]["regime"] == RANGING


def test_the_regime_is_unknown_until_the_index_wakes() -> None:
    rows = enriched(employ(FOLDER, {"periods": 5}), steps(1.0, 12))

    assert [math.isnan(row["regime"]) for row in rows] == [True] * 9 + [False] * 3
    assert [math.isnan(row["plus_di"]) for row in rows] == [True] * 5 + [False] * 7


def test_the_threshold_itself_is_a_trend() -> None:
    assert enriched(employ(FOLDER, {"periods": 5, "trending_from": 100.0}), steps(2.0))[-1]["regime"] == TRENDING
