"""Books to test against: a clock that stands where it is put, and a desk that trades in them."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import count

from engine.contracts.base import Direction
from engine.contracts.orders import Liquidity, Order, OrderRole, OrderStatus, TradeStatus
from engine.contracts.venue import OrderExecuted
from engine.ledger.ledger import AccountLedger
from engine.ports.ledger import LedgerChange
from engine.primitives.ids import EXECUTION, GROUP, ORDER, TRADE, GroupId, IdSource, OrderId, TradeId
from engine.sdk.testing import StandingClock
from tests.support.notes import a_group, a_trade, an_order

__all__ = ["Books", "StandingClock"]

D = Decimal


class Books:
    """A ledger of its own with everything that it told, and short words for what a handler does to it."""

    def __init__(self, cash: str = "10000", *, prices: Mapping[str, Decimal] = {}) -> None:
        self.clock = StandingClock()
        self.ids = IdSource(self.clock.now_ns)
        self.changes: list[LedgerChange] = []
        self.ledger = AccountLedger(
            currency="USDT",
            starting_cash=D(cash),
            clock=self.clock,
            ids=self.ids,
            on_change=self.changes.append,
            last_price=prices.get,
        )
        self._executions = count(1)

    def trade(self, direction: Direction = Direction.BUY, symbol: str = "BTC/USDT") -> TradeId:
        """Open a trade that has nothing yet."""
        trade = a_trade(
            trade_id=self.ids.next(TRADE),
            direction=direction,
            symbol=symbol,
            status=TradeStatus.PENDING,
            opened_at=self.clock.now(),
            entry_quantity=D(0),
            entry_value=D(0),
        )
        self.ledger.open_trade(trade)
        return trade.trade_id

    def group(self, *order_ids: OrderId) -> GroupId:
        """Register a group, which may already know the ids of its orders."""
        group = a_group(
            group_id=self.ids.next(GROUP),
            parent_directive_id=self.ids.next(EXECUTION),
            order_ids=order_ids,
            created_at=self.clock.now(),
        )
        self.ledger.register_execution_group(group)
        return group.group_id

    def order(
        self,
        quantity: str = "1",
        *,
        trade_id: TradeId | None = None,
        group_id: GroupId | None = None,
        role: OrderRole = OrderRole.ENTRY,
        direction: Direction = Direction.BUY,
        symbol: str = "BTC/USDT",
        is_sent: bool = True,
        **more: object,
    ) -> Order:
        """Register an order, in a trade and a group of its own if none are given, and send it."""
        order = an_order(
            **{
                "order_id": self.ids.next(ORDER),
                "trade_id": trade_id or self.trade(direction, symbol),
                "group_id": group_id or self.group(),
                "role": role,
                "direction": direction,
                "symbol": symbol,
                "quantity": D(quantity),
                "created_at": self.clock.now(),
                "updated_at": self.clock.now(),
            }
            | more
        )
        self.ledger.register_order(order)
        if is_sent:
            self.ledger.move_order(order.order_id, OrderStatus.SUBMITTED)
        return order

    def execution(
        self,
        order: Order,
        quantity: str,
        price: str = "100",
        *,
        fee: str = "0",
        fee_currency: str = "",
        venue_trade_id: str | None = None,
    ) -> OrderExecuted:
        """Return a venue's report of an execution."""
        return OrderExecuted(
            order_id=order.order_id,
            at=self.clock.now(),
            price=D(price),
            quantity=D(quantity),
            fee=D(fee),
            fee_currency=fee_currency,
            liquidity=Liquidity.TAKER,
            venue_trade_id=venue_trade_id or str(next(self._executions)),
        )

    def fill(
        self, order: Order, quantity: str, price: str = "100", *, fee: str = "0", fee_currency: str = ""
    ) -> LedgerChange:
        """Let an order fill."""
        return self.ledger.book(self.execution(order, quantity, price, fee=fee, fee_currency=fee_currency))

    def status(self, order: Order) -> OrderStatus:
        """Return where an order stands now."""
        return self.ledger.get_order(order.order_id).status
