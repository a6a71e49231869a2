"""What the simulated venue makes of an order: whether it takes it, and on which terms."""

from decimal import Decimal

from engine.config.policies import FillParameters
from engine.contracts.market import Instrument
from engine.contracts.orders import Order, OrderRole
from engine.contracts.plans import OrderType
from engine.contracts.specs import BacktestExecutionSpec, ConnectorExecutionSpec, DexExecutionSpec, FillModel
from engine.phase5_execution.fill_models import FillTerms
from engine.primitives.money import BASIS_POINT, ZERO


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


def refusal_of(order: Order, instrument: Instrument | None, *, reducible: Decimal) -> str:
    """Return why the venue does not take an order, or an empty text.

    `reducible` is what a reduce-only order may trade at most (base units). As on perpetual markets, the minimum
    quantity and value do not hold for a reduce-only order: what was opened can be closed.
    """
    if instrument is None:
        return f"{order.symbol} is not traded here"
    off_step = _off_step(order, instrument)
    if off_step or order.reduce_only:
        return off_step or ("" if reducible > ZERO else "reduce-only: there is nothing to reduce")
    if order.quantity < instrument.min_quantity:
        return f"the quantity {order.quantity} is below the minimum of {instrument.min_quantity}"
    price = order.limit_price or order.stop_price
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
