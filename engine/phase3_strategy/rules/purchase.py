"""A buy of so much money. A directive has no word for an amount, so it is said as the most that may be lost."""

from decimal import Decimal

from pydantic import Field

from engine.contracts.base import Direction
from engine.contracts.directives import EntryDirective, ExecutionIntentDirective, ExitDirective, SizeDirective
from engine.contracts.market import Instrument
from engine.phase3_strategy.rules.decisions import OpenTrade
from engine.ports.worker import WorkerConfig
from engine.primitives.money import ONE, ZERO, round_up_to_step
from engine.primitives.ratios import Fraction


class PurchaseTerms(WorkerConfig):
    """How something is bought that is meant to be kept."""

    stop_loss_tolerance: Decimal = Field(
        default=Decimal("0.5"),
        gt=0,
        lt=1,
        description="Distance to the stop as a ratio of the price; far, for every trade of the house has a stop.",
    )
    timing_preference: Fraction = Field(default=ONE, description="Hint: 0 waits for a better price, 1 buys now.")
    max_total_slippage_pct: Decimal = Field(
        default=Decimal("0.005"), ge=0, lt=1, description="Largest slippage, as a ratio of the price; a hard limit."
    )


def purchase(
    terms: PurchaseTerms, *, value_quote: Decimal, price: Decimal, market: Instrument, rationale: str
) -> OpenTrade:
    """Return the wish to buy for at most `value_quote`.

    The limit is what that much loses at the stop, fees of both sides included: the arithmetic of the risk sizers, turned
    round. A sizer whose own limits are wider buys exactly this much, rounded down to the lot; another one buys less.

    Args:
        terms: Stop, timing and slippage.
        value_quote: What it may cost before fees, quote.
        price: The last price, quote per base.
        market: For tick and fee.
        rationale: One sentence for people.
    """
    stop = round_up_to_step(price * (1 - terms.stop_loss_tolerance), market.tick_size)
    loss_per_unit = price - stop + (price + stop) * market.taker_fee
    return OpenTrade(
        confidence=ONE,
        entry=EntryDirective(
            symbol=market.symbol,
            direction=Direction.BUY,
            timing_preference=terms.timing_preference,
            reference_price=price,
        ),
        size=SizeDirective(aggressiveness=ONE, max_risk_amount=value_quote / price * loss_per_unit),
        exit_=ExitDirective(profit_taking_preference=ZERO, stop_loss_tolerance=terms.stop_loss_tolerance),
        execution_intent=ExecutionIntentDirective(
            execution_urgency=terms.timing_preference, max_total_slippage_pct=terms.max_total_slippage_pct
        ),
        rationale=rationale,
    )
