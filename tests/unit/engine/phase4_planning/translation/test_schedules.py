"""Schedules: Almgren and Chriss' closed form, volume by time of day, and chance that repeats itself."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from engine.config.policies import CexPolicy, TranslationPolicy
from engine.contracts.intents import ChunkDistribution, ExecutionIntent, ExecutionStyle
from engine.contracts.specs import CexExecutionSpec
from engine.phase4_planning.translation.family import TranslationTools
from engine.phase4_planning.translation.schedules import (
    VolumeHistory,
    random_shares,
    shortfall_shares,
    volume_shares,
)
from engine.phase4_planning.translation.translator import translator_for
from engine.primitives.ids import IdSource
from engine.primitives.timeframes import NS_PER_MINUTE, ns_from_datetime
from tests.support import notes
from tests.support.execution import HandClock, a_new_trade, an_open_market, instruments

pytestmark = pytest.mark.unit
D = Decimal
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def paper_kappa() -> float:
    """Kappa per day of the example in Almgren and Chriss (2000), section 4 (table 1): risk aversion 1e-6 per dollar."""
    sigma, eta, gamma, tau, risk_aversion = 0.95, 2.5e-6, 2.5e-7, 1.0, 1e-6
    kappa_tilde_squared = risk_aversion * sigma**2 / (eta - gamma * tau / 2)
    return math.acosh(1 + kappa_tilde_squared * tau**2 / 2) / tau


def test_the_example_of_the_paper_has_its_kappa_and_solves_its_difference_equation() -> None:
    kappa, days = paper_kappa(), 5
    assert kappa == pytest.approx(0.61, abs=0.005)

    sold = [float(share) for share in shortfall_shares(days, D(repr(kappa * days)))]

    holdings = [1 - sum(sold[:day]) for day in range(days + 1)]
    for day in range(1, days):
        bend = holdings[day - 1] - 2 * holdings[day] + holdings[day + 1]
        assert bend == pytest.approx(2 * (math.cosh(kappa) - 1) * holdings[day], abs=1e-5)
    assert sum(sold) == pytest.approx(1, abs=1e-5)
    assert sold == sorted(sold, reverse=True)


def test_without_aversion_to_risk_the_optimal_schedule_is_a_twap() -> None:
    assert set(shortfall_shares(10, D(0))) == {D(1)}
    nearly = shortfall_shares(10, D("0.001"))
    assert max(nearly) - min(nearly) <= D("0.000001")


def test_a_larger_aversion_to_risk_takes_more_at_once() -> None:
    first = [shortfall_shares(10, D(lifetimes))[0] for lifetimes in (1, 2, 3, 6)]

    assert all(before < after for before, after in pairwise(first))


def test_chance_is_the_same_for_the_same_group_and_another_for_another() -> None:
    assert random_shares("EXG_1", 20) == random_shares("EXG_1", 20)
    assert random_shares("EXG_1", 20) != random_shares("EXG_2", 20)
    assert all(D("0.5") <= share <= D("1.5") for share in random_shares("EXG_1", 200))


def a_history(*, days: int, busy_hour: int) -> VolumeHistory:
    """Bars of one minute up to noon; one hour of the day has nine times the volume of the others."""
    start_ns = ns_from_datetime(NOON - timedelta(days=days))
    opened_ns = start_ns + np.arange(days * 1440, dtype=np.int64) * NS_PER_MINUTE
    hours = opened_ns // (60 * NS_PER_MINUTE) % 24
    return VolumeHistory(opened_ns, np.where(hours == busy_hour, 9.0, 1.0))


def test_slices_follow_the_volume_of_their_time_of_day() -> None:
    shares = volume_shares(a_history(days=2, busy_hour=13), starts_at=NOON, window_minutes=120, parts=2)

    assert shares == (D("0.1"), D("0.9"))


def test_a_profile_with_holes_is_none() -> None:
    morning = a_history(days=1, busy_hour=3)
    known = VolumeHistory(morning.opened_ns[720:], morning.volume[720:])

    assert volume_shares(known, starts_at=NOON, window_minutes=60, parts=4) is None


def translated(
    history: VolumeHistory | None, *, policy: CexPolicy | None = None, **intent: object
) -> tuple[CexExecutionSpec, ExecutionStyle]:
    """Return the spec and the style of a BUY of 5 that may take 40 minutes."""
    clock = HandClock()
    tools = TranslationTools(
        instruments(an_open_market()), IdSource(clock.now_ns), clock, recent_volume=lambda _symbol: history
    )
    directive = a_new_trade(
        size="5",
        **({"execution_urgency": D("0.2"), "max_execution_window_minutes": 40, "chunk_count_hint": 4} | intent),
    )
    translation = translator_for("CEX", TranslationPolicy(cex=policy or CexPolicy()), tools).translate(directive)
    assert isinstance(translation.spec, CexExecutionSpec)
    return translation.spec, translation.group.execution_strategy


def test_a_vwap_without_a_profile_is_a_twap_and_says_so() -> None:
    spec, style = translated(None, preferred_execution_style=ExecutionStyle.VWAP)

    assert style is ExecutionStyle.TWAP
    assert spec.chunk_shares is None
    assert spec.schedule_note is not None
    assert "TWAP instead of VWAP" in spec.schedule_note


def test_a_vwap_with_a_profile_is_one() -> None:
    spec, style = translated(a_history(days=2, busy_hour=13), preferred_execution_style=ExecutionStyle.VWAP)

    assert style is ExecutionStyle.VWAP
    assert spec.chunk_shares is not None
    assert spec.schedule_note is None


def test_an_intent_may_ask_for_a_front_loaded_schedule_at_a_middling_urgency() -> None:
    spec, style = translated(
        None, execution_urgency=D("0.6"), preferred_execution_style=ExecutionStyle.IMPLEMENTATION_SHORTFALL
    )

    assert style is ExecutionStyle.IMPLEMENTATION_SHORTFALL
    assert spec.chunk_shares is not None
    assert spec.chunk_shares[0] > spec.chunk_shares[-1]


def test_urgency_asks_for_a_front_loaded_schedule_where_the_policy_says_so() -> None:
    _, style = translated(None, execution_urgency=D("0.6"), policy=CexPolicy(front_load_above_urgency=D("0.5")))
    assert style is ExecutionStyle.IMPLEMENTATION_SHORTFALL

    _, style = translated(None, execution_urgency=D("0.6"))
    assert style is ExecutionStyle.SINGLE_ORDER


def test_a_random_distribution_has_shares_of_its_group() -> None:
    assert translated(None, chunk_distribution=ChunkDistribution.RANDOM)[0].chunk_shares is not None


def test_an_intent_knows_every_style() -> None:
    for style in ExecutionStyle:
        intent: ExecutionIntent = notes.an_intent(preferred_execution_style=style)
        assert intent.preferred_execution_style is style
