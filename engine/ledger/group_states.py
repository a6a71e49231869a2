"""What the orders of a group say about the group, and those of a trade about the trade."""

from collections.abc import Sequence

from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.orders import TERMINAL_ORDER_STATUSES, Order, OrderRole, OrderStatus, Trade, TradeStatus

G = ExecutionGroupStatus


def deciding_orders(orders: Sequence[Order]) -> Sequence[Order]:
    """Return the orders that a group's status hangs on: its entries, or all of them if it has none.

    Protective orders live as long as the position; the group that brought it is done before.
    """
    for order in orders:
        if order.role is not OrderRole.ENTRY:
            break
    else:
        return orders
    entries = [order for order in orders if order.role is OrderRole.ENTRY]
    return entries or orders


def group_status(orders: Sequence[Order], *, is_complete: bool, is_cancel_asked: bool) -> ExecutionGroupStatus:
    """Return where a group stands by its orders.

    Args:
        orders: Those that are registered.
        is_complete: No order of the group is still to be registered.
        is_cancel_asked: Somebody asked to cancel it.
    """
    deciding = orders if len(orders) == 1 else deciding_orders(orders)
    # One look at each: this is asked at every move of an order.
    is_working = is_filled = is_under_way = False
    for order in deciding:
        status = order.status
        if status not in TERMINAL_ORDER_STATUSES:
            is_working = True
        if status is not OrderStatus.NEW:
            is_under_way = True
        if order.filled_quantity:
            is_filled = True
    if deciding and is_complete and not is_working:
        return _ended(deciding, is_cancel_asked=is_cancel_asked)
    if is_cancel_asked:
        return G.CANCELLING
    if is_filled:
        return G.PARTIALLY_FILLED
    return G.ACTIVE if is_under_way else G.PENDING


def _ended(orders: Sequence[Order], *, is_cancel_asked: bool) -> ExecutionGroupStatus:
    if all(order.status is OrderStatus.FILLED for order in orders):
        return G.COMPLETED
    if is_cancel_asked:
        return G.CANCELLED
    if any(order.filled_quantity for order in orders):
        return G.COMPLETED
    return G.FAILED if all(order.status is OrderStatus.REJECTED for order in orders) else G.CANCELLED


def trade_status(trade: Trade, entries: Sequence[Order], *, is_complete: bool, is_left: bool = False) -> TradeStatus:
    """Return where a trade stands by its totals and its entry orders.

    It is closed when all that came in went out, or what stays is left as dust (`is_left`), and no entry works any more: a
    later one would open it again. More out than in is not closed: something is held the other way round, and somebody
    must look at it.
    """
    is_entering = not is_complete
    for order in entries:
        if order.status not in TERMINAL_ORDER_STATUSES:
            is_entering = True
    if trade.entry_quantity or trade.exit_quantity:
        is_flat = is_left or trade.entry_quantity == trade.exit_quantity
        return TradeStatus.CLOSED if is_flat and not is_entering else TradeStatus.OPEN
    return TradeStatus.ABANDONED if entries and not is_entering else TradeStatus.PENDING
