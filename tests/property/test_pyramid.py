"""A growing column knows its extremes, whatever was loaded, appended, written anew and asked for in between."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.charts.pyramid import BLOCKS_MAX, FAN_OUT, LeveledColumn

pytestmark = pytest.mark.property

values_or_nan = st.one_of(st.floats(-1e9, 1e9), st.just(float("nan")))


@given(
    past=st.integers(0, 5_000),
    steps=st.lists(st.tuples(st.booleans(), values_or_nan), max_size=40),
    asked_early=st.booleans(),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    seed=st.integers(0, 99),
)
def test_extremes_are_those_of_a_plain_loop(
    past: int, steps: list[tuple[bool, float]], asked_early: bool, ends: tuple[float, float], seed: int
) -> None:
    plain = np.random.default_rng(seed).normal(0, 1, past)
    plain[np.random.default_rng(seed + 1).random(past) < 0.2] = np.nan
    column, plain = LeveledColumn(plain.copy()), plain.tolist()
    for is_new, value in steps:
        place = len(plain) if is_new or not plain else len(plain) - 1
        plain[place:] = [value]
        column.put(place, value)
        if asked_early:
            column.lowest(np.array([0, len(plain)]), level=3)
    whole = np.array(plain)
    if not len(whole):
        return

    for level in range(5):
        size = FAN_OUT**level
        edges = np.append(np.arange(0, len(whole), size * BLOCKS_MAX), len(whole))
        lows, highs = column.lowest(edges, level=level), column.highest(edges, level=level)
        for place in range(len(edges) - 1):
            part = whole[edges[place] : edges[place + 1]]
            known = part[np.isfinite(part)]
            if len(known):
                assert (lows[place], highs[place]) == (known.min(), known.max())
            else:
                assert np.isnan(lows[place])
                assert np.isnan(highs[place])
    first, last = sorted(int(end * len(whole)) for end in ends)
    low, high = column.extent(first, last)
    known = whole[first:last][np.isfinite(whole[first:last])]
    assert (np.isnan(low) and np.isnan(high)) if not len(known) else (low, high) == (known.min(), known.max())


@given(cuts=st.lists(st.integers(0, 60_000), min_size=2, max_size=2, unique=True), seed=st.integers(0, 20))
def test_an_extent_over_many_bars_is_exact_at_its_ends(cuts: list[int], seed: int) -> None:
    values = np.random.default_rng(seed).normal(0, 1, 60_000)
    column = LeveledColumn(values)
    first, last = sorted(cuts)

    assert column.extent(first, last) == (values[first:last].min(), values[first:last].max())
