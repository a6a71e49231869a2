"""How one part of a batch stands by the books, and what its orders executed."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from engine.contracts.batches import BatchLeg, LegKind, LegStatus
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.fees import fee_parts
from engine.contracts.orders import Fill, OrderRole, OrderStatus, TradeStatus
from engine.phase5_execution.closing import Closing
from engine.phase5_execution.order_desk import OrderDesk
from engine.primitives.ids import OrderId, TradeId
from engine.primitives.money import ZERO


class LegWatch:
    """Tells when a part has ended, and what of it is in doubt.

    Args:
        desk: Orders, and the books.
        closing: Trades on their way out.
        is_in_doubt: Whether it is not known what became of an order; None in a backtest, where everything is known.
        needs_person: Whether only a person can find that out.
    """

    def __init__(
        self,
        desk: OrderDesk,
        closing: Closing,
        *,
        is_in_doubt: Callable[[OrderId], bool] | None = None,
        needs_person: Callable[[OrderId], bool] | None = None,
    ) -> None:
        self._desk = desk
        self._closing = closing
        self._is_in_doubt = is_in_doubt
        self._needs_person = needs_person

    @property
    def may_doubt(self) -> bool:
        """Whether anything can be in doubt at all."""
        return self._is_in_doubt is not None

    def needs_person(self, order_id: OrderId) -> bool:
        """Tell whether only a person can find out what became of an order."""
        return self._needs_person is not None and self._needs_person(order_id)

    def markets_of(self, leg: BatchLeg) -> set[str]:
        """Return the markets that a part is about; what is not in the books is about none."""
        markets = set() if leg.symbol is None else {leg.symbol}
        ledger = self._desk.ledger
        for trade in ledger.get_open_trades():
            if trade.trade_id in leg.trades:
                markets.add(trade.symbol)
        for order in self._desk.working():
            if order.group_id in leg.groups or order.group_id == leg.group_id:
                markets.add(order.symbol)
        return markets

    def doubts_of(self, legs: Sequence[BatchLeg]) -> list[OrderId]:
        """Return the orders of these parts of which nobody knows what became; stops and targets are no part of them."""
        if self._is_in_doubt is None:
            return []
        groups = {group_id for leg in legs for group_id in (leg.group_id, *leg.groups)}
        trades = {trade_id for leg in legs for trade_id in (*leg.opened, *leg.closing, *leg.trades)}
        return [
            order.order_id
            for order in self._desk.working()
            if order.role in (OrderRole.ENTRY, OrderRole.CLOSE)
            and (order.group_id in groups or order.trade_id in trades)
            and self._is_in_doubt(order.order_id)
        ]

    def is_idle(self, leg: BatchLeg) -> bool:
        """Tell whether there is nothing left to cancel or to close, before the part is carried out."""
        if leg.kind.may_raise_risk or self._cancels(leg):
            return False
        if leg.kind is LegKind.CANCEL:
            return True
        return not any(self._is_open(trade_id) for trade_id in leg.trades)

    def settled(self, leg: BatchLeg) -> BatchLeg:
        """Return a part as it stands now, DONE or FAILED when it has ended by the books."""
        match leg.kind:
            case LegKind.CANCEL:
                return leg if self._cancels(leg) else _ended(leg, LegStatus.DONE)
            case LegKind.REDUCE:
                return self._after_close(leg)
            case LegKind.OPEN | LegKind.MODIFY:
                return self._after_entry(leg) if leg.places_orders else _ended(leg, LegStatus.DONE)

    def take_up(self, legs: Sequence[BatchLeg]) -> bool:
        """Close on what an earlier process was closing; False while the books are not sound yet."""
        desk = self._desk
        trades = [(leg, desk.ledger.get_trade(trade_id)) for leg in legs for trade_id in leg.closing]
        if any(desk.guard.why_wait(trade.symbol) for _, trade in trades):
            return False
        for leg, trade in trades:
            group = desk.ledger.get_group(leg.group_id) if desk.is_recorded(leg.group_id) else None
            if self._closing.begin(trade, reason="its batch goes on after a restart", group=group):
                self._closing.attend(desk.ledger.get_trade(trade.trade_id))
        return True

    def _cancels(self, leg: BatchLeg) -> bool:
        """Tell whether any entry still works that the part is to cancel."""
        by_group = any(self._desk.working(role=OrderRole.ENTRY, group_id=group_id) for group_id in leg.groups)
        return by_group or any(self._desk.working(trade_id, role=OrderRole.ENTRY) for trade_id in leg.trades)

    def _after_close(self, leg: BatchLeg) -> BatchLeg:
        if leg.places_orders and not leg.closing:
            return self._after_shedding(leg)
        stuck = [trade_id for trade_id in leg.closing if self._closing.is_stuck(trade_id)]
        if any(self._is_open(trade_id) for trade_id in leg.closing if trade_id not in stuck) or self._cancels(leg):
            return leg
        if stuck:
            return _ended(leg, LegStatus.FAILED, "the venue refuses to close")
        dust = sum((self._desk.ledger.get_trade(trade_id).dust for trade_id in leg.closing), ZERO)
        done = _ended(leg, LegStatus.DONE, f"{dust} is less than the venue takes" if dust else "")
        return done.model_copy(update={"dust": dust})

    def _after_shedding(self, leg: BatchLeg) -> BatchLeg:
        """Return a part that makes trades smaller; a refused close of it is not tried again, and said so."""
        if self._desk.working(role=OrderRole.CLOSE, group_id=leg.group_id) or self._cancels(leg):
            return leg
        orders = [self._desk.order(order_id) for order_id in self._desk.ledger.get_group(leg.group_id).order_ids]
        refused = [order for order in orders if order.status is OrderStatus.REJECTED]
        if refused:
            return _ended(leg, LegStatus.FAILED, "; ".join(order.reason for order in refused))
        filled = sum((order.filled_quantity for order in orders), ZERO)
        return _ended(leg, LegStatus.DONE, f"closed {filled}")

    def _after_entry(self, leg: BatchLeg) -> BatchLeg:
        if self._desk.working(role=OrderRole.ENTRY, group_id=leg.group_id):
            return leg
        if leg.kind is LegKind.MODIFY and self._desk.working(role=OrderRole.CLOSE, group_id=leg.group_id):
            return leg
        group = self._desk.ledger.get_group(leg.group_id)
        orders = [self._desk.order(order_id) for order_id in group.order_ids]
        entries = [order for order in orders if order.role is OrderRole.ENTRY]
        ordered = sum((order.quantity for order in entries), ZERO)
        filled = sum((order.filled_quantity for order in entries), ZERO)
        least = (leg.min_fill_ratio or ZERO) * ordered
        if group.status is ExecutionGroupStatus.COMPLETED or (filled > ZERO and filled >= least) or not entries:
            return _ended(leg, LegStatus.DONE, f"filled {filled} of {ordered}")
        why = "; ".join(order.reason for order in entries if order.reason)
        return _ended(leg, LegStatus.FAILED, f"filled {filled} of {ordered}: {why}")

    def _is_open(self, trade_id: TradeId) -> bool:
        trade = self._desk.ledger.get_trade(trade_id)
        return trade.status in (TradeStatus.PENDING, TradeStatus.OPEN)


def with_fill(leg: BatchLeg, fill: Fill) -> BatchLeg:
    """Return a part with one execution of its own orders counted: exactly, in base units and quote.

    Counted is what came in and went out, a fee in base taken off; fees are those in quote.
    """
    totals, value = leg.totals, fill.price * fill.quantity
    parts = fee_parts(fill.fee, fill.fee_currency, fill.symbol)
    moved = fill.quantity - parts.base * fill.direction.sign
    changed: dict[str, Decimal] = {"fees": totals.fees + parts.quote}
    if fill.role is OrderRole.ENTRY:
        changed["entered_quantity"] = totals.entered_quantity + moved
        changed["entered_value"] = totals.entered_value + value
    else:
        changed["left_quantity"] = totals.left_quantity + moved
        changed["left_value"] = totals.left_value + value
    return leg.model_copy(update={"totals": totals.model_copy(update=changed)})


def _ended(leg: BatchLeg, status: LegStatus, text: str = "") -> BatchLeg:
    return leg.model_copy(update={"status": status, "text": text or leg.text})
