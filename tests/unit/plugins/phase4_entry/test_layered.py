"""Several limit prices, each better than the one before, and all of them before the stop."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.base import Direction
from engine.contracts.directives import PriceZone
from engine.contracts.plans import EntryPlan, OrderType
from engine.primitives.errors import PlanError
from tests.support.context import employ
from tests.support.notes import a_strategy_directive, an_entry_directive, an_exit_directive

pytestmark = pytest.mark.unit

D = Decimal
FOLDER = "phase4_entry/layered"


def a_plan(
    direction: Direction = Direction.BUY, *, tolerance: str = "0.02", zone: Any = None, **config: Any
) -> EntryPlan:
    directive = a_strategy_directive(
        entry_directive=an_entry_directive(direction=direction, preferred_price_zone=zone),
        exit_directive=an_exit_directive(stop_loss_tolerance=D(tolerance)),
    )
    plan: EntryPlan = employ(FOLDER, config).plan(directive)
    return plan


def layers_of(plan: EntryPlan) -> list[tuple[Decimal, Decimal]]:
    return [(layer.limit_price, layer.share) for layer in plan.layers or ()]


def test_each_layer_is_a_step_better_than_the_one_before() -> None:
    long, short = a_plan(), a_plan(Direction.SELL)

    assert layers_of(long) == [(D(49975), D("0.5")), (D(49925), D("0.3")), (D(49875), D("0.2"))]
    assert [price for price, _ in layers_of(short)] == [50025, 50075, 50125]
    assert long.order_type is OrderType.LIMIT
    assert long.expected_price == 49975
    assert long.best_price == 49875


def test_a_preferred_zone_is_filled_from_its_near_end_to_its_far_end() -> None:
    zone = PriceZone(low=D(49500), high=D(49900))

    assert [price for price, _ in layers_of(a_plan(zone=zone))] == [49900, 49700, 49500]
    above = PriceZone(low=D(50100), high=D(50500))
    assert [price for price, _ in layers_of(a_plan(Direction.SELL, zone=above))] == [50100, 50300, 50500]


def test_a_layer_without_room_before_the_stop_gives_its_share_to_the_first() -> None:
    plan = a_plan(tolerance="0.002")  # the stop stands at 49,900

    assert layers_of(plan) == [(D(49975), D("0.7")), (D(49925), D("0.3"))]


def test_a_single_layer_is_a_plain_limit_order() -> None:
    plan = a_plan(tolerance="0.001")

    assert plan.layers is None
    assert plan.limit_price == 49975


def test_without_any_room_there_is_no_plan() -> None:
    with pytest.raises(PlanError, match="no room"):
        a_plan(tolerance="0.0004")


def test_shares_that_are_not_a_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        a_plan(shares=["0.5", "0.4"])


@given(
    direction=st.sampled_from(Direction),
    tolerance=st.decimals("0.001", "0.03", places=4),
    spacing=st.decimals("0.0000001", "0.01", places=7),
    count=st.sampled_from([2, 4, 5, 10]),
)
def test_every_layer_is_better_than_the_last_price_and_before_the_stop(
    direction: Direction, tolerance: Decimal, spacing: Decimal, count: int
) -> None:
    plan = a_plan(direction, tolerance=str(tolerance), spacing_pct=str(spacing), shares=[str(D(1) / count)] * count)
    stop = 50000 * (1 - direction.sign * tolerance)

    for price, _ in layers_of(plan):
        assert (50000 - price) * direction.sign > 0
        assert (price - stop) * direction.sign > 0
        assert price % D("0.01") == 0
