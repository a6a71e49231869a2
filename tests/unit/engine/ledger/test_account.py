from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.ledger.account import Account
from engine.primitives.timeframes import ns_from_datetime

pytestmark = pytest.mark.unit

OPENED = datetime(2024, 1, 1, tzinfo=UTC)
CLOSED_NS = [ns_from_datetime(OPENED) + minute * 60_000_000_000 for minute in range(1, 7)]
PRICES = [Decimal(text) for text in ("100.00", "104.50", "104.50", "99.90", "103.00", "101.20")]


def an_account_that_holds(**held: str) -> Account:
    account = Account(currency="USDT", starting_cash=Decimal(1_000), at=OPENED, last_price=lambda _symbol: None)
    for symbol, quantity in held.items():
        account.book(
            symbol=symbol,
            signed_quantity=Decimal(quantity),
            flow=-100 * Decimal(quantity),
            fee=Decimal("0.1"),
            realised=Decimal(0),
            price=Decimal("100.00"),
            at=OPENED,
        )
    return account


@pytest.mark.parametrize("quantity", ["1.5", "-0.75"])
def test_marks_along_prices_leave_an_account_as_one_after_the_other_would(quantity: str) -> None:
    singly, along = (an_account_that_holds(BTC=quantity, ETH="2") for _ in range(2))
    for at_ns, price in zip(CLOSED_NS, PRICES, strict=True):
        singly.mark("BTC", price, at_ns)

    along.mark_along("BTC", PRICES, CLOSED_NS)

    assert along.snapshot() == singly.snapshot()
    assert along.peak_equity == singly.peak_equity
    assert along.mark_of("BTC") == Decimal("101.20")


def test_only_marks_that_change_the_worth_are_told_with_what_else_is_held() -> None:
    account = an_account_that_holds(BTC="2", ETH="1")

    worths = account.mark_along("BTC", PRICES, CLOSED_NS)

    assert [(CLOSED_NS.index(at_ns), worth) for at_ns, worth in worths] == [
        (1, Decimal("309.00")),
        (3, Decimal("299.80")),
        (4, Decimal("306.00")),
        (5, Decimal("302.40")),
    ]


def test_marks_along_no_prices_change_nothing() -> None:
    account = an_account_that_holds(BTC="2")
    before = account.snapshot()

    assert not account.mark_along("BTC", [], [])
    assert account.snapshot() is before
