"""A stop behind the last swing, a target where others have theirs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.base import Direction
from engine.contracts.plans import ExitPlan, exit_mistake
from engine.phase4_planning.stops import planned_stop_price
from engine.primitives.errors import PlanError, PluginError
from tests.support.context import contexts, employ
from tests.support.notes import a_strategy_directive, an_entry_directive, an_exit_directive, an_instrument

pytestmark = pytest.mark.unit

D = Decimal
NAN = float("nan")
FOLDER = "phase4_exit/structure_based"


def a_plan(
    direction: Direction = Direction.BUY,
    *,
    highs: list[float],
    lows: list[float],
    tolerance: str = "0.02",
    **config: object,
) -> ExitPlan:
    directive = a_strategy_directive(
        entry_directive=an_entry_directive(direction=direction),
        exit_directive=an_exit_directive(stop_loss_tolerance=D(tolerance)),
    )
    (*_, last) = contexts([50000.0] * len(highs), {"swing_high": highs, "swing_low": lows})
    plan: ExitPlan = employ(FOLDER, {"buffer_pct": "0"} | config, context=lambda: last).plan(directive)
    return plan


def test_the_stop_stands_behind_the_last_swing_with_a_buffer() -> None:
    assert a_plan(highs=[51000.0] * 2, lows=[49000.0, 49600.0]).stop_loss_price == 49600
    assert a_plan(highs=[51000.0], lows=[49600.0], buffer_pct="0.001").stop_loss_price == D("49550.40")
    assert a_plan(Direction.SELL, highs=[50400.0], lows=[49000.0]).stop_loss_price == 50400


def test_the_target_is_the_nearest_swing_that_is_worth_the_risk() -> None:
    # 400 are at risk, so 600 is the least that is worth it: 50,500 is passed over
    plan = a_plan(highs=[52000.0, 51000.0, 50500.0], lows=[49600.0] * 3)

    assert plan.take_profit_price == 51000
    short = a_plan(Direction.SELL, highs=[50400.0] * 2, lows=[49000.0, 49900.0])
    assert short.take_profit_price == 49000


def test_swings_that_are_too_old_are_no_target() -> None:
    plan = a_plan(highs=[51000.0, 50500.0], lows=[49600.0] * 2, lookback_bars=1)

    assert plan.take_profit_price == 50800


def test_where_no_swing_is_left_the_target_is_a_multiple_of_the_risk() -> None:
    assert a_plan(highs=[NAN], lows=[49600.0]).take_profit_price == 50800
    assert a_plan(highs=[NAN], lows=[49600.0], open_reward_risk="3").take_profit_price == 51200


def test_it_is_never_farther_than_the_stop_that_the_size_was_made_for() -> None:
    assert a_plan(highs=[NAN], lows=[48000.0], tolerance="0.01").stop_loss_price == 49500


def test_without_a_swing_to_stand_behind_the_planned_stop_stands() -> None:
    assert a_plan(highs=[NAN], lows=[NAN], tolerance="0.01").stop_loss_price == 49500
    assert a_plan(highs=[NAN], lows=[50100.0], tolerance="0.01").stop_loss_price == 49500


def test_before_the_first_bar_there_is_no_plan() -> None:
    with pytest.raises(PlanError, match="a bar"):
        employ(FOLDER, context=lambda: None).plan(a_strategy_directive())


def test_it_cannot_work_without_the_bars() -> None:
    with pytest.raises(PluginError, match="context_reading"):
        employ(FOLDER)


@given(
    direction=st.sampled_from(Direction),
    high=st.floats(45000, 55000),
    low=st.floats(45000, 55000),
    tolerance=st.decimals("0.001", "0.05", places=4),
)
def test_wherever_the_swings_are_the_exit_fits_and_loses_no_more_than_planned(
    direction: Direction, high: float, low: float, tolerance: Decimal
) -> None:
    plan = a_plan(direction, highs=[high], lows=[low], tolerance=str(tolerance), buffer_pct="0.0005")
    directive = a_strategy_directive(
        entry_directive=an_entry_directive(direction=direction),
        exit_directive=an_exit_directive(stop_loss_tolerance=tolerance),
    )
    planned = planned_stop_price(directive, an_instrument())

    assert exit_mistake(direction=direction, entry_price=D(50000), exit_plan=plan) is None
    assert abs(50000 - plan.stop_loss_price) <= abs(50000 - planned)
