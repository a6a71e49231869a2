"""The deflated Sharpe ratio against the numbers of its authors."""

import math

import pytest

from engine.backtest.deflated_sharpe import ReturnShape, deflated_sharpe, luckiest_sharpe

pytestmark = pytest.mark.unit

# Bailey and Lopez de Prado 2014, "A numerical example": five years of days, an annual Sharpe ratio of 2.5, and annual
# ratios of all trials with a variance of one half.
SPREAD = math.sqrt(0.5 / 250)
OBSERVED = ReturnShape(observations=1250, sharpe=2.5 / math.sqrt(250), skewness=-3.0, kurtosis=10.0)


def test_a_hundred_trials_of_nothing_reach_what_the_paper_says() -> None:
    assert luckiest_sharpe(trials=100, spread=SPREAD) == pytest.approx(0.1132, abs=5e-5)


@pytest.mark.parametrize(("trials", "expected"), [(46, 0.9505), (100, 0.9004)])
def test_the_deflated_ratio_is_that_of_the_paper(trials: int, expected: float) -> None:
    by_luck = luckiest_sharpe(trials=trials, spread=SPREAD)

    assert deflated_sharpe(OBSERVED, benchmark=by_luck) == pytest.approx(expected, abs=5e-5)


def test_normal_returns_would_have_allowed_eighty_eight_trials() -> None:
    normal = ReturnShape(1250, OBSERVED.sharpe, skewness=0.0, kurtosis=3.0)
    by_luck = luckiest_sharpe(trials=88, spread=SPREAD)

    assert deflated_sharpe(normal, benchmark=by_luck) == pytest.approx(0.9505, abs=5e-5)


def test_one_trial_is_no_choice() -> None:
    with pytest.raises(ValueError, match="no choice"):
        luckiest_sharpe(trials=1, spread=0.1)


def test_the_shape_of_returns_is_that_of_the_textbook() -> None:
    shape = ReturnShape.of([0.01, -0.01, 0.02, -0.02, 0.05])

    assert shape is not None
    assert shape.observations == 5
    # By hand: mean 0.01, squares of the distances add up to 0.003 (mean 0.0006), cubes to 0.00003, fourth powers to 3.54e-6.
    assert shape.sharpe == pytest.approx(0.01 / math.sqrt(0.003 / 4))
    assert shape.skewness == pytest.approx(0.000006 / 0.0006**1.5)
    assert shape.kurtosis == pytest.approx(7.08e-7 / 0.0006**2)


@pytest.mark.parametrize("returns", [[], [0.01, 0.02], [0.0, 0.0, 0.0, 0.0]])
def test_returns_that_say_nothing_have_no_shape(returns: list[float]) -> None:
    assert ReturnShape.of(returns) is None
