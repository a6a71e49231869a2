"""Swings are known only when they are confirmed, and each is broken once."""

import math

import pytest

from tests.support.context import employ, enriched

pytestmark = pytest.mark.unit

DOWN, NONE, UP = 0.0, 1.0, 2.0


def structure(*closes: float, swing_bars: int = 1) -> list[dict[str, float]]:
    worker = employ("phase1_context/market_structure", {"swing_bars": swing_bars})
    return enriched(worker, [(close, close + 0.5, close - 0.5, close) for close in closes])


def test_a_swing_is_seen_only_after_the_bars_on_its_right() -> None:
    rows = structure(10.0, 12.0, 14.0, 13.0, 11.0, swing_bars=2)

    assert [math.isnan(row["swing_high"]) for row in rows] == [True, True, True, True, False]
    assert rows[4]["swing_high"] == 14.5


def test_of_two_equal_peaks_the_first_is_the_swing() -> None:
    rows = structure(10.0, 14.0, 14.0, 11.0, swing_bars=1)

    assert [row["swing_high"] for row in rows[2:]] == [14.5, 14.5]


def test_a_close_through_the_first_swing_sets_the_trend() -> None:
    *_, before, broken = structure(10.0, 12.0, 11.0, 12.4, 13.0)

    assert (before["trend_direction"], before["is_bos"]) == (NONE, 0.0)
    assert (broken["trend_direction"], broken["is_bos"], broken["is_choch"]) == (UP, 1.0, 0.0)


def test_a_wick_through_a_swing_breaks_nothing() -> None:
    worker = employ("phase1_context/market_structure", {"swing_bars": 1})
    bars = [(10.0, 10.0, 9.0, 10.0), (12.0, 12.0, 11.0, 12.0), (11.0, 11.0, 10.0, 11.0), (11.0, 20.0, 11.0, 11.5)]

    assert enriched(worker, bars)[-1]["is_bos"] == 0.0


def test_a_swing_is_broken_once() -> None:
    rows = structure(10.0, 12.0, 11.0, 13.0, 14.0, 15.0)

    assert [row["is_bos"] for row in rows] == [0.0, 0.0, 0.0, 1.0, 0.0, 0.0]


def test_a_break_with_the_trend_is_structure_and_against_it_a_change_of_character() -> None:
    # Up through 12.5, down to a higher low at 12, up through 14.5, then down through the low.
    rows = structure(10.0, 12.0, 11.0, 14.0, 12.0, 15.0, 11.0)

    assert (rows[3]["is_bos"], rows[5]["is_bos"]) == (1.0, 1.0)
    assert (rows[6]["trend_direction"], rows[6]["is_bos"], rows[6]["is_choch"]) == (DOWN, 0.0, 1.0)


def test_what_is_known_of_a_bar_does_not_depend_on_what_follows() -> None:
    closes = [10.0, 12.0, 11.0, 14.0, 12.0, 15.0, 11.0, 9.0, 13.0, 16.0, 12.0]
    whole = structure(*closes)

    for length in range(1, len(closes)):
        for short, full in zip(structure(*closes[:length]), whole, strict=False):
            assert all(full[name] == value or math.isnan(value) for name, value in short.items())
            assert [math.isnan(value) for value in short.values()] == [math.isnan(full[name]) for name in short]
