"""What the window knows of the books: filled from the ledger when it opens, then fact by fact from the feed."""

from decimal import Decimal

from PySide6.QtCore import QObject

from engine.contracts.execution import ExecutionGroup
from engine.contracts.orders import AccountSnapshot, Fill, Order, OrderRole, Position, Trade
from engine.contracts.schedules import GroupPlan
from engine.primitives.ids import GroupId
from gui.bridge.host import SessionHost
from gui.models.books import GroupRow, fill_columns, group_columns, order_columns, position_columns, trade_columns
from gui.models.table import TableModel


class LedgerModels(QObject):
    """The five lists of the books, kept together because a group is shown with its orders."""

    def __init__(self, host: SessionHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._groups: dict[str, ExecutionGroup] = {}
        self._orders: dict[str, dict[str, Order]] = {}
        self._plans: dict[str, GroupPlan] = {}
        self._fills: dict[str, list[Fill]] = {}
        self._names = {strategy.strategy_id: strategy.name for strategy in host.status.strategies}
        self.positions = TableModel(position_columns(self._name_of, self._tick_of), parent=self)
        self.orders = TableModel(order_columns(self._name_of, self._tick_of), parent=self)
        self.groups = TableModel(group_columns(self._name_of), parent=self)
        self.trades = TableModel(trade_columns(self._name_of, self._tick_of), parent=self)
        self.fills = TableModel(fill_columns(self._tick_of), parent=self)
        feed = host.feed
        feed.order_changed.connect(self._on_order_changed)
        feed.group_changed.connect(self._on_group_changed)
        feed.plan_changed.connect(self._on_plan_changed)
        feed.trade_changed.connect(self._on_trade_changed)
        feed.fill_booked.connect(self._on_fill_booked)
        feed.position_changed.connect(self._on_position_changed)
        feed.account_changed.connect(self._on_account_changed)
        self._read_books()

    def orders_of(self, group_id: GroupId) -> tuple[Order, ...]:
        """Return the orders of a group that the window has seen, oldest first."""
        return tuple(self._orders.get(group_id, {}).values())

    def refresh(self) -> None:
        """Show at once what has arrived; for pictures."""
        for model in (self.positions, self.orders, self.groups, self.trades, self.fills):
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
        for trade in self._host.open_trades():
            self._on_trade_changed(trade)

    def _on_order_changed(self, order: Order) -> None:
        self._orders.setdefault(order.group_id, {})[order.order_id] = order
        self.orders.put(order.order_id, order)
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
        self.fills.put(fill.fill_id, fill)
        if fill.role is OrderRole.ENTRY:
            self._fills.setdefault(fill.group_id, []).append(fill)
            group = self._groups.get(fill.group_id)
            if group is not None:
                self._put_group(group)

    def _on_position_changed(self, position: Position) -> None:
        key = (position.strategy_id, position.symbol)
        if position.quantity:
            self.positions.put(key, position)
        else:
            self.positions.drop(key)

    def _on_account_changed(self, _account: AccountSnapshot) -> None:
        # Marks move without a change of the books: what is held is read again, at most once per frame.
        for position in self._host.exposure().positions:
            self._on_position_changed(position)

    def _put_group(self, group: ExecutionGroup) -> None:
        self.groups.put(group.group_id, self._group_row(group))

    def _group_row(self, group: ExecutionGroup) -> GroupRow:
        group_id = group.group_id
        fills = tuple(self._fills.get(group_id, ()))
        return GroupRow(group, self.orders_of(group_id), self._plans.get(group_id), fills)

    def _name_of(self, strategy_id: str) -> str:
        return self._names.get(strategy_id, strategy_id)

    def _tick_of(self, symbol: str) -> Decimal:
        return self._host.instrument(symbol).tick_size
