"""Bars of two markets are paired by the time at which they open, however they come in."""

import pytest

from engine.primitives.errors import PluginError
from engine.sdk.paired_closes import PairedCloses
from tests.support.context import contexts
from tests.support.pairs import COMPANION, paired

pytestmark = pytest.mark.unit

OWN = [100.0, 101.0, 102.0, 103.0, 104.0, 105.0]
OTHER = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0]


def closes_of_both(*, pairs: int = 4, max_lag_bars: int = 1) -> PairedCloses:
    return PairedCloses(COMPANION, pairs=pairs, max_lag_bars=max_lag_bars)


def test_each_bar_that_both_have_is_given_once() -> None:
    bars = closes_of_both()

    assert [bars.see(seen.context) for seen in paired(OWN, OTHER)] == [[pair] for pair in zip(OWN, OTHER, strict=True)]


def test_a_companion_that_comes_later_completes_the_bars_before() -> None:
    bars = closes_of_both()
    seen = [bars.see(note.context) for note in paired(OWN, OTHER, lag=2)]

    assert seen == [[], [], *([pair] for pair in zip(OWN[:-2], OTHER[:-2], strict=True))]


def test_bars_that_only_one_has_are_left_out() -> None:
    bars = closes_of_both()

    assert [bars.see(note.context) for note in paired(OWN, OTHER, missing={1, 2})][:4] == [
        [(100.0, 10.0)],
        [],
        [],
        [(103.0, 13.0)],
    ]


def test_the_first_look_takes_what_both_windows_hold() -> None:
    bars = closes_of_both()
    *_, last = paired(OWN, OTHER)

    assert bars.see(last.context) == list(zip(OWN, OTHER, strict=True))[-5:]


def test_pairs_are_dense_while_few_bars_are_missing_and_the_newest_is_fresh() -> None:
    whole, holed, late = closes_of_both(), closes_of_both(), closes_of_both()
    for note in paired(OWN, OTHER):
        whole.see(note.context)
    for note in paired(OWN, OTHER, missing={3}):
        holed.see(note.context)
    for note in paired(OWN, OTHER, lag=2):
        late.see(note.context)

    assert whole.is_dense(1.0)
    assert holed.is_dense(0.8)
    assert not holed.is_dense(0.81)
    assert not late.is_dense(0.1)
    assert not closes_of_both().is_dense(0.1)


def test_a_companion_that_the_strategy_does_not_look_at_is_said_to_be_missing() -> None:
    (seen,) = contexts([100.0])

    with pytest.raises(PluginError, match=r"market\.companions"):
        closes_of_both().see(seen)
