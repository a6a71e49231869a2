"""Line, signal and histogram wake one after the other and follow the market."""

import math

import pytest
from pydantic import ValidationError

from tests.support.context import employ, enriched

pytestmark = pytest.mark.unit

FOLDER = "phase1_context/macd"
QUICK = {"fast": 2, "slow": 3, "signal": 2}


def test_the_line_wakes_before_its_signal() -> None:
    rows = enriched(employ(FOLDER, QUICK), [10.0, 11.0, 12.0, 13.0])

    assert [math.isnan(row["macd"]) for row in rows] == [True, True, False, False]
    assert [math.isnan(row["macd_histogram"]) for row in rows] == [True, True, True, False]


def test_the_histogram_is_what_the_line_has_over_its_signal() -> None:
    last = enriched(employ(FOLDER), [100.0 + at**1.5 for at in range(60)])[-1]

    assert last["macd"] > last["macd_signal"] > 0.0
    assert last["macd_histogram"] == last["macd"] - last["macd_signal"]


def test_a_fast_average_that_is_not_faster_is_refused_with_what_would_do() -> None:
    with pytest.raises(ValidationError, match="with slow 12, fast may be 1 to 11"):
        employ(FOLDER, {"fast": 26, "slow": 12})
