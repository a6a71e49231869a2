"""What a flatten, or a reduction, of a part of the account would cancel and close, and about what that costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from engine.config.policies import FlattenSettings
from engine.contracts.flatten import FlattenPart
from engine.contracts.market import Instrument
from engine.contracts.orders import Order, OrderRole, Position, Trade
from engine.primitives.ids import TradeId
from engine.primitives.money import ZERO

_HALF: Final = Decimal("0.5")
_BPS: Final = Decimal(10_000)
SLIPPAGE_BPS: Final = FlattenSettings().ladder_bps[0]
"""How far from the last price the first attempt of a flatten may trade, in basis points: at most so much is lost by it."""


@dataclass(frozen=True, slots=True)
class CloseLine:
    """What would be closed of one market and strategy: base units, positive long; amounts in `currency`.

    `value` and `cost` are None when there is no price yet.
    """

    symbol: str
    strategy_id: str
    quantity: Decimal
    currency: str
    value: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class FlattenPreview:
    """All that a flatten of a part would touch."""

    cancels: Sequence[Order]
    closes: Sequence[CloseLine]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to cancel and nothing to close."""
        return not self.cancels and not self.closes

    @property
    def costs(self) -> dict[str, Decimal]:
        """About what closing costs, by currency; lines without a price are not in it."""
        costs: dict[str, Decimal] = {}
        for line in self.closes:
            if line.cost is not None:
                costs[line.currency] = costs.get(line.currency, ZERO) + line.cost
        return costs


def cost_of_closing(quantity: Decimal, price: Decimal, market: Instrument) -> Decimal:
    """Return about what closing costs, in quote: taker fee, half a tick for the spread, and the flatten's first bound.

    The bound is the worst that the first attempt may trade at, so this is on the high side in a quiet market; later
    attempts may cost more. `quantity` in base units, whatever its sign; `price` is the last one.
    """
    size = abs(quantity)
    value = size * price
    return value * market.taker_fee + size * market.tick_size * _HALF + value * SLIPPAGE_BPS / _BPS


def preview(
    part: FlattenPart,
    *,
    orders: Sequence[Order],
    positions: Sequence[Position],
    trades: Sequence[Trade],
    of_groups: frozenset[TradeId],
    instrument: Callable[[str], Instrument],
) -> FlattenPreview:
    """Return what a flatten of a part of the account would cancel and close now.

    Args:
        part: What it would cover.
        orders: All that work.
        positions: All that is held, by market and strategy.
        trades: All that are open: a group is closed by its trades.
        of_groups: The trades of the groups that the part names.
        instrument: Finds a market by its symbol.
    """
    cancels = [
        order
        for order in orders
        if order.role is OrderRole.ENTRY
        and part.covers(symbol=order.symbol, strategy_id=order.strategy_id, group_id=order.group_id)
    ]
    marks = {position.symbol: position.mark_price for position in positions}
    wider = part.model_copy(update={"groups": ()})
    held = (
        [
            (trade.symbol, trade.strategy_id, trade.open_quantity * trade.direction.sign)
            for trade in trades
            if trade.trade_id in of_groups
        ]
        if part.groups
        else [(position.symbol, position.strategy_id, position.quantity) for position in positions]
    )
    closes = [
        _line(symbol, strategy_id, quantity, marks.get(symbol), instrument(symbol))
        for symbol, strategy_id, quantity in held
        if quantity and wider.covers(symbol=symbol, strategy_id=strategy_id, group_id=None)
    ]
    return FlattenPreview(tuple(cancels), tuple(closes))


def _line(symbol: str, strategy_id: str, quantity: Decimal, price: Decimal | None, market: Instrument) -> CloseLine:
    value = None if price is None else abs(quantity) * price
    cost = None if price is None else cost_of_closing(quantity, price, market)
    return CloseLine(symbol, strategy_id, quantity, market.quote, value, cost)
