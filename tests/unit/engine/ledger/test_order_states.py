from decimal import Decimal
from itertools import product

import pytest

from engine.contracts.orders import TERMINAL_ORDER_STATUSES, OrderStatus
from engine.ledger.order_states import OUR_MOVES, VENUE_WORDS, our_refusal, status_after_fill, venue_refusal
from tests.support.notes import an_order

pytestmark = pytest.mark.unit
S = OrderStatus


@pytest.mark.parametrize(("status", "to"), sorted(product(TERMINAL_ORDER_STATUSES, S)))
def test_a_dead_order_is_moved_nowhere(status: OrderStatus, to: OrderStatus) -> None:
    order = an_order(status=status)

    assert our_refusal(order, to, is_unsent=False)
    assert venue_refusal(order, to)


@pytest.mark.parametrize("status", [S.SUBMITTED, S.OPEN, S.PARTIALLY_FILLED, S.CANCEL_PENDING, S.UNKNOWN])
@pytest.mark.parametrize("end", [S.CANCELLED, S.REJECTED, S.EXPIRED, S.FILLED])
def test_a_sent_order_ends_by_the_word_of_the_venue_alone(status: OrderStatus, end: OrderStatus) -> None:
    assert our_refusal(an_order(status=status), end, is_unsent=False)


@pytest.mark.parametrize("end", [S.CANCELLED, S.REJECTED])
def test_what_was_never_sent_is_ours_to_drop(end: OrderStatus) -> None:
    assert our_refusal(an_order(), end, is_unsent=True) == ""


def test_an_unsent_order_that_waits_for_its_cancel_may_be_dropped() -> None:
    order = an_order(status=S.CANCEL_PENDING)

    assert our_refusal(order, S.CANCELLED, is_unsent=True) == ""
    assert "only the venue" in our_refusal(order, S.CANCELLED, is_unsent=False)


def test_an_unknown_order_may_turn_out_anything_but_is_never_assumed() -> None:
    assert VENUE_WORDS[S.UNKNOWN] == {S.OPEN, S.CANCELLED, S.REJECTED, S.EXPIRED}
    assert OUR_MOVES[S.UNKNOWN] == {S.CANCEL_PENDING}


def test_a_late_acknowledgement_does_not_take_a_cancel_back() -> None:
    assert venue_refusal(an_order(status=S.CANCEL_PENDING), S.OPEN)


def test_an_order_that_has_filled_cannot_have_been_rejected() -> None:
    assert "cannot be" in venue_refusal(an_order(status=S.UNKNOWN, filled_quantity=Decimal("0.1")), S.REJECTED)


@pytest.mark.parametrize("status", list(S))
def test_a_full_execution_makes_every_order_filled(status: OrderStatus) -> None:
    assert status_after_fill(an_order(status=status), Decimal("0.5")) is S.FILLED


@pytest.mark.parametrize("status", [S.CANCELLED, S.EXPIRED, S.CANCEL_PENDING])
def test_a_late_partial_execution_brings_no_cancelled_order_back_to_work(status: OrderStatus) -> None:
    assert status_after_fill(an_order(status=status), Decimal("0.1")) is status


@pytest.mark.parametrize("status", [S.NEW, S.SUBMITTED, S.OPEN, S.UNKNOWN, S.REJECTED])
def test_a_partial_execution_proves_that_an_order_lives(status: OrderStatus) -> None:
    assert status_after_fill(an_order(status=status), Decimal("0.1")) is S.PARTIALLY_FILLED


def test_every_status_is_in_one_table_or_is_an_end() -> None:
    assert set(OUR_MOVES) == set(VENUE_WORDS) == set(S) - TERMINAL_ORDER_STATUSES
