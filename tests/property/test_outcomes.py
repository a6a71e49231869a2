"""Trades, cancels, faults, kills and time in any order: our books end as the venue's, and nothing is ever sent twice."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.config.policies import FaultParameters, FeeCurrency, PositionMode
from engine.config.reconciling import ReconciliationSettings
from engine.contracts.base import Direction
from engine.contracts.market import InstrumentKind
from engine.contracts.orders import TERMINAL_ORDER_STATUSES, Order, OrderRole, OrderStatus
from tests.support.execution import FREE, a_new_trade, an_open_market
from tests.support.far_floor import FarFloor
from tests.support.invariants import assert_invariants

pytestmark = [pytest.mark.property, pytest.mark.allow_warnings]
D = Decimal
SHARE = st.sampled_from([D(0), D(0), D("0.1"), D("0.3")])
FUNDED = FREE.model_copy(
    update={
        "funding_rate": D("0.0003"),
        "funding_interval_hours": 1,
        "max_participation": D("0.5"),
        "leverage": D(12),
    }
)
NAMES = "refused lost_before lost_after answer_late arrives_late answer_without_id rate_limited doubled missing"


class TradingInTheDark(RuleBasedStateMachine):
    """A desk that does anything at any time, over a line on which anything may go wrong."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        shares = {name: data.draw(SHARE) for name in f"{NAMES} reordered unanswered".split()}
        faults = FaultParameters(seed=data.draw(st.integers(0, 99)), is_replayed=data.draw(st.booleans()), **shares)
        self.floor = FarFloor(
            parameters=FUNDED.model_copy(update={"fee_currency": data.draw(st.sampled_from(FeeCurrency))}),
            instrument=an_open_market(kind=data.draw(st.sampled_from(InstrumentKind))),
            position_mode=data.draw(st.sampled_from(PositionMode)),
            faults=faults,
            settings=ReconciliationSettings(interval_s=10),
            report_latency_ms=50,
            cancel_latency_ms=100,
        )
        self.floor.bar(open=100, volume=20)

    @rule(side=st.sampled_from(Direction), lots=st.integers(1, 3000), limit=st.sampled_from([None, "97", "100", "103"]))
    def enter(self, side: Direction, lots: int, limit: str | None) -> None:
        is_buy = side is Direction.BUY
        levels: dict[str, Any] = {"stop": "90" if is_buy else "110", "target": "108" if is_buy else "92"}
        urgency = D("0.9") if limit is None else D("0.6")
        self.floor.give(
            a_new_trade(direction=side, size=str(D(lots) / 1000 + 1), limit=limit, execution_urgency=urgency, **levels)
        )

    @rule(side=st.sampled_from(Direction), slices=st.integers(2, 10), minutes=st.integers(1, 10))
    def enter_by_slices(self, side: Direction, slices: int, minutes: int) -> None:
        terms = {"execution_urgency": D("0.2"), "chunk_count_hint": slices, "max_execution_window_minutes": minutes}
        self.floor.give(a_new_trade(direction=side, size="4", target=None, **terms))

    @precondition(lambda self: self.floor.handler.group_plans)
    @rule(data=st.data(), cancels=st.sampled_from([True, False, None]))
    def pause_or_resume(self, data: st.DataObject, cancels: bool | None) -> None:
        """Pause a group, with its orders or without, or resume it (None); what cannot be is answered, not done."""
        group_id = data.draw(st.sampled_from([plan.group_id for plan in self.floor.handler.group_plans]))
        if cancels is None:
            self.floor.handler.resume_group(group_id)
        else:
            self.floor.handler.pause_group(group_id, cancels=cancels)
        self.floor.handler.settle()

    @precondition(lambda self: self.floor.ledger.get_open_trades())
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        trade = data.draw(st.sampled_from(list(self.floor.ledger.get_open_trades())))
        self.floor.handler.close_trade(trade.trade_id, reason="asked by a person")
        self.floor.handler.settle()

    @precondition(lambda self: self.floor.ledger.get_open_orders())
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(list(self.floor.ledger.get_open_orders())))
        self.floor.handler.cancel_order(order.order_id)
        self.floor.handler.settle()

    @rule(price=st.integers(94, 106), spread=st.integers(0, 8), volume=st.integers(5, 20))
    def close_a_bar(self, price: int, spread: int, volume: int) -> None:
        self.floor.bar(open=price, high=price + spread, low=price - spread, volume=volume)

    @rule(price=st.integers(90, 110), after_s=st.integers(0, 5))
    def print(self, price: int, after_s: int) -> None:
        self.floor.print(str(price), "2", after_s=after_s)

    @rule(ms=st.sampled_from([0, 60, 500, 1000, 3000, 3500, 4200, 8000]))
    def wait(self, ms: int) -> None:
        self.floor.wait(ms)

    @precondition(lambda self: self.floor.ledger.get_open_orders() and self.floor.line.silent_since is None)
    @rule(seconds=st.integers(1, 12))
    def cut_the_line(self, seconds: int) -> None:
        self.floor.line.partition(seconds)

    @invariant()
    def nothing_ends_in_our_books_without_evidence(self) -> None:
        """I2 and I6: what we hold for ended has ended at the venue, or never was there."""
        for order in self._sent():
            if order.status not in TERMINAL_ORDER_STATUSES:
                continue
            standing = self.floor.standing(order)
            if order.status is OrderStatus.REJECTED:
                assert standing is None, f"{order.order_id} counts as refused, and the venue has it as {standing}"
            else:
                assert standing is order.status, f"{order.order_id} is {order.status} here and {standing} there"

    @invariant()
    def every_execution_in_our_books_happened_and_counts_once(self) -> None:
        happened = {done.report.venue_trade_id: done for done in self.floor.venue.executions}
        fills = [change.fill for change in self.floor.changes if change.fill is not None]
        assert len({fill.venue_trade_id for fill in fills}) == len(fills)
        for fill in fills:
            done = happened[fill.venue_trade_id]
            assert (done.order.order_id, done.report.quantity) == (fill.order_id, fill.quantity)

    @invariant()
    def a_group_never_has_more_at_the_venue_than_was_asked_of_it(self) -> None:
        for plan in self.floor.handler.group_plans:
            orders = [it for it in self._sent() if it.group_id == plan.group_id and it.role is OrderRole.ENTRY]
            at_venue = D(0)
            for order in orders:
                standing = self.floor.venue.books.standing(order.order_id)
                if standing is not None:
                    is_over = standing.status in TERMINAL_ORDER_STATUSES
                    at_venue += standing.filled_quantity if is_over else order.quantity
            assert at_venue <= plan.quantity, f"{plan.group_id} asked {plan.quantity} and has {at_venue} at the venue"

    @invariant()
    def nothing_holds_more_than_was_ordered(self) -> None:
        for order in self._sent():
            standing = self.floor.venue.books.standing(order.order_id)
            assert standing is None or standing.filled_quantity <= order.quantity

    def _sent(self) -> list[Order]:
        return [self.floor.ledger.get_order(order_id) for order_id in self.floor.line._placed]

    def _wishes_are_fulfilled(self) -> None:
        for order_id in self.floor.line.cancels:
            assert self.floor.ledger.get_order(order_id).is_terminal, f"{order_id} was to be cancelled and works still"

    def teardown(self) -> None:
        if hasattr(self, "floor"):
            assert_invariants(self.floor)
            assert self.floor.outcomes.is_settled
            self._wishes_are_fulfilled()


TestTradingInTheDark = TradingInTheDark.TestCase
TestTradingInTheDark.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
