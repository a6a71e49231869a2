"""Urgency and visibility as order type, time in force, slices and iceberg (decisions 5.2)."""

from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from engine.config.policies import CexPolicy
from engine.contracts.directives import DirectiveScope
from engine.contracts.execution import ExecutionDirective
from engine.contracts.intents import ChunkDistribution, ExecutionAction, ExecutionIntent, ExecutionStyle
from engine.contracts.market import Instrument
from engine.contracts.orders import TimeInForce
from engine.contracts.plans import EntryLayer, EntryPlan, OrderType, SizePlan
from engine.phase4_planning.translation.limits import slippage_bound
from engine.phase4_planning.translation.schedules import (
    RecentVolume,
    on_line,
    random_shares,
    shortfall_shares,
    volume_shares,
)
from engine.primitives.ids import GroupId
from engine.primitives.money import ONE
from engine.primitives.money import round_up_to_step as round_up

_RATIO_STEP = Decimal("0.0001")


class Scheduling(NamedTuple):
    """What a schedule is made with beside the directive: the id of its group, its first instant, and known volumes."""

    group_id: GroupId
    starts_at: datetime
    recent_volume: RecentVolume


class OrderTerms(NamedTuple):
    """An intent in the words of an order book. Prices are quote per base; `window_minutes` ends the orders."""

    order_type: OrderType | None = None
    time_in_force: TimeInForce | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    layers: tuple[EntryLayer, ...] | None = None
    price_bound: Decimal | None = None
    chunk_count: int = 1
    chunk_distribution: ChunkDistribution = ChunkDistribution.UNIFORM
    chunk_shares: tuple[Decimal, ...] | None = None
    schedule: ExecutionStyle = ExecutionStyle.TWAP
    """How it is sliced, if it is."""
    schedule_note: str | None = None
    iceberg_visible_ratio: Decimal | None = None
    window_minutes: int | None = None

    @property
    def style(self) -> ExecutionStyle:
        """What the group is called: slicing over time outranks hiding the size."""
        if self.layers is not None:
            return ExecutionStyle.LAYERED
        if self.chunk_count > 1:
            return self.schedule
        return ExecutionStyle.SINGLE_ORDER if self.iceberg_visible_ratio is None else ExecutionStyle.ICEBERG


def terms_of(
    directive: ExecutionDirective, *, policy: CexPolicy, instrument: Instrument | None, scheduling: Scheduling
) -> OrderTerms:
    """Return what a directive means on an order book.

    `instrument` is None for a directive without an entry plan. An action other than EXECUTE_TRADE has no order type;
    a change of size without an entry plan (a reduction) has no price to wait for, and is MARKET.
    """
    intent, entry = directive.execution_intent, directive.entry_plan
    if intent.action is not ExecutionAction.EXECUTE_TRADE:
        return OrderTerms(window_minutes=intent.max_execution_window_minutes)
    if entry is None or instrument is None:
        return OrderTerms(OrderType.MARKET, _haste(intent))
    bound = slippage_bound(
        price=entry.expected_price,
        direction=entry.direction,
        max_slippage_pct=intent.max_slippage_pct,
        tick_size=instrument.tick_size,
    )
    if _is_urgent(intent, policy):
        return OrderTerms(OrderType.MARKET, _haste(intent), price_bound=bound)
    is_market = entry.order_type is OrderType.MARKET
    resting = OrderTerms(
        order_type=OrderType.LIMIT if is_market else entry.order_type,
        time_in_force=TimeInForce.GTC,
        limit_price=bound if is_market else entry.limit_price,
        stop_price=entry.stop_price,
        layers=entry.layers,
        price_bound=bound,
        window_minutes=intent.max_execution_window_minutes,
    )
    if resting.limit_price is None:
        # A sell that may slip by 100 % has no bound to rest at: it takes what there is.
        return OrderTerms(OrderType.MARKET, TimeInForce.IOC)
    is_new = directive.scope is DirectiveScope.NEW_TRADE
    # Layers are a spread of their own: they rest whole and in the open.
    if not is_new or directive.size_plan is None or entry.order_type is OrderType.STOP_LIMIT or entry.layers:
        return resting
    spread = _spread(resting, directive.size_plan, intent=intent, entry=entry, policy=policy, instrument=instrument)
    return _scheduled(spread, intent, symbol=entry.symbol, policy=policy, scheduling=scheduling)


def _is_urgent(intent: ExecutionIntent, policy: CexPolicy) -> bool:
    return intent.must_complete_immediately or intent.execution_urgency > policy.market_above_urgency


def _haste(intent: ExecutionIntent) -> TimeInForce:
    return TimeInForce.FOK if intent.min_fill_ratio == ONE else TimeInForce.IOC


def _spread(
    resting: OrderTerms,
    size: SizePlan,
    *,
    intent: ExecutionIntent,
    entry: EntryPlan,
    policy: CexPolicy,
    instrument: Instrument,
) -> OrderTerms:
    """Slice over time and hide the size, as far as every child still is an order that the venue takes."""
    smallest = instrument.least_quantity(entry.expected_price)
    chunks = _chunk_count(size, intent=intent, policy=policy, most=int(size.position_size // smallest))
    window = resting.window_minutes
    if chunks > 1 and window is None:
        window = chunks * policy.minutes_per_slice
    return OrderTerms(
        order_type=resting.order_type,
        time_in_force=resting.time_in_force,
        limit_price=resting.limit_price,
        price_bound=resting.price_bound,
        chunk_count=chunks,
        chunk_distribution=intent.chunk_distribution or ChunkDistribution.UNIFORM,
        iceberg_visible_ratio=_visible_ratio(size, intent=intent, policy=policy, smallest=smallest),
        window_minutes=window,
    )


def _is_front_loaded(intent: ExecutionIntent, policy: CexPolicy) -> bool:
    """Tell whether the size is to come in quickly at first: the intent asks for it, or its urgency does."""
    above = policy.front_load_above_urgency
    is_hasty = above is not None and intent.execution_urgency >= above
    return is_hasty or intent.preferred_execution_style is ExecutionStyle.IMPLEMENTATION_SHORTFALL


def _scheduled(
    terms: OrderTerms, intent: ExecutionIntent, *, symbol: str, policy: CexPolicy, scheduling: Scheduling
) -> OrderTerms:
    """Say how large the slices are, where that is not by the distribution alone."""
    parts, window = terms.chunk_count, terms.window_minutes
    if parts == 1 or window is None:
        return terms
    if intent.preferred_execution_style is ExecutionStyle.VWAP:
        return _by_volume(terms, symbol=symbol, window_minutes=window, scheduling=scheduling)
    if _is_front_loaded(intent, policy):
        shares = shortfall_shares(parts, on_line(intent.execution_urgency, policy.lifetimes_by_urgency))
        return terms._replace(chunk_shares=shares, schedule=ExecutionStyle.IMPLEMENTATION_SHORTFALL)
    if terms.chunk_distribution is ChunkDistribution.RANDOM:
        return terms._replace(chunk_shares=random_shares(scheduling.group_id, parts))
    return terms


def _by_volume(terms: OrderTerms, *, symbol: str, window_minutes: int, scheduling: Scheduling) -> OrderTerms:
    history = scheduling.recent_volume(symbol)
    shares = None
    if history is not None:
        shares = volume_shares(
            history, starts_at=scheduling.starts_at, window_minutes=window_minutes, parts=terms.chunk_count
        )
    if shares is None:
        why = "the bars that are known do not show the volume of every minute of its window"
        return terms._replace(schedule_note=f"TWAP instead of VWAP: {why}")
    return terms._replace(chunk_shares=shares, schedule=ExecutionStyle.VWAP)


def _is_over(size: SizePlan, *, above_size: Decimal | None, above_value: Decimal | None) -> bool:
    """Tell whether a size is over a threshold; a threshold in quote value overrides the one in base units."""
    if above_value is not None:
        return size.position_value > above_value
    return above_size is not None and size.position_size > above_size


def _chunk_count(size: SizePlan, *, intent: ExecutionIntent, policy: CexPolicy, most: int) -> int:
    """Return into how many slices an order is cut: the hint, or else one per threshold size, as the window allows."""
    over = _is_over(size, above_size=policy.twap_above_size, above_value=policy.twap_above_value)
    is_patient = intent.execution_urgency < policy.slice_below_urgency or _is_front_loaded(intent, policy)
    if not is_patient or not over:
        return 1
    wanted = intent.chunk_count_hint
    if wanted is None:
        wanted = max(2, _multiples(size, policy))
        if intent.max_execution_window_minutes is not None:
            wanted = min(wanted, max(1, intent.max_execution_window_minutes // policy.minutes_per_slice))
    return max(1, min(wanted, policy.max_slices, most))


def _multiples(size: SizePlan, policy: CexPolicy) -> int:
    if policy.twap_above_value:
        times = size.position_value / policy.twap_above_value
    elif policy.twap_above_size:
        times = size.position_size / policy.twap_above_size
    else:
        return policy.max_slices
    return int(times.to_integral_value(rounding=ROUND_CEILING))


def _visible_ratio(size: SizePlan, *, intent: ExecutionIntent, policy: CexPolicy, smallest: Decimal) -> Decimal | None:
    """Return the share of the order that is shown, at least one order that the venue takes; None without iceberg."""
    over = _is_over(size, above_size=policy.iceberg_above_size, above_value=policy.iceberg_above_value)
    if intent.visibility_preference >= policy.iceberg_below_visibility or not over:
        return None
    least = round_up(smallest / size.position_size, _RATIO_STEP)
    return min(max(policy.iceberg_visible_ratio, least), ONE)
