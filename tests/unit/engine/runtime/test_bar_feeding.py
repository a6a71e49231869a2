"""Recordings as single bars: all of them, or those that somebody asks for."""

import numpy as np
import pytest

from engine.contracts.market import BarSeries
from engine.runtime.bar_feeding import BarShelf, bars_of

pytestmark = pytest.mark.unit

NS_PER_MINUTE = 60_000_000_000
MANY = 40_000
"""More than are turned into Python numbers at one time."""


def a_series(length: int = 5, **columns: list[float]) -> BarSeries:
    opened = np.arange(length, dtype=np.int64) * NS_PER_MINUTE
    plain = {"open": 2.0, "high": 3.0, "low": 1.0, "close": 2.0, "volume": 0.0}
    arrays = {name: np.array(columns.get(name, [value] * length)) for name, value in plain.items()}
    return BarSeries("BTC/USDT", "1m", opened, **arrays)


def test_a_bar_that_is_asked_for_by_its_place_is_the_one_that_would_have_come() -> None:
    series = a_series(MANY, close=[1.0 + place / MANY for place in range(MANY)])
    bars, shelf = list(bars_of(series)), BarShelf(series)

    assert len(bars) == MANY
    assert all(shelf[place] == bars[place] for place in (0, 39_999, 16_383, 16_384, 5))
    assert type(bars[0].close) is float
    assert bars[7].closed_ns == 8 * NS_PER_MINUTE


def test_a_sound_recording_is_known_as_one() -> None:
    assert BarShelf(a_series()).is_sound


@pytest.mark.parametrize(
    "columns",
    [
        {"low": [1.0, 0.0, 1.0, 1.0, 1.0]},
        {"close": [2.0, 3.5, 2.0, 2.0, 2.0]},
        {"open": [2.0, 0.5, 2.0, 2.0, 2.0]},
        {"high": [3.0, float("nan"), 3.0, 3.0, 3.0]},
        {"volume": [0.0, 0.0, -1.0, 0.0, 0.0]},
        {"high": [3.0, 1e16, 3.0, 3.0, 3.0]},
    ],
)
def test_a_bar_that_no_market_can_have_made_makes_the_recording_unsound(columns: dict[str, list[float]]) -> None:
    assert not BarShelf(a_series(**columns)).is_sound


def test_a_bar_that_comes_twice_makes_the_recording_unsound() -> None:
    series = a_series()
    opened = series.opened_ns.copy()
    opened[3] = opened[2]
    twice = BarSeries(series.symbol, "1m", opened, series.open, series.high, series.low, series.close, series.volume)

    assert not BarShelf(twice).is_sound
