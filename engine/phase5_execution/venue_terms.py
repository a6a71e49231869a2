"""What the simulated venue makes of an order: whether it takes it, and on which terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.config.policies import FillParameters
from engine.contracts.base import Direction
from engine.contracts.market import Instrument, InstrumentKind
from engine.contracts.orders import Order, OrderRole
from engine.contracts.plans import OrderType
from engine.contracts.specs import BacktestExecutionSpec, ConnectorExecutionSpec, DexExecutionSpec, FillModel
from engine.contracts.venue import Refusal
from engine.phase5_execution.fill_models import FillTerms
from engine.phase5_execution.venue_books import VenueBooks
from engine.phase5_execution.venue_margin import initial_margin
from engine.primitives.money import BASIS_POINT, ZERO


@dataclass(frozen=True, slots=True)
class No:
    """Why the venue does not take an order: for the machine, and in words."""

    why: Refusal
    text: str


def terms_of(
    order: Order, spec: ConnectorExecutionSpec | None, parameters: FillParameters, *, last_price: Decimal | None
) -> FillTerms:
    """Return how the simulation treats an order.

    Without a backtest spec (stops, targets, closes, and orders for another family of venues) an order has the
    default latency and the full impact. Only an entry is bound to a price: a way out is never refused for it. A swap's
    tolerance counts from `last_price`, the last price of its market when it was sent (quote per base, None if unknown).
    """
    bound = None
    if order.role is OrderRole.ENTRY and spec is not None:
        bound = _swap_bound(order, spec, last_price) if isinstance(spec, DexExecutionSpec) else spec.price_bound
    if isinstance(spec, BacktestExecutionSpec):
        return FillTerms(spec.fill_model, spec.latency_ms, spec.impact_multiplier, bound)
    model = FillModel.IMMEDIATE if order.order_type is OrderType.MARKET else FillModel.BAR_TOUCH
    return FillTerms(model, parameters.default_latency_ms, price_bound=bound)


def _swap_bound(order: Order, spec: DexExecutionSpec, last_price: Decimal | None) -> Decimal | None:
    if last_price is None:
        return None
    return last_price * (1 + order.direction.sign * spec.slippage_tolerance_bps * BASIS_POINT)


def refusal_of(
    order: Order, instrument: Instrument | None, *, reducible: Decimal, last_price: Decimal | None
) -> No | None:
    """Return why the venue does not take an order as it is written, or None.

    An order without a price of its own is worth what `last_price` says (quote per base, None if unknown: then no value
    is too small). `reducible` is what a reduce-only order may trade at most (base units). As on perpetual markets, the minimum
    quantity and value do not hold for a reduce-only order: what was opened can be closed.
    """
    if instrument is None:
        return No(Refusal.TERMS, f"{order.symbol} is not traded here")
    text = _off_step(order, instrument)
    if not text and order.reduce_only:
        nothing = No(Refusal.NOTHING_TO_REDUCE, "reduce-only: there is nothing to reduce")
        return None if reducible > ZERO else nothing
    text = text or _too_small(order, instrument, last_price)
    return No(Refusal.TERMS, text) if text else None


def _too_small(order: Order, instrument: Instrument, last_price: Decimal | None) -> str:
    if order.quantity < instrument.min_quantity:
        return f"the quantity {order.quantity} is below the minimum of {instrument.min_quantity}"
    price = order.limit_price or order.stop_price or last_price
    if price is not None and order.quantity * price < instrument.min_notional:
        return f"the value {order.quantity * price} is below the minimum of {instrument.min_notional}"
    return ""


def _off_step(order: Order, instrument: Instrument) -> str:
    if order.quantity % instrument.lot_step != ZERO:
        return f"the quantity {order.quantity} is not a whole number of lots of {instrument.lot_step}"
    for price in (order.limit_price, order.stop_price):
        if price is not None and price % instrument.tick_size != ZERO:
            return f"the price {price} is not a whole number of ticks of {instrument.tick_size}"
    return ""


@dataclass(frozen=True, slots=True)
class Funds:
    """What there is to pay an order with: the venue's books, its markets, and their last prices (quote per base)."""

    books: VenueBooks
    instruments: Mapping[str, Instrument]
    prices: Mapping[str, Decimal]
    parameters_of: Mapping[str, FillParameters]

    def refusal_of(self, order: Order) -> No | None:
        """Return why there is not enough for an order, or None; a reduce-only order needs nothing.

        Spot needs the cash for a BUY with its fee, and the base for a SELL where shorts are not allowed, less what
        working orders have spoken for. A perpetual needs its initial margin and its fee; open results neither add to
        what is free nor take from it, because margin is isolated. Where nobody said what the account has, nothing is refused.
        """
        if order.reduce_only or self.books.cash is None:
            return None
        instrument = self.instruments[order.symbol]
        if instrument.kind is InstrumentKind.PERPETUAL:
            return self._unmargined(order, self.books.cash)
        if order.direction is Direction.BUY:
            return self._too_dear(order, instrument, self.books.cash)
        return None if instrument.may_short else self._not_held(order)

    def _too_dear(self, order: Order, instrument: Instrument, cash: Decimal) -> No | None:
        needed = order.quantity * self._price(order) * (1 + instrument.taker_fee)
        free = cash - sum((self._cost(other, left) for other, left in self.books.working()), ZERO)
        return No(Refusal.FUNDS, f"it needs {needed} and {free} is free") if needed > free else None

    def _cost(self, order: Order, left: Decimal) -> Decimal:
        instrument = self.instruments[order.symbol]
        if order.reduce_only or order.direction is Direction.SELL or instrument.kind is not InstrumentKind.SPOT:
            return ZERO
        return left * self._price(order) * (1 + instrument.taker_fee)

    def _not_held(self, order: Order) -> No | None:
        promised = (
            left
            for other, left in self.books.working()
            if other.symbol == order.symbol and other.direction is Direction.SELL and not other.reduce_only
        )
        free = self.books.net(order.symbol) - sum(promised, ZERO)
        return (
            No(Refusal.FUNDS, f"{order.quantity} is to be sold and {free} is free") if order.quantity > free else None
        )

    def _unmargined(self, order: Order, cash: Decimal) -> No | None:
        perpetuals = [it.symbol for it in self.instruments.values() if it.kind is InstrumentKind.PERPETUAL]
        legs = [(symbol, leg) for symbol in perpetuals for leg in self.books.legs(symbol).values()]
        # A position's value went out of the cash, or came in with a short, and is not lost: what is set aside is.
        free = cash + sum((leg.value - initial_margin(leg.value, self.parameters_of[at]) for at, leg in legs), ZERO)
        free -= sum((self._margin(it, left) for it, left in self.books.working() if not it.reduce_only), ZERO)
        needed = self._margin(order, order.quantity)
        return No(Refusal.FUNDS, f"its margin and fee are {needed} and {free} is free") if needed > free else None

    def _margin(self, order: Order, quantity: Decimal) -> Decimal:
        """Return what an entry into any market takes out of what is free for margins, quote."""
        instrument, value = self.instruments[order.symbol], quantity * self._price(order)
        if instrument.kind is InstrumentKind.SPOT:
            return self._cost(order, quantity)
        return initial_margin(value, self.parameters_of[order.symbol]) + value * instrument.taker_fee

    def _price(self, order: Order) -> Decimal:
        return order.limit_price or order.stop_price or self._last(order.symbol)

    def _last(self, symbol: str) -> Decimal:
        return self.prices.get(symbol, ZERO)
