"""A target at a fixed multiple of the risk."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.base import Direction
from engine.contracts.plans import ExitPlan, exit_mistake
from engine.primitives.errors import PlanError
from tests.support.context import employ
from tests.support.notes import a_strategy_directive, an_entry_directive, an_exit_directive

pytestmark = pytest.mark.unit

D = Decimal


def a_plan(direction: Direction, invalidation: str | None, *, ratio: str = "2", tolerance: str = "0.01") -> ExitPlan:
    directive = a_strategy_directive(
        entry_directive=an_entry_directive(direction=direction),
        exit_directive=an_exit_directive(
            stop_loss_tolerance=D(tolerance), invalidation_price=None if invalidation is None else D(invalidation)
        ),
    )
    plan: ExitPlan = employ("phase4_exit/fixed_reward_risk", {"reward_risk": ratio}).plan(directive)
    return plan


def test_the_target_is_as_many_times_as_far_as_the_stop() -> None:
    long, short = a_plan(Direction.BUY, "49700"), a_plan(Direction.SELL, "50300", ratio="1.5")

    assert (long.stop_loss_price, long.take_profit_price) == (49700, 50600)
    assert (short.stop_loss_price, short.take_profit_price) == (50300, 49550)


def test_without_an_invalidation_the_tolerance_is_the_risk() -> None:
    plan = a_plan(Direction.BUY, None)

    assert (plan.stop_loss_price, plan.take_profit_price) == (49500, 51000)


def test_a_target_below_zero_is_no_plan() -> None:
    with pytest.raises(PlanError, match="positive price"):
        a_plan(Direction.SELL, None, tolerance="0.6")


@given(
    direction=st.sampled_from(Direction),
    away=st.decimals("0.011", "499", places=3),
    ratio=st.decimals("0.5", "5", places=2),
)
def test_rounding_never_takes_away_from_the_ratio(direction: Direction, away: Decimal, ratio: Decimal) -> None:
    plan = a_plan(direction, str(50000 - direction.sign * away), ratio=str(ratio))
    assert plan.take_profit_price is not None
    risk, reward = abs(50000 - plan.stop_loss_price), abs(plan.take_profit_price - 50000)

    assert reward >= risk * ratio
    assert plan.take_profit_price % D("0.01") == 0
    assert exit_mistake(direction=direction, entry_price=D(50000), exit_plan=plan) is None
