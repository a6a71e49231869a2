"""The profile finds the price at which most was traded, and the area around it."""

import math

import numpy as np
import pytest

from engine.sdk.indicators import VolumeProfile, volume_profile

pytestmark = pytest.mark.unit


def at(price: float) -> tuple[float, float]:
    return price, price


def test_the_point_of_control_is_where_most_was_traded() -> None:
    profile = VolumeProfile(3, 0.01)
    profile.update(*at(100.0), 1.0)
    profile.update(*at(110.0), 5.0)
    control = profile.update(*at(120.0), 2.0)

    assert control == pytest.approx(110.0, rel=0.005)


def test_the_value_area_grows_by_the_larger_neighbour_until_it_holds_its_share() -> None:
    # Rows of 10 %: 1 at 1.05, 4 at 1.15, 10 at 1.27, 3 at 1.4, 2 at 1.53; 14 of 20 are 70 %.
    profile = VolumeProfile(5, 0.1, 0.7)
    for price, volume in ((1.05, 1.0), (1.15, 4.0), (1.27, 10.0), (1.4, 3.0), (1.53, 2.0)):
        profile.update(*at(price), volume)

    assert profile.value_area_low == pytest.approx(1.1)
    assert profile.value_area_high == pytest.approx(1.1**3)


def test_the_whole_volume_spans_the_whole_range() -> None:
    profile = VolumeProfile(2, 0.1, 1.0)
    profile.update(*at(1.05), 1.0)
    profile.update(*at(1.53), 9.0)

    assert (profile.value_area_low, profile.value_area_high) == (pytest.approx(1.0), pytest.approx(1.1**5))


def test_a_bar_spreads_its_volume_over_the_rows_that_it_crosses() -> None:
    profile = VolumeProfile(2, 0.1)
    profile.update(1.6, 1.05, 10.0)
    control = profile.update(*at(1.27), 3.0)

    assert 1.1**2 < control < 1.1**3


def test_of_equal_rows_the_lowest_is_the_point_of_control() -> None:
    profile = VolumeProfile(2, 0.1)
    profile.update(*at(1.53), 4.0)

    assert profile.update(*at(1.05), 4.0) == pytest.approx(1.1**0.5)


def test_a_bar_that_left_the_window_leaves_nothing_behind() -> None:
    profile, fresh = VolumeProfile(2, 0.001), VolumeProfile(2, 0.001)
    for volume in (0.1, 1e9, 0.3):
        profile.update(103.0, 97.0, volume)
    for seen in (profile, fresh):
        seen.update(101.0, 100.0, 0.7)
        seen.update(100.5, 99.0, 0.9)

    assert (profile.value, profile.value_area_low, profile.value_area_high) == (
        fresh.value,
        fresh.value_area_low,
        fresh.value_area_high,
    )


def test_without_volume_there_is_no_profile() -> None:
    profile = VolumeProfile(2)
    profile.update(*at(100.0), 1.0)
    profile.update(*at(100.0), 0.0)

    assert math.isnan(profile.update(*at(100.0), 0.0))
    assert math.isnan(profile.value_area_low)


def test_the_area_holds_its_share_whatever_the_market() -> None:
    dice = np.random.default_rng(2)
    middle = 100.0 * np.exp(np.cumsum(dice.normal(scale=0.002, size=300)))
    control, low, high = volume_profile(middle * 1.001, middle * 0.999, dice.lognormal(size=300), 50)

    assert np.isnan(control).tolist() == [True] * 49 + [False] * 251
    assert (low[49:] < control[49:]).all()
    assert (control[49:] < high[49:]).all()


@pytest.mark.parametrize(("setting", "value"), [("row_ratio", 0.0), ("value_area", 0.0), ("value_area", 1.1)])
def test_a_profile_without_rows_or_area_is_refused(setting: str, value: float) -> None:
    with pytest.raises(ValueError, match="not"):
        VolumeProfile(10, **{setting: value})
