"""The plan of a group, written down before its first order leaves, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.contracts.base import Contract, Direction, Price, Quantity, Symbol, UtcDatetime
from engine.contracts.intents import ChunkDistribution, ExecutionStyle
from engine.contracts.orders import Fill, GroupIdField, Order, OrderIdField, OrderRole, OrderStatus
from engine.contracts.specs import ConnectorExecutionSpec
from engine.primitives.money import ZERO, in_basis_points


class PlannedSlice(Contract):
    """One child order of a plan: base units, and when it is to be sent."""

    order_id: OrderIdField
    quantity: Quantity
    due_at: UtcDatetime


class GroupPause(Contract):
    """Why no more slices of a group are sent, since when, and whether a person asked for it."""

    at: UtcDatetime
    reason: str
    is_asked: bool


class GroupPlan(Contract):
    """The whole schedule of a group: with the orders of its slices it can be taken up again after any interruption.

    `quantity` is what was asked, base units, and the slices add up to it exactly, but for what was given up
    (`given_up`). `arrival_price` is the price that the entry was planned against (quote per base): what it cost more than
    that is the implementation shortfall. A slice whose order is NEW is still to be sent. `ends_at` is None without a
    window.
    """

    group_id: GroupIdField
    strategy_id: str
    symbol: Symbol
    direction: Direction
    style: ExecutionStyle
    distribution: ChunkDistribution
    quantity: Quantity
    arrival_price: Price
    started_at: UtcDatetime
    ends_at: UtcDatetime | None = None
    one_at_a_time: bool = False
    spec: ConnectorExecutionSpec
    slices: tuple[PlannedSlice, ...]
    given_up: Decimal = ZERO
    """Base units that will not be sent any more: a person cancelled them, or their time passed during a pause."""
    taken_out: tuple[OrderIdField, ...] = ()
    """Slices that a person cancelled one by one: what they have not filled is not sent again."""
    pause: GroupPause | None = None
    note: str = ""
    """What a person should know about the schedule, in words."""

    def planned_by(self, at: datetime) -> Decimal:
        """Return how much was to be sent by an instant, base units."""
        return sum((each.quantity for each in self.slices if each.due_at <= at), ZERO)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """How much (base units, from the beginning) at an instant."""

    at: datetime
    quantity: Decimal


class GroupProgress:
    """Planned against done, for one group.

    Args:
        plan: The schedule as it stands now.
        orders: Of the group; only its entries count.
        fills: Of the group; only its entries count.
    """

    def __init__(self, plan: GroupPlan, *, orders: Sequence[Order] = (), fills: Sequence[Fill] = ()) -> None:
        self.plan = plan
        self._unsent = {order.order_id for order in orders if order.status is OrderStatus.NEW}
        self._fills = [fill for fill in fills if fill.role is OrderRole.ENTRY]

    @property
    def executed(self) -> Decimal:
        """What was filled, base units."""
        return sum((fill.quantity for fill in self._fills), ZERO)

    @property
    def share_done(self) -> Decimal:
        """What was filled as a ratio of what was asked."""
        return self.executed / self.plan.quantity

    @property
    def average_price(self) -> Decimal | None:
        """The average price paid, quote per base and before fees; None before the first fill."""
        executed = self.executed
        return sum((fill.price * fill.quantity for fill in self._fills), ZERO) / executed if executed else None

    @property
    def shortfall_bps(self) -> Decimal | None:
        """What was paid more than the arrival price, in basis points of it; below zero it was cheaper.

        Implementation shortfall after Perold (1988, "The implementation shortfall: paper versus reality"), of what was
        executed, before fees; what was not executed has no price and is not in it. None before the first fill.
        """
        average, arrival = self.average_price, self.plan.arrival_price
        return None if average is None else in_basis_points((average - arrival) / arrival) * self.plan.direction.sign

    @property
    def next_due_at(self) -> datetime | None:
        """When the next slice is to be sent; None when all were, or none will be before the group is resumed."""
        if self.plan.pause is not None:
            return None
        return min((each.due_at for each in self.plan.slices if each.order_id in self._unsent), default=None)

    @property
    def unsent(self) -> int:
        """How many slices are still to be sent."""
        return sum(each.order_id in self._unsent for each in self.plan.slices)

    def planned_curve(self) -> Sequence[CurvePoint]:
        """Return what was to be sent by when; it never falls."""
        return _added_up([(each.due_at, each.quantity) for each in self.plan.slices])

    def executed_curve(self) -> Sequence[CurvePoint]:
        """Return what was filled by when; it never falls."""
        return _added_up([(fill.filled_at, fill.quantity) for fill in self._fills])


def _added_up(steps: Sequence[tuple[datetime, Decimal]]) -> Sequence[CurvePoint]:
    points, total = [], ZERO
    for at, quantity in sorted(steps, key=lambda step: step[0]):
        total += quantity
        points.append(CurvePoint(at, total))
    return points
