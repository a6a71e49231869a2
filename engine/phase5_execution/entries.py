"""A spec as child orders: how many, how large, when, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from engine.contracts.base import Direction
from engine.contracts.intents import ChunkDistribution
from engine.contracts.market import Instrument
from engine.contracts.orders import OrderRole, TimeInForce
from engine.contracts.plans import EntryLayer, EntryPlan, OrderType
from engine.contracts.specs import ConnectorExecutionSpec, DexExecutionSpec
from engine.phase5_execution.order_desk import OrderDraft
from engine.phase5_execution.slicing import cut, cut_by_shares
from engine.primitives.money import ONE, ZERO, round_down_to_step
from engine.primitives.timeframes import NS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class EntryChildren:
    """The children of one entry, and when each is due (nanoseconds after now), in the same order."""

    drafts: Sequence[OrderDraft]
    due_after_ns: Sequence[int]
    one_at_a_time: bool
    arrival_price: Decimal
    """What the entry was planned against, quote per base: the implementation shortfall is counted from it."""
    ends_after_ns: int | None
    """When the window ends, nanoseconds after now; None without a window."""
    distribution: ChunkDistribution
    worst_price: Decimal
    """What any of them may cost at worst, as far as the spec bounds it; quote per base."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the families of specs have in common, for an entry."""

    order_type: OrderType
    time_in_force: TimeInForce
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    layers: Sequence[EntryLayer] = ()
    price_bound: Decimal | None = None
    chunks: int = 1
    distribution: ChunkDistribution = ChunkDistribution.UNIFORM
    shares: Sequence[Decimal] | None = None
    clips: int = 1
    """Into how many pieces a chunk is cut so that no more than the visible share is shown."""
    window_minutes: int | None = None


def _shape_of(spec: ConnectorExecutionSpec, entry: EntryPlan) -> _Shape:
    if isinstance(spec, DexExecutionSpec):
        tolerance = Decimal(spec.slippage_tolerance_bps) / 10_000
        bound = entry.expected_price * (1 + entry.direction.sign * tolerance)
        return _Shape(OrderType.MARKET, TimeInForce.IOC, price_bound=bound)
    if spec.order_type is None:
        # A change of a trade that adds to it: the entry plan says how.
        is_market = entry.order_type is OrderType.MARKET
        time_in_force = TimeInForce.IOC if is_market else TimeInForce.GTC
        return _Shape(
            entry.order_type, time_in_force, entry.limit_price, entry.stop_price, price_bound=spec.price_bound
        )
    visible = spec.iceberg_visible_ratio if spec.venue_family == "CEX" else None
    clips = ONE if visible is None or visible == ZERO else (ONE / spec.chunk_count / visible)
    return _Shape(
        order_type=spec.order_type,
        time_in_force=spec.time_in_force or TimeInForce.GTC,
        limit_price=spec.limit_price,
        stop_price=spec.stop_price,
        layers=spec.layers or (),
        price_bound=spec.price_bound,
        chunks=spec.chunk_count,
        distribution=spec.chunk_distribution,
        shares=spec.chunk_shares,
        clips=max(1, int(clips.to_integral_value(rounding=ROUND_CEILING))),
        window_minutes=spec.window_minutes,
    )


def children_of(
    spec: ConnectorExecutionSpec, *, entry: EntryPlan, quantity: Decimal, instrument: Instrument, now: datetime
) -> EntryChildren:
    """Return the child orders of an entry of so many base units.

    Slices are spread evenly over the window, the first at once; an iceberg's pieces follow one another. Layers are all
    placed at once. No child is smaller than the venue takes. GTC children end with the window.
    """
    shape = _shape_of(spec, entry)
    price = shape.limit_price or shape.stop_price or entry.expected_price
    smallest = instrument.least_quantity(price)
    window_ns = (shape.window_minutes or 0) * NS_PER_MINUTE
    is_resting = shape.time_in_force is TimeInForce.GTC and shape.window_minutes is not None
    expires_at = now + timedelta(minutes=shape.window_minutes or 0) if is_resting else None
    worst = shape.price_bound or shape.limit_price or entry.expected_price
    told = (entry.reference_price, window_ns or None, shape.distribution, worst)
    if shape.layers:
        layered = [
            _draft(replace(shape, limit_price=at), entry.direction, piece, expires_at)
            for at, piece in _layered(shape.layers, quantity, instrument)
        ]
        return EntryChildren(layered, [0] * len(layered), False, *told)  # all at once
    drafts: list[OrderDraft] = []
    due_after_ns: list[int] = []
    for after_ns, chunk in _chunks(shape, quantity, instrument=instrument, smallest=smallest, window_ns=window_ns):
        for piece in cut(chunk, shape.clips, lot_step=instrument.lot_step, smallest=smallest):
            drafts.append(_draft(shape, entry.direction, piece, expires_at))
            due_after_ns.append(after_ns)
    return EntryChildren(drafts, due_after_ns, shape.clips > 1, *told)


def _chunks(
    shape: _Shape, quantity: Decimal, *, instrument: Instrument, smallest: Decimal, window_ns: int
) -> Sequence[tuple[int, Decimal]]:
    """Return when each slice is due (nanoseconds after now) and how large it is (base units)."""
    lot_step = instrument.lot_step
    if shape.shares is not None:
        pieces = cut_by_shares(quantity, shape.shares, lot_step=lot_step, smallest=smallest)
        return [(window_ns * piece.place // len(shape.shares), piece.quantity) for piece in pieces]
    sizes = cut(quantity, shape.chunks, lot_step=lot_step, smallest=smallest, distribution=shape.distribution)
    return [(window_ns * place // len(sizes), size) for place, size in enumerate(sizes)]


def _layered(
    layers: Sequence[EntryLayer], quantity: Decimal, instrument: Instrument
) -> Sequence[tuple[Decimal, Decimal]]:
    """Return price and base quantity of each layer, the first price first; together exactly the quantity.

    Shares are rounded down to the lot, and what is left over goes to the first layer, the worst price: the risk was counted
    there. So does a share that is too small for an order; and if the first would then be too small, everything.
    """
    first, rest = layers[0], quantity
    pieces: list[tuple[Decimal, Decimal]] = []
    for layer in layers[1:]:
        piece = round_down_to_step(quantity * layer.share, instrument.lot_step)
        if piece >= instrument.least_quantity(layer.limit_price):
            pieces.append((layer.limit_price, piece))
            rest -= piece
    if rest < instrument.least_quantity(first.limit_price):
        return [(first.limit_price, quantity)]
    return [(first.limit_price, rest), *pieces]


def _draft(shape: _Shape, direction: Direction, quantity: Decimal, expires_at: datetime | None) -> OrderDraft:
    return OrderDraft(
        role=OrderRole.ENTRY,
        direction=direction,
        order_type=shape.order_type,
        time_in_force=shape.time_in_force,
        quantity=quantity,
        limit_price=shape.limit_price,
        stop_price=shape.stop_price,
        expires_at=expires_at,
    )
