"""The drill passes its own test, says what happened, and is the same each time."""

import pytest

from engine.phase0_bootstrap.drill import run_drill

pytestmark = [pytest.mark.unit, pytest.mark.allow_warnings]


def test_twenty_positions_and_five_groups_end_flat_on_a_bad_line() -> None:
    result = run_drill(seed=1, fault_share=0.1)

    assert result.is_passed, result.lines
    assert len(result.job.legs) == 20
    assert result.job.attempts >= 20
    assert "20 positions, 5 groups" in result.lines[0]


def test_the_same_seed_gives_the_same_drill() -> None:
    first, second = run_drill(seed=3), run_drill(seed=3)

    assert (first.job, first.slippage_bps) == (second.job, second.slippage_bps)
