"""Child orders over time: how a size is cut, and when each piece is due."""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.contracts.intents import ChunkDistribution
from engine.contracts.schedules import GroupPlan
from engine.primitives.ids import OrderId
from engine.primitives.money import ZERO, round_down_to_step
from engine.primitives.timeframes import ns_from_datetime


def cut(
    quantity: Decimal,
    parts: int,
    *,
    lot_step: Decimal,
    smallest: Decimal,
    distribution: ChunkDistribution = ChunkDistribution.UNIFORM,
) -> tuple[Decimal, ...]:
    """Cut a quantity into pieces of whole lots that add up to it exactly, none smaller than `smallest`.

    All in base units. Lots that do not divide go to the first pieces. Fewer pieces come out when the quantity is too
    small for so many. FRONT_LOADED and BACK_LOADED fall or rise on a straight line; RANDOM comes with shares of its own,
    see `cut_by_shares`, and is cut evenly without.
    """
    parts = max(1, min(parts, int(quantity // smallest)) if smallest > 0 else parts)
    spare = quantity - smallest * parts if distribution in _LOADED else quantity
    base = smallest if distribution in _LOADED else ZERO
    weights = _weights(parts, distribution)
    pieces = [base + round_down_to_step(spare * weight / sum(weights), lot_step) for weight in weights]
    rest = quantity - sum(pieces, ZERO)
    at = 0
    while rest >= lot_step:
        pieces[at % parts] += lot_step
        rest -= lot_step
        at += 1
    pieces[-1] += rest  # less than a lot: the venue will say so
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a quantity (base units), and the place in time that it is for, from 0."""

    place: int
    quantity: Decimal


def cut_by_shares(
    quantity: Decimal, shares: Sequence[Decimal], *, lot_step: Decimal, smallest: Decimal
) -> tuple[Piece, ...]:
    """Cut a quantity (base units) in proportion to shares, into whole lots that add up to it exactly.

    What has been cut up to each place is rounded down to the lot, so that no piece is more than a lot off its share and
    nothing accumulates. A piece smaller than `smallest` is merged into the one before it, the first into the one after:
    less is never sent later than planned by more than one place. Less than a lot in the quantity itself goes last.
    """
    total = sum(shares, ZERO)
    if total <= ZERO:
        return (Piece(0, quantity),)
    pieces: list[Piece] = []
    carried, share_so_far, cut_so_far = ZERO, ZERO, ZERO
    for place, share in enumerate(shares):
        share_so_far += share
        is_last = place == len(shares) - 1
        until_here = quantity if is_last else round_down_to_step(quantity * share_so_far / total, lot_step)
        size, cut_so_far = carried + until_here - cut_so_far, until_here
        carried = ZERO
        if size >= smallest and size > ZERO:
            pieces.append(Piece(place, size))
        elif pieces:
            pieces[-1] = Piece(pieces[-1].place, pieces[-1].quantity + size)
        else:
            carried = size
    return tuple(pieces) if pieces else (Piece(0, quantity),)


_LOADED = (ChunkDistribution.FRONT_LOADED, ChunkDistribution.BACK_LOADED)


def _weights(parts: int, distribution: ChunkDistribution) -> Sequence[int]:
    if distribution is ChunkDistribution.FRONT_LOADED:
        return range(parts, 0, -1)
    return range(1, parts + 1) if distribution is ChunkDistribution.BACK_LOADED else [1] * parts


@dataclass(frozen=True, slots=True)
class Slice:
    """A child order that is recorded and not sent, and when it is due: UTC nanoseconds."""

    order_id: OrderId
    due_ns: int


class SliceSchedule:
    """The children of one group that are still to be sent.

    Args:
        plan: The group's plan, as it is written down.
        unsent: Which of its children are still to be sent; None for all of them.
    """

    def __init__(self, plan: GroupPlan, unsent: Collection[OrderId] | None = None) -> None:
        self.plan = plan
        self._waiting = deque(
            Slice(each.order_id, ns_from_datetime(each.due_at))
            for each in plan.slices
            if unsent is None or each.order_id in unsent
        )

    @property
    def is_empty(self) -> bool:
        """Whether all have been sent or dropped."""
        return not self._waiting

    @property
    def waiting(self) -> tuple[OrderId, ...]:
        """The children that are not sent yet."""
        return tuple(child.order_id for child in self._waiting)

    @property
    def next_due_ns(self) -> int | None:
        """When the next child is to be sent (UTC nanoseconds); None where it waits for the one before, or for nothing."""
        return None if self.plan.one_at_a_time or not self._waiting else self._waiting[0].due_ns

    def due(self, now_ns: int) -> int:
        """Return how many of the children have fallen due by now (UTC nanoseconds)."""
        return sum(child.due_ns <= now_ns for child in self._waiting)

    def take_due(self, now_ns: int, *, is_working: bool) -> tuple[OrderId, ...]:
        """Return the children to send now, and forget them. `is_working`: a child of the group works at the venue.

        What fell due while nobody looked (a bar lasts longer than a slice) comes together: the whole size is due. A
        schedule that was paused is planned again before it is asked here, so that nothing is burst.
        """
        due: list[OrderId] = []
        while self._waiting and self._waiting[0].due_ns <= now_ns:
            if self.plan.one_at_a_time and (is_working or due):
                break
            due.append(self._waiting.popleft().order_id)
        return tuple(due)
