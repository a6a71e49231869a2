"""The books of an account that go on where an earlier session left them."""

from collections.abc import Callable
from decimal import Decimal

from engine.contracts.carried import CarriedBooks
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.orders import Fill, Order, OrderRole, OrderStatus, TradeStatus
from engine.ledger.accounting import EXACT
from engine.ledger.group_states import group_status
from engine.ledger.ledger import AccountLedger
from engine.ports.clock import Clock
from engine.ports.ledger import LedgerChange
from engine.primitives.ids import GroupId, IdSource
from engine.primitives.money import ZERO

_STOPPED = (ExecutionGroupStatus.CANCELLING, ExecutionGroupStatus.CANCELLED)


class ContinuedLedger(AccountLedger):
    """An `AccountLedger` with a past: it answers, and refuses, as the one would that never ended.

    Nothing is told to `on_change`: what was carried over is in the journal already.

    Args:
        left: What the session before left.
        clock: The engine's clock.
        ids: The engine's id source; it must be past all ids of that session.
        on_change: Takes every change from now on.
        last_price: Gives the last price of a symbol, quote per base.
    """

    def __init__(
        self,
        left: CarriedBooks,
        *,
        clock: Clock,
        ids: IdSource,
        on_change: Callable[[LedgerChange], None],
        last_price: Callable[[str], Decimal | None] = lambda _symbol: None,
    ) -> None:
        super().__init__(
            currency=left.currency,
            starting_cash=left.starting_cash,
            clock=clock,
            ids=ids,
            on_change=on_change,
            last_price=last_price,
        )
        self._take_trades(left)
        for order in left.orders:
            self._take_order(order)
        for group in left.groups:
            self._remember_decision(group.group_id)
        for fill in left.fills:
            self._take_fill(fill)
        self._fundings.update((payment.symbol, payment.funding_id) for payment in left.fundings)
        self._take_account(left)

    def _take_trades(self, left: CarriedBooks) -> None:
        for trade in sorted((*left.closed_trades, *left.trades), key=lambda one: one.trade_id):
            self._trades[trade.trade_id] = trade
            self._entries[trade.trade_id] = []
            if trade.status in (TradeStatus.PENDING, TradeStatus.OPEN):
                self._open_trades[trade.trade_id] = None
            elif trade.dust:
                self._dusty.add(trade.trade_id)
        for group in left.groups:
            self._groups[group.group_id] = group
            self._in_group[group.group_id] = []
            if not group.status.is_terminal:
                self._open_groups[group.group_id] = None
        for position in left.positions:
            key = (position.strategy_id, position.symbol)
            self._positions[key] = position
            if position.quantity:
                self._open_positions[key] = None

    def _take_order(self, order: Order) -> None:
        self._orders[order.order_id] = order
        self._in_group[order.group_id].append(order.order_id)
        if order.role is OrderRole.ENTRY:
            self._entries[order.trade_id].append(order.order_id)
            self._groups_with_entries.add(order.group_id)
        self._keep_working(order, is_over=order.is_terminal)
        if order.status is OrderStatus.NEW:
            self._unsent.add(order.order_id)

    def _remember_decision(self, group_id: GroupId) -> None:
        """Find out what somebody decided about a group: what does not follow from its orders alone."""
        group = self._groups[group_id]
        if group.status in _STOPPED:
            self._cancel_asked.add(group.group_id)
        follows = group_status(
            self._orders_in(group.group_id),
            is_complete=self._is_complete(group),
            is_cancel_asked=group.group_id in self._cancel_asked,
        )
        if group.status.is_terminal and follows is not group.status:
            self._settled[group.group_id] = group.status

    def _take_fill(self, fill: Fill) -> None:
        self._executions.add((fill.symbol, fill.venue_trade_id))
        value = self._filled_value.get(fill.order_id, ZERO)
        self._filled_value[fill.order_id] = EXACT.fma(fill.price, fill.quantity, value)
        if fill.role is not OrderRole.ENTRY:
            self._last_exit[fill.trade_id] = fill.role

    def _take_account(self, left: CarriedBooks) -> None:
        held: dict[str, tuple[Decimal, Decimal]] = {}
        fees = realised = ZERO
        for position in left.positions:
            fees = EXACT.add(fees, position.fees_paid)
            realised = EXACT.add(realised, position.realised_pnl)
            if position.quantity and position.mark_price is not None:
                net, _ = held.get(position.symbol, (ZERO, ZERO))
                held[position.symbol] = (EXACT.add(net, position.quantity), position.mark_price)
        self._account.go_on(
            cash=left.cash,
            funding=left.funding,
            peak_equity=left.peak_equity,
            fees=fees,
            realised=realised,
            fees_in=left.fees_in,
            balances=left.balances,
            held={symbol: (net, mark) for symbol, (net, mark) in held.items() if net},
            at=left.as_of,
        )
