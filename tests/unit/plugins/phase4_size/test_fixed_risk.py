"""The same share of equity at risk in every trade, and never more than there is."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.base import Direction
from engine.contracts.market import InstrumentKind
from engine.contracts.plans import OrderType, SizePlan
from engine.primitives.errors import PlanError, PluginError
from tests.support.context import employ
from tests.support.ledger import Books
from tests.support.notes import (
    a_size_directive,
    a_strategy_directive,
    an_entry_directive,
    an_exit_directive,
    an_instrument,
)

pytestmark = pytest.mark.unit

D = Decimal
FOLDER = "phase4_size/fixed_risk"


def a_plan(
    *,
    cash: str = "10000",
    stop: str = "49500",
    price: str = "50000",
    direction: Direction = Direction.BUY,
    limits: dict[str, Any] | None = None,
    market: dict[str, Any] | None = None,
    config: dict[str, Any] | None = None,
    books: Books | None = None,
) -> SizePlan:
    directive = a_strategy_directive(
        entry_directive=an_entry_directive(direction=direction, reference_price=D(price)),
        size_directive=a_size_directive(**({"max_risk_amount": None} | (limits or {}))),
        exit_directive=an_exit_directive(stop_loss_tolerance=D("0.5"), invalidation_price=D(stop)),
    )
    books = books or Books(cash)
    sizer = employ(FOLDER, config, ledger=books.ledger, listing=an_instrument(**(market or {})))
    plan: SizePlan = sizer.plan(directive)
    return plan


def test_a_stopped_trade_never_loses_more_than_the_risk() -> None:
    plan = a_plan()
    loss = plan.position_size * 500 + plan.position_size * (50000 + 49500) * D("0.001")

    assert loss == plan.risk_amount
    assert D("99.9") < loss <= 100  # 1 % of 10,000
    assert plan.position_value == plan.position_size * 50000


def test_the_size_is_rounded_down_to_the_lot() -> None:
    assert a_plan(market={"lot_step": D("0.01")}).position_size == D("0.16")


def test_the_directives_hard_limits_hold() -> None:
    assert a_plan(limits={"max_risk_amount": D(50)}).risk_amount <= 50
    assert a_plan(limits={"account_risk_pct": D("0.001")}).risk_amount <= 10


def test_a_tight_stop_never_buys_more_than_there_is_cash_for() -> None:
    plan = a_plan(stop="49999", market={"taker_fee": D(0)})

    assert plan.position_value <= 10000
    assert plan.position_value > 9900


def test_cash_that_is_held_for_other_orders_is_not_spent_twice() -> None:
    with_fees = a_plan(stop="49999", market={"taker_fee": D("0.01")})

    assert with_fees.position_value * D("1.01") <= 10000


def test_the_proceeds_of_a_short_sale_buy_nothing() -> None:
    books = Books("10000")
    books.fill(books.order("2", direction=Direction.SELL, symbol="ETH/USDT"), "2", "3000")
    tight = {"stop": "49999", "market": {"taker_fee": D(0), "may_short": True}}

    assert books.ledger.get_balance().free == 16000
    for direction, stop in ((Direction.BUY, "49999"), (Direction.SELL, "50001")):
        plan = a_plan(books=books, direction=direction, **tight | {"stop": stop})
        assert 3900 < plan.position_value <= 4000


def test_a_short_entry_that_works_counts_as_if_it_were_filled() -> None:
    books = Books("10000")
    books.order("2", direction=Direction.SELL, symbol="ETH/USDT", order_type=OrderType.LIMIT, limit_price=D(3000))

    assert 3900 < a_plan(books=books, stop="49999", market={"taker_fee": D(0)}).position_value <= 4000


def test_what_the_market_does_not_take_is_no_plan() -> None:
    with pytest.raises(PlanError, match="below what the market takes"):
        a_plan(cash="100", market={"min_notional": D(1000)})
    with pytest.raises(PlanError, match="below what the market takes"):
        a_plan(market={"min_quantity": D(1)})
    with pytest.raises(PlanError, match="below what the market takes"):
        a_plan(market={"lot_step": D(1)})


def test_a_spot_market_without_margin_is_not_sold_short() -> None:
    with pytest.raises(PlanError, match="cannot be sold short"):
        a_plan(direction=Direction.SELL, stop="50500")
    assert a_plan(direction=Direction.SELL, stop="50500", market={"may_short": True}).position_size > 0
    assert a_plan(direction=Direction.SELL, stop="50500", market={"kind": InstrumentKind.PERPETUAL}).position_size > 0


def test_it_cannot_work_without_the_ledger() -> None:
    with pytest.raises(PluginError, match="ledger_reading"):
        employ(FOLDER)


@given(
    cash=st.decimals("100", "1000000", places=2),
    distance=st.decimals("0.0005", "0.3", places=4),
    risk=st.decimals("0.001", "0.05", places=3),
    direction=st.sampled_from(Direction),
)
def test_neither_risk_nor_cash_is_ever_exceeded(
    cash: Decimal, distance: Decimal, risk: Decimal, direction: Direction
) -> None:
    stop = D(50000) * (1 - direction.sign * distance)
    try:
        plan = a_plan(
            cash=str(cash), stop=str(stop), direction=direction, config={"risk_pct": risk}, market={"may_short": True}
        )
    except PlanError:
        return
    assert plan.position_size * abs(50000 - stop) <= plan.risk_amount <= cash * risk
    assert plan.position_value * D("1.001") <= cash
    assert plan.position_size % D("0.00001") == 0
