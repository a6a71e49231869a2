"""The index stands in the column that its periods name, and tells rises from falls."""

import math

import pytest
from pydantic import ValidationError

from tests.support.context import employ, enriched

pytestmark = pytest.mark.unit

FOLDER = "phase1_context/rsi_detector"


def test_the_column_wakes_after_its_periods() -> None:
    rows = enriched(employ(FOLDER, {"periods": 3}), [10.0, 11.0, 10.0, 13.0, 13.0])

    assert [math.isnan(row["rsi_3"]) for row in rows] == [True, True, True, False, False]
    assert rows[3]["rsi_3"] == pytest.approx(80.0)


@pytest.mark.parametrize(("step", "expected"), [(1.0, 100.0), (-1.0, 0.0), (0.0, 50.0)])
def test_a_market_of_one_direction_is_at_an_end_and_one_at_rest_in_the_middle(step: float, expected: float) -> None:
    assert enriched(employ(FOLDER), [100.0 + step * at for at in range(20)])[-1]["rsi_14"] == expected


def test_an_index_over_one_bar_is_refused() -> None:
    with pytest.raises(ValidationError):
        employ(FOLDER, {"periods": 1})
