"""The columns show where most was traded, and forget what left the window."""

import math

import pytest
from pydantic import ValidationError

from tests.support.context import Drawn, employ, enriched

pytestmark = pytest.mark.unit

FOLDER = "phase1_context/volume_profile"


def traded(price: float, volume: float) -> Drawn:
    return (price, price, price, price, volume)


def test_the_point_of_control_is_where_most_was_traded() -> None:
    rows = enriched(employ(FOLDER, {"periods": 3}), [traded(100.0, 1.0), traded(105.0, 7.0), traded(110.0, 2.0)])

    assert [math.isnan(row["point_of_control"]) for row in rows] == [True, True, False]
    assert rows[2]["point_of_control"] == pytest.approx(105.0, rel=0.001)


def test_the_value_area_lies_around_the_point_of_control() -> None:
    bars = [traded(price, volume) for price, volume in ((100.0, 1.0), (104.0, 6.0), (105.0, 8.0), (110.0, 2.0))]
    last = enriched(employ(FOLDER, {"periods": 4}), bars)[-1]

    assert last["value_area_low"] == pytest.approx(104.0, rel=0.001)
    assert last["value_area_high"] == pytest.approx(105.0, rel=0.001)


def test_what_left_the_window_is_forgotten() -> None:
    bars = [traded(90.0, 1e6), traded(100.0, 1.0), traded(100.0, 1.0)]

    assert enriched(employ(FOLDER, {"periods": 2}), bars)[-1]["value_area_low"] == pytest.approx(100.0, rel=0.001)


@pytest.mark.parametrize("config", [{"row_ratio": 0}, {"value_area": 0}, {"value_area": 1.01}, {"periods": 0}])
def test_a_profile_without_rows_area_or_bars_is_refused(config: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        employ(FOLDER, config)
