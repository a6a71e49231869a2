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
        if self.is_closing(trade.trade_id) or trade.status in _DONE:
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
        """Tell whether the venue refuses to close a trade, so that a person must look."""
        way_out = self._out.get(trade_id)
        return way_out is not None and way_out.refusals >= MAX_REFUSALS

    def attend(self, trade: Trade) -> None:
        """Order what is still to be closed, and forget the trade when it is done.

        A stop may be faster than a close: close orders for more than is left are cancelled, also those of a trade that is
        only made smaller, and replaced when the venue has confirmed that. What is left in the end and too small for any
        order is left as dust: the trade is done with it.
        """
        working = self._desk.working(trade.trade_id, role=OrderRole.CLOSE)
        if working and sum((order.remaining_quantity for order in working), ZERO) > max(trade.open_quantity, ZERO):
            for order in working:
                self._desk.cancel(order, reason="less is held than it closes")
        way_out = self._out.get(trade.trade_id)
        if self._is_dust(trade, way_out):
            trade = self._leave(trade, is_wanted_out=way_out is not None)
        if way_out is None:
            return
        if trade.status in _DONE:
            del self._out[trade.trade_id]
            self.remember(trade.trade_id, "")
        elif way_out.refusals < MAX_REFUSALS:
            reduce(self._desk, trade, trade.open_quantity, group=way_out.group)

    def _is_dust(self, trade: Trade, way_out: _WayOut | None) -> bool:
        """Tell whether what a trade holds is too small for any order: less than a lot, or below a minimum and refused.

        Where the venue nets, dust of the other side has eaten up a part of it: that part no order can close.
        """
        if trade.open_quantity <= ZERO:
            return False
        instrument, held = self._desk.instrument(trade.symbol), trade.open_quantity
        if self._desk.guard.keeps_one_side(instrument):
            held = min(held, self._desk.ledger.net(trade.symbol) * trade.direction.sign)
        if held < instrument.lot_step:
            return True
        # Some venues take a close below their minimum: only their no, again and again, is evidence.
        is_refused = way_out is not None and way_out.refusals >= MAX_REFUSALS
        return is_refused and held < instrument.least_quantity(self._desk.guard.last_price(trade.symbol))

    def _leave(self, trade: Trade, *, is_wanted_out: bool) -> Trade:
        """Leave what a trade holds as dust when nothing works for it any more, and return the trade as it is then.

        Of one on its way out the rest is cancelled; another may still become larger by its entries.
        """
        if is_wanted_out:
            for order in self._desk.working(trade.trade_id):
                self._desk.cancel(order, reason="less is held than the venue trades")
        if not self._desk.working(trade.trade_id):
            self._desk.leave_dust(trade.trade_id)
        return self._desk.ledger.get_trade(trade.trade_id)

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
