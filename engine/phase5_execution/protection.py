"""Keep a stop and a target at the venue for exactly what a trade holds."""

from collections.abc import Sequence
from decimal import Decimal

from engine.contracts.base import Direction
from engine.contracts.orders import Order, OrderRole, OrderStatus, TimeInForce, Trade
from engine.contracts.plans import OrderType
from engine.phase5_execution.order_desk import OrderDesk, OrderDraft
from engine.primitives.ids import TradeId
from engine.primitives.money import ZERO, round_down_to_step, round_up_to_step


class Protection:
    """Compares what protects a trade with what should, and changes the difference. Calling it twice changes nothing.

    For each of stop and target the working quantity never exceeds what is held: what is too much or at another price is
    cancelled first, and replaced when the venue has confirmed that. More held is covered by one more order at once.
    """

    def __init__(self, desk: OrderDesk) -> None:
        self._desk = desk
        self._refused: set[tuple[TradeId, OrderRole, Decimal, Decimal]] = set()

    def attend(self, trade: Trade) -> None:
        """Bring stop and target in line with the books.

        The stop comes first, and the target waits until the venue has the stop: it may be hit at once.
        """
        working = self._desk.working(trade.trade_id)
        if not working and trade.open_quantity <= ZERO:
            return
        exit_side = trade.direction.opposite
        instrument = self._desk.instrument(trade.symbol)
        tick_size = instrument.tick_size
        # A fee in base leaves less than whole lots: what no order can sell is not protected by one.
        held = round_down_to_step(max(trade.open_quantity, ZERO), instrument.lot_step)
        stops, targets = [], []
        for order in working:
            if order.role is OrderRole.STOP_LOSS:
                stops.append(order)
            elif order.role is OrderRole.TAKE_PROFIT:
                targets.append(order)
        price = trade.stop_loss_price
        stop = None if price is None else nearer_tick(price, exit_side, tick_size)
        if self._align(trade, OrderRole.STOP_LOSS, stop, stops, held=held):
            stops = self._desk.working(trade.trade_id, role=OrderRole.STOP_LOSS)
        for order in stops:
            if order.status is OrderStatus.SUBMITTED:
                return
        price = trade.take_profit_price
        target = None if price is None else nearer_tick(price, exit_side, tick_size)
        self._align(trade, OrderRole.TAKE_PROFIT, target, targets, held=held)

    def remember_refusal(self, order: Order) -> None:
        """Do not try the same order again: the venue would only say no again."""
        self._refused.add(_key(order.trade_id, order.role, order.quantity, _price_of(order)))

    def _align(
        self, trade: Trade, role: OrderRole, price: Decimal | None, working: Sequence[Order], *, held: Decimal
    ) -> bool:
        """Bring what works in a role in line with what it should be; tell whether anything was cancelled or placed."""
        wanted = held if price is not None else ZERO
        # What is being cancelled may still trade until the venue says otherwise: it counts.
        committed = in_place = ZERO
        standing: list[Order] = []
        is_changed = False
        for order in working:
            committed += order.remaining_quantity
            if order.status is OrderStatus.CANCEL_PENDING:
                continue
            if price is not None and _price_of(order) == price:
                standing.append(order)
                in_place += order.remaining_quantity
            else:
                self._desk.cancel(order, reason="the exit has moved" if wanted else "nothing is held any more")
                is_changed = True
        if in_place > wanted:
            for order in standing:
                self._desk.cancel(
                    order, reason="less is held than it protects" if wanted else "nothing is held any more"
                )
            is_changed = True
        missing = wanted - committed
        if price is not None and missing > ZERO and _key(trade.trade_id, role, missing, price) not in self._refused:
            self._desk.place(
                _draft(role, trade, missing, price), trade=trade, group_id=self._desk.home_of(trade.trade_id)
            )
            is_changed = True
        return is_changed


def nearer_tick(price: Decimal, exit_side: Direction, tick_size: Decimal) -> Decimal:
    """Return an exit price on the tick, quote per base.

    An exit that sells is rounded up and one that buys is rounded down: a stop may lose less and a target ask for more.
    """
    rounded = round_up_to_step if exit_side is Direction.SELL else round_down_to_step
    return rounded(price, tick_size)


def _price_of(order: Order) -> Decimal:
    return order.stop_price or order.limit_price or ZERO


def _key(
    trade_id: TradeId, role: OrderRole, quantity: Decimal, price: Decimal
) -> tuple[TradeId, OrderRole, Decimal, Decimal]:
    return trade_id, role, quantity, price


def _draft(role: OrderRole, trade: Trade, quantity: Decimal, price: Decimal) -> OrderDraft:
    is_stop = role is OrderRole.STOP_LOSS
    return OrderDraft(
        role=role,
        direction=trade.direction.opposite,
        order_type=OrderType.STOP_MARKET if is_stop else OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=quantity,
        limit_price=None if is_stop else price,
        stop_price=price if is_stop else None,
    )
