"""The range is told in money and in per cent, gaps included."""

import math

import pytest

from tests.support.context import Drawn, employ, enriched
from tests.support.reference import agree, reference, reference_market

pytestmark = pytest.mark.unit

FOLDER = "phase1_context/atr_detector"
STEADY: list[Drawn] = [(200.0, 202.0, 198.0, 200.0)] * 6


def test_a_steady_market_has_the_range_of_its_bars() -> None:
    rows = enriched(employ(FOLDER, {"periods": 3}), STEADY)

    assert [math.isnan(row["atr_3"]) for row in rows] == [True] * 3 + [False] * 3
    assert (rows[-1]["atr_3"], rows[-1]["atr_pct_3"]) == (4.0, 2.0)


def test_a_gap_widens_the_range() -> None:
    gap: Drawn = (220.0, 221.0, 219.0, 220.0)

    assert enriched(employ(FOLDER, {"periods": 3}), [*STEADY, gap])[-1]["atr_3"] == pytest.approx((4.0 * 2 + 21.0) / 3)


@pytest.mark.parametrize(("column", "field"), [("atr_14", "atr"), ("atr_pct_14", "atrp")])
def test_the_range_agrees_with_the_reference(column: str, field: str) -> None:
    bars: list[Drawn] = [(close, high, low, close) for high, low, close in reference_market().bars()]

    agree([row[column] for row in enriched(employ(FOLDER), bars)], reference("atr", field))
