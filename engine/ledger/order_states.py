"""Which status an order may take next: what we may decide, and what only the venue may say (decisions 6.1)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from engine.contracts.orders import TERMINAL_ORDER_STATUSES, Order, OrderStatus

S = OrderStatus

OUR_MOVES: Final[Mapping[OrderStatus, frozenset[OrderStatus]]] = {
    # What was never sent is ours to drop.
    S.NEW: frozenset({S.SUBMITTED, S.CANCEL_PENDING, S.CANCELLED, S.REJECTED, S.UNKNOWN}),
    S.SUBMITTED: frozenset({S.CANCEL_PENDING, S.UNKNOWN}),
    S.OPEN: frozenset({S.CANCEL_PENDING, S.UNKNOWN}),
    S.PARTIALLY_FILLED: frozenset({S.CANCEL_PENDING, S.UNKNOWN}),
    S.CANCEL_PENDING: frozenset({S.UNKNOWN}),
    S.UNKNOWN: frozenset({S.CANCEL_PENDING}),
}
"""Moves that we decide ourselves. A sent order ends by the venue's word alone: silence is not a no."""

_ENDS: Final = frozenset({S.CANCELLED, S.REJECTED, S.EXPIRED})

VENUE_WORDS: Final[Mapping[OrderStatus, frozenset[OrderStatus]]] = {
    # NEW is not sent as far as we know; what the venue knows better (a crash came between) counts.
    S.NEW: frozenset({S.OPEN}) | _ENDS,
    S.SUBMITTED: frozenset({S.OPEN}) | _ENDS,
    # A resting stop can still be refused when it triggers.
    S.OPEN: _ENDS,
    # Of an order that has filled "nothing will ever fill" is wrong.
    S.PARTIALLY_FILLED: frozenset({S.CANCELLED, S.EXPIRED}),
    # An acknowledgement that comes after we asked to cancel does not take the cancel back.
    S.CANCEL_PENDING: _ENDS,
    S.UNKNOWN: frozenset({S.OPEN}) | _ENDS,
}
"""What the venue may say about an order, but for executions."""


def our_refusal(order: Order, status: OrderStatus, *, is_unsent: bool) -> str:
    """Return why we may not move an order to a status; empty when we may.

    Args:
        order: As it stands.
        status: Where it is to go.
        is_unsent: It was never sent, whatever became of it since.
    """
    if status in OUR_MOVES.get(order.status, frozenset()):
        return ""
    if is_unsent and order.status is S.CANCEL_PENDING and status is S.CANCELLED:
        return ""
    return f"{order.order_id} is {order.status} and cannot be moved to {status}{_hint(order, status)}"


def _hint(order: Order, status: OrderStatus) -> str:
    if order.is_terminal:
        return ": it is done"
    if status in TERMINAL_ORDER_STATUSES:
        return ": it was sent, so only the venue can say that"
    return ""


def venue_refusal(order: Order, status: OrderStatus) -> str:
    """Return why a word of the venue says nothing new about an order; empty when it does."""
    if status is S.REJECTED and order.filled_quantity:
        return f"{order.order_id} has filled {order.filled_quantity}; the venue's {status} cannot be"
    if status in VENUE_WORDS.get(order.status, frozenset()):
        return ""
    return f"{order.order_id} is {order.status}; the venue's {status} comes too late or twice and changes nothing"


def status_after_fill(order: Order, filled: Decimal) -> OrderStatus:
    """Return the status of an order that has filled so much (base units), by whatever came before.

    An execution always counts: also on an order that was cancelled, expired, rejected, or not known to be sent.
    """
    if filled >= order.quantity:
        return S.FILLED
    if order.status in (S.CANCEL_PENDING, S.CANCELLED, S.EXPIRED):
        return order.status
    return S.PARTIALLY_FILLED
