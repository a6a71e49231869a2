"""Child orders over time: how a size is cut, and when each piece is due."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.contracts.intents import ChunkDistribution
from engine.contracts.specs import ConnectorExecutionSpec
from engine.primitives.ids import GroupId, OrderId
from engine.primitives.money import ZERO, round_down_to_step


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
    small for so many. FRONT_LOADED and BACK_LOADED fall or rise on a straight line; RANDOM is cut evenly (a hint).
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
        group_id: Whose children they are.
        spec: The terms of each.
        slices: In the order in which they are sent; due times never fall.
        one_at_a_time: An iceberg: the next is sent only when none of them works.
    """

    def __init__(
        self, group_id: GroupId, spec: ConnectorExecutionSpec, slices: Iterable[Slice], *, one_at_a_time: bool = False
    ) -> None:
        self.group_id = group_id
        self.spec = spec
        self._one_at_a_time = one_at_a_time
        self._waiting = deque(slices)

    @property
    def is_empty(self) -> bool:
        """Whether all have been sent or dropped."""
        return not self._waiting

    @property
    def waiting(self) -> tuple[OrderId, ...]:
        """The children that are not sent yet."""
        return tuple(child.order_id for child in self._waiting)

    def take_due(self, now_ns: int, *, is_working: bool) -> tuple[OrderId, ...]:
        """Return the children to send now, and forget them. `is_working`: a child of the group works at the venue.

        What fell due while nobody looked (a bar lasts longer than a slice) comes together: the whole size is due.
        """
        due: list[OrderId] = []
        while self._waiting and self._waiting[0].due_ns <= now_ns:
            if self._one_at_a_time and (is_working or due):
                break
            due.append(self._waiting.popleft().order_id)
        return tuple(due)
