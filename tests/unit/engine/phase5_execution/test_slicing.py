"""Cutting a size: nothing is lost, nothing is too small, and a schedule forgets what it gave out."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.intents import ChunkDistribution
from engine.contracts.schedules import PlannedSlice
from engine.phase5_execution.slicing import Piece, SliceSchedule, cut, cut_by_shares
from engine.primitives.timeframes import datetime_from_ns
from tests.support import notes
from tests.support.notes import a_group_plan

pytestmark = pytest.mark.unit
D = Decimal
LOT: Any = {"lot_step": D("0.1"), "smallest": D("0.1")}


def ids(*numbers: int) -> list[Any]:
    return [notes.an_id("ORD", number) for number in numbers]


def test_lots_that_do_not_divide_go_to_the_first_pieces() -> None:
    assert cut(D("1.1"), 4, **LOT) == (D("0.3"), D("0.3"), D("0.3"), D("0.2"))


def test_a_small_quantity_is_cut_into_fewer_pieces() -> None:
    assert cut(D(1), 5, lot_step=D("0.1"), smallest=D("0.4")) == (D("0.5"), D("0.5"))


def test_a_quantity_below_the_smallest_stays_whole() -> None:
    assert cut(D("0.3"), 5, lot_step=D("0.1"), smallest=D("0.4")) == (D("0.3"),)


def test_front_loaded_pieces_fall_and_back_loaded_pieces_rise() -> None:
    falling = cut(D(10), 4, **LOT, distribution=ChunkDistribution.FRONT_LOADED)
    rising = cut(D(10), 4, **LOT, distribution=ChunkDistribution.BACK_LOADED)

    assert list(falling) == sorted(falling, reverse=True)
    assert sum(falling) == sum(rising) == 10
    assert falling[0] > falling[-1]
    assert rising[-1] > rising[0]


def schedule(*due: int, one_at_a_time: bool = False) -> SliceSchedule:
    """A schedule whose slices are due so many microseconds after the epoch."""
    slices = [
        PlannedSlice(order_id=order_id, quantity=D(1), due_at=datetime_from_ns(at * 1_000))
        for order_id, at in zip(ids(*range(len(due))), due, strict=True)
    ]
    return SliceSchedule(a_group_plan(slices=tuple(slices), one_at_a_time=one_at_a_time))


def test_nothing_comes_before_it_is_due_and_nothing_twice() -> None:
    plan = schedule(0, 10, 20)

    assert list(plan.take_due(0, is_working=False)) == ids(0)
    assert plan.take_due(9_000, is_working=True) == ()
    assert list(plan.take_due(10_000, is_working=True)) == ids(1)
    assert not plan.is_empty


def test_what_fell_due_while_nobody_looked_comes_together() -> None:
    assert list(schedule(0, 10, 20).take_due(15_000, is_working=False)) == ids(0, 1)


def test_an_iceberg_waits_until_its_last_piece_is_gone() -> None:
    plan = schedule(0, 0, one_at_a_time=True)

    assert list(plan.take_due(0, is_working=False)) == ids(0)
    assert plan.take_due(5_000, is_working=True) == ()
    assert list(plan.take_due(5_000, is_working=False)) == ids(1)


def test_a_schedule_is_taken_up_with_what_was_not_sent() -> None:
    plan = a_group_plan()
    left = SliceSchedule(plan, unsent={plan.slices[2].order_id})

    assert left.waiting == (plan.slices[2].order_id,)


def test_shares_are_followed_to_the_lot_and_add_up() -> None:
    assert cut_by_shares(D(1), [D(1), D(2), D(1)], **LOT) == (
        Piece(0, D("0.2")),
        Piece(1, D("0.5")),
        Piece(2, D("0.3")),
    )


def test_a_share_below_the_smallest_order_joins_the_one_before_it() -> None:
    pieces = cut_by_shares(D(10), [D(5), D("0.1"), D("4.9")], lot_step=D("0.1"), smallest=D(1))

    assert pieces == (Piece(0, D("5.1")), Piece(2, D("4.9")))


def test_a_first_share_below_the_smallest_order_joins_the_one_after_it() -> None:
    pieces = cut_by_shares(D(10), [D("0.1"), D("9.9")], lot_step=D("0.1"), smallest=D(1))

    assert pieces == (Piece(1, D(10)),)


def test_a_quantity_too_small_for_any_share_goes_whole() -> None:
    assert cut_by_shares(D("0.5"), [D(1), D(1)], lot_step=D("0.1"), smallest=D(1)) == (Piece(0, D("0.5")),)
