"""In at a better price, or not at all."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.directives import PriceZone
from engine.contracts.plans import EntryPlan, OrderType
from engine.primitives.errors import PlanError
from tests.support.context import employ
from tests.support.notes import a_strategy_directive, an_entry_directive, an_exit_directive

pytestmark = pytest.mark.unit

D = Decimal


def a_plan(direction: Direction, *, invalidation: str | None = None, offset: str = "0.001", **entry: Any) -> EntryPlan:
    directive = a_strategy_directive(
        entry_directive=an_entry_directive(direction=direction, **entry),
        exit_directive=an_exit_directive(invalidation_price=None if invalidation is None else D(invalidation)),
    )
    plan: EntryPlan = employ("phase4_entry/patient_limit", {"offset_pct": offset}).plan(directive)
    return plan


def test_it_waits_for_a_better_price_on_either_side() -> None:
    assert a_plan(Direction.BUY).limit_price == 49950
    assert a_plan(Direction.SELL).limit_price == 50050
    assert a_plan(Direction.BUY).order_type is OrderType.LIMIT


def test_it_prefers_the_middle_of_the_wished_zone() -> None:
    zone = PriceZone(low=D(49800), high=D(49900))

    assert a_plan(Direction.BUY, preferred_price_zone=zone).limit_price == 49850


def test_the_limit_is_rounded_to_the_better_side() -> None:
    odd = D("50000.37")

    assert a_plan(Direction.BUY, reference_price=odd).limit_price == D("49950.36")
    assert a_plan(Direction.SELL, reference_price=odd).limit_price == D("50050.38")


def test_a_limit_at_or_beyond_the_stop_is_no_plan() -> None:
    assert a_plan(Direction.BUY, invalidation="49949.99").limit_price == 49950
    with pytest.raises(PlanError, match="no room"):
        a_plan(Direction.BUY, invalidation="49950")
    with pytest.raises(PlanError, match="no room"):
        a_plan(Direction.SELL, invalidation="50050")
