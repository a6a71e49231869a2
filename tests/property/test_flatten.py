"""Whatever goes wrong on the line, no order of a flatten raises a position, and it ends flat."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts.flatten import FlattenResult
from engine.phase0_bootstrap.drill import DrillFloor
from engine.primitives.money import ZERO
from tests.support.invariants import (
    assert_ends_have_evidence,
    assert_every_venue_order_is_ours,
    assert_flat,
    assert_nothing_was_raised,
)

pytestmark = pytest.mark.property


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(1, 10_000), share=st.sampled_from([0.0, 0.1, 0.25]), later_s=st.integers(0, 4))
@pytest.mark.allow_warnings
def test_under_any_faults_a_flatten_ends_flat_and_raises_nothing(seed: int, share: float, later_s: int) -> None:
    floor = DrillFloor(seed=seed, fault_share=share, positions=4, groups=2)
    floor.open_all()
    floor.spoil_the_line()
    floor.pass_seconds(later_s, fall=ZERO)
    before = len(floor.books.executions)
    in_flight = {order.order_id for order in floor.ledger.get_open_orders() if not order.reduce_only}

    floor.handler.flatten()
    for _ in range(300):
        floor.pass_seconds(1)
        job = floor.handler.flatten_job
        assert job is not None
        if job.result.is_final:
            break

    assert job.result is FlattenResult.FLAT
    assert_flat(floor.books, job)
    assert_nothing_was_raised(floor.books.executions, before=before, in_flight=in_flight)
    assert_every_venue_order_is_ours(floor.books, floor.ledger)
    assert_ends_have_evidence(floor.books, floor.ledger)
    done = len(floor.books.executions)
    floor.handler.flatten()
    floor.pass_seconds(30)
    assert (list(floor.books.working()), len(floor.books.executions)) == ([], done), "again sends nothing"
