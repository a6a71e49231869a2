"""What is left of a paused group as a plan: spread over the rest of its window, or without what was missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final

from engine.contracts.market import Instrument
from engine.contracts.orders import Order, OrderStatus
from engine.contracts.schedules import GroupPlan, PlannedSlice
from engine.phase5_execution.order_desk import OrderDraft
from engine.phase5_execution.slicing import cut, cut_by_shares
from engine.primitives.ids import OrderId
from engine.primitives.money import ZERO

_NO_WAIT: Final = timedelta(0)
_UNCLEAR: Final = (OrderStatus.SUBMITTED, OrderStatus.CANCEL_PENDING, OrderStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Again:
    """A plan that is taken up again: what was done of it, and the children that are to come with their times.

    `given_up` is what will not be sent any more, base units: what a person cancelled by hand is among it.
    """

    done: Sequence[PlannedSlice]
    children: Sequence[tuple[OrderDraft, datetime]]
    given_up: Decimal


def needs_evidence(orders: Sequence[Order]) -> Sequence[OrderId]:
    """Return the orders of which nobody can say yet how much they filled: a rest is only counted when it is proven."""
    return [order.order_id for order in orders if order.status in _UNCLEAR]


def plan_again(plan: GroupPlan, orders: Sequence[Order], *, instrument: Instrument, now: datetime) -> Again:
    """Return the rest of a plan in as many slices as were left, in their proportions, evenly over the rest of the window.

    Args:
        plan: As it stood; its window is not over.
        orders: Of its slices, in its order; none of them is unclear, and at least one is NEW.
        instrument: Its market.
        now: UTC; the first slice is due at once.
    """
    quantities = {each.order_id: each.quantity for each in plan.slices}
    places: dict[datetime, list[Order]] = {}
    for each, order in zip(plan.slices, orders, strict=True):
        if order.status is OrderStatus.NEW:
            places.setdefault(each.due_at, []).append(order)
    done = _done(plan, orders)
    given_up = plan.given_up + _taken_out(plan, orders)
    rest = plan.quantity - given_up - sum((each.quantity for each in done), ZERO)
    model = next(iter(places.values()))[0]
    smallest = instrument.least_quantity(model.limit_price or model.stop_price or plan.arrival_price)
    shares = [sum((quantities[order.order_id] for order in waiting), ZERO) for waiting in places.values()]
    shown = max(order.quantity for order in orders if order.status is OrderStatus.NEW)
    window = _NO_WAIT if plan.ends_at is None else plan.ends_at - now
    children: list[tuple[OrderDraft, datetime]] = []
    for piece in cut_by_shares(rest, shares, lot_step=instrument.lot_step, smallest=smallest):
        clips = int((piece.quantity / shown).to_integral_value(rounding=ROUND_CEILING)) if plan.one_at_a_time else 1
        due_at = now + window * piece.place / len(shares)
        sizes = cut(piece.quantity, clips, lot_step=instrument.lot_step, smallest=smallest)
        children += [(_draft_like(model, size), due_at) for size in sizes]
    return Again(done, children, given_up)


def give_up_missed(plan: GroupPlan, orders: Sequence[Order], *, now: datetime) -> GroupPlan:
    """Return a plan without the slices whose time has passed, not paused; the others keep their times.

    Pieces of an iceberg wait for one another and not for a time: none of them is missed.
    """
    coming = tuple(
        each
        for each, order in zip(plan.slices, orders, strict=True)
        if order.status is OrderStatus.NEW and (plan.one_at_a_time or each.due_at > now)
    )
    slices = (*_done(plan, orders), *coming)
    left = sum((each.quantity for each in slices), ZERO)
    return plan.model_copy(update={"slices": slices, "given_up": plan.quantity - left, "taken_out": (), "pause": None})


def _done(plan: GroupPlan, orders: Sequence[Order]) -> Sequence[PlannedSlice]:
    """Return the slices that were sent: whole while they work, and no more than what they filled once they are done."""
    done = []
    for each, order in zip(plan.slices, orders, strict=True):
        quantity = order.filled_quantity if order.is_terminal else order.quantity
        if order.status is not OrderStatus.NEW and quantity:
            done.append(each.model_copy(update={"quantity": quantity}))
    return done


def _taken_out(plan: GroupPlan, orders: Sequence[Order]) -> Decimal:
    """Return what a person cancelled one by one had not filled, base units."""
    by_hand = (order for order in orders if order.order_id in plan.taken_out and order.is_terminal)
    return sum((order.remaining_quantity for order in by_hand), ZERO)


def _draft_like(order: Order, quantity: Decimal) -> OrderDraft:
    return OrderDraft(
        role=order.role,
        direction=order.direction,
        order_type=order.order_type,
        time_in_force=order.time_in_force,
        quantity=quantity,
        limit_price=order.limit_price,
        stop_price=order.stop_price,
        expires_at=order.expires_at,
    )
