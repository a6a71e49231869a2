"""A stop beyond the noise of the last bars, and never farther than the size was made for."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.plans import ExitPlan
from engine.primitives.errors import PlanError, PluginError
from tests.support.context import contexts, employ
from tests.support.notes import a_strategy_directive, an_entry_directive, an_exit_directive

pytestmark = pytest.mark.unit

FOLDER = "phase4_exit/average_true_range"
STEADY = [(50000.0, 50050.0, 49950.0, 50000.0)] * 15  # an average true range of 100


def a_plan(
    direction: Direction = Direction.BUY, *, bars: Any = STEADY, tolerance: str = "0.02", **config: object
) -> ExitPlan:
    directive = a_strategy_directive(
        entry_directive=an_entry_directive(direction=direction),
        exit_directive=an_exit_directive(stop_loss_tolerance=Decimal(tolerance)),
    )
    last = contexts(bars)[-1] if bars else None
    plan: ExitPlan = employ(FOLDER, config, context=lambda: last).plan(directive)
    return plan


def test_the_stop_is_two_average_true_ranges_away_and_the_target_twice_as_far() -> None:
    long, short = a_plan(), a_plan(Direction.SELL)

    assert (long.stop_loss_price, long.take_profit_price) == (49800, 50400)
    assert (short.stop_loss_price, short.take_profit_price) == (50200, 49600)


def test_it_is_never_farther_than_the_stop_that_the_size_was_made_for() -> None:
    assert a_plan(tolerance="0.003").stop_loss_price == 49850
    assert a_plan(Direction.SELL, tolerance="0.003").stop_loss_price == 50150


def test_a_gap_counts_as_range() -> None:
    gap = [*STEADY, (50700.0, 50750.0, 50650.0, 50700.0)]  # 750 from the close before
    expected = 50000 - 2 * (13 * 100 + 750) / Decimal(14)

    assert abs(a_plan(bars=gap).stop_loss_price - expected) <= Decimal("0.02")


def test_with_too_few_bars_there_is_no_plan() -> None:
    with pytest.raises(PlanError, match="not known yet"):
        a_plan(bars=STEADY[:14])
    with pytest.raises(PlanError, match="not known yet"):
        a_plan(bars=[])


def test_bars_that_do_not_move_leave_no_room_for_a_stop() -> None:
    with pytest.raises(PlanError, match="losing side"):
        a_plan(bars=[50000.0] * 15)


def test_it_cannot_work_without_the_bars() -> None:
    with pytest.raises(PluginError, match="context_reading"):
        employ(FOLDER)
