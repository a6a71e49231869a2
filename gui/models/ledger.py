"""What the window knows of the books: filled from the ledger when it opens, then fact by fact from the feed."""

from decimal import Decimal
from typing import Final

from PySide6.QtCore import QObject, QTimer

from engine.contracts.execution import ExecutionGroup
from engine.contracts.orders import AccountSnapshot, Fill, Order, Position, Trade
from engine.contracts.schedules import GroupPlan
from engine.ports.session import SessionStatus
from engine.primitives.ids import GroupId
from gui.bridge.host import SessionHost
from gui.models.books import (
    BalanceRow,
    balance_columns,
    fill_columns,
    order_columns,
    position_columns,
    trade_columns,
)
from gui.models.group_tree import FillRow, GroupRow, OrderRow, group_columns
from gui.models.pending import PendingActs
from gui.models.table import TableModel
from gui.models.tree import TreeModel

_PLANNED_MS: Final = 500
_CLOSED_MAX: Final = 2_000
"""Trades of before that are read when the window opens."""


class LedgerModels(QObject):
    """The lists of the books, kept together because a group is shown with its orders."""

    def __init__(self, host: SessionHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._groups: dict[str, ExecutionGroup] = {}
        self._orders: dict[str, dict[str, Order]] = {}
        self._plans: dict[str, GroupPlan] = {}
        self._fills: dict[str, list[FillRow]] = {}
        self._late: set[str] = set()
        self._names = {strategy.strategy_id: strategy.name for strategy in host.status.strategies}
        self.pending = PendingActs(host, self)
        self.positions = TableModel(position_columns(self._name_of, self._tick_of), parent=self)
        self.orders = TableModel(
            order_columns(self._name_of, self._tick_of, self.pending.text_of), rows_max=10_000, parent=self
        )
        self.groups = TreeModel(
            group_columns(self._name_of, self._tick_of, self.pending, lambda: host.status.now), parent=self
        )
        self.trades = TableModel(trade_columns(self._name_of, self._tick_of), parent=self)
        self.fills = TableModel(fill_columns(self._tick_of), parent=self)
        self.balances = TableModel(balance_columns(), parent=self)
        feed = host.feed
        feed.order_changed.connect(self._on_order_changed)
        feed.group_changed.connect(self._on_group_changed)
        feed.plan_changed.connect(self._on_plan_changed)
        feed.trade_changed.connect(self._on_trade_changed)
        feed.fill_booked.connect(self._on_fill_booked)
        feed.position_changed.connect(self._on_position_changed)
        feed.account_changed.connect(self._on_account_changed)
        feed.status_changed.connect(self._on_status_changed)
        self.pending.changed.connect(self._on_pending_changed)
        self._planned_soon = QTimer(self)
        self._planned_soon.setSingleShot(True)
        self._planned_soon.setInterval(_PLANNED_MS)
        self._planned_soon.timeout.connect(self._show_planned)
        self._read_books()

    def orders_of(self, group_id: GroupId) -> tuple[Order, ...]:
        """Return the orders of a group that the window has seen, oldest first."""
        return tuple(self._orders.get(group_id, {}).values())

    def refresh(self) -> None:
        """Show at once what has arrived; for pictures."""
        for model in (self.positions, self.orders, self.groups, self.trades, self.fills, self.balances):
            model.refresh()

    def _read_books(self) -> None:
        self._plans |= {plan.group_id: plan for plan in self._host.group_plans()}
        for group in self._host.groups():
            self._on_group_changed(group)
        exposure = self._host.exposure()
        for order in exposure.orders:
            self._on_order_changed(order)
        for position in exposure.positions:
            self._on_position_changed(position)
        for trade in (*self._host.closed_trades(newest=_CLOSED_MAX), *self._host.open_trades()):
            self._on_trade_changed(trade)
        self._read_balance(self._host.account())

    def _on_order_changed(self, order: Order) -> None:
        orders = self._orders.setdefault(order.group_id, {})
        before = orders.get(order.order_id)
        if before is not None and before.is_terminal and order.filled_quantity > before.filled_quantity:
            self._late.add(order.order_id)
        orders[order.order_id] = order
        self.orders.put(order.order_id, order)
        self.groups.put(order.order_id, OrderRow(order, self._plans.get(order.group_id)), parent=order.group_id)
        group = self._groups.get(order.group_id)
        if group is not None:
            self._put_group(group)

    def _on_group_changed(self, group: ExecutionGroup) -> None:
        self._groups[group.group_id] = group
        self._put_group(group)

    def _on_plan_changed(self, plan: GroupPlan) -> None:
        self._plans[plan.group_id] = plan
        group = self._groups.get(plan.group_id)
        if group is not None:
            self._put_group(group)

    def _on_trade_changed(self, trade: Trade) -> None:
        self.trades.put(trade.trade_id, trade)

    def _on_fill_booked(self, fill: Fill) -> None:
        # An execution comes with its order as it stands after it: it was late if the order was over before.
        is_late = fill.order_id in self._late
        self._late.discard(fill.order_id)
        self.fills.put(fill.fill_id, fill)
        row = FillRow(fill, self._plans.get(fill.group_id), is_late=is_late)
        self.groups.put(fill.fill_id, row, parent=fill.order_id)
        self._fills.setdefault(fill.group_id, []).append(row)
        group = self._groups.get(fill.group_id)
        if group is not None:
            self._put_group(group)

    def _on_status_changed(self, _status: SessionStatus) -> None:
        if not self._planned_soon.isActive():
            self._planned_soon.start()

    def _show_planned(self) -> None:
        """Let the bars follow the time: what is planned by now grows without a change of the books."""
        for group_id, plan in self._plans.items():
            group = self._groups.get(group_id)
            if group is not None and not group.status.is_terminal and plan.ends_at is not None:
                self.groups.touch(group_id)

    def _on_pending_changed(self, key: str) -> None:
        self.orders.touch(key)
        self.groups.touch(key)

    def _on_position_changed(self, position: Position) -> None:
        key = (position.strategy_id, position.symbol)
        if position.quantity:
            self.positions.put(key, position)
        else:
            self.positions.drop(key)

    def _read_balance(self, account: AccountSnapshot) -> None:
        self.balances.put(account.currency, BalanceRow(self._host.balance(), account, self._host.funding()))

    def _on_account_changed(self, account: AccountSnapshot) -> None:
        self._read_balance(account)
        # Marks move without a change of the books: what is held is read again, at most once per frame.
        for position in self._host.exposure().positions:
            self._on_position_changed(position)

    def _put_group(self, group: ExecutionGroup) -> None:
        group_id = group.group_id
        row = GroupRow(group, self.orders_of(group_id), self._plans.get(group_id), tuple(self._fills.get(group_id, ())))
        self.groups.put(group_id, row)

    def _name_of(self, strategy_id: str) -> str:
        return self._names.get(strategy_id, strategy_id)

    def _tick_of(self, symbol: str) -> Decimal:
        return self._host.instrument(symbol).tick_size
