"""The band stands around the mean of the close, and is as wide as the closes stray."""

import math

import pytest
from pydantic import ValidationError

from tests.support.context import employ, enriched
from tests.support.reference import agree, reference, reference_market

pytestmark = pytest.mark.unit

FOLDER = "phase1_context/bollinger"


def test_the_band_is_as_far_from_the_mean_as_it_was_told() -> None:
    rows = enriched(employ(FOLDER, {"periods": 2, "deviations": 3.0}), [10.0, 14.0])

    assert math.isnan(rows[0]["bb_middle_2"])
    assert rows[1] == {
        "bb_upper_2": 18.0,
        "bb_lower_2": 6.0,
        "bb_middle_2": 12.0,
        "bb_percent_2": pytest.approx(8.0 / 12.0),
        "bb_width_2": 1.0,
    }


def test_a_market_at_rest_stands_in_the_middle_of_a_band_without_width() -> None:
    last = enriched(employ(FOLDER), [0.1] * 30)[-1]

    assert (last["bb_upper_20"], last["bb_lower_20"]) == (0.1, 0.1)
    assert (last["bb_percent_20"], last["bb_width_20"]) == (0.5, 0.0)


@pytest.mark.parametrize(("column", "field"), [("bb_percent_20", "percentB"), ("bb_width_20", "width")])
def test_place_and_width_agree_with_the_reference(column: str, field: str) -> None:
    rows = enriched(employ(FOLDER), reference_market().close.tolist())

    agree([row[column] for row in rows], reference("bb", field))


def test_upper_and_lower_are_one_band() -> None:
    columns = employ(FOLDER).tools.columns

    assert [column.name for column in columns if column.band == "bollinger_20"] == ["bb_upper_20", "bb_lower_20"]


@pytest.mark.parametrize("config", [{"periods": 1}, {"deviations": 0}])
def test_a_band_without_width_by_definition_is_refused(config: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        employ(FOLDER, config)
