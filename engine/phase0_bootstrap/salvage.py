"""The books of an account, made from the venue's alone: for the day when the journal cannot be read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from engine.contracts.carried import CarriedBooks, CarriedExecution, CarriedOrder, CarriedVenue
from engine.contracts.execution import ExecutionGroup
from engine.contracts.fees import fee_parts
from engine.contracts.intents import ExecutionStyle
from engine.contracts.orders import Fill, Order, OrderRole, OrderStatus, Position, Trade, TradeStatus
from engine.ledger.accounting import EXACT, Holding, TradeTotals, average_price, hold, lose, moved_by
from engine.ledger.group_states import group_status, trade_status
from engine.primitives.ids import (
    EXECUTION,
    FILL,
    POSITION,
    ExecutionDirectiveId,
    FillId,
    GroupId,
    OrderId,
    PositionId,
    TradeId,
    base36,
    instant_of,
)
from engine.primitives.money import ZERO
from engine.primitives.timeframes import NS_PER_SECOND, datetime_from_ns, ns_from_datetime

_LONG_SUFFIX: Final = 8
"""Ids that are made up here are longer than those that are given out: no two can be the same."""


def books_of_venue(venue: CarriedVenue, *, journal: str) -> CarriedBooks:
    """Return the books that the venue's own amount to: what is held and works, and the cash.

    What the venue never knew is not in them: directives, slices that were not sent, pauses. What was realised before its
    oldest execution here is part of the starting cash, so that cash and positions are still worth what they were.

    Args:
        venue: All that is known there.
        journal: Name of the file that cannot be read.
    """
    executions: dict[OrderId, list[CarriedExecution]] = defaultdict(list)
    for one in venue.executions:
        executions[one.report.order_id].append(one)
    orders = [_order(one, executions[one.order.order_id]) for one in venue.orders]
    by_id = {order.order_id: order for order in orders}
    of_trade: dict[TradeId, list[Order]] = defaultdict(list)
    of_group: dict[GroupId, list[Order]] = defaultdict(list)
    for order in orders:
        of_trade[order.trade_id].append(order)
        of_group[order.group_id].append(order)
    fills = [_fill(one, by_id[one.report.order_id]) for one in venue.executions]
    positions = _positions(fills, by_id)
    cash = EXACT.add(venue.account.starting_cash or ZERO, venue.account.cash_moved)
    moved = ZERO
    for held in positions:
        moved = EXACT.add(moved, EXACT.subtract(EXACT.subtract(held.realised_pnl, held.cost_quote), held.fees_paid))
    known_ns = [ns_from_datetime(order.updated_at) for order in orders] or [0]
    seconds = [ns_from_datetime(instant_of(order.order_id)) // NS_PER_SECOND for order in orders]
    return CarriedBooks(
        predecessor="",
        journal=journal,
        as_of=datetime_from_ns(max(known_ns)),
        since=datetime_from_ns(0),
        id_second=max([*seconds, max(known_ns) // NS_PER_SECOND]),
        currency=venue.account.currency,
        starting_cash=EXACT.subtract(cash, moved),
        cash=cash,
        funding=ZERO,
        peak_equity=cash,
        positions=positions,
        trades=tuple(_trade(ours, fills) for ours in of_trade.values()),
        groups=tuple(_group(ours) for ours in of_group.values()),
        orders=tuple(orders),
        fills=tuple(fills),
        fundings=venue.fundings,
    )


def _order(one: CarriedOrder, executions: Sequence[CarriedExecution]) -> Order:
    value = sum((each.report.price * each.report.quantity for each in executions), ZERO)
    standing = one.ended or (OrderStatus.PARTIALLY_FILLED if one.filled else OrderStatus.OPEN)
    return one.order.model_copy(
        update={
            "status": standing,
            "filled_quantity": one.filled,
            "average_fill_price": average_price(value=value, quantity=one.filled) if value else None,
            "updated_at": one.at,
            "reason": one.reason,
        }
    )


def _fill(one: CarriedExecution, order: Order) -> Fill:
    report = one.report
    return Fill(
        fill_id=FillId(_made_up(FILL.prefix, order.order_id, one.number)),
        order_id=order.order_id,
        group_id=order.group_id,
        trade_id=order.trade_id,
        symbol=order.symbol,
        direction=order.direction,
        role=order.role,
        price=report.price,
        quantity=report.quantity,
        fee=report.fee,
        liquidity=report.liquidity,
        filled_at=report.at,
        venue_trade_id=report.venue_trade_id,
        fee_currency=report.fee_currency,
    )


def _positions(fills: Sequence[Fill], orders: Mapping[OrderId, Order]) -> tuple[Position, ...]:
    positions: dict[tuple[str, str], Position] = {}
    for fill in fills:
        key = (orders[fill.order_id].strategy_id, fill.symbol)
        before = positions.get(key)
        held = Holding() if before is None else Holding(before.quantity, before.cost_quote)
        after, realised = hold(held, direction=fill.direction, price=fill.price, quantity=fill.quantity)
        fee = fee_parts(fill.fee, fill.fee_currency, fill.symbol)
        if fee.base:
            after, lost = lose(after, fee.base)
            realised = EXACT.add(realised, lost)
        made_up = PositionId(_made_up(POSITION.prefix, fill.order_id, len(positions)))
        positions[key] = Position(
            position_id=made_up if before is None else before.position_id,
            strategy_id=key[0],
            symbol=fill.symbol,
            quantity=after.quantity,
            cost_quote=after.cost,
            realised_pnl=realised if before is None else EXACT.add(before.realised_pnl, realised),
            fees_paid=fee.quote if before is None else EXACT.add(before.fees_paid, fee.quote),
            mark_price=fill.price,
            updated_at=fill.filled_at,
        )
    return tuple(positions.values())


def _trade(orders: Sequence[Order], fills: Sequence[Fill]) -> Trade:
    first = orders[0]
    totals = TradeTotals(ZERO, ZERO, ZERO, ZERO, ZERO)
    for fill in fills:
        if fill.trade_id == first.trade_id:
            fee = fee_parts(fill.fee, fill.fee_currency, fill.symbol)
            moved = moved_by(fill.direction, fill.quantity, fee_base=fee.base)
            totals = totals.with_fill(
                role=fill.role, price=fill.price, quantity=fill.quantity, fee=fee.quote, moved=moved
            )
    trade = Trade(
        trade_id=first.trade_id,
        strategy_id=first.strategy_id,
        symbol=first.symbol,
        direction=first.direction if first.role is OrderRole.ENTRY else first.direction.opposite,
        status=TradeStatus.PENDING,
        opened_at=first.created_at,
        entry_quantity=totals.entry_quantity,
        exit_quantity=totals.exit_quantity,
        entry_value=totals.entry_value,
        exit_value=totals.exit_value,
        fees=totals.fees,
        stop_loss_price=_level(orders, OrderRole.STOP_LOSS),
        take_profit_price=_level(orders, OrderRole.TAKE_PROFIT),
    )
    status = trade_status(trade, [order for order in orders if order.role is OrderRole.ENTRY], is_complete=True)
    is_done = status in (TradeStatus.CLOSED, TradeStatus.ABANDONED)
    return trade.model_copy(update={"status": status, "closed_at": orders[-1].updated_at if is_done else None})


def _level(orders: Sequence[Order], role: OrderRole) -> Decimal | None:
    working = [order for order in orders if order.role is role and not order.is_terminal]
    return (working[-1].stop_price or working[-1].limit_price) if working else None


def _group(orders: Sequence[Order]) -> ExecutionGroup:
    first = orders[0]
    status = group_status(orders, is_complete=True, is_cancel_asked=False)
    return ExecutionGroup(
        group_id=first.group_id,
        # The directive is lost; its place is taken by an id that leads nowhere.
        parent_directive_id=ExecutionDirectiveId(_made_up(EXECUTION.prefix, first.group_id, 0)),
        strategy_id=first.strategy_id,
        execution_strategy=ExecutionStyle.SINGLE_ORDER,
        order_ids=tuple(order.order_id for order in orders),
        status=status,
        created_at=first.created_at,
        completed_at=orders[-1].updated_at if status.is_terminal else None,
    )


def _made_up(prefix: str, like: str, number: int) -> str:
    return f"{prefix}{like[3:20]}{base36(number, _LONG_SUFFIX)}"
