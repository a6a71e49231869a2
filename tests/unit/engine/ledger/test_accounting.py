from decimal import Decimal, Inexact

import pytest

from engine.contracts.base import Direction
from engine.contracts.orders import OrderRole
from engine.ledger.accounting import Holding, TradeTotals, average_price, cash_flow, hold

pytestmark = pytest.mark.unit
D = Decimal


def bought(before: Holding, quantity: str, price: str) -> tuple[Holding, Decimal]:
    return hold(before, direction=Direction.BUY, price=D(price), quantity=D(quantity))


def sold(before: Holding, quantity: str, price: str) -> tuple[Holding, Decimal]:
    return hold(before, direction=Direction.SELL, price=D(price), quantity=D(quantity))


def test_a_buy_costs_cash_and_a_sale_brings_it() -> None:
    assert cash_flow(direction=Direction.BUY, price=D("100.5"), quantity=D(2)) == D(-201)
    assert cash_flow(direction=Direction.SELL, price=D("100.5"), quantity=D(2)) == D(201)


def test_a_second_buy_adds_to_quantity_and_cost() -> None:
    holding, _ = bought(Holding(), "1", "100")
    holding, realised = bought(holding, "1", "110")

    assert (holding, realised) == (Holding(D(2), D(210)), D(0))


def test_closing_a_part_realises_its_share_of_the_cost() -> None:
    holding, realised = sold(Holding(D(2), D(210)), "1", "120")

    assert holding == Holding(D(1), D(105))
    assert realised == D(15)


def test_a_short_that_is_bought_back_lower_wins() -> None:
    holding, _ = sold(Holding(), "3", "50")
    assert holding == Holding(D(-3), D(-150))

    holding, realised = bought(holding, "3", "40")
    assert (holding, realised) == (Holding(), D(30))


def test_a_flip_closes_all_first_and_opens_the_rest_at_the_price_of_the_fill() -> None:
    holding, realised = sold(Holding(D(2), D(210)), "3", "120")

    assert realised == D(30)
    assert holding == Holding(D(-1), D(-120))


def test_what_rounding_the_cost_leaves_goes_into_the_result() -> None:
    before = Holding(D(3), D(100))
    after, realised = sold(before, "1", "50")

    assert after.cost == D("66.666666666667")
    assert realised - after.cost == D(50) - before.cost


def test_an_amount_that_would_have_to_be_rounded_raises() -> None:
    with pytest.raises(Inexact):
        hold(Holding(), direction=Direction.BUY, price=D("1." + "3" * 150), quantity=D("7" * 150))


def test_trade_totals_count_entries_on_one_side_and_every_exit_on_the_other() -> None:
    totals = TradeTotals(D(0), D(0), D(0), D(0), D(0))
    totals = totals.with_fill(role=OrderRole.ENTRY, price=D(100), quantity=D(2), fee=D("0.2"))
    totals = totals.with_fill(role=OrderRole.STOP_LOSS, price=D(90), quantity=D(1), fee=D("0.1"))
    totals = totals.with_fill(role=OrderRole.CLOSE, price=D(95), quantity=D(1), fee=D("0.1"))

    assert totals == TradeTotals(D(2), D(2), D(200), D(185), D("0.4"))


def test_an_average_price_may_be_rounded_since_no_money_is_counted_from_it() -> None:
    assert average_price(value=D(100), quantity=D(3)) == D("33.33333333333333333333333333")
