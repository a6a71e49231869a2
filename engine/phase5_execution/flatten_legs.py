"""The markets of a flatten: what is sent for each, how far it may trade, and when it is tried again."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from engine.config.policies import FlattenSettings
from engine.contracts.base import Direction
from engine.contracts.flatten import FlattenAttempt, FlattenLeg, LegState
from engine.contracts.market import Instrument
from engine.contracts.orders import Order, OrderRole, OrderStatus, TimeInForce, Trade
from engine.contracts.plans import OrderType
from engine.phase5_execution.order_desk import OrderDesk, OrderDraft
from engine.primitives.ids import OrderId
from engine.primitives.money import BASIS_POINT, ZERO, round_down_to_step, round_up_to_step

_REFUSALS_PER_RUNG = 3
"""A refusal says nothing about the price: so many of them, and the price is given up all the same."""


class LegDesk:
    """Closes one market at a time, reduce-only, and never more than the venue says is held.

    Args:
        desk: Orders.
        settings: The ladder and the pauses.
    """

    def __init__(self, desk: OrderDesk, settings: FlattenSettings) -> None:
        self._desk = desk
        self._settings = settings
        self._last: dict[str, tuple[OrderId, ...]] = {}
        self._refusals: dict[str, int] = {}
        self._pauses: dict[str, int] = {}

    def is_busy(self, symbol: str, trades: Sequence[Trade]) -> bool:
        """Tell whether any close order of these trades still works, or may: one in doubt counts."""
        ids = {trade.trade_id for trade in trades}
        working = self._desk.working(role=OrderRole.CLOSE)
        return any(order.symbol == symbol and order.trade_id in ids for order in working)

    def step(
        self, leg: FlattenLeg, *, held: Decimal, trades: Sequence[Trade], is_whole: bool, dust: Decimal = ZERO
    ) -> FlattenLeg:
        """Send what is to be sent for a leg that has nothing at work, and return how it stands then.

        Args:
            leg: As it stood.
            held: What the venue holds of the market: base units, positive long.
            trades: Those of the scope that hold something of it by our own books.
            is_whole: Whether the scope covers all of the market, so that nothing may be left at all.
            dust: What closed trades left of the market, signed: each less than a lot, together perhaps more.
        """
        instrument = self._desk.instrument(leg.symbol)
        price = self._desk.guard.last_price(leg.symbol)
        side = Direction.BUY if held > ZERO else Direction.SELL
        ours = [trade for trade in trades if trade.direction is side]
        wanted = min(abs(held), sum((trade.open_quantity for trade in ours), ZERO))
        leg = leg.model_copy(update={"held": held, "value": abs(held) * (price or ZERO), "next_at": None})
        if round_down_to_step(wanted, instrument.lot_step) <= ZERO:
            return self._nothing_to_send(leg, wanted=wanted, is_whole=is_whole, dust=dust)
        leg, may_send = self._after_last(leg)
        if self._is_dust(leg, wanted, price, instrument):
            return leg.model_copy(
                update={"state": LegState.DUST, "text": f"{wanted} is less than the venue takes", "next_at": None}
            )
        if not may_send:
            return leg
        attempts = self._send(ours, wanted, leg.rung, price, instrument)
        self._last[leg.symbol] = tuple(attempt.order_id for attempt in attempts)
        return leg.model_copy(
            update={"state": LegState.CLOSING, "attempts": (*leg.attempts, *attempts), "text": self._how(leg.rung)}
        )

    def _nothing_to_send(self, leg: FlattenLeg, *, wanted: Decimal, is_whole: bool, dust: Decimal) -> FlattenLeg:
        self._last.pop(leg.symbol, None)
        if not leg.held or not (is_whole or wanted):
            return leg.model_copy(update={"state": LegState.FLAT, "text": ""})
        if abs(leg.held) < self._desk.instrument(leg.symbol).lot_step or wanted:
            return leg.model_copy(update={"state": LegState.DUST, "text": f"{leg.held} is less than one lot"})
        if leg.held == dust:
            text = f"{leg.held} is what closed trades left, each less than one lot: sell it by hand at the venue"
            return leg.model_copy(update={"state": LegState.DUST, "text": text})
        text = f"the venue holds {leg.held} that no trade of ours accounts for: close it by hand at the venue"
        return self._pause(leg, LegState.FOREIGN, text)

    def _after_last(self, leg: FlattenLeg) -> tuple[FlattenLeg, bool]:
        """Judge the last attempt: go up the ladder, pause, or send at once."""
        last = [self._desk.order(order_id) for order_id in self._last.pop(leg.symbol, ())]
        if not last:
            return leg, True
        if all(order.status is OrderStatus.REJECTED for order in last):
            refusals = self._refusals[leg.symbol] = self._refusals.get(leg.symbol, 0) + 1
            rung = leg.rung + 1 if refusals % _REFUSALS_PER_RUNG == 0 else leg.rung
            leg = leg.model_copy(update={"rung": min(rung, len(self._settings.ladder_bps))})
            return self._pause(leg, LegState.WAITING, f"the venue refuses: {last[0].reason}"), False
        if leg.rung < len(self._settings.ladder_bps):
            return leg.model_copy(update={"rung": leg.rung + 1}), True
        return self._pause(leg, LegState.WAITING, "the market did not take it: it is tried again"), False

    def _pause(self, leg: FlattenLeg, state: LegState, text: str) -> FlattenLeg:
        pauses = self._pauses.get(leg.symbol, 0)
        self._pauses[leg.symbol] = pauses + 1
        pause_ms = min(self._settings.retry_first_ms * 2 ** min(pauses, 20), self._settings.retry_longest_ms)
        next_at = self._desk.clock.now() + timedelta(milliseconds=pause_ms)
        return leg.model_copy(update={"state": state, "next_at": next_at, "text": text})

    def is_at_the_end(self, leg: FlattenLeg) -> bool:
        """Tell whether a leg has been through the whole ladder and is still not flat, or is not ours to close."""
        is_through = leg.rung >= len(self._settings.ladder_bps) and leg.state is LegState.WAITING
        return is_through or leg.state is LegState.FOREIGN or self._refusals.get(leg.symbol, 0) >= _REFUSALS_PER_RUNG

    def _is_dust(self, leg: FlattenLeg, wanted: Decimal, price: Decimal | None, instrument: Instrument) -> bool:
        """Tell whether the venue has refused what is smaller than its minimum: it would only refuse it again."""
        return wanted < instrument.least_quantity(price) and bool(self._refusals.get(leg.symbol))

    def _send(
        self, trades: Sequence[Trade], wanted: Decimal, rung: int, price: Decimal | None, instrument: Instrument
    ) -> list[FlattenAttempt]:
        attempts, left = [], wanted
        for trade in sorted(trades, key=lambda trade: -trade.open_quantity):
            quantity = self._desk.guard.reducible(trade.trade_id, min(left, trade.open_quantity))
            quantity = round_down_to_step(quantity, instrument.lot_step)
            if quantity <= ZERO:
                continue
            order, bps = self._place(trade, quantity, rung, price, instrument)
            left -= quantity
            attempts.append(
                FlattenAttempt(order_id=order.order_id, at=order.created_at, quantity=quantity, bound_bps=bps)
            )
        return attempts

    def _place(
        self, trade: Trade, quantity: Decimal, rung: int, price: Decimal | None, instrument: Instrument
    ) -> tuple[Order, Decimal | None]:
        ladder, side = self._settings.ladder_bps, trade.direction.opposite
        bps = ladder[rung] if rung < len(ladder) and price is not None else None
        limit = None if bps is None or price is None else _bound(price, side, bps, instrument.tick_size)
        draft = OrderDraft(
            role=OrderRole.CLOSE,
            direction=side,
            order_type=OrderType.MARKET if limit is None else OrderType.LIMIT,
            time_in_force=TimeInForce.IOC,
            quantity=quantity,
            limit_price=limit,
        )
        return self._desk.place(draft, trade=trade, group_id=self._desk.home_of(trade.trade_id)), bps

    def _how(self, rung: int) -> str:
        ladder = self._settings.ladder_bps
        return f"closing within {ladder[rung]} bps" if rung < len(ladder) else "closing at market"


def _bound(price: Decimal, side: Direction, bps: Decimal, tick_size: Decimal) -> Decimal:
    """Return the worst price that may be traded, quote per base, rounded to our side: a purchase down, a sale up."""
    if side is Direction.BUY:
        return max(round_down_to_step(price * (1 + bps * BASIS_POINT), tick_size), tick_size)
    return max(round_up_to_step(price * (1 - bps * BASIS_POINT), tick_size), tick_size)
