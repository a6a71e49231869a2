"""What the volume says: average prices, balance and spikes."""

import math

import numpy as np
import pytest

from engine.sdk.indicators import (
    OnBalanceVolume,
    RollingVWAP,
    SessionVWAP,
    VolumeRatio,
    on_balance_volume,
    rolling_vwap,
    session_vwap,
    volume_ratio,
)

pytestmark = pytest.mark.unit

HOUR_NS = 3_600_000_000_000


def test_the_session_average_weighs_prices_with_their_volume() -> None:
    average = SessionVWAP()

    assert average.update(0, 12.0, 9.0, 9.0, 1.0) == 10.0
    assert average.update(HOUR_NS, 20.0, 20.0, 20.0, 3.0) == 17.5


def test_the_session_average_starts_anew_at_midnight_utc() -> None:
    opened = np.array([22, 23, 24, 25]) * HOUR_NS
    prices = np.array([10.0, 20.0, 40.0, 50.0])

    assert session_vwap(opened, prices, prices, prices, np.ones(4)).tolist() == [10.0, 15.0, 40.0, 45.0]


def test_the_session_average_is_unknown_until_something_trades() -> None:
    average = SessionVWAP()
    average.update(23 * HOUR_NS, 10.0, 10.0, 10.0, 5.0)

    assert math.isnan(average.update(24 * HOUR_NS, 10.0, 10.0, 10.0, 0.0))
    assert average.update(25 * HOUR_NS, 30.0, 30.0, 30.0, 1.0) == 30.0


def test_the_rolling_average_forgets_the_oldest_bar() -> None:
    prices, volumes = np.array([10.0, 20.0, 30.0]), np.array([1.0, 1.0, 3.0])
    average = RollingVWAP(2)
    rolled = [average.update(price, price, price, volume) for price, volume in zip(prices, volumes, strict=True)]

    assert rolled[1:] == [15.0, 27.5]
    assert rolling_vwap(prices, prices, prices, volumes, 2)[1:].tolist() == [15.0, 27.5]


def test_a_window_without_volume_has_no_average_price() -> None:
    assert np.isnan(rolling_vwap(np.ones(3), np.ones(3), np.ones(3), np.array([1.0, 0.0, 0.0]), 2)).tolist() == [
        True,
        False,
        True,
    ]


def test_rising_closes_add_their_volume_falling_ones_take_it_away_and_equal_ones_do_nothing() -> None:
    closes, volumes = np.array([10.0, 11.0, 11.0, 9.0]), np.array([5.0, 3.0, 9.0, 1.0])
    balance = OnBalanceVolume()

    assert [balance.update(*bar) for bar in zip(closes, volumes, strict=True)] == [0.0, 3.0, 3.0, 2.0]
    assert on_balance_volume(closes, volumes).tolist() == [0.0, 3.0, 3.0, 2.0]


def test_a_spike_is_not_measured_against_itself() -> None:
    ratio = VolumeRatio(2)

    assert [math.isnan(ratio.update(volume)) for volume in (1.0, 3.0)] == [True, True]
    assert ratio.update(8.0) == 4.0
    assert volume_ratio(np.array([1.0, 3.0, 8.0]), 2)[-1] == 4.0


def test_after_silence_no_ratio_is_known() -> None:
    assert math.isnan(volume_ratio(np.array([0.0, 0.0, 8.0]), 2)[-1])
