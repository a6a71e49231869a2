"""What stands in the books of an account, and every question that may be asked of them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from engine.contracts.base import Direction
from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.orders import AccountSnapshot, Balance, Order, OrderRole, Position, Trade, TradeStatus
from engine.ledger.account import Account
from engine.ledger.accounting import EXACT
from engine.primitives.errors import LedgerMismatch
from engine.primitives.ids import GroupId, OrderId, TradeId
from engine.primitives.money import ZERO

_T = TypeVar("_T", Order, ExecutionGroup, Trade, Position)
_K = TypeVar("_K")
_PROTECTIVE = (OrderRole.STOP_LOSS, OrderRole.TAKE_PROFIT)


class AccountBooks:
    """Implements `engine.ports.ledger.LedgerReader`; `AccountLedger` is the one that writes into it.

    Args:
        account: Cash, marks and equity.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._orders: dict[OrderId, Order] = {}
        self._groups: dict[GroupId, ExecutionGroup] = {}
        self._trades: dict[TradeId, Trade] = {}
        self._positions: dict[tuple[str, str], Position] = {}
        # What still lives, apart: a long session has many dead orders, and these are asked for at every bar.
        self._open_orders: dict[OrderId, None] = {}
        self._open_of_trade: dict[TradeId, dict[OrderId, None]] = {}
        self._open_of_group: dict[GroupId, dict[OrderId, None]] = {}
        self._open_groups: dict[GroupId, None] = {}
        self._open_trades: dict[TradeId, None] = {}
        self._open_positions: dict[tuple[str, str], None] = {}
        self._in_group: dict[GroupId, list[OrderId]] = {}
        self._entries: dict[TradeId, list[OrderId]] = {}
        self._groups_with_entries: set[GroupId] = set()

    def get_open_positions(self, strategy_id: str | None = None) -> Sequence[Position]:
        """Return all positions that are not flat, oldest first, at their last marks."""
        return _of_strategy((self._marked(key) for key in self._open_positions), strategy_id)

    def get_execution_groups(
        self, status: ExecutionGroupStatus | None = None, strategy_id: str | None = None
    ) -> Sequence[ExecutionGroup]:
        """Return groups, oldest first; all of them if no status is given."""
        ids: Iterable[GroupId] = self._groups if status is None or status.is_terminal else self._open_groups
        groups = (self._groups[group_id] for group_id in ids)
        return _of_strategy((group for group in groups if status is None or group.status is status), strategy_id)

    def get_open_orders(
        self, strategy_id: str | None = None, *, trade_id: TradeId | None = None, group_id: GroupId | None = None
    ) -> Sequence[Order]:
        """Return orders that are not terminal, oldest first: all, or those of a strategy, a trade, a group."""
        ids: Iterable[OrderId] = self._open_orders
        if trade_id is not None:
            ids = self._open_of_trade.get(trade_id, ())
        elif group_id is not None:
            ids = self._open_of_group.get(group_id, ())
        orders = [self._orders[order_id] for order_id in ids]
        if trade_id is not None and group_id is not None:
            orders = [order for order in orders if order.group_id == group_id]
        return orders if strategy_id is None else _of_strategy(orders, strategy_id)

    def get_open_trades(self, strategy_id: str | None = None) -> Sequence[Trade]:
        """Return trades that are pending or open, oldest first."""
        return _of_strategy((self._trades[trade_id] for trade_id in self._open_trades), strategy_id)

    def get_closed_trades(self, strategy_id: str | None = None, *, newest: int) -> Sequence[Trade]:
        """Return at most so many of the trades that were opened last and are closed, the one opened last first."""
        closed = (trade for trade in reversed(self._trades.values()) if trade.status is TradeStatus.CLOSED)
        ours = (trade for trade in closed if strategy_id is None or trade.strategy_id == strategy_id)
        return list(islice(ours, newest))

    def get_trade(self, trade_id: TradeId) -> Trade:
        """Return one trade.

        Raises:
            LedgerMismatch: there is no such trade.
        """
        trade = self._trades.get(trade_id)
        if trade is None:
            raise LedgerMismatch("There is no such trade in the books", trade_id=trade_id)
        return trade

    def get_order(self, order_id: OrderId) -> Order:
        """Return one order.

        Raises:
            LedgerMismatch: there is no such order.
        """
        order = self._orders.get(order_id)
        if order is None:
            raise LedgerMismatch("There is no such order in the books", order_id=order_id)
        return order

    def get_group(self, group_id: GroupId) -> ExecutionGroup:
        """Return one group.

        Raises:
            LedgerMismatch: there is no such group.
        """
        group = self._groups.get(group_id)
        if group is None:
            raise LedgerMismatch("There is no such group in the books", group_id=group_id)
        return group

    def get_balance(self) -> Balance:
        """Return the cash of the account; `reserved` is what working BUY orders may still cost, before fees."""
        reserved = ZERO
        for order_id in self._open_orders:
            reserved = EXACT.add(reserved, self._reserved_for(self._orders[order_id]))
        return Balance(currency=self._account.currency, cash=self._account.cash, reserved=reserved)

    def get_funding(self) -> Decimal:
        """Return the sum of all funding payments, in quote: below zero when more was paid than received."""
        return self._account.funding

    def get_account(self) -> AccountSnapshot:
        """Return cash, positions at their last marks, and equity. `realised_pnl` is before fees."""
        return self._account.snapshot()

    def get_peak_equity(self) -> Decimal:
        """Return the highest equity seen at any mark, or when nothing was held, since the session began; in quote."""
        return self._account.peak_equity

    def _keep_working(self, order: Order, *, is_over: bool) -> None:
        """Put an order among those that work, wherever they are looked for, or take it out."""
        order_id = order.order_id
        if is_over:
            self._open_orders.pop(order_id, None)
            _leave(self._open_of_trade, order.trade_id, order_id)
            _leave(self._open_of_group, order.group_id, order_id)
        else:
            self._open_orders[order_id] = None
            self._open_of_trade.setdefault(order.trade_id, {})[order_id] = None
            self._open_of_group.setdefault(order.group_id, {})[order_id] = None

    def _orders_in(self, group_id: GroupId) -> Sequence[Order]:
        return [self._orders[order_id] for order_id in self._in_group[group_id]]

    def _is_complete(self, group: ExecutionGroup) -> bool:
        return len(self._in_group[group.group_id]) >= len(group.order_ids)

    def _protects(self, order: Order) -> bool:
        return order.role in _PROTECTIVE and self._trades[order.trade_id].open_quantity > 0

    def _marked(self, key: tuple[str, str]) -> Position:
        position = self._positions[key]
        mark = self._account.mark_of(position.symbol)
        if mark != position.mark_price:
            position = self._positions[key] = position.model_copy(update={"mark_price": mark})
        return position

    def _reserved_for(self, order: Order) -> Decimal:
        if order.direction is not Direction.BUY or order.reduce_only:
            return ZERO
        price = order.limit_price or order.stop_price or self._account.mark_of(order.symbol) or ZERO
        return EXACT.multiply(max(order.remaining_quantity, ZERO), price)


def _of_strategy(items: Iterable[_T], strategy_id: str | None) -> Sequence[_T]:
    return [item for item in items if strategy_id is None or item.strategy_id == strategy_id]


def _leave(working: dict[_K, dict[OrderId, None]], key: _K, order_id: OrderId) -> None:
    orders = working.get(key)
    if orders is not None:
        orders.pop(order_id, None)
        if not orders:
            del working[key]


def keep(living: dict[_K, None], key: _K, *, is_open: bool) -> None:
    """Put a key among the living or take it out; one that lives already keeps its place."""
    if is_open:
        living.setdefault(key)
    else:
        living.pop(key, None)
