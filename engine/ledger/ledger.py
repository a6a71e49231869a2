"""The books of one account, for the one writer that may change them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from engine.contracts.base import trusted
from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.fees import fee_parts
from engine.contracts.orders import (
    TERMINAL_ORDER_STATUSES,
    Fill,
    Order,
    OrderRole,
    OrderStatus,
    Position,
    TimeInForce,
    Trade,
    TradeStatus,
)
from engine.contracts.plans import OrderType
from engine.contracts.venue import (
    CancelRefused,
    FundingPaid,
    OrderAccepted,
    OrderCancelled,
    OrderExecuted,
    OrderExpired,
    OrderForced,
    OrderInDoubt,
    OrderRefused,
    VenueReport,
    VenueRequest,
)
from engine.ledger.account import Account
from engine.ledger.accounting import EXACT, Holding, TradeTotals, average_price, cash_flow, hold, lose, moved_by
from engine.ledger.books import AccountBooks, keep
from engine.ledger.group_states import deciding_orders, group_status, trade_status
from engine.ledger.order_states import our_refusal, status_after_fill, venue_refusal
from engine.ports.clock import Clock
from engine.ports.ledger import LedgerChange, Worth
from engine.primitives.errors import LedgerMismatch
from engine.primitives.ids import FILL, POSITION, GroupId, IdSource, OrderId, TradeId
from engine.primitives.money import ZERO

_FILL = trusted(Fill)
_POSITION = trusted(Position)
_OPEN_TRADE = (TradeStatus.PENDING, TradeStatus.OPEN)


class AccountLedger(AccountBooks):
    """Implements `engine.ports.ledger.StrategyLedger` in memory; what happened is handed to `on_change`.

    Money is counted from executions alone: one is booked once, always, also late and also on an order that was thought
    dead. Everything is exact; what would need rounding raises `decimal.Inexact`.

    Args:
        currency: The quote currency of the account.
        starting_cash: What is there at the start.
        clock: The engine's clock; it dates our own decisions, while reports carry their own time.
        ids: The engine's id source, for fills and positions.
        on_change: Takes every change, also a refused one, before the call that made it returns.
        last_price: Gives the last price of a symbol, quote per base: the mark of what is not held. Without it that is the
            last mark that `mark` was given.
    """

    def __init__(
        self,
        *,
        currency: str,
        starting_cash: Decimal,
        clock: Clock,
        ids: IdSource,
        on_change: Callable[[LedgerChange], None],
        last_price: Callable[[str], Decimal | None] = lambda _symbol: None,
    ) -> None:
        super().__init__(Account(currency=currency, starting_cash=starting_cash, at=clock.now(), last_price=last_price))
        self._clock = clock
        self._ids = ids
        self._on_change = on_change
        self._executions: set[tuple[str, str]] = set()
        self._fundings: set[tuple[str, str]] = set()
        self._filled_value: dict[OrderId, Decimal] = {}
        self._last_exit: dict[TradeId, OrderRole] = {}
        self._dusty: set[TradeId] = set()
        """Trades whose rest is too small to be traded; the next fill makes it worth another look."""
        self._unsent: set[OrderId] = set()
        self._cancel_asked: set[GroupId] = set()
        self._settled: dict[GroupId, ExecutionGroupStatus] = {}

    def open_trade(self, trade: Trade) -> LedgerChange:
        """Open the books of a new trade, PENDING.

        Raises:
            LedgerMismatch: the id is taken, or the trade is not a new one.
        """
        if trade.trade_id in self._trades:
            raise LedgerMismatch("A trade with this id is in the books already", trade_id=trade.trade_id)
        if trade.status is not TradeStatus.PENDING or trade.entry_quantity or trade.exit_quantity:
            raise LedgerMismatch("A new trade is PENDING and has no fills", trade_id=trade.trade_id)
        self._trades[trade.trade_id] = trade
        self._open_trades[trade.trade_id] = None
        self._entries[trade.trade_id] = []
        return self._tell(LedgerChange(at=self._clock.now(), strategy_id=trade.strategy_id, trade=trade))

    def register_execution_group(self, group: ExecutionGroup) -> LedgerChange:
        """Record a group before any of its orders.

        Raises:
            LedgerMismatch: the id is taken.
        """
        if group.group_id in self._groups:
            raise LedgerMismatch("A group with this id is in the books already", group_id=group.group_id)
        self._groups[group.group_id] = group
        self._open_groups[group.group_id] = None
        self._in_group[group.group_id] = []
        return self._tell(LedgerChange(at=self._clock.now(), strategy_id=group.strategy_id, group=group))

    def register_order(self, order: Order) -> LedgerChange:
        """Record an order as NEW, before it is sent, and put it into its group.

        Raises:
            LedgerMismatch: the id is taken, its group or trade is unknown, it is not NEW, or it is an entry into a group
                that is being cancelled.
        """
        if order.order_id in self._orders:
            raise LedgerMismatch("An order with this id is in the books already", order_id=order.order_id)
        if order.status is not OrderStatus.NEW or order.filled_quantity:
            raise LedgerMismatch("An order is registered as NEW, before it is sent", order_id=order.order_id)
        group, trade = self.get_group(order.group_id), self.get_trade(order.trade_id)
        if order.role is OrderRole.ENTRY and group.group_id in self._cancel_asked:
            raise LedgerMismatch(
                "A group that is being cancelled takes no new entries", order_id=order.order_id, group_id=group.group_id
            )
        self._unsent.add(order.order_id)
        if order.role is OrderRole.ENTRY:
            self._entries[trade.trade_id].append(order.order_id)
            self._groups_with_entries.add(group.group_id)
        return self._tell(self._enter(order, self._clock.now()))

    def _enter(self, order: Order, at: datetime) -> LedgerChange:
        group = self.get_group(order.group_id)
        is_announced = order.order_id in group.order_ids
        if not is_announced:
            self._groups[group.group_id] = group.with_order_ids((*group.order_ids, order.order_id))
        self._orders[order.order_id] = order
        self._keep_working(order, is_over=order.status in TERMINAL_ORDER_STATUSES)
        self._in_group[group.group_id].append(order.order_id)
        return self._consequences(order, at, group_before=group, is_announced=is_announced)

    def move_order(self, order_id: OrderId, status: OrderStatus, *, reason: str = "") -> LedgerChange:
        """Move an order to a state that we decide: SUBMITTED, CANCEL_PENDING, UNKNOWN, or one that drops it unsent.

        An illegal move is not made; the change then says why in `refused`.
        """
        order, at = self.get_order(order_id), self._clock.now()
        refused = our_refusal(order, status, is_unsent=order_id in self._unsent)
        if refused:
            return self._refuse(order.strategy_id, at, refused)
        if status in (OrderStatus.SUBMITTED, OrderStatus.UNKNOWN):
            self._unsent.discard(order_id)
        return self._tell(self._consequences(self._moved(order, status, at, reason), at))

    def book(self, report: VenueReport) -> LedgerChange:
        """Book what a venue reports. An execution is booked once, always, also late; a duplicate is refused.

        A funding payment goes to the cash of the account, once; its change names the strategy when one alone holds the
        market. An order that the venue made is taken into the group that brought its trade in. An order in doubt becomes UNKNOWN; a refused cancel leaves an order as it is, and `refused` says why.

        Raises:
            LedgerMismatch: there is no such order.
            decimal.Inexact: an amount has more digits than can be kept.
        """
        if isinstance(report, FundingPaid):
            return self._fund(report)
        if isinstance(report, OrderForced) and report.order_id not in self._orders:
            return self._take_forced(report)
        order = self.get_order(report.order_id)
        match report:
            case OrderExecuted():
                return self._execute(order, report)
            case OrderAccepted():
                status = OrderStatus.PARTIALLY_FILLED if order.filled_quantity else OrderStatus.OPEN
                return self._hear(order, OrderStatus.OPEN, report.at, becomes=status)
            case OrderRefused():
                return self._hear(order, OrderStatus.REJECTED, report.at, reason=report.reason)
            case OrderCancelled():
                return self._hear(order, OrderStatus.CANCELLED, report.at, reason=report.reason)
            case OrderExpired():
                return self._hear(order, OrderStatus.EXPIRED, report.at, reason=report.reason)
            case CancelRefused():
                why = f"the cancel of {order.order_id} was refused ({report.why}): {report.reason}"
                return self._refuse(order.strategy_id, report.at, why)
            case OrderInDoubt():
                return self._doubt(order, report)
            case OrderForced():
                return self._refuse(order.strategy_id, report.at, f"{order.order_id} is in the books already")
            case _:
                assert_never(report)

    def has_booked(self, report: OrderExecuted | FundingPaid) -> bool:
        """Tell whether an execution or a funding payment is in the books: unique by symbol and the venue's own id."""
        if isinstance(report, FundingPaid):
            return (report.symbol, report.funding_id) in self._fundings
        return (self.get_order(report.order_id).symbol, report.venue_trade_id) in self._executions

    def move_group(self, group_id: GroupId, status: ExecutionGroupStatus) -> LedgerChange:
        """Move a group to CANCELLING, CANCELLED, FAILED or COMPLETED; an illegal move is refused like in `move_order`."""
        group, at = self.get_group(group_id), self._clock.now()
        refused = self._group_refusal(group, status)
        if refused:
            return self._refuse(group.strategy_id, at, refused)
        if status is ExecutionGroupStatus.CANCELLING:
            self._cancel_asked.add(group_id)
        else:
            self._settled[group_id] = status
        self._refresh_group(group_id)
        return self._tell(LedgerChange(at=at, strategy_id=group.strategy_id, group=self._groups[group_id]))

    def move_stop(
        self, trade_id: TradeId, *, stop_loss_price: Decimal | None = None, take_profit_price: Decimal | None = None
    ) -> LedgerChange:
        """Record where a trade's stop and target stand now; None leaves one as it is."""
        trade = self.get_trade(trade_id)
        levels = {"stop_loss_price": stop_loss_price, "take_profit_price": take_profit_price}
        moved = trade.model_copy(update={name: price for name, price in levels.items() if price is not None})
        self._trades[trade_id] = moved
        return self._tell(LedgerChange(at=self._clock.now(), strategy_id=trade.strategy_id, trade=moved))

    def leave_dust(self, trade_id: TradeId) -> LedgerChange:
        """Count a trade as closed though something stays held, because it is less than the venue trades.

        A later fill of it opens it again, with all that it holds then. Refused while an order of it works, and if it
        holds nothing.
        """
        trade, at = self.get_trade(trade_id), self._clock.now()
        if trade.open_quantity <= ZERO or self.get_open_orders(trade_id=trade_id):
            return self._refuse(
                trade.strategy_id, at, f"{trade_id} has no dust to leave: it is flat, or orders of it work"
            )
        self._dusty.add(trade_id)
        self._refresh_trade(trade, at)
        return self._tell(LedgerChange(at=at, strategy_id=trade.strategy_id, trade=self._trades[trade_id]))

    @property
    def is_idle(self) -> bool:
        """Whether nothing is held and no order and no trade is open."""
        return not (self._open_orders or self._open_positions or self._open_trades)

    def net(self, symbol: str) -> Decimal:
        """Return what is held of a symbol, all strategies together: base units, positive long."""
        net = ZERO
        # From the positions as they stand, without their marks: a close asks at every step.
        for key in self._open_positions:
            if key[1] == symbol:
                net = EXACT.add(net, self._positions[key].quantity)
        return net

    def holds(self, symbol: str) -> bool:
        """Tell whether anything is held of a symbol, so that a mark changes what the account is worth."""
        return self._account.holds(symbol)

    def mark(self, symbol: str, price: Decimal, at_ns: int) -> Worth | None:
        """Value positions of a symbol at a price (quote per base) from an instant on; return what it changed, if anything."""
        return self._account.mark(symbol, price, at_ns)

    def mark_along(self, symbol: str, prices: Sequence[Decimal], closed_ns: Sequence[int]) -> Sequence[Worth]:
        """Mark what is held of a symbol at one price after the other; return when it was worth something else, and what."""
        return self._account.mark_along(symbol, prices, closed_ns)

    def cancel_execution_group(self, group_id: GroupId) -> bool:
        """Mark a group and its working orders as to be cancelled; False when nothing works in it any more.

        It sends nothing: the execution handler carries it out. Stop and target of a trade that still holds something are
        left working: cancelling an entry must not leave a position naked. Closing the trade cancels them.
        """
        group = self.get_group(group_id)
        working = [order for order in self._orders_in(group_id) if not order.is_terminal and not self._protects(order)]
        if not working and group.status.is_terminal:
            return False
        if not group.status.is_terminal and group.status is not ExecutionGroupStatus.CANCELLING:
            self.move_group(group_id, ExecutionGroupStatus.CANCELLING)
        for order in working:
            self.cancel_order(order.order_id)
        return True

    def cancel_order(self, order_id: OrderId) -> bool:
        """Mark one order as to be cancelled; False when it is terminal. It sends nothing."""
        order = self.get_order(order_id)
        if order.is_terminal:
            return False
        if order.status is not OrderStatus.CANCEL_PENDING:
            self.move_order(order_id, OrderStatus.CANCEL_PENDING)
        return True

    def _fund(self, report: FundingPaid) -> LedgerChange:
        holders = [position.strategy_id for position in self.get_open_positions() if position.symbol == report.symbol]
        strategy_id = holders[0] if len(holders) == 1 else ""
        payment = (report.symbol, report.funding_id)
        if payment in self._fundings:
            why = f"funding payment {report.funding_id} of {report.symbol} is booked already"
            return self._refuse(strategy_id, report.at, why)
        self._account.fund(report.amount, report.at)
        self._fundings.add(payment)
        return self._tell(LedgerChange(at=report.at, strategy_id=strategy_id, funding=report))

    def _take_forced(self, report: OrderForced) -> LedgerChange:
        trade = self.get_trade(report.trade_id)
        if not self._entries[trade.trade_id]:
            why = f"{report.order_id} is of {trade.trade_id}, which was done before this session"
            return self._refuse(trade.strategy_id, report.at, why)
        home = self._orders[self._entries[trade.trade_id][0]].group_id
        order = Order(
            order_id=report.order_id,
            group_id=home,
            trade_id=trade.trade_id,
            strategy_id=trade.strategy_id,
            symbol=report.symbol,
            direction=report.direction,
            role=OrderRole.LIQUIDATION,
            order_type=OrderType.MARKET,
            time_in_force=TimeInForce.GTC,
            quantity=report.quantity,
            reduce_only=True,
            status=OrderStatus.OPEN,
            created_at=report.at,
            updated_at=report.at,
            reason=report.reason,
        )
        return self._tell(self._enter(order, report.at))

    def _doubt(self, order: Order, report: OrderInDoubt) -> LedgerChange:
        is_heard_of = order.status not in (OrderStatus.NEW, OrderStatus.SUBMITTED, OrderStatus.CANCEL_PENDING)
        if report.request is VenueRequest.PLACE and is_heard_of:
            why = f"{order.order_id} is {order.status}: it is known to have arrived"
            return self._refuse(order.strategy_id, report.at, why)
        refused = our_refusal(order, OrderStatus.UNKNOWN, is_unsent=False)
        if refused:
            return self._refuse(order.strategy_id, report.at, refused)
        self._unsent.discard(order.order_id)
        moved = self._moved(order, OrderStatus.UNKNOWN, report.at, report.reason)
        return self._tell(self._consequences(moved, report.at))

    def _execute(self, order: Order, report: OrderExecuted) -> LedgerChange:
        execution = (order.symbol, report.venue_trade_id)
        if execution in self._executions:
            return self._refuse(
                order.strategy_id, report.at, f"execution {report.venue_trade_id} of {order.order_id} is booked already"
            )
        # Everything that can fail comes first: an execution is booked whole or not at all.
        fee, moved = report.fee, report.quantity
        parts = fee_parts(fee, report.fee_currency, order.symbol) if report.fee_currency else None
        holding, realised = self._held_after(order, report)
        if parts is not None:
            fee = parts.quote
            if parts.base:
                moved = moved_by(order.direction, moved, fee_base=parts.base)
                holding, lost = lose(holding, parts.base)
                realised = EXACT.add(realised, lost)
        flow = cash_flow(direction=order.direction, price=report.price, quantity=report.quantity)
        totals = self._totals_after(order, report, fee=fee, moved=moved)
        fill = self._fill(order, report)
        self._executions.add(execution)
        self._unsent.discard(order.order_id)
        if parts is not None and (parts.base or parts.other):
            self._account.charge(report.fee_currency, report.fee, is_held=bool(parts.base))
        self._account.book(
            symbol=order.symbol,
            signed_quantity=EXACT.multiply(moved, Decimal(order.direction.sign)),
            flow=flow,
            fee=fee,
            realised=realised,
            price=report.price,
            at=report.at,
        )
        position = self._keep_position(order, report, holding, realised, fee)
        self._keep_totals(order, totals)
        change = self._consequences(self._filled(order, report), report.at, fill=fill, position=position)
        return self._tell(change)

    def _held_after(self, order: Order, report: OrderExecuted) -> tuple[Holding, Decimal]:
        position = self._positions.get((order.strategy_id, order.symbol))
        before = Holding() if position is None else Holding(position.quantity, position.cost_quote)
        return hold(before, direction=order.direction, price=report.price, quantity=report.quantity)

    def _totals_after(self, order: Order, report: OrderExecuted, *, fee: Decimal, moved: Decimal) -> TradeTotals:
        trade = self._trades[order.trade_id]
        totals = TradeTotals(trade.entry_quantity, trade.exit_quantity, trade.entry_value, trade.exit_value, trade.fees)
        return totals.with_fill(role=order.role, price=report.price, quantity=report.quantity, fee=fee, moved=moved)

    def _fill(self, order: Order, report: OrderExecuted) -> Fill:
        return _FILL(
            fill_id=self._ids.next(FILL),
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

    def _keep_position(
        self, order: Order, report: OrderExecuted, holding: Holding, realised: Decimal, fee: Decimal
    ) -> Position:
        key = (order.strategy_id, order.symbol)
        before = self._positions.get(key)
        position = _POSITION(
            position_id=self._ids.next(POSITION) if before is None else before.position_id,
            strategy_id=order.strategy_id,
            symbol=order.symbol,
            quantity=holding.quantity,
            cost_quote=holding.cost,
            realised_pnl=realised if before is None else EXACT.add(before.realised_pnl, realised),
            fees_paid=fee if before is None else EXACT.add(before.fees_paid, fee),
            mark_price=self._account.mark_of(order.symbol),
            updated_at=report.at,
        )
        self._positions[key] = position
        keep(self._open_positions, key, is_open=bool(holding.quantity))
        return position

    def _keep_totals(self, order: Order, totals: TradeTotals) -> None:
        self._trades[order.trade_id] = self._trades[order.trade_id].model_copy(
            update={
                "entry_quantity": totals.entry_quantity,
                "exit_quantity": totals.exit_quantity,
                "entry_value": totals.entry_value,
                "exit_value": totals.exit_value,
                "fees": totals.fees,
            }
        )
        self._dusty.discard(order.trade_id)
        if order.role is not OrderRole.ENTRY:
            self._last_exit[order.trade_id] = order.role

    def _filled(self, order: Order, report: OrderExecuted) -> Order:
        filled = EXACT.add(order.filled_quantity, report.quantity)
        value = EXACT.fma(report.price, report.quantity, self._filled_value.get(order.order_id, ZERO))
        self._filled_value[order.order_id] = value
        over = EXACT.subtract(filled, order.quantity)
        return self._replaced(
            order,
            {
                "status": status_after_fill(order, filled),
                "filled_quantity": filled,
                "average_fill_price": average_price(value=value, quantity=filled),
                "updated_at": report.at,
                "reason": f"filled {over} more than was ordered" if over > 0 else order.reason,
            },
        )

    def _hear(
        self, order: Order, word: OrderStatus, at: datetime, *, reason: str = "", becomes: OrderStatus | None = None
    ) -> LedgerChange:
        refused = venue_refusal(order, word)
        if refused:
            return self._refuse(order.strategy_id, at, refused)
        self._unsent.discard(order.order_id)
        return self._tell(self._consequences(self._moved(order, becomes or word, at, reason), at))

    def _moved(self, order: Order, status: OrderStatus, at: datetime, reason: str) -> Order:
        return self._replaced(order, {"status": status, "updated_at": at, "reason": reason or order.reason})

    def _replaced(self, order: Order, update: dict[str, object]) -> Order:
        after = order.model_copy(update=update)
        self._orders[order.order_id] = after
        is_over = after.status in TERMINAL_ORDER_STATUSES
        if is_over is not (order.status in TERMINAL_ORDER_STATUSES):
            self._keep_working(after, is_over=is_over)
        return after

    def _consequences(
        self,
        order: Order,
        at: datetime,
        *,
        fill: Fill | None = None,
        position: Position | None = None,
        group_before: ExecutionGroup | None = None,
        is_announced: bool = False,
    ) -> LedgerChange:
        """Return what an order that moved, filled or is new changed, with what follows for its group and its trade.

        Stops and targets of a group with entries decide nothing about it, and but for fills nothing about their trade;
        unless the group was waiting for the order (`is_announced`). What follows for a trade hangs on whether its
        entries work, not on how.
        """
        group_id, trade_id = order.group_id, order.trade_id
        group_after = self._groups[group_id]
        group = group_before or group_after
        is_entry = order.role is OrderRole.ENTRY
        if is_entry or is_announced or group_id not in self._groups_with_entries:
            self._refresh_group(group_id)
            group_after = self._groups[group_id]
        is_trade_changed = fill is not None
        if not (is_trade_changed or is_announced) and is_entry:
            begins_or_ends = order.status is OrderStatus.NEW or order.status in TERMINAL_ORDER_STATUSES
            is_trade_changed = begins_or_ends and self._refresh_trade(self._trades[trade_id], at)
        elif is_trade_changed or is_announced:
            is_trade_changed = self._refresh_trade(self._trades[trade_id], at) or is_trade_changed
        return LedgerChange(
            at,
            order.strategy_id,
            order,
            fill,
            position,
            self._trades[trade_id] if is_trade_changed else None,
            group_after if group_after is not group else None,
        )

    def _refresh_group(self, group_id: GroupId) -> None:
        group = self._groups[group_id]
        ordered = self._in_group[group_id]
        status = self._settled.get(group_id) or group_status(
            [self._orders[order_id] for order_id in ordered],
            is_complete=len(ordered) >= len(group.order_ids),
            is_cancel_asked=group_id in self._cancel_asked,
        )
        if status is not group.status:
            completed_at = self._clock.now() if status.is_terminal else None
            self._groups[group_id] = group.model_copy(update={"status": status, "completed_at": completed_at})
            keep(self._open_groups, group_id, is_open=not status.is_terminal)

    def _refresh_trade(self, trade: Trade, at: datetime) -> bool:
        entries = [self._orders[order_id] for order_id in self._entries[trade.trade_id]]
        is_complete = True
        for group_id in {order.group_id for order in entries}:
            is_complete = is_complete and self._is_complete(self._groups[group_id])
        is_left = trade.trade_id in self._dusty
        status = trade_status(trade, entries, is_complete=is_complete, is_left=is_left)
        if status is trade.status:
            return False
        is_open = status in _OPEN_TRADE
        role = self._last_exit.get(trade.trade_id)
        self._trades[trade.trade_id] = trade.model_copy(
            update={
                "status": status,
                "closed_at": None if is_open else at,
                "exit_reason": role.value if role is not None and status is TradeStatus.CLOSED else "",
            }
        )
        keep(self._open_trades, trade.trade_id, is_open=is_open)
        return True

    def _group_refusal(self, group: ExecutionGroup, status: ExecutionGroupStatus) -> str:
        if group.status.is_terminal or group.status is status:
            return f"{group.group_id} is {group.status} and cannot be moved to {status}"
        if status is ExecutionGroupStatus.CANCELLING:
            return ""
        if not status.is_terminal:
            return f"{group.group_id} cannot be moved to {status}: that follows from its orders"
        working = [
            order.order_id for order in deciding_orders(self._orders_in(group.group_id)) if not order.is_terminal
        ]
        return f"{group.group_id} cannot be {status}: {', '.join(working)} still works" if working else ""

    def _refuse(self, strategy_id: str, at: datetime, why: str) -> LedgerChange:
        return self._tell(LedgerChange(at=at, strategy_id=strategy_id, refused=why))

    def _tell(self, change: LedgerChange) -> LedgerChange:
        self._on_change(change)
        return change
