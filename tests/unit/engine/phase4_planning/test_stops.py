"""One rule for the stop, so that size and exit planners mean the same price."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.base import Direction
from engine.phase4_planning.stops import planned_stop_price, stop_within_plan
from engine.primitives.errors import PlanError
from tests.support.notes import (
    a_close_directive,
    a_strategy_directive,
    an_entry_directive,
    an_exit_directive,
    an_instrument,
)

pytestmark = pytest.mark.unit

D = Decimal


def stop_of(
    direction: Direction,
    invalidation: str | None = None,
    *,
    tolerance: str = "0.01",
    price: str = "50000",
    **market: Any,
) -> Decimal:
    directive = a_strategy_directive(
        entry_directive=an_entry_directive(direction=direction, reference_price=D(price)),
        exit_directive=an_exit_directive(
            stop_loss_tolerance=D(tolerance), invalidation_price=None if invalidation is None else D(invalidation)
        ),
    )
    return planned_stop_price(directive, an_instrument(**market))


def test_the_stop_stands_where_the_idea_is_wrong() -> None:
    assert stop_of(Direction.BUY, "49700") == 49700
    assert stop_of(Direction.SELL, "50300") == 50300


def test_an_idea_that_is_wrong_too_far_away_is_stopped_at_the_tolerance() -> None:
    assert stop_of(Direction.BUY, "49000") == 49500
    assert stop_of(Direction.SELL, "51000") == 50500


def test_an_invalidation_on_the_winning_side_is_ignored() -> None:
    assert stop_of(Direction.BUY, "50100") == 49500
    assert stop_of(Direction.SELL, "49900") == 50500
    assert stop_of(Direction.BUY, "50000") == 49500


def test_without_an_invalidation_the_tolerance_is_the_stop() -> None:
    assert stop_of(Direction.BUY) == 49500


def test_rounding_goes_towards_the_entry() -> None:
    assert stop_of(Direction.BUY, "49700.001") == D("49700.01")
    assert stop_of(Direction.SELL, "50300.009") == D("50300.00")


def test_a_tolerance_below_one_tick_leaves_no_room_for_a_stop() -> None:
    with pytest.raises(PlanError, match="smaller than one tick"):
        stop_of(Direction.BUY, tolerance="0.00001", tick_size=D(1))


def test_a_directive_without_an_entry_has_no_planned_stop() -> None:
    with pytest.raises(PlanError, match="only a directive with an entry"):
        planned_stop_price(a_close_directive(), an_instrument())


@given(
    direction=st.sampled_from(Direction),
    price=st.decimals("1", "100000", places=2),
    tolerance=st.decimals("0.001", "0.2", places=4),
    invalidation=st.none() | st.decimals("0.5", "120000", places=4),
)
def test_the_stop_is_on_the_losing_side_on_the_tick_and_within_the_tolerance(
    direction: Direction, price: Decimal, tolerance: Decimal, invalidation: Decimal | None
) -> None:
    try:
        stop = stop_of(
            direction, None if invalidation is None else str(invalidation), tolerance=str(tolerance), price=str(price)
        )
    except PlanError:
        return
    assert (price - stop) * direction.sign > 0
    assert abs(price - stop) <= price * tolerance
    assert stop % D("0.01") == 0


def wished(direction: Direction, price: str) -> Decimal:
    """Return what becomes of a wish when the planned stop is 500 away from 50,000."""
    directive = a_strategy_directive(
        entry_directive=an_entry_directive(direction=direction),
        exit_directive=an_exit_directive(stop_loss_tolerance=D("0.01")),
    )
    return stop_within_plan(directive, an_instrument(), D(price))


def test_a_nearer_stop_is_granted_and_a_farther_one_is_not() -> None:
    assert wished(Direction.BUY, "49700.001") == D("49700.01")
    assert wished(Direction.SELL, "50300.001") == D("50300.00")
    assert wished(Direction.BUY, "49000") == 49500
    assert wished(Direction.SELL, "51000") == 50500


@pytest.mark.parametrize(("direction", "price"), [(Direction.BUY, "50000"), (Direction.SELL, "49999")])
def test_a_stop_on_the_winning_side_is_no_stop(direction: Direction, price: str) -> None:
    with pytest.raises(PlanError, match="losing side"):
        wished(direction, price)
