"""Cutting, whatever the shares: the sum is exact, nothing is negative or too small, and time only goes on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.schedules import GroupProgress
from engine.phase5_execution.slicing import cut_by_shares
from tests.support.notes import a_group_plan, a_slice

pytestmark = pytest.mark.property
D = Decimal
LOT = D("0.001")
LOTS = st.integers(min_value=1, max_value=1_000_000)
SHARES = st.lists(st.decimals(min_value=0, max_value=1000, places=6), min_size=1, max_size=50)


@given(lots=LOTS, shares=SHARES, least=st.integers(min_value=1, max_value=5_000))
def test_pieces_add_up_to_the_lot_and_are_never_too_small(lots: int, shares: list[Decimal], least: int) -> None:
    quantity, smallest = lots * LOT, least * LOT

    pieces = cut_by_shares(quantity, shares, lot_step=LOT, smallest=smallest)

    assert sum(piece.quantity for piece in pieces) == quantity
    assert all(piece.quantity % LOT == 0 and piece.quantity > 0 for piece in pieces)
    assert len(pieces) == 1 or all(piece.quantity >= smallest for piece in pieces)
    places = [piece.place for piece in pieces]
    assert places == sorted(set(places))
    assert 0 <= places[0] <= places[-1] < len(shares)


@given(st.lists(st.tuples(LOTS, st.integers(min_value=0, max_value=600)), min_size=1, max_size=30))
def test_a_planned_curve_never_falls_and_ends_at_what_was_asked(facts: list[tuple[int, int]]) -> None:
    slices = tuple(
        a_slice(number, quantity=str(lots * LOT), after_minutes=minutes) for number, (lots, minutes) in enumerate(facts)
    )
    total = sum((each.quantity for each in slices), D(0))
    plan = a_group_plan(slices=slices, quantity=total)

    curve = GroupProgress(plan).planned_curve()

    assert [point.quantity for point in curve] == sorted(point.quantity for point in curve)
    assert [point.at for point in curve] == sorted(point.at for point in curve)
    assert curve[-1].quantity == total == plan.planned_by(plan.started_at + timedelta(minutes=600))
