"""Two markets that no longer move as they used to are a threat."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Any

import numpy as np
import pytest

from engine.contracts.disposition import NOTHING
from engine.primitives.errors import PluginError
from tests.support.context import assessed, employ
from tests.support.pairs import paired

pytestmark = pytest.mark.unit

FOLDER = "phase2_threat/correlation_breach"
STEPS = [0.01, 0.01, -0.01, -0.01] * 11
"""Forty-four returns: thirty that are usual, ten recent ones and some to spare."""
ASIDE = [0.01, -0.01, -0.01, 0.01] * 11
"""Returns that have nothing to do with those."""


def closes(returns: Sequence[float]) -> list[float]:
    return [100.0 * float(np.exp(total)) for total in accumulate(returns, initial=0.0)]


def answers(own: Sequence[float], other: Sequence[float], *, lag: int = 0, **config: object) -> list[Any]:
    worker = employ(FOLDER, {"recent_bars": 12, "usual_bars": 32} | config)
    return [worker.on_context_assessment(seen) for seen in paired(closes(own), closes(other), lag=lag)]


def test_two_that_go_on_together_are_not_mentioned() -> None:
    assert set(answers(STEPS, STEPS)) == {NOTHING}


def test_two_that_part_are_a_threat() -> None:
    said = answers(STEPS, [*STEPS[:32], *ASIDE[32:]])

    assert set(said[:-1]) == {NOTHING}
    threat = said[-1].payload
    assert (threat.threat_type, threat.asset) == ("CORRELATION_BREACH", "BTC/USDT")
    assert threat.metadata == {
        "companion": "ETH/USDT",
        "correlation": pytest.approx(0.0),
        "usual_correlation": pytest.approx(1.0),
    }
    assert threat.severity == Decimal("0.8")


def test_two_that_come_together_are_a_threat_as_well() -> None:
    threat = answers(STEPS, [*ASIDE[:32], *STEPS[32:]])[-1].payload

    assert threat.metadata["correlation"] == pytest.approx(1.0)
    assert threat.metadata["usual_correlation"] == pytest.approx(0.0)


def test_severity_rises_with_the_change() -> None:
    # Of twelve recent returns, three in a quarter are the other way round: a correlation of 0.5.
    halfway = [*STEPS[:32], *(-step if at in (0, 1, 2) else step for at, step in enumerate(STEPS[32:]))]
    threat = answers(STEPS, halfway, max_change=0.25, full_change=1.0)[-1].payload

    change = 1.0 - threat.metadata["correlation"]
    assert 0.25 < change < 1.0
    assert float(threat.severity) == pytest.approx(0.4 + 0.4 * (change - 0.25) / 0.75, abs=1e-4)
    assert answers(STEPS, halfway, max_change=0.9)[-1] is NOTHING


def test_a_companion_that_comes_in_one_bar_later_is_compared_bar_by_bar() -> None:
    parted = [*STEPS[:32], *ASIDE[32:]]

    assert set(answers([*STEPS, 0.01], [*STEPS, 0.01], lag=1)) == {NOTHING}
    said = answers([*STEPS, 0.01], [*parted, 0.01], lag=1)[-1].payload
    assert said.metadata["correlation"] == pytest.approx(0.0)


def test_a_companion_that_lies_too_far_back_is_not_compared() -> None:
    parted = [*STEPS[:32], *ASIDE[32:], 0.01, 0.01]

    assert answers([*STEPS, 0.01, 0.01], parted, lag=2)[-1] is NOTHING


def test_a_market_that_stands_still_has_no_correlation() -> None:
    assert set(answers(STEPS, [*STEPS[:32], *[0.0] * 12])) == {NOTHING}


def test_nothing_is_said_before_enough_bars_are_common() -> None:
    parted = [*STEPS[:32], *ASIDE[32:]]

    assert answers(STEPS[1:], parted[1:])[-1] is NOTHING
    worker = employ(FOLDER, {"recent_bars": 12, "usual_bars": 32})
    gaps = paired(closes(STEPS), closes(parted), missing=set(range(3, 9)))
    assert {worker.on_context_assessment(seen) for seen in gaps} == {NOTHING}


def test_a_market_that_the_strategy_does_not_look_at_is_said_to_be_missing() -> None:
    worker = employ(FOLDER)
    (seen,) = assessed([100.0])

    with pytest.raises(PluginError, match=r"market\.companions"):
        worker.on_context_assessment(seen)
