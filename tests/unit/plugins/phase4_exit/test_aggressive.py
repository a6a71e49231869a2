"""A target three times as far as the stop."""

from decimal import Decimal

import pytest

from engine.contracts.base import Direction
from engine.contracts.plans import ExitPlan
from tests.support.context import employ
from tests.support.notes import a_strategy_directive, an_entry_directive, an_exit_directive

pytestmark = pytest.mark.unit


def a_plan(direction: Direction, **config: object) -> ExitPlan:
    directive = a_strategy_directive(
        entry_directive=an_entry_directive(direction=direction),
        exit_directive=an_exit_directive(stop_loss_tolerance=Decimal("0.01")),
    )
    plan: ExitPlan = employ("phase4_exit/aggressive", config).plan(directive)
    return plan


def test_the_target_is_three_times_as_far_as_the_stop() -> None:
    long, short = a_plan(Direction.BUY), a_plan(Direction.SELL)

    assert (long.stop_loss_price, long.take_profit_price) == (49500, 51500)
    assert (short.stop_loss_price, short.take_profit_price) == (50500, 48500)


def test_how_far_is_a_setting() -> None:
    assert a_plan(Direction.BUY, reward_risk=4).take_profit_price == 52000
