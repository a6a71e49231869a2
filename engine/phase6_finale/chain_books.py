"""What became of a decision in the books: groups, orders, fills, trades."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from engine.contracts.batches import BatchReport
from engine.contracts.execution import ExecutionDirective, ExecutionGroup
from engine.contracts.fees import quote_of
from engine.contracts.orders import Fill, Order, OrderRole, Trade
from engine.contracts.plans import EntryPlan
from engine.contracts.schedules import GroupPlan, GroupProgress
from engine.phase6_finale.chain_steps import ChainStep, instant, plain
from engine.phase6_finale.metrics import slippage_bps
from engine.ports.journal import JournalReader, StoredNode
from engine.primitives.timeframes import ns_from_datetime

_PRICE_STEP: Final = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class BookedOutcome:
    """What stands in the books because of a decision, each list oldest first."""

    groups: tuple[ExecutionGroup, ...] = ()
    orders: tuple[Order, ...] = ()
    fills: tuple[Fill, ...] = ()
    trades: tuple[Trade, ...] = ()
    plans: tuple[GroupPlan, ...] = ()
    """How these groups were to be carried out, of those that brought an entry."""
    later: tuple[StoredNode, ...] = ()
    """Directives of other flows that changed or closed these trades."""


def booked_for(reader: JournalReader, directives: Sequence[ExecutionDirective], flow_id: str) -> BookedOutcome:
    """Return what came of these directives: their own groups, and the trades that they were about."""
    groups = [group for directive in directives for group in reader.groups_of_directive(directive.directive_id)]
    targets = [trade_id for directive in directives for trade_id in directive.target_trade_ids]
    return _booked(reader, groups, targets, flow_id)


def booked_without_flow(reader: JournalReader, identifier: str) -> BookedOutcome:
    """Return what an id of the books leads to when no flow decided it: a person did."""
    order = reader.order(identifier)
    group = reader.group(order.group_id if order is not None else identifier)
    trade = reader.trade(order.trade_id if order is not None else identifier)
    return _booked(reader, [group] if group is not None else [], [trade.trade_id] if trade is not None else [], "")


def _booked(
    reader: JournalReader, groups: Sequence[ExecutionGroup], trade_ids: Sequence[str], flow_id: str
) -> BookedOutcome:
    orders = [order for group in groups for order in reader.orders_of_group(group.group_id)]
    named = dict.fromkeys([*trade_ids, *(order.trade_id for order in orders)])
    trades = [trade for trade_id in named if (trade := reader.trade(trade_id)) is not None]
    # A close or a moved stop stands in the group that brought the trade in.
    seen = {order.order_id: order for order in orders}
    for trade_id in trade_ids:
        seen |= {order.order_id: order for order in reader.orders_of_trade(trade_id)}
    fills = [fill for order_id in seen for fill in reader.fills_of_order(order_id)]
    later = [node for trade in trades for node in reader.directives_about(trade.trade_id) if node.flow_id != flow_id]
    plans = tuple(plan for group in groups if (plan := reader.group_plan(group.group_id)) is not None)
    return BookedOutcome(tuple(groups), tuple(seen.values()), tuple(fills), tuple(trades), plans, tuple(later))


def book_steps(booked: BookedOutcome, plan: EntryPlan | None) -> list[ChainStep]:
    """Return the books as steps.

    Args:
        booked: What stands there.
        plan: The entry plan whose reference price the entry fills are measured against.
    """
    steps = [ChainStep(10, "Group", tuple(_group_lines(group, booked)), group.group_id) for group in booked.groups]
    steps += [ChainStep(11, "Order", (_order_line(order),), order.order_id) for order in booked.orders]
    steps += [ChainStep(12, "Fill", (_fill_line(fill, plan),), fill.fill_id) for fill in booked.fills]
    steps += [
        ChainStep(13, "Trade", tuple(_trade_lines(trade, booked.later)), trade.trade_id) for trade in booked.trades
    ]
    return steps


def batch_steps(reports: Sequence[BatchReport]) -> list[ChainStep]:
    """Return what became of batches as steps: how each stands, and its parts as they were given."""
    return [ChainStep(10, "Batch report", tuple(_batch_lines(report)), report.batch_id) for report in reports]


def _batch_lines(report: BatchReport) -> list[str]:
    why = f": {report.text}" if report.text else ""
    lines = [f"{report.mode}, {report.guarantee}, {report.phase}: {report.status}{why}"]
    for number, leg in enumerate(report.legs, start=1):
        about = ", ".join((*leg.trades, *leg.groups)) or leg.symbol or ""
        said = f": {leg.text}" if leg.text else ""
        lines.append(f"part {number}, {leg.kind} {about} in {leg.group_id}: {leg.status}{said}")
    residuals = ", ".join(f"{plain(left.quantity)} {left.symbol}" for left in report.residuals)
    return [*lines, f"left over {residuals}, at a cost of {plain(report.residual_cost)}"] if residuals else lines


def _group_lines(group: ExecutionGroup, booked: BookedOutcome) -> list[str]:
    lines = [f"{group.execution_strategy}, {len(group.order_ids)} orders: {group.status}"]
    plan = next((plan for plan in booked.plans if plan.group_id == group.group_id), None)
    if plan is None:
        return lines
    progress = GroupProgress(
        plan,
        orders=[order for order in booked.orders if order.group_id == group.group_id],
        fills=[fill for fill in booked.fills if fill.group_id == group.group_id],
    )
    until = f" until {instant(ns_from_datetime(plan.ends_at))}" if plan.ends_at is not None else ""
    slices = "one slice" if len(plan.slices) == 1 else f"{len(plan.slices)} slices"
    lines.append(f"planned {plain(plan.quantity)} {plan.symbol} in {slices}{until}")
    bps, average = progress.shortfall_bps, progress.average_price
    if bps is not None and average is not None:
        executed = f"executed {plain(progress.executed)} at {plain(average.quantize(_PRICE_STEP))} on average"
        lines.append(f"{executed}, {_slippage(bps)} the arrival price {plain(plan.arrival_price)}")
    if plan.given_up:
        lines.append(f"given up {plain(plan.given_up)}: its time passed before it could be sent")
    if plan.pause is not None:
        lines.append(f"paused since {instant(ns_from_datetime(plan.pause.at))}: {plan.pause.reason}")
    return [*lines, plan.note] if plan.note else lines


def _order_line(order: Order) -> str:
    prices = {"limit": order.limit_price, "stop": order.stop_price}
    at = "".join(f", {name} {plain(price)}" for name, price in prices.items() if price is not None)
    what = f"{order.role} {order.direction} {plain(order.quantity)} {order.symbol} {order.order_type} {order.time_in_force}{at}"
    filled = f", filled {plain(order.filled_quantity)}" if order.filled_quantity else ""
    average = f" at {plain(order.average_fill_price)}" if order.average_fill_price is not None else ""
    return f"{what}: {order.status}{filled}{average}{f' ({order.reason})' if order.reason else ''}"


def _fill_line(fill: Fill, plan: EntryPlan | None) -> str:
    when = instant(ns_from_datetime(fill.filled_at))
    line = (
        f"{fill.role} {fill.direction} {plain(fill.quantity)} at {plain(fill.price)} on {when},"
        f" fee {plain(fill.fee)}{f' {fill.fee_currency}' if fill.fee_currency else ''}"
    )
    if plan is None or fill.role is not OrderRole.ENTRY:
        return line
    bps = slippage_bps(direction=fill.direction, intended=plan.reference_price, filled=fill.price)
    return f"{line}, {_slippage(bps)} the planned {plain(plan.reference_price)}"


def _slippage(bps: Decimal) -> str:
    rounded = bps.quantize(Decimal("0.1"))
    if not rounded:
        return "at"
    return f"{plain(abs(rounded))} bps {'worse' if rounded > 0 else 'better'} than"


def _trade_lines(trade: Trade, later: Sequence[StoredNode]) -> list[str]:
    quote = quote_of(trade.symbol)
    moved = f"in {plain(trade.entry_quantity)}, out {plain(trade.exit_quantity)}"
    lines = [f"{trade.direction} {trade.symbol} {trade.status}: {moved}, fees {plain(trade.fees)} {quote}"]
    if trade.realised_pnl is not None:
        lines.append(f"ended by {trade.exit_reason}, result {plain(trade.realised_pnl)} {quote} after fees")
    if trade.dust:
        lines.append(
            f"{plain(trade.dust)} stays held as dust: less than the venue trades, and counted as nothing in the result"
        )
    about = [node for node in later if trade.trade_id in getattr(node.payload, "target_trade_ids", ())]
    lines += [f"see also {node.node_id} in flow {node.flow_id}, which is about this trade" for node in about]
    return lines
