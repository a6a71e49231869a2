"""A fast fall is a threat for as long as it is deep, and a slow one is not."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.disposition import NOTHING
from tests.support.context import assessed, employ

pytestmark = pytest.mark.unit


def answers(*closes: float, **config: object) -> list[Any]:
    worker = employ("phase2_threat/flash_crash", config)
    return [worker.on_context_assessment(seen) for seen in assessed(list(closes))]


def test_a_deep_fast_fall_is_a_threat_to_its_market() -> None:
    said = answers(100.0, 100.0, 95.0)

    assert said[:2] == [NOTHING, NOTHING]
    assert (said[2].payload.threat_type, said[2].payload.asset) == ("FLASH_CRASH", "BTC/USDT")


@pytest.mark.parametrize(("close", "severity"), [(96.0, "0.8"), (95.0, "0.9"), (94.0, "1"), (80.0, "1")])
def test_severity_rises_with_the_fall(close: float, severity: str) -> None:
    assert answers(100.0, close)[-1].payload.severity == Decimal(severity)


def test_a_fall_just_short_of_a_crash_is_not_mentioned() -> None:
    assert answers(100.0, 96.01)[-1] is NOTHING


def test_a_slow_fall_is_not_a_crash() -> None:
    assert set(answers(*(100.0 - 0.3 * at for at in range(60)))) == {NOTHING}


def test_the_warning_ends_when_the_price_comes_back_or_the_window_has_passed() -> None:
    assert answers(100.0, 94.0, 97.0)[-1] is NOTHING
    assert [answer is NOTHING for answer in answers(100.0, 94.0, 94.0, 94.0, window=3)] == [True, False, False, True]


def test_one_threshold_for_both_ends_is_full_severity_at_once() -> None:
    assert answers(100.0, 95.0, drop_pct=0.05, full_drop_pct=0.05)[-1].payload.severity == 1
