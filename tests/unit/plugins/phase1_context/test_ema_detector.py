"""The averages stand in the columns that their periods name."""

import math

import pytest
from pydantic import ValidationError

from tests.support.context import employ, enriched

pytestmark = pytest.mark.unit

FOLDER = "phase1_context/ema_detector"


def test_each_period_has_its_own_column_which_wakes_after_so_many_bars() -> None:
    rows = enriched(employ(FOLDER, {"periods": [2, 3]}), [1.0, 3.0, 5.0, 9.0])

    assert [math.isnan(row["ema_2"]) for row in rows] == [True, False, False, False]
    assert [math.isnan(row["ema_3"]) for row in rows] == [True, True, False, False]
    assert rows[1]["ema_2"] == pytest.approx(2.0)
    assert rows[2]["ema_2"] == pytest.approx(4.0)
    assert rows[3]["ema_3"] == pytest.approx(6.0)


@pytest.mark.parametrize("periods", [[], [0], [20, -1]])
def test_averages_over_no_bars_are_refused(periods: list[int]) -> None:
    with pytest.raises(ValidationError):
        employ(FOLDER, {"periods": periods})
