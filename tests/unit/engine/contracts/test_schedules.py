"""Planned against done: the average, the shortfall, and what is next."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.contracts.base import Direction
from engine.contracts.orders import OrderStatus
from engine.contracts.schedules import GroupPause, GroupProgress
from tests.support.notes import AT, a_fill, a_group_plan, an_order

pytestmark = pytest.mark.unit
D = Decimal
FILLS = [
    a_fill(price=D(101), quantity=D(1), filled_at=AT),
    a_fill(price=D(104), quantity=D("0.5"), filled_at=AT + timedelta(minutes=2)),
]


def test_a_buy_above_the_arrival_price_falls_short_by_the_difference() -> None:
    progress = GroupProgress(a_group_plan(), fills=FILLS)

    assert progress.executed == D("1.5")
    assert progress.average_price == D(102)
    assert progress.shortfall_bps == 200
    assert progress.share_done == D("0.5")


def test_a_sale_above_the_arrival_price_gains() -> None:
    assert GroupProgress(a_group_plan(direction=Direction.SELL), fills=FILLS).shortfall_bps == -200


def test_before_the_first_fill_there_is_no_price() -> None:
    progress = GroupProgress(a_group_plan())

    assert progress.average_price is None
    assert progress.shortfall_bps is None


def test_the_next_slice_is_the_first_that_is_not_sent() -> None:
    plan = a_group_plan()
    statuses = (OrderStatus.FILLED, OrderStatus.NEW, OrderStatus.NEW)
    orders = [
        an_order(order_id=each.order_id, status=status) for each, status in zip(plan.slices, statuses, strict=True)
    ]

    assert GroupProgress(plan, orders=orders).next_due_at == plan.slices[1].due_at
    assert GroupProgress(plan, orders=orders).unsent == 2


def test_a_paused_group_has_no_next_slice() -> None:
    plan = a_group_plan(pause=GroupPause(at=AT, reason="asked by the user", is_asked=True))
    orders = [an_order(order_id=each.order_id, status=OrderStatus.NEW) for each in plan.slices]

    assert GroupProgress(plan, orders=orders).next_due_at is None
