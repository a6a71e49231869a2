"""A market much thinner than its own past is a threat: by volume, by price impact, by its book."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.disposition import NOTHING
from tests.support.context import Drawn, assessed, employ

pytestmark = pytest.mark.unit

USUAL: list[Drawn] = [(100.0, 100.5, 99.5, 100.0, 10.0)] * 10
"""A range of 1 % on a traded value of 1,000."""


def bar(volume: float, reach: float = 0.5) -> Drawn:
    return (100.0, 100.0 + reach, 100.0 - reach, 100.0, volume)


def answers(*bars: Drawn, depths: list[float] | None = None, **config: object) -> list[Any]:
    limits = {"min_volume_share": 0.2, "max_illiquidity": 5.0, "full_illiquidity": 20.0}
    worker = employ("phase2_threat/liquidity_crisis", {"recent_bars": 2, "usual_bars": 10} | limits | config)
    columns = {} if depths is None else {"book_depth": depths}
    return [worker.on_context_assessment(seen) for seen in assessed(list(bars), columns)]


def test_a_market_as_usual_is_not_mentioned() -> None:
    assert set(answers(*USUAL, *USUAL, *USUAL)) == {NOTHING}


def test_volume_that_dries_up_is_a_threat_to_its_market() -> None:
    # The range shrinks with the volume: only the volume is unusual.
    threat = answers(*USUAL, bar(1.0, 0.05), bar(1.0, 0.05))[-1].payload

    assert (threat.threat_type, threat.asset) == ("LIQUIDITY_CRISIS", "BTC/USDT")
    assert threat.metadata == {
        "volume_share": pytest.approx(0.1),
        "illiquidity": pytest.approx(1.0),
        "depth_share": 1.0,
    }
    assert threat.severity == Decimal("0.6")  # half of the way from a fifth to nothing


def test_little_volume_that_moves_the_price_far_is_a_threat() -> None:
    # Three times the range on a quarter of the volume is twelve times the impact.
    threat = answers(*USUAL, bar(2.5, 1.5), bar(2.5, 1.5))[-1].payload

    assert threat.metadata["illiquidity"] == pytest.approx(12.0)
    assert threat.severity == Decimal("0.5867")  # 0.4 + 0.4 * (12 - 5) / (20 - 5)


def test_much_volume_that_moves_the_price_far_is_none() -> None:
    assert answers(*USUAL, bar(50.0, 2.5), bar(50.0, 2.5))[-1] is NOTHING


def test_one_thin_bar_among_usual_ones_is_none() -> None:
    assert answers(*USUAL, bar(0.0), bar(10.0), bar(0.0), recent_bars=3)[-1] is not NOTHING
    assert answers(*USUAL, bar(10.0), bar(0.0, 0.0), bar(10.0), recent_bars=3)[-1] is NOTHING


def test_a_market_in_which_nobody_trades_is_at_its_worst() -> None:
    threat = answers(*USUAL, bar(0.0), bar(0.0))[-1].payload

    assert threat.severity == Decimal("0.8")


def test_nothing_is_said_before_the_usual_is_known_or_without_any_volume() -> None:
    assert answers(*USUAL[1:], bar(0.0), bar(0.0))[-1] is NOTHING
    assert set(answers(*[bar(0.0)] * 30)) == {NOTHING}


def test_a_market_that_stood_still_has_no_usual_impact() -> None:
    assert answers(*[bar(10.0, 0.0)] * 10, bar(10.0), bar(10.0))[-1] is NOTHING


def test_an_empty_book_is_a_threat_where_the_chain_writes_it() -> None:
    full, empty = [50.0] * 12, [*[50.0] * 11, 5.0]

    assert answers(*USUAL, *USUAL[:2], depths=full)[-1] is NOTHING
    threat = answers(*USUAL, *USUAL[:2], depths=empty)[-1].payload
    assert threat.metadata["depth_share"] == pytest.approx(0.1)
    assert threat.severity == Decimal("0.6")


def test_a_book_that_nobody_has_seen_yet_is_no_empty_book() -> None:
    unknown = [float("nan")] * 12
    lately_unknown = [*[50.0] * 11, float("nan")]

    assert answers(*USUAL, *USUAL[:2], depths=unknown)[-1] is NOTHING
    assert answers(*USUAL, *USUAL[:2], depths=lately_unknown)[-1] is NOTHING


def test_one_limit_for_both_ends_is_full_severity_at_once() -> None:
    said = answers(*USUAL, bar(2.5, 1.5), bar(2.5, 1.5), max_illiquidity=6.0, full_illiquidity=6.0)

    assert said[-1].payload.severity == Decimal("0.8")
