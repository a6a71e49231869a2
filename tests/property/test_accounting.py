"""The books against a second reckoning that shares no code with them: plain sums of signed flows, in fractions."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from engine.contracts.base import Direction
from engine.contracts.orders import TERMINAL_ORDER_STATUSES, Order, OrderRole, OrderStatus, TradeStatus
from engine.contracts.venue import OrderAccepted, OrderCancelled, OrderExecuted, OrderExpired, OrderRefused
from engine.ledger.group_states import group_status, trade_status
from engine.primitives.timeframes import ns_from_datetime
from tests.support.ledger import Books

pytestmark = pytest.mark.property

SYMBOLS = ("BTC/USDT", "ETH/USDT", "DOGE/USDT")
STRATEGIES = ("one", "two")
START = "1000000"

prices = st.decimals(min_value="0.00000001", max_value="99999", places=8)
quantities = st.decimals(min_value="0.00000001", max_value="9999", places=8)
# A maker may be paid for its order: a fee below zero.
fees = st.decimals(min_value="-5", max_value="50", places=8)
directions = st.sampled_from(Direction)


@dataclass
class SecondReckoning:
    """What came in and went out, and what is left of each symbol; nothing about cost, average or order."""

    cash: Fraction = Fraction(START)
    fees: Fraction = Fraction(0)
    fees_in: dict[str, Fraction] = field(default_factory=dict)
    held: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    marks: dict[str, Fraction] = field(default_factory=dict)

    def take(
        self, strategy: str, symbol: str, side: int, price: Decimal, quantity: Decimal, fee: Decimal, currency: str
    ) -> None:
        base = symbol.split("/", maxsplit=1)[0]
        if currency not in ("", "USDT"):
            self.fees_in[currency] = self.fees_in.get(currency, Fraction(0)) + Fraction(fee)
            lost, fee = (fee if currency == base else Decimal(0)), Decimal(0)
        else:
            lost = Decimal(0)
        amount = Fraction(price) * Fraction(quantity)
        if not self.net(symbol):
            self.marks[symbol] = Fraction(price)
        self.cash -= side * amount + Fraction(fee)
        self.fees += Fraction(fee)
        self.held[strategy, symbol] = (
            self.held.get((strategy, symbol), Fraction(0)) + side * Fraction(quantity) - Fraction(lost)
        )

    def net(self, symbol: str) -> Fraction:
        return sum((size for (_, held), size in self.held.items() if held == symbol), Fraction(0))

    @property
    def equity(self) -> Fraction:
        return self.cash + sum(size * self.marks[symbol] for (_, symbol), size in self.held.items())


def agree(books: Books, second: SecondReckoning) -> None:
    """Compare to the last digit: a Decimal becomes a fraction without loss."""
    account = books.ledger.get_account()
    positions = books.ledger.get_open_positions()
    assert Fraction(account.cash) == second.cash
    assert Fraction(account.fees_paid) == second.fees
    assert {currency: Fraction(fee) for currency, fee in account.fees_in.items()} == second.fees_in
    assert {currency: -Fraction(left) for currency, left in account.balances.items()} == {
        currency: fee for currency, fee in second.fees_in.items() if currency == "BNB"
    }
    assert account.left_out == tuple(account.balances), "no market says what they are worth"
    assert Fraction(account.cash) + Fraction(account.positions_value) == second.equity
    held = {(position.strategy_id, position.symbol): Fraction(position.quantity) for position in positions}
    assert held == {key: size for key, size in second.held.items() if size}
    # The same equity from the other side: what was earned, what stands open, and what was paid.
    open_pnl = sum(
        Fraction(position.quantity) * second.marks[position.symbol] - Fraction(position.cost_quote)
        for position in positions
    )
    earned = Fraction(account.realised_pnl) + open_pnl - Fraction(account.fees_paid)
    assert Fraction(START) + earned == second.equity


class Trading(RuleBasedStateMachine):
    """Orders of two strategies on three symbols that fill, die, fill late, fill twice, and are marked in between."""

    orders = Bundle("orders")
    reports = Bundle("reports")

    def __init__(self) -> None:
        super().__init__()
        self.books = Books(START)
        self.second = SecondReckoning()
        self.peak = Fraction(START)

    def _see_peak(self) -> None:
        self.peak = max(self.peak, self.second.equity)

    @rule(
        target=orders,
        symbol=st.sampled_from(SYMBOLS),
        strategy=st.sampled_from(STRATEGIES),
        direction=directions,
        quantity=quantities,
        is_sent=st.booleans(),
    )
    def register(self, symbol: str, strategy: str, direction: Direction, quantity: Decimal, is_sent: bool) -> Order:
        return self.books.order(
            str(quantity), symbol=symbol, strategy_id=strategy, direction=direction, is_sent=is_sent
        )

    @rule(target=orders, before=orders, role=st.sampled_from(OrderRole), quantity=quantities)
    def register_another(self, before: Order, role: OrderRole, quantity: Decimal) -> Order:
        is_entry = role is OrderRole.ENTRY and before.group_id not in self.books.ledger._cancel_asked
        return self.books.order(
            str(quantity),
            trade_id=before.trade_id,
            group_id=before.group_id,
            role=role if role is not OrderRole.ENTRY or is_entry else OrderRole.CLOSE,
            direction=before.direction if is_entry else before.direction.opposite,
            symbol=before.symbol,
            strategy_id=before.strategy_id,
        )

    @rule(
        target=reports,
        order=orders,
        price=prices,
        part=st.integers(1, 12),
        fee=fees,
        currency=st.sampled_from(["", "USDT", "base", "BNB"]),
    )
    def execute(self, order: Order, price: Decimal, part: int, fee: Decimal, currency: str) -> OrderExecuted:
        """Fill a part of what was ordered; twelve tenths of it now and then, whatever state the order is in."""
        quantity = max((order.quantity * part / 10).quantize(Decimal("1e-8")), Decimal("1e-8"))
        if currency == "base":
            currency, fee = order.symbol.split("/")[0], quantity * fee / 1000
        report = self.books.execution(order, str(quantity), str(price), fee=f"{fee:f}", fee_currency=currency)
        change = self.books.ledger.book(report)
        assert change.refused == ""
        self.second.take(order.strategy_id, order.symbol, order.direction.sign, price, quantity, fee, currency)
        assert change.position is not None
        if not any(self.second.net(held) for held in SYMBOLS):
            self._see_peak()
        return report

    @rule(report=reports)
    def hear_an_execution_twice(self, report: OrderExecuted) -> None:
        before = self.books.ledger.get_order(report.order_id)
        assert self.books.ledger.book(report).refused
        assert self.books.ledger.get_order(report.order_id) == before

    @rule(order=orders, word=st.sampled_from([OrderAccepted, OrderCancelled, OrderExpired]))
    def hear(self, order: Order, word: type[OrderAccepted | OrderCancelled | OrderExpired]) -> None:
        before = self.books.ledger.get_order(order.order_id)
        change = self.books.ledger.book(word(order_id=order.order_id, at=self.books.clock.now()))
        if before.is_terminal:
            assert change.refused
            assert self.books.ledger.get_order(order.order_id) == before

    @rule(order=orders)
    def reject(self, order: Order) -> None:
        report = OrderRefused(order_id=order.order_id, at=self.books.clock.now(), reason="no")
        before = self.books.ledger.get_order(order.order_id)
        change = self.books.ledger.book(report)
        assert bool(change.refused) == (before.is_terminal or bool(before.filled_quantity))

    @rule(order=orders, status=st.sampled_from(OrderStatus))
    def move(self, order: Order, status: OrderStatus) -> None:
        before = self.books.ledger.get_order(order.order_id)
        change = self.books.ledger.move_order(order.order_id, status)
        after = self.books.ledger.get_order(order.order_id)
        assert after.status is (before.status if change.refused else status)
        assert not (before.is_terminal and not change.refused)

    @rule(order=orders)
    def cancel(self, order: Order) -> None:
        was_terminal = self.books.ledger.get_order(order.order_id).is_terminal
        assert self.books.ledger.cancel_order(order.order_id) is not was_terminal

    @rule(order=orders)
    def cancel_group(self, order: Order) -> None:
        self.books.ledger.cancel_execution_group(order.group_id)

    @rule(symbol=st.sampled_from(SYMBOLS), price=prices)
    def mark(self, symbol: str, price: Decimal) -> None:
        at = self.books.clock.move(seconds=60)
        self.books.ledger.mark(symbol, price, ns_from_datetime(at))
        self.second.marks[symbol] = Fraction(price)
        if self.second.net(symbol):
            self._see_peak()

    @invariant()
    def cash_and_positions_are_equity_to_the_last_digit(self) -> None:
        agree(self.books, self.second)

    @invariant()
    def the_peak_is_the_highest_equity_that_was_seen(self) -> None:
        assert Fraction(self.books.ledger.get_peak_equity()) == self.peak

    @invariant()
    def open_orders_are_those_that_are_not_done(self) -> None:
        orders = self.books.ledger.get_open_orders()
        assert all(order.status not in TERMINAL_ORDER_STATUSES for order in orders)
        for one in self._seen():
            for name in ("trade_id", "group_id"):
                key = getattr(one, name)
                of_key = self.books.ledger.get_open_orders(**{name: key})
                assert {it.order_id for it in of_key} == {it.order_id for it in orders if getattr(it, name) == key}

    @invariant()
    def every_group_and_trade_stands_as_all_of_its_orders_say(self) -> None:
        ledger, orders = self.books.ledger, self._seen()
        for group_id in {order.group_id for order in orders}:
            follows = group_status(
                [order for order in orders if order.group_id == group_id],
                is_complete=True,
                is_cancel_asked=group_id in ledger._cancel_asked,
            )
            assert ledger.get_group(group_id).status is follows
        for trade_id in {order.trade_id for order in orders}:
            trade = ledger.get_trade(trade_id)
            entries = [order for order in orders if order.trade_id == trade_id and order.role is OrderRole.ENTRY]
            assert trade.status is trade_status(trade, entries, is_complete=True)

    def _seen(self) -> list[Order]:
        return list(self.books.ledger._orders.values())

    @invariant()
    def what_is_told_is_what_stands_there(self) -> None:
        for kind, key, ask in (
            ("order", "order_id", self.books.ledger.get_order),
            ("group", "group_id", self.books.ledger.get_group),
            ("trade", "trade_id", self.books.ledger.get_trade),
        ):
            told = {getattr(part, key): part for change in self.books.changes if (part := getattr(change, kind))}
            assert all(ask(identifier) == part for identifier, part in told.items())


TestTrading = Trading.TestCase


@dataclass(frozen=True)
class Execution:
    """One execution of a round trip."""

    direction: Direction
    price: Decimal
    quantity: Decimal
    fee: Decimal


executions = st.lists(st.builds(Execution, directions, prices, quantities, fees), min_size=1, max_size=25)


@given(executions)
def test_a_position_that_went_back_to_zero_has_no_cost_and_its_result_is_what_the_cash_says(
    fills: list[Execution],
) -> None:
    books = Books(START)
    for fill in fills:
        books.fill(books.order("1", direction=fill.direction), str(fill.quantity), str(fill.price), fee=str(fill.fee))
    left = sum((fill.direction.sign * fill.quantity for fill in fills), Decimal(0))
    if left:
        books.fill(books.order("1", direction=Direction.SELL if left > 0 else Direction.BUY), str(abs(left)), "10")

    account = books.ledger.get_account()

    assert books.ledger.get_open_positions() == []
    assert account.positions_value == 0
    assert Fraction(account.realised_pnl) - Fraction(account.fees_paid) == Fraction(account.cash) - Fraction(START)


@given(executions)
def test_a_closed_trade_earned_what_it_did_to_the_cash(fills: list[Execution]) -> None:
    books = Books(START)
    entry = books.order(str(sum(fill.quantity for fill in fills)))
    for fill in fills:
        books.fill(entry, str(fill.quantity), str(fill.price), fee=str(fill.fee))
    close = books.order("1", trade_id=entry.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)
    for fill in reversed(fills):
        books.fill(close, str(fill.quantity), "12.5", fee=str(fill.fee))

    trade = books.ledger.get_trade(entry.trade_id)

    assert trade.status is TradeStatus.CLOSED
    assert trade.realised_pnl is not None
    assert Fraction(trade.realised_pnl) == Fraction(books.ledger.get_account().cash) - Fraction(START)
