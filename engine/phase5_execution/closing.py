"""Trades on their way out: close what is held, and what still comes in late, until nothing is left."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from engine.contracts.execution import ExecutionGroup
from engine.contracts.orders import Order, OrderRole, TimeInForce, Trade, TradeStatus
from engine.contracts.plans import OrderType
from engine.phase5_execution.order_desk import OrderDesk, OrderDraft
from engine.primitives.errors import LedgerMismatch
from engine.primitives.ids import TradeId
from engine.primitives.money import ZERO, round_down_to_step

MAX_REFUSALS: Final = 3
"""After so many refusals of a close a person must look: the venue will not change its mind by being asked."""

KeepClosing = Callable[[TradeId, str], None]
"""Puts down why a trade is on its way out; with an empty reason, that it no longer is."""

_logger = logging.getLogger("engine.phase5_execution")
_DONE: Final = (TradeStatus.CLOSED, TradeStatus.ABANDONED)


@dataclass(slots=True)
class _WayOut:
    """Why a trade is closed, in which group its close orders go (None: the trade's own), and how often it was refused."""

    reason: str
    group: ExecutionGroup | None
    refusals: int = 0
    refused_at: datetime | None = None
    is_dust: bool = False
    """What is left is less than a lot, as a fee in base leaves it: no order can sell it."""


class Closing:
    """Closes at market, reduce-only, and never more than is held. Stops stay until the close is through.

    Close orders are GTC: what the market cannot take at once waits for more. No price bound holds them back.

    Args:
        desk: Orders.
        keep: Told of each way out before its first request, and of its end; None where a run can be made again.
    """

    def __init__(self, desk: OrderDesk, keep: KeepClosing | None = None) -> None:
        self._desk = desk
        self._keep = keep
        self._out: dict[TradeId, _WayOut] = {}
        self._elsewhere: set[TradeId] = set()

    def begin(self, trade: Trade, *, reason: str, group: ExecutionGroup | None = None) -> bool:
        """Put a trade on its way out; False when it is there already, or done and holds nothing.

        One that the venue refused to close is tried again, if time has passed since. A `group` of the directive that
        asked for it is recorded with the first close order.
        """
        if self.is_stuck(trade.trade_id) and self._out[trade.trade_id].refused_at != self._desk.now:
            del self._out[trade.trade_id]
        if self.is_closing(trade.trade_id) or (trade.status in _DONE and not trade.open_quantity):
            return False
        self._out[trade.trade_id] = _WayOut(reason, group)
        self.remember(trade.trade_id, reason)
        return True

    def remember(self, trade_id: TradeId, reason: str) -> None:
        """Put down that a trade is to be closed, for the next process; an empty reason: that it no longer is."""
        if self._keep is None:
            return
        try:
            self._keep(trade_id, reason)
        except LedgerMismatch as error:
            # A full disk is no reason to stay in the market.
            _logger.error("a close could not be written down", extra={"trade_id": trade_id, "cause": str(error)})  # noqa: TRY400  # not a fault of the program

    def give_up(self, trade_id: TradeId) -> None:
        """Leave a trade to a flatten that closes it; what works for it goes on working."""
        if self._out.pop(trade_id, None) is not None:
            self.remember(trade_id, "")
        self._elsewhere.add(trade_id)

    def take_back(self) -> None:
        """Close trades here again: the flatten is over."""
        self._elsewhere.clear()

    def is_closing(self, trade_id: TradeId) -> bool:
        """Tell whether a trade is on its way out."""
        return trade_id in self._out or trade_id in self._elsewhere

    def is_stuck(self, trade_id: TradeId) -> bool:
        """Tell whether the venue closes no more of a trade: it refuses to, and a person must look, or less than a lot is left."""
        way_out = self._out.get(trade_id)
        return way_out is not None and (way_out.is_dust or way_out.refusals >= MAX_REFUSALS)

    def attend(self, trade: Trade) -> None:
        """Order what is still to be closed, and forget the trade when it is done.

        A stop may be faster than a close: close orders for more than is left are cancelled, also those of a trade that is
        only made smaller, and replaced when the venue has confirmed that.
        """
        working = self._desk.working(trade.trade_id, role=OrderRole.CLOSE)
        if working and sum((order.remaining_quantity for order in working), ZERO) > max(trade.open_quantity, ZERO):
            for order in working:
                self._desk.cancel(order, reason="less is held than it closes")
        way_out = self._out.get(trade.trade_id)
        if way_out is None:
            return
        if trade.status in _DONE and not trade.open_quantity:
            del self._out[trade.trade_id]
            self.remember(trade.trade_id, "")
            return
        lot_step = self._desk.instrument(trade.symbol).lot_step
        way_out.is_dust = not working and ZERO < trade.open_quantity < lot_step
        if not way_out.is_dust and way_out.refusals < MAX_REFUSALS:
            reduce(self._desk, trade, trade.open_quantity, group=way_out.group)

    def note_refusal(self, order: Order) -> None:
        """Count a close that the venue refused."""
        way_out = self._out.get(order.trade_id)
        if way_out is None:
            return
        way_out.refusals += 1
        way_out.refused_at = self._desk.now
        if way_out.refusals == MAX_REFUSALS:
            _logger.error(
                "the venue refuses to close a trade",
                extra={"trade_id": order.trade_id, "order_id": order.order_id, "reason": order.reason},
            )


def reduce(desk: OrderDesk, trade: Trade, wanted: Decimal, *, group: ExecutionGroup | None) -> Order | None:
    """Sell (or buy back) at market what is wanted and may be reduced; None when nothing may. Base units.

    The order goes into `group`, which is recorded now if it is not yet, or into the trade's own.
    """
    lot_step = desk.instrument(trade.symbol).lot_step
    quantity = round_down_to_step(desk.guard.reducible(trade.trade_id, wanted), lot_step)
    if quantity <= ZERO:
        return None
    draft = OrderDraft(
        role=OrderRole.CLOSE,
        direction=trade.direction.opposite,
        order_type=OrderType.MARKET,
        time_in_force=TimeInForce.GTC,
        quantity=quantity,
    )
    group_id = desk.home_of(trade.trade_id) if group is None else desk.ensure_group(group)
    return desk.place(draft, trade=trade, group_id=group_id)
