"""The Kelly stake, counted from the strategy's own closed trades."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.base import Direction
from engine.contracts.orders import OrderRole
from engine.contracts.plans import SizePlan
from engine.primitives.errors import PlanError, PluginError
from plugins.phase4_size.kelly_criterion.worker import kelly_stake
from tests.support.context import employ
from tests.support.ledger import Books
from tests.support.notes import a_size_directive, a_strategy_directive, an_exit_directive

pytestmark = pytest.mark.unit

D = Decimal
FOLDER = "phase4_size/kelly_criterion"


def books_after(wins: int, losses: int, *, win: str = "200", loss: str = "100") -> Books:
    """Return books in which trades of one coin won or lost so much, in quote."""
    books = Books("1000000")
    for pnl in [D(win)] * wins + [-D(loss)] * losses:
        entry = books.order("1")
        books.fill(entry, "1", "50000")
        leave = books.order("1", trade_id=entry.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)
        books.fill(leave, "1", str(50000 + pnl))
    return books


def risked(books: Books, **config: Any) -> Decimal:
    """Return the share of equity that the next trade risks."""
    sizer = employ(FOLDER, config, ledger=books.ledger)
    share: Decimal = sizer.risk_pct(a_strategy_directive())
    return share


def test_the_stake_is_kellys() -> None:
    # p = 0.6, b = 2: 0.6 - 0.4 / 2
    assert kelly_stake([D(200)] * 6 + [D(-100)] * 4) == D("0.4")
    assert kelly_stake([D(100)] * 5 + [D(-100)] * 5) == 0
    assert kelly_stake([D(100)] * 4 + [D(-100)] * 6) == D("-0.2")


def test_a_record_without_losses_stakes_the_share_of_winners_and_one_without_wins_nothing() -> None:
    assert kelly_stake([D(100), D(0)]) == D("0.5")
    assert kelly_stake([D(-100), D(0)]) < 0


@given(st.lists(st.decimals("-1000", "1000", places=2), min_size=1, max_size=60))
def test_the_stake_is_never_more_than_everything(results: list[Decimal]) -> None:
    assert kelly_stake(results) <= 1


def test_below_the_sample_it_falls_back() -> None:
    assert risked(books_after(18, 11)) == D("0.005")
    assert risked(books_after(18, 11), min_trades=29) > D("0.005")


def test_a_fraction_of_the_stake_is_risked_up_to_the_cap() -> None:
    # p = 0.5, b = 1.04: 0.5 - 0.5 / 1.04
    edge = kelly_stake([D(104)] * 15 + [D(-100)] * 15)
    assert risked(books_after(15, 15, win="104"), kelly_fraction="0.5") == edge / 2
    assert risked(books_after(20, 10)) == D("0.02")


def test_without_an_edge_it_risks_the_floor_or_refuses() -> None:
    assert risked(books_after(10, 20, win="100")) == D("0.001")
    with pytest.raises(PlanError, match="no edge"):
        risked(books_after(10, 20, win="100"), floor_risk_pct="0")


def test_only_the_newest_trades_are_the_record() -> None:
    books = books_after(30, 30)  # the losses came last

    assert risked(books, newest_trades=30) == D("0.001")


def test_fees_count() -> None:
    books = Books("1000000")
    for _ in range(30):
        entry = books.order("1")
        books.fill(entry, "1", "50000", fee="60")
        leave = books.order("1", trade_id=entry.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)
        books.fill(leave, "1", "50100", fee="60")

    assert risked(books) == D("0.001")


def test_the_size_loses_the_share_at_the_stop_and_the_limits_hold() -> None:
    directive = a_strategy_directive(
        size_directive=a_size_directive(max_risk_amount=None, account_risk_pct=D("0.004")),
        exit_directive=an_exit_directive(stop_loss_tolerance=D("0.02")),
    )
    sizer = employ(FOLDER, ledger=Books("100000").ledger)
    plan: SizePlan = sizer.plan(directive)

    assert D(399) < plan.risk_amount <= 400


def test_it_cannot_work_without_the_ledger() -> None:
    with pytest.raises(PluginError, match="ledger_reading"):
        employ(FOLDER)
