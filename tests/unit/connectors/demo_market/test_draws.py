import numpy as np
import pytest

from connectors.demo_market.draws import Draws

pytestmark = pytest.mark.unit


def test_the_same_path_gives_the_same_numbers_and_another_gives_others() -> None:
    assert Draws(7, 1, 2).raw(5).tolist() == Draws(7, 1, 2).raw(5).tolist()
    assert Draws(7, 1, 2).raw(5).tolist() != Draws(7, 2, 1).raw(5).tolist()


def test_the_stream_is_the_one_that_was_recorded() -> None:
    # If this changes, every demo market in the world changes: recorded with numpy 2.4 on x86-64.
    assert Draws(7, 0).raw(2).tolist() == [11530976094092348043, 16550673365885938325]


def test_uniform_numbers_fill_the_unit_interval() -> None:
    drawn = Draws(7).uniforms(20_000)

    assert 0 <= drawn.min() < 0.001
    assert 0.999 < drawn.max() < 1
    assert drawn.mean() == pytest.approx(0.5, abs=0.01)


def test_normal_numbers_have_mean_zero_and_variance_one() -> None:
    drawn = Draws(7).normals(50_000)

    assert drawn.mean() == pytest.approx(0, abs=0.02)
    assert drawn.var() == pytest.approx(1, abs=0.03)
    assert np.abs(drawn).max() <= 6


def test_heavy_tails_are_heavier_than_normal_at_the_same_variance() -> None:
    drawn = Draws(7).heavy_tailed(50_000)

    assert drawn.var() == pytest.approx(1, abs=0.05)
    assert 5 < (drawn**4).mean() / drawn.var() ** 2 < 8
