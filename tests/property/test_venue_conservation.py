"""Orders, cancels, market moves and faults in any order: what a venue may never do, and what its books always prove."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.config.policies import FaultParameters, PositionMode
from engine.contracts.base import Direction
from engine.contracts.orders import TERMINAL_ORDER_STATUSES, Order, OrderRole, OrderStatus, TimeInForce
from engine.contracts.plans import OrderType
from engine.contracts.venue import (
    AccountStated,
    CancelRefused,
    ExecutionsListed,
    FundingPaid,
    OrderAccepted,
    OrderCancelled,
    OrderExecuted,
    OrderInDoubt,
    OrderRefused,
    VenueReport,
    VenueRequest,
)
from tests.support import notes
from tests.support.execution import FREE
from tests.support.venues import Far

pytestmark = pytest.mark.property
D = Decimal
TRADES = tuple(notes.an_id("TRD", number) for number in range(2))
SHARE = st.sampled_from([D(0), D(0), D("0.2"), D("0.5")])
PRICES = st.integers(85, 115).map(D)
KINDS = st.sampled_from((OrderType.MARKET, OrderType.MARKET, *OrderType))
LOTS = st.integers(1, 3000).map(lambda lots: D(lots) / 1000)
FUNDED = FREE.model_copy(
    update={
        "funding_rate": D("0.0003"),
        "funding_interval_hours": 1,
        "max_participation": D("0.5"),
        "leverage": D(10),
    }
)


class TradingOnABadLine(RuleBasedStateMachine):
    """A trader who does anything at any time, and keeps count of what was heard."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        names = "refused lost_before lost_after answer_late arrives_late answer_without_id rate_limited doubled"
        shares = {name: data.draw(SHARE) / 4 for name in f"{names} missing reordered unanswered".split()}
        faults = FaultParameters(seed=data.draw(st.integers(0, 99)), is_replayed=data.draw(st.booleans()), **shares)
        mode = data.draw(st.sampled_from(PositionMode))
        self.far = Far(parameters=FUNDED, faults=faults, cash="1000000", position_mode=mode)
        self.began = self.far.clock.now()
        self.sent: dict[str, Order] = {}
        self.asked_to_cancel: Counter[str] = Counter()
        self.heard: list[VenueReport] = []
        self.doubled: set[str] = set()
        self.far.bar()

    @rule(
        lots=LOTS,
        side=st.sampled_from(Direction),
        trade=st.sampled_from(TRADES),
        price=PRICES,
        order_type=KINDS,
        how=st.sampled_from(TimeInForce),
    )
    def enter(
        self, lots: Decimal, side: Direction, trade: str, price: Decimal, order_type: OrderType, how: TimeInForce
    ) -> None:
        self._place(order_type, price, quantity=lots, direction=side, trade_id=trade, time_in_force=how)

    @rule(lots=LOTS, trade=st.sampled_from(TRADES), price=PRICES, order_type=KINDS)
    def reduce(self, lots: Decimal, trade: str, price: Decimal, order_type: OrderType) -> None:
        is_long = self._held(trade, len(self.far.venue.executions)) > 0
        how: dict[str, Any] = {"role": OrderRole.CLOSE, "reduce_only": True, "time_in_force": TimeInForce.GTC}
        side = Direction.SELL if is_long else Direction.BUY
        self._place(order_type, price, quantity=lots, direction=side, trade_id=trade, **how)

    def _place(self, order_type: OrderType, price: Decimal, **how: Any) -> None:
        prices: dict[str, Any] = {}
        if order_type in (OrderType.LIMIT, OrderType.STOP_LIMIT):
            prices["limit_price"] = price
        if order_type in (OrderType.STOP_MARKET, OrderType.STOP_LIMIT):
            prices["stop_price"] = price
        order = self.far.place(order_type=order_type, **prices, **how)
        self.sent[order.order_id] = order

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        order_id = data.draw(st.sampled_from(sorted(self.sent)))
        self.asked_to_cancel[order_id] += 1
        self.far.line.cancel(self.sent[order_id].order_id)

    @rule(price=PRICES, spread=st.integers(0, 10), volume=st.integers(5, 20))
    def close_a_bar(self, price: Decimal, spread: int, volume: int) -> None:
        self._move(
            lambda: self.far.bar(float(price), high=float(price) + spread, low=float(price) - spread, volume=volume)
        )

    @rule(price=PRICES, lots=LOTS, after_ms=st.integers(0, 2000))
    def print(self, price: Decimal, lots: Decimal, after_ms: int) -> None:
        self._move(lambda: self.far.print(str(price), str(lots), after_ms=after_ms))

    @rule(price=PRICES, lots=LOTS, after_ms=st.integers(0, 2000))
    def tell_a_book(self, price: Decimal, lots: Decimal, after_ms: int) -> None:
        self._move(lambda: self.far.book(bid=str(price - 1), ask=str(price + 1), size=str(lots), after_ms=after_ms))

    def _move(self, move: Any) -> None:
        before = len(self.far.venue.executions)
        held = {trade: self._held(trade, before) for trade in TRADES}
        move()
        for done in self.far.venue.executions[before:]:
            if done.order.reduce_only:
                after = held[done.order.trade_id] + done.report.quantity * done.order.direction.sign
                assert abs(after) < abs(held[done.order.trade_id]), "a reduction made a trade larger"
                assert after * held[done.order.trade_id] >= 0, "a reduction turned a trade over"
            held[done.order.trade_id] += done.report.quantity * done.order.direction.sign

    def _held(self, trade: str, until: int) -> Decimal:
        of_trade = [done for done in self.far.venue.executions[:until] if done.order.trade_id == trade]
        return sum((done.report.quantity * done.order.direction.sign for done in of_trade), D(0))

    @rule(seconds=st.integers(1, 30))
    def cut_the_line(self, seconds: int) -> None:
        self.far.line.partition(seconds)

    @rule(ms=st.integers(0, 8000))
    def listen(self, ms: int) -> None:
        self.far.wait(ms)
        self.heard += self.far.all_reports()

    @invariant()
    def no_order_fills_beyond_its_size_or_after_its_end(self) -> None:
        books = self.far.venue.books
        filled: Counter[str] = Counter()
        for done in books.executions:
            filled[done.order.order_id] += done.report.quantity  # type: ignore[assignment]  # a Counter of Decimals
        working = set(self.far.venue.open_orders())
        for order_id, order in self.sent.items():
            standing = books.standing(order.order_id)
            if standing is None:
                assert order_id not in filled
                continue
            assert standing.filled_quantity == filled[order_id] <= order.quantity
            assert (standing.status is OrderStatus.FILLED) == (standing.filled_quantity == order.quantity)
            assert (order_id in working) == (standing.status not in TERMINAL_ORDER_STATUSES)
            is_liquidated = standing.reason == "its market is being liquidated"
            is_asked = self.asked_to_cancel[order_id] or order.reduce_only or is_liquidated
            assert standing.status is not OrderStatus.CANCELLED or is_asked

    @invariant()
    def the_account_is_the_sum_of_its_executions_and_payments(self) -> None:
        books = self.far.venue.books
        net = sum((done.report.quantity * done.order.direction.sign for done in books.executions), D(0))
        flows = [
            -done.report.quantity * done.order.direction.sign * done.report.price - done.report.fee
            for done in books.executions
        ]
        assert self.far.venue.net_quantity("BTC/USDT") == net
        assert sum((leg.quantity for leg in books.legs("BTC/USDT").values()), D(0)) == net
        assert books.cash == D(1_000_000) + sum(flows, D(0)) + sum((paid.amount for paid in books.fundings), D(0))
        assert len({done.report.venue_trade_id for done in books.executions}) == len(books.executions)
        assert len({paid.funding_id for paid in books.fundings}) == len(books.fundings)

    @invariant()
    def what_is_heard_of_money_happened(self) -> None:
        books = self.far.venue.books
        happened = {done.report.venue_trade_id: done.report for done in books.executions}
        for report in self.heard:
            if isinstance(report, OrderExecuted):
                assert happened[report.venue_trade_id] == report
            elif isinstance(report, FundingPaid):
                assert report in books.fundings
            elif isinstance(report, OrderRefused):
                assert books.standing(report.order_id) is None, "a definite no, and it works"

    def teardown(self) -> None:
        if not hasattr(self, "far"):
            return
        self.far.wait(200_000)
        self.far.bar()
        self.heard += self.far.all_reports()
        self._every_request_got_a_word()
        self._asking_closes_every_gap()

    def _every_request_got_a_word(self) -> None:
        placed, cancelled = set(), set()
        for report in self.heard:
            if isinstance(report, OrderAccepted | OrderRefused):
                placed.add(report.order_id)
            elif isinstance(report, OrderCancelled | CancelRefused):
                cancelled.add(report.order_id)
            elif isinstance(report, OrderInDoubt):
                (placed if report.request is VenueRequest.PLACE else cancelled).add(report.order_id)
        assert placed == set(self.sent)
        assert set(self.asked_to_cancel) <= cancelled

    def _asking_closes_every_gap(self) -> None:
        """A ledger that books every execution once, heard or listed, holds what the venue holds."""
        booked = {report.venue_trade_id: report for report in self.heard if isinstance(report, OrderExecuted)}
        answer = self._ask(lambda: self.far.line.ask_executions(self.began))
        assert isinstance(answer, ExecutionsListed)
        booked.update({report.venue_trade_id: report for report in answer.executions})
        account = self._ask(self.far.line.ask_account)
        assert isinstance(account, AccountStated)
        sides = {it.order_id: it.direction for it in (*self.sent.values(), *answer.forced)}
        net = sum((it.quantity * sides[it.order_id].sign for it in booked.values()), D(0))
        assert sum((held.quantity for held in account.positions), D(0)) == net

    def _ask(self, ask: Any) -> Any:
        """Ask until there is an answer, as whoever recovers must."""
        for _ in range(200):
            ask()
            self.far.wait(31_000)
            answers = [answer for answer in self.far.answers() if answer.kind != "FAILED"]
            if answers:
                return answers[-1]
        raise AssertionError("no answer in two hundred questions")


TestTradingOnABadLine = TradingOnABadLine.TestCase
TestTradingOnABadLine.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
