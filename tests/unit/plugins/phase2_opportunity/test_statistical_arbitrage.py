"""A market that has run away from its companion is expected back."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from engine.contracts.base import Direction
from engine.contracts.disposition import NOTHING
from engine.primitives.errors import PluginError
from tests.support.context import assessed, employ
from tests.support.pairs import paired

pytestmark = pytest.mark.unit

FOLDER = "phase2_opportunity/statistical_arbitrage"
BARS = 20
OTHER = [100.0 * math.exp(0.01 * math.sin(at)) for at in range(BARS)]
NOISE = [0.002 * (-1) ** at for at in range(BARS)]


def drawn(*, last: float = 0.0, ratio: float = 1.0) -> list[float]:
    """Return closes that follow the companion at a ratio, give or take 0.2 %, and end `last` away from it."""
    closes = [1000.0 * (theirs / 100.0) ** ratio * math.exp(noise) for theirs, noise in zip(OTHER, NOISE, strict=True)]
    closes[-1] = 1000.0 * (OTHER[-1] / 100.0) ** ratio * math.exp(last)
    return closes


def answers(own: Sequence[float], other: Sequence[float] = OTHER, *, lag: int = 0, **config: object) -> list[Any]:
    worker = employ(FOLDER, {"spread_bars": BARS, "hedge_ratio": 1.0, "needs_turn": False} | config)
    return [worker.on_context_assessment(seen) for seen in paired(own, other, lag=lag)]


def test_a_market_too_dear_for_its_companion_is_sold() -> None:
    said = answers(drawn(last=0.008))

    assert set(said[:-1]) == {NOTHING}
    signal = said[-1].payload
    assert (signal.direction, signal.signal_type) == (Direction.SELL, "statistical_arbitrage")
    assert (signal.asset, signal.metadata["companion"]) == ("BTC/USDT", "ETH/USDT")


def test_a_market_too_cheap_for_its_companion_is_bought() -> None:
    assert answers(drawn(last=-0.008))[-1].payload.direction is Direction.BUY


def test_a_market_that_follows_its_companion_is_left_alone() -> None:
    assert answers(drawn(last=0.002))[-1] is NOTHING


def test_a_spread_that_still_widens_is_left_alone() -> None:
    turned = drawn(last=0.008)
    turned[-2] = 1000.0 * OTHER[-2] / 100.0 * math.exp(0.009)

    assert answers(drawn(last=0.008), needs_turn=True)[-1] is NOTHING
    assert answers(turned, needs_turn=True)[-1] is not NOTHING


def test_z_is_the_distance_of_the_log_spread_in_deviations_of_the_population() -> None:
    own = drawn(last=0.008)
    spread = [math.log(mine / theirs) for mine, theirs in zip(own, OTHER, strict=True)]
    mean = sum(spread) / BARS
    deviation = math.sqrt(sum((each - mean) ** 2 for each in spread) / BARS)
    facts = answers(own)[-1].payload.metadata

    assert facts["z"] == pytest.approx((spread[-1] - mean) / deviation)
    assert facts["deviation"] == pytest.approx(deviation)


def test_a_fixed_hedge_ratio_is_taken_as_it_is_and_a_free_one_is_the_least_squares_slope() -> None:
    own = drawn(last=0.008, ratio=0.5)
    slope = float(np.polyfit(np.log(OTHER), np.log(own), 1)[0])

    assert answers(own, hedge_ratio=0.5)[-1].payload.metadata["hedge_ratio"] == 0.5
    assert answers(own, hedge_ratio=None)[-1].payload.metadata["hedge_ratio"] == pytest.approx(slope)


def test_strangers_are_no_pair() -> None:
    stranger = [100.0 * math.exp(0.01 * math.cos(7.3 * at * at)) for at in range(BARS)]

    assert answers(drawn(last=0.008), stranger, min_correlation=0.9)[-1] is NOTHING
    assert answers(drawn(last=0.008), [100.0] * BARS, min_correlation=-1.0)[-1] is NOTHING


def test_a_companion_that_moves_the_other_way_is_no_hedge() -> None:
    mirrored = [10_000.0 / theirs for theirs in OTHER]

    assert answers(drawn(last=0.008), mirrored, min_correlation=-1.0, hedge_ratio=None)[-1] is NOTHING


def test_two_names_of_one_market_have_no_spread() -> None:
    assert set(answers([10.0 * theirs for theirs in OTHER], min_z=0.01)) == {NOTHING}


def test_beyond_the_stop_the_pair_is_broken() -> None:
    assert answers(drawn(last=0.008), stop_z=2.1)[-1] is NOTHING


def test_a_stop_nearer_than_the_signal_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing would be signalled"):
        employ(FOLDER, {"min_z": 4.5})


def test_the_idea_is_wrong_where_our_price_alone_would_reach_the_stop() -> None:
    own = drawn(last=0.008)
    signal = answers(own, stop_z=4.0)[-1].payload
    room = (4.0 - signal.metadata["z"]) * signal.metadata["deviation"]

    assert signal.invalidation_price == Decimal(f"{own[-1] * math.exp(room):.2f}")


def test_a_companion_that_comes_in_one_bar_later_is_compared_bar_by_bar() -> None:
    own = [*drawn(last=0.008), 1000.0]
    said = answers(own, [*OTHER, 100.0], lag=1)

    assert set(said[:-1]) == {NOTHING}
    assert said[-1].payload.metadata == answers(drawn(last=0.008))[-1].payload.metadata


def test_a_companion_that_lies_too_far_back_is_not_compared() -> None:
    own = [*drawn(last=0.008), 1000.0]

    assert answers(own, [*OTHER, 100.0], lag=1, max_lag_bars=0)[-1] is NOTHING


def test_a_price_that_is_already_beyond_the_stop_is_no_signal() -> None:
    own = [*drawn(last=0.008), 1100.0]

    assert answers(own, [*OTHER, 100.0], lag=1)[-1] is NOTHING


def test_bars_that_only_one_of_them_has_are_left_out() -> None:
    first, second = (
        employ(FOLDER, {"spread_bars": BARS, "hedge_ratio": 1.0, "needs_turn": False, "max_lag_bars": 0})
        for _ in range(2)
    )
    own, other = [*drawn()[:3], *drawn(last=0.008)], [*OTHER[:3], *OTHER]
    # Twenty pairs in 22 bars are nine in ten; in 23 they are fewer.
    some, many = paired(own[1:], other[1:], missing={5, 6}), paired(own, other, missing={5, 6, 7})

    assert [first.on_context_assessment(seen) for seen in some][-1] is not NOTHING
    assert {second.on_context_assessment(seen) for seen in many} == {NOTHING}


def test_nothing_is_said_before_the_companions_first_bar_or_before_enough_bars() -> None:
    assert answers(drawn(last=0.008), lag=BARS)[-1] is NOTHING
    assert answers(drawn(last=0.008)[1:], OTHER[1:])[-1] is NOTHING


def test_confidence_rises_with_the_distance() -> None:
    signal = answers(drawn(last=0.008), full_z=6.0)[-1].payload

    assert float(signal.confidence) == pytest.approx(0.5 + 0.5 * (signal.metadata["z"] - 2.0) / 4.0, abs=1e-4)
    assert answers(drawn(last=0.008), full_z=2.1)[-1].payload.confidence == 1


def test_a_market_that_the_strategy_does_not_look_at_is_said_to_be_missing() -> None:
    worker = employ(FOLDER)
    (seen,) = assessed([100.0])

    with pytest.raises(PluginError, match=r"market\.companions"):
        worker.on_context_assessment(seen)
