"""Where the stop of an open trade should stand by now: it follows the price and never goes back.

Source of the distance in average true ranges: the chandelier exit, LeBeau and Lucas 1992, "Technical Traders Guide to
Computer Analysis of the Futures Market"; here it hangs from the last close, and the stop that stands keeps the height.
"""

from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field

from engine.contracts.base import Direction
from engine.contracts.directives import ExitDirective
from engine.contracts.orders import Order, OrderRole, Trade
from engine.phase3_strategy.rules.decisions import MoveStop
from engine.ports.ledger import LedgerReader
from engine.ports.worker import MarketReader, WorkerConfig
from engine.primitives.money import ZERO, round_down_to_step, round_up_to_step

_ANY_DISTANCE = Decimal("0.9999")
"""A stop that only comes nearer needs no limit of its own; the directive must name one."""


class TrailingTerms(WorkerConfig):
    """How far behind the price a stop follows."""

    distance_atr: Decimal | None = Field(
        default=Decimal(3),
        gt=0,
        description="Distance to the last close in average true ranges; null takes distance_pct.",
    )
    atr_periods: int = Field(default=22, ge=2, description="Bars of the average true range.")
    distance_pct: Decimal = Field(
        default=Decimal("0.01"),
        gt=0,
        lt=1,
        description="Distance to the last close as a ratio of it (0.01 = 1 %), when distance_atr is null.",
    )
    min_step_pct: Decimal = Field(
        default=Decimal("0.001"),
        gt=0,
        lt=1,
        description="Smallest move of a stop, as a ratio of the price: each move is a cancel and a new order.",
    )
    activate_from_pct: Decimal = Field(
        default=ZERO,
        ge=0,
        description="Trails only from this open profit on, as a ratio of the average entry; 0 at once.",
    )


class TrailingRule:
    """Moves stops in the trade's favour. It keeps nothing in mind: what it needs to know stands in the ledger.

    Args:
        terms: How far behind, and in which steps.
        strategy_id: Whose trades.
        market: For prices and ticks.
        ledger: For the trades and where their stops stand.
    """

    def __init__(self, terms: TrailingTerms, *, strategy_id: str, market: MarketReader, ledger: LedgerReader) -> None:
        self._terms = terms
        self._strategy_id = strategy_id
        self._market = market
        self._ledger = ledger

    @property
    def atr_periods(self) -> int | None:
        """Over how many bars the caller must average the true range; None when the distance is a ratio."""
        return self._terms.atr_periods if self._terms.distance_atr is not None else None

    @property
    def holds(self) -> bool:
        """Whether there is anything to look after; asked first, for most bars there is not."""
        return any(trade.open_quantity > 0 for trade in self._ledger.get_open_trades(self._strategy_id))

    def decide(self, atr: Decimal | None) -> MoveStop | None:
        """Return the move of the stop that lags most, as a ratio of the price; None when none has to move.

        One directive has one stop price, so one trade moves in a flow; the others follow in the next ones. A stop stays
        where it is while an entry of its trade still waits beyond the new place: it would be hit on the way in.

        Args:
            atr: The average true range over `atr_periods`, quote per base; None while it is not known, and then
                stops stay where they are.
        """
        working = self._ledger.get_open_orders(self._strategy_id)
        closing = {order.trade_id for order in working if order.role is OrderRole.CLOSE}
        best: tuple[Decimal, Trade, Decimal] | None = None
        for trade in self._ledger.get_open_trades(self._strategy_id):
            price = self._market.last_price(trade.symbol) if trade.open_quantity > 0 else None
            if price is None or trade.trade_id in closing:
                continue
            stop = self.next_stop(trade, price=price, atr=atr)
            if stop is None or _is_in_the_way(stop, trade, working):
                continue
            gain = abs(stop - (trade.stop_loss_price or ZERO)) / price
            if best is None or gain > best[0]:
                best = (gain, trade, stop)
        return None if best is None else self._move(best[1], best[2])

    def next_stop(self, trade: Trade, *, price: Decimal, atr: Decimal | None) -> Decimal | None:
        """Return where the stop should stand, on the tick, or None when it should stay.

        It never moves against the trade, never by less than the smallest step, and stays between price and target.
        """
        distance = self._distance(price, atr)
        sign, entry = trade.direction.sign, trade.entry_value / trade.entry_quantity
        if distance is None or (price - entry) * sign < entry * self._terms.activate_from_pct:
            return None
        to_price = round_up_to_step if trade.direction is Direction.BUY else round_down_to_step
        stop = to_price(price - sign * distance, self._market.instrument(trade.symbol).tick_size)
        standing, target = trade.stop_loss_price, trade.take_profit_price
        if stop <= 0 or (price - stop) * sign <= 0 or (target is not None and (target - stop) * sign <= 0):
            return None
        if standing is not None and (stop - standing) * sign < price * self._terms.min_step_pct:
            return None
        return stop

    def _distance(self, price: Decimal, atr: Decimal | None) -> Decimal | None:
        if self._terms.distance_atr is None:
            return price * self._terms.distance_pct
        return None if atr is None or atr <= 0 else atr * self._terms.distance_atr

    def _move(self, trade: Trade, stop: Decimal) -> MoveStop:
        was = "none" if trade.stop_loss_price is None else str(trade.stop_loss_price)
        return MoveStop(
            trade_id=trade.trade_id,
            exit_=ExitDirective(
                profit_taking_preference=ZERO,
                stop_loss_tolerance=_ANY_DISTANCE,
                new_stop_price=stop,
                new_target_price=trade.take_profit_price,
            ),
            rationale=f"the stop of {trade.trade_id} follows the price from {was} to {stop}",
        )


def _is_in_the_way(stop: Decimal, trade: Trade, working: Sequence[Order]) -> bool:
    """Tell whether an entry of the trade that still works would only be reached through the stop."""
    return any(
        order.limit_price is not None and (order.limit_price - stop) * trade.direction.sign <= 0
        for order in working
        if order.trade_id == trade.trade_id and order.role is OrderRole.ENTRY
    )
