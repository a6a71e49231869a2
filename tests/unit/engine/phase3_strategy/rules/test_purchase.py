"""A buy of so much money, said as the most that may be lost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.phase3_strategy.rules.purchase import PurchaseTerms, purchase
from tests.support.context import employ
from tests.support.ledger import Books
from tests.support.notes import a_strategy_directive, an_instrument

pytestmark = pytest.mark.unit

D = Decimal


def bought(value: Decimal, *, tolerance: str = "0.5", price: str = "50000", sizer_risk: str = "0.9") -> Decimal:
    """Return what a fixed-risk sizer with wide limits spends on the wish, before fees."""
    wish = purchase(
        PurchaseTerms(stop_loss_tolerance=D(tolerance)),
        value_quote=value,
        price=D(price),
        market=an_instrument(),
        rationale="",
    )
    directive = a_strategy_directive(
        entry_directive=wish.entry,
        size_directive=wish.size,
        exit_directive=wish.exit_,
        execution_intent_directive=wish.execution_intent,
    )
    sizer = employ("phase4_size/fixed_risk", {"risk_pct": sizer_risk}, ledger=Books("1000000").ledger, price=price)
    spent: Decimal = sizer.plan(directive).position_value
    return spent


@given(value=st.decimals("20", "100000", places=2), tolerance=st.decimals("0.05", "0.9", places=3))
def test_a_sizer_with_wide_limits_spends_exactly_that_much_down_to_the_lot(value: Decimal, tolerance: Decimal) -> None:
    spent = bought(value, tolerance=str(tolerance))

    one_lot = D("0.00001") * 50000
    assert value - one_lot < spent <= value


def test_a_sizer_with_narrow_limits_spends_less() -> None:
    assert bought(D(100000), sizer_risk="0.01") < 25000


def test_it_only_ever_buys_at_once_unless_told_otherwise() -> None:
    wish = purchase(
        PurchaseTerms(timing_preference=D("0.2")),
        value_quote=D(100),
        price=D(50000),
        market=an_instrument(),
        rationale="",
    )

    assert wish.entry.direction == "BUY"
    assert wish.entry.timing_preference == wish.execution_intent.execution_urgency == D("0.2")
