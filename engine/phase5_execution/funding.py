"""Funding of perpetual markets: when it is due, and what it comes to."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from engine.config.policies import FillParameters
from engine.contracts.market import Instrument
from engine.contracts.venue import FundingPaid
from engine.phase5_execution.fill_models import FEE_STEP
from engine.primitives.money import round_to_step
from engine.primitives.timeframes import NS_PER_MINUTE, datetime_from_ns


def last_due_ns(parameters: FillParameters, at_ns: int) -> int:
    """Return the last instant at or before another (UTC nanoseconds) at which funding is due."""
    return at_ns - at_ns % _interval_ns(parameters)


def payments(
    *,
    instrument: Instrument,
    parameters: FillParameters,
    after_ns: int,
    until_ns: int,
    price: Decimal,
    held: Decimal,
) -> Iterator[FundingPaid]:
    """Yield what becomes due after one instant and until another, at one price (quote per base) for all.

    `held` is signed, base units. An amount is rounded up against us when we pay and down when we get, to `FEE_STEP`.
    """
    if not held:
        return
    interval_ns = _interval_ns(parameters)
    mark = round_to_step(price, instrument.tick_size)
    for due_ns in range(last_due_ns(parameters, after_ns) + interval_ns, until_ns + 1, interval_ns):
        cost = (held * mark * parameters.funding_rate).quantize(FEE_STEP, rounding=ROUND_CEILING)
        yield FundingPaid(
            symbol=instrument.symbol,
            at=datetime_from_ns(due_ns),
            rate=parameters.funding_rate,
            mark_price=mark,
            quantity=held,
            amount=-cost,
            funding_id=f"SIM-F-{due_ns // NS_PER_MINUTE}",
        )


def _interval_ns(parameters: FillParameters) -> int:
    return parameters.funding_interval_hours * 60 * NS_PER_MINUTE
