"""Compensation of a batch: it only cancels what the batch placed, and closes reduce-only what the batch opened."""

from decimal import Decimal
from typing import Final

from engine.contracts.base import Direction
from engine.contracts.batches import BatchLeg, LegKind, TradeLevels
from engine.contracts.orders import Order, OrderRole, OrderStatus, Trade, TradeStatus
from engine.phase5_execution.closing import MAX_REFUSALS, Closing, reduce
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.protection import Protection
from engine.phase5_execution.working import WorkingEntries
from engine.primitives.ids import TradeId
from engine.primitives.money import ZERO

_WHY: Final = "the batch is rolled back"


class Undoing:
    """Takes back what one part of a batch did, over as many steps as the venue needs."""

    def __init__(self, desk: OrderDesk, entries: WorkingEntries, closing: Closing, protection: Protection) -> None:
        self._desk = desk
        self._entries = entries
        self._closing = closing
        self._protection = protection

    def step(self, leg: BatchLeg) -> bool:
        """Go on with taking a part back; tell whether nothing more can be done. It may be repeated."""
        if leg.kind is LegKind.MODIFY:
            return self._undo_change(leg)
        trades = [self._undo_trade(trade_id) for trade_id in leg.opened]
        return all(trades)

    def left_of(self, leg: BatchLeg) -> Decimal:
        """Return what is still held of what a part brought in: base units, positive long."""
        if leg.direction is None:
            return ZERO
        if leg.kind is LegKind.MODIFY:
            held = sum((self._added(leg, trade_id) for trade_id in leg.trades), ZERO)
        else:
            held = sum((self._desk.ledger.get_trade(trade_id).held_quantity for trade_id in leg.opened), ZERO)
        return held * leg.direction.sign

    def unmoved(self, leg: BatchLeg) -> list[str]:
        """Return what is said of every stop that stays where the part moved it: moving it back would risk more."""
        said = []
        for before in leg.levels_before:
            trade = self._desk.ledger.get_trade(before.trade_id)
            if trade.open_quantity and trade.stop_loss_price != before.stop_loss_price:
                said.append(f"the stop of {trade.trade_id} stays at {trade.stop_loss_price}")
        return said

    def _undo_trade(self, trade_id: TradeId) -> bool:
        self._entries.stop_trade(trade_id, reason=_WHY)
        trade = self._desk.ledger.get_trade(trade_id)
        if not self._closing.is_closing(trade_id) and self._closing.begin(trade, reason=_WHY):
            self._closing.attend(self._desk.ledger.get_trade(trade_id))
        trade = self._desk.ledger.get_trade(trade_id)
        if self._desk.working(trade_id, role=OrderRole.ENTRY):
            return False
        is_open = trade.status in (TradeStatus.PENDING, TradeStatus.OPEN)
        return not is_open or self._closing.is_stuck(trade_id)

    def _undo_change(self, leg: BatchLeg) -> bool:
        if leg.places_orders:
            self._entries.stop_group(leg.group_id, reason=_WHY)
        for before in leg.levels_before:
            self._move_back(before)
        if not leg.places_orders:
            return True
        shed = [self._shed(leg, trade_id) for trade_id in leg.trades]
        return all(shed) and not self._desk.working(role=OrderRole.ENTRY, group_id=leg.group_id)

    def _move_back(self, before: TradeLevels) -> None:
        ledger = self._desk.ledger
        trade = ledger.get_trade(before.trade_id)
        stop = before.stop_loss_price
        if stop is None or not trade.open_quantity or not _risks_less(trade, stop):
            return
        self._desk.note(
            ledger.move_stop(trade.trade_id, stop_loss_price=stop, take_profit_price=before.take_profit_price)
        )
        self._protection.attend(ledger.get_trade(trade.trade_id))

    def _shed(self, leg: BatchLeg, trade_id: TradeId) -> bool:
        """Close what the part added to a trade; done when nothing of it is left, or the venue refuses to close it."""
        orders = self._of_group(leg, trade_id, OrderRole.CLOSE)
        under_way = sum((order.remaining_quantity for order in orders if not order.is_terminal), ZERO)
        left = self._added(leg, trade_id)
        trade = self._desk.ledger.get_trade(trade_id)
        if not left or (not under_way and left < self._desk.instrument(trade.symbol).lot_step):
            return True
        if sum(order.status is OrderStatus.REJECTED for order in orders) >= MAX_REFUSALS:
            return True
        if left > under_way:
            reduce(self._desk, trade, left - under_way, group=self._desk.ledger.get_group(leg.group_id))
        return False

    def _added(self, leg: BatchLeg, trade_id: TradeId) -> Decimal:
        """Return what the part brought into a trade and is still in it: its stop may have been faster. Base units."""
        came = sum((order.filled_quantity for order in self._of_group(leg, trade_id, OrderRole.ENTRY)), ZERO)
        went = sum((order.filled_quantity for order in self._of_group(leg, trade_id, OrderRole.CLOSE)), ZERO)
        return min(came - went, self._desk.ledger.get_trade(trade_id).held_quantity)

    def _of_group(self, leg: BatchLeg, trade_id: TradeId, role: OrderRole) -> list[Order]:
        if not leg.places_orders:
            return []
        every = map(self._desk.order, self._desk.ledger.get_group(leg.group_id).order_ids)
        return [order for order in every if order.trade_id == trade_id and order.role is role]


def _risks_less(trade: Trade, stop: Decimal) -> bool:
    """Tell whether a stop is nearer to the market than the trade's own, or it has none."""
    own = trade.stop_loss_price
    if own is None:
        return True
    return stop > own if trade.direction is Direction.BUY else stop < own
