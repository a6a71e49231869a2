"""In now, at the market."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.plans import OrderType
from engine.primitives.errors import PlanError
from tests.support.context import employ
from tests.support.notes import a_close_directive, a_strategy_directive, an_entry_directive

pytestmark = pytest.mark.unit


def test_it_plans_a_market_order_in_the_direction_of_the_directive() -> None:
    directive = a_strategy_directive(entry_directive=an_entry_directive(direction=Direction.SELL))
    said: Any = employ("phase4_entry/aggressive_market").on_strategy_directive(directive)

    assert (said.payload.order_type, said.payload.direction) == (OrderType.MARKET, Direction.SELL)
    assert said.payload.expected_price == Decimal(50000)


def test_a_directive_without_an_entry_is_no_plan() -> None:
    with pytest.raises(PlanError):
        employ("phase4_entry/aggressive_market").plan(a_close_directive())
