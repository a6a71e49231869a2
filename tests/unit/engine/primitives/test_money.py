"""Money: a column of floats crosses like each of its values."""

from decimal import Decimal

import pytest

from engine.primitives.money import from_float, from_floats

pytestmark = pytest.mark.unit

D = Decimal


@pytest.mark.parametrize("step", [D("0.01"), D(1), D("0.5")])
def test_a_column_crosses_as_each_of_its_values_does(step: Decimal) -> None:
    column = [0.0, -0.0, 0.125, 0.135, 27_123.455, 1e-9, 999_999_999.25, -3.005]

    assert [str(each) for each in from_floats(column, step)] == [str(from_float(each, step)) for each in column]
    assert from_floats([], step) == []


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf"), 2e15])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_value_of_a_column_that_is_no_money_refuses_it(bad: float, place: int) -> None:
    column = [1.0, 2.0]
    column.insert(place, bad)

    with pytest.raises(ValueError, match="cannot become money"):
        from_floats(column, D("0.01"))
