"""What a venue cannot do is said before anything is sent, with the numbers."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.execution import ExecutionDirective
from engine.contracts.plans import OrderType
from engine.phase4_planning.translation.limits import slippage_bound
from engine.primitives.errors import VenueRejected
from tests.support import notes
from tests.support.execution import a_sized_directive, translate

pytestmark = pytest.mark.unit
D = Decimal


def refusal(directive: ExecutionDirective, **instrument: Any) -> dict[str, object]:
    with pytest.raises(VenueRejected) as no:
        translate("CEX", directive, instrument=notes.an_instrument(**instrument))
    return no.value.facts


def test_a_size_between_two_lots_is_refused_and_the_nearest_named() -> None:
    facts = refusal(a_sized_directive(size="0.500007"))

    assert facts["rule"] == "lot step"
    assert facts["nearest"] == D("0.50000")


def test_a_price_between_two_ticks_is_refused() -> None:
    entry = notes.an_entry_plan(order_type=OrderType.LIMIT, limit_price=D("49900.005"))

    facts = refusal(a_sized_directive(entry_plan=entry))

    assert (facts["rule"], facts["field"]) == ("tick size", "limit_price")


def test_a_price_below_one_tick_is_refused_for_it_would_be_bound_at_zero() -> None:
    entry = notes.an_entry_plan(order_type=OrderType.MARKET, limit_price=None, reference_price=D("0.004"))

    facts = refusal(a_sized_directive(entry_plan=entry))

    assert (facts["rule"], facts["price"], facts["tick_size"]) == ("tick size", D("0.004"), D("0.01"))


def test_a_value_below_the_minimum_is_refused_and_the_smallest_quantity_named() -> None:
    facts = refusal(a_sized_directive(size="0.00009"))

    assert facts["rule"] == "minimum notional"
    assert facts["smallest_quantity"] == D("0.00010")


def test_a_size_below_the_minimum_quantity_is_refused() -> None:
    assert refusal(a_sized_directive(size="0.5"), min_quantity=D(1))["rule"] == "minimum quantity"


def test_a_short_sale_is_refused_where_nothing_can_be_borrowed() -> None:
    directive = a_sized_directive(
        entry_plan=notes.an_entry_plan(direction=Direction.SELL),
        exit_plan=notes.an_exit_plan(stop_loss_price=D(51000), take_profit_price=D(49000)),
    )

    assert refusal(directive)["rule"] == "no short selling"


def test_a_bound_is_never_on_the_good_side_of_the_price_because_of_rounding() -> None:
    bound = slippage_bound(
        price=D("100.00"), direction=Direction.SELL, max_slippage_pct=D("0.00001"), tick_size=D("0.01")
    )

    assert bound == D("100.00")


def test_a_sell_that_may_slip_by_everything_has_no_bound() -> None:
    assert slippage_bound(price=D(5), direction=Direction.SELL, max_slippage_pct=D(1), tick_size=D("0.01")) is None


def test_the_smallest_order_is_whole_lots_worth_the_minimum() -> None:
    assert notes.an_instrument().least_quantity(D(30000)) == D("0.00017")
