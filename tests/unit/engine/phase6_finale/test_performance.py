"""What closed trades came to together."""

from decimal import Decimal

import pytest

from engine.contracts.orders import Trade, TradeStatus
from engine.phase6_finale.performance import figures_of
from tests.support import notes

pytestmark = pytest.mark.unit
D = Decimal


def a_result(result: str, *, status: TradeStatus = TradeStatus.CLOSED) -> Trade:
    """Return a long trade of one that came to this after a fee of 1."""
    made = notes.a_trade(entry_quantity=D(1), exit_quantity=D(1))
    worth = {"entry_value": D(100), "exit_value": D(101) + D(result), "fees": D(1)}
    return made.model_copy(update={"status": status, **worth})


def test_the_figures_are_those_of_closed_trades_after_fees() -> None:
    figures = figures_of([a_result("30"), a_result("-10"), a_result("0"), a_result("10"), a_result("-5")])

    assert (figures.closed, figures.won, figures.lost) == (5, 2, 2)
    assert (figures.gained, figures.given, figures.result, figures.fees) == (40, 15, 25, 5)
    assert figures.hit_rate == D("0.4")
    assert figures.expectancy == 5
    assert figures.profit_factor == D(40) / D(15)
    assert (figures.best, figures.worst) == (30, -10)


def test_what_is_open_counts_for_nothing() -> None:
    figures = figures_of([a_result("30", status=TradeStatus.OPEN)])

    assert figures.closed == 0
    assert (figures.hit_rate, figures.expectancy, figures.profit_factor, figures.best) == (None, None, None, None)


def test_without_a_loss_there_is_no_profit_factor() -> None:
    assert figures_of([a_result("30")]).profit_factor is None
