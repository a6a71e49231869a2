"""Cutting a size: nothing is lost, nothing is too small, and a schedule forgets what it gave out."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.intents import ChunkDistribution
from engine.phase5_execution.slicing import Slice, SliceSchedule, cut
from tests.support import notes

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
    slices = [Slice(order_id, at) for order_id, at in zip(ids(*range(len(due))), due, strict=True)]
    group_id: Any = notes.an_id("EXG")
    return SliceSchedule(group_id, notes.a_cex_spec(), slices, one_at_a_time=one_at_a_time)


def test_nothing_comes_before_it_is_due_and_nothing_twice() -> None:
    plan = schedule(0, 10, 20)

    assert list(plan.take_due(0, is_working=False)) == ids(0)
    assert plan.take_due(9, is_working=True) == ()
    assert list(plan.take_due(10, is_working=True)) == ids(1)
    assert not plan.is_empty


def test_what_fell_due_while_nobody_looked_comes_together() -> None:
    assert list(schedule(0, 10, 20).take_due(15, is_working=False)) == ids(0, 1)


def test_an_iceberg_waits_until_its_last_piece_is_gone() -> None:
    plan = schedule(0, 0, one_at_a_time=True)

    assert list(plan.take_due(0, is_working=False)) == ids(0)
    assert plan.take_due(5, is_working=True) == ()
    assert list(plan.take_due(5, is_working=False)) == ids(1)
