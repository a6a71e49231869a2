"""Bars that are missing, late, or repeat one price are a threat; an ordinary market is not."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.disposition import NOTHING
from engine.phase1_context.tick_cache import TickCache
from engine.primitives.ids import IdSource
from tests.support.context import Drawn, a_drawn_bar, assess, employ
from tests.support.ledger import StandingClock

pytestmark = pytest.mark.unit

FOLDER = "phase2_threat/stale_data"
ALIVE: Drawn = (100.0, 101.0, 99.0, 100.0)


def answers(places: Sequence[int], bars: Sequence[Drawn], *, late_minutes: float = 0.0, **config: object) -> list[Any]:
    """Let it see bars that open at these places, `late_minutes` after each has closed."""
    clock = StandingClock()
    worker = employ(FOLDER, config, clock=clock)
    cache = TickCache("BTC/USDT", "1m", 100, (), IdSource(clock.now_ns))
    said = []
    for place, drawn in zip(places, bars, strict=True):
        context = cache.push(a_drawn_bar(drawn, place))
        clock.at = context.timestamp + timedelta(minutes=late_minutes)
        said.append(worker.on_context_assessment(assess(context)))
    return said


def gapped(missing: int, after: int = 1, **config: object) -> list[Any]:
    places = [*range(5), *range(5 + missing, 5 + missing + after)]
    return answers(places, [ALIVE] * len(places), **config)


def test_an_ordinary_market_is_not_mentioned() -> None:
    assert set(answers(range(50), [ALIVE] * 50)) == {NOTHING}


def test_missing_bars_are_a_threat_at_the_bar_after_them() -> None:
    said = gapped(3)

    assert set(said[:-1]) == {NOTHING}
    threat = said[-1].payload
    assert (threat.threat_type, threat.asset) == ("STALE_DATA", "BTC/USDT")
    assert threat.metadata["missing_bars"] == 3


def test_as_many_missing_bars_as_are_allowed_are_not_mentioned() -> None:
    assert gapped(2)[-1] is NOTHING
    assert gapped(1, max_missing_bars=0)[-1] is not NOTHING


def test_a_gap_is_forgotten_when_bars_have_come_in_order() -> None:
    said = gapped(3, after=5, recovery_bars=3)

    assert [answer is NOTHING for answer in said[-5:]] == [False, False, False, True, True]


def test_severity_rises_with_the_gap() -> None:
    assert gapped(16)[-1].payload.severity == Decimal("0.6")
    assert gapped(30)[-1].payload.severity == Decimal("0.8")
    assert gapped(90)[-1].payload.severity == Decimal("0.8")


def test_a_price_that_stands_still_too_long_is_a_threat() -> None:
    said = answers(range(13), [ALIVE, *[100.0] * 12], max_unchanged_bars=10)

    assert [answer is NOTHING for answer in said] == [True] * 11 + [False] * 2
    assert said[-1].payload.metadata["unchanged_bars"] == 12


def test_one_bar_that_moves_ends_the_standstill() -> None:
    assert answers(range(22), [*[100.0] * 20, ALIVE, 100.0])[-2:] == [NOTHING, NOTHING]


def test_bars_without_a_range_at_new_prices_are_no_standstill() -> None:
    assert set(answers(range(30), [100.0 + at for at in range(30)])) == {NOTHING}


def test_a_standstill_is_at_its_worst_from_some_length_on() -> None:
    said = answers(range(90), [100.0] * 90)

    assert said[24].payload.severity == Decimal("0.6")  # 25 bars: half of the way from 10 to 40
    assert said[39].payload.severity == Decimal("0.8")
    assert said[89].payload.severity == Decimal("0.8")


def test_a_late_bar_is_a_threat() -> None:
    assert set(answers(range(5), [ALIVE] * 5, late_minutes=2.0)) == {NOTHING}
    threat = answers(range(5), [ALIVE] * 5, late_minutes=6.0)[-1].payload

    assert threat.severity == Decimal("0.6")
    assert threat.metadata["late_bars"] == pytest.approx(6.0)


def test_the_first_bar_of_all_has_no_gap_before_it() -> None:
    assert answers([7], [ALIVE], max_missing_bars=0) == [NOTHING]
