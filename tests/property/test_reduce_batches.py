"""R0: nothing inside a batch that only reduces can raise any |position|, whatever the line, the market and stops do."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.policies import FaultParameters
from engine.config.reconciling import ReconciliationSettings
from engine.contracts.base import Direction
from engine.contracts.execution import ExecutionMode
from engine.contracts.intents import ExecutionAction
from engine.contracts.orders import OrderRole, OrderStatus
from engine.contracts.specs import BatchTranslation
from engine.phase0_bootstrap.drill import raised_by
from tests.support import notes
from tests.support.execution import a_change, a_closing, a_new_trade
from tests.support.far_floor import FarFloor
from tests.support.invariants import assert_invariants

pytestmark = [pytest.mark.property, pytest.mark.allow_warnings]
D = Decimal
MARKETS = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
SLICED: dict[str, Any] = {"execution_urgency": D("0.2"), "chunk_count_hint": 6, "max_execution_window_minutes": 6}
SHARES = st.sampled_from([D(0), D("0.03"), D("0.1")])


@st.composite
def bad_lines(draw: st.DrawFn) -> FaultParameters:
    kinds = ("refused", "lost_before", "lost_after", "answer_late", "arrives_late", "missing", "doubled", "reordered")
    return FaultParameters(seed=draw(st.integers(1, 10_000)), **{kind: draw(SHARES) for kind in kinds})


def minutes(floor: FarFloor, price: float, low: float, high: float) -> None:
    floor.bars({symbol: {"open": price, "low": low, "high": high} for symbol in MARKETS})
    floor.watch(2)


@settings(max_examples=25, deadline=None)
@given(
    sides=st.tuples(*[st.sampled_from(Direction)] * 3),
    line=bad_lines(),
    mode=st.sampled_from(ExecutionMode),
    rollback=st.booleans(),
    is_again=st.booleans(),
    share=st.sampled_from([None, D("0.25"), D("0.5"), D("0.75")]),
    path=st.lists(st.tuples(st.floats(95, 105), st.floats(0, 12)), min_size=4, max_size=8),
)
def test_nothing_in_a_reducing_batch_raises_any_position(
    sides: tuple[Direction, ...],
    line: FaultParameters,
    mode: ExecutionMode,
    rollback: bool,
    is_again: bool,
    share: Decimal | None,
    path: list[tuple[float, float]],
) -> None:
    floor = FarFloor(settings=ReconciliationSettings(interval_s=5), report_latency_ms=50, cancel_latency_ms=100)
    minutes(floor, 100, 100, 100)
    for side, symbol in zip(sides, MARKETS, strict=True):
        floor.give(a_new_trade(symbol=symbol, direction=side, size="2", target=None))
        floor.give(a_new_trade(symbol=symbol, direction=side, size="6", target=None, **SLICED))
    for _ in range(3):
        minutes(floor, 100, 100, 100)
    floor.faults.__init__(line)  # type: ignore[misc]  # from here on nothing is sure
    groups = tuple(group.group_id for group in floor.ledger.get_execution_groups() if not group.status.is_terminal)
    parts = [
        a_closing(groups=groups, action=ExecutionAction.CANCEL_GROUP),
        *(
            a_closing(trade.trade_id)
            if share is None
            else a_change(trade.trade_id, size=str(trade.open_quantity * share))
            for trade in floor.trades()
            if share is None or trade.open_quantity
        ),
    ]
    translations = tuple(floor.translate(part) for part in parts)
    batch = notes.a_batch(
        directives=tuple(it.directive for it in translations), execution_mode=mode, rollback_on_failure=rollback
    )
    translation = BatchTranslation(batch=batch, translations=translations)
    before = len(floor.venue.books.executions)
    in_flight = {order.order_id for order in floor.working(OrderRole.ENTRY) if order.status is not OrderStatus.NEW}

    floor.handler.on_batch_translation_complete(translation)
    floor.handler.settle()
    for price, swing in path:
        minutes(floor, price, price - swing, price + swing)
        if is_again:
            floor.handler.on_batch_translation_complete(translation)
            floor.handler.settle()
    assert_invariants(floor)

    inside = {leg.group_id for leg in floor.handler.batch_progress(batch.batch_id).legs}
    ours = {order.order_id for order in floor.orders() if order.group_id in inside}
    raised = raised_by(floor.venue.books.executions, before, in_flight)
    assert [text for text in raised if text.partition(" ")[0] in ours] == []
    assert all(order.reduce_only for order in floor.orders() if order.group_id in inside)


@settings(max_examples=25, deadline=None)
@given(side=st.sampled_from(Direction), size=st.integers(1, 50), role=st.sampled_from(OrderRole))
def test_the_gateway_lets_no_order_of_a_reducing_group_raise_what_is_held(
    side: Direction, size: int, role: OrderRole
) -> None:
    floor = FarFloor()
    floor.bar(open=100)
    floor.give(a_new_trade(size="2"))
    floor.bar(open=100)
    (entry,) = floor.orders(OrderRole.ENTRY)
    order = entry.model_copy(
        update={
            "order_id": notes.an_id("ORD", 77),
            "direction": side,
            "role": role,
            "quantity": D(size) / 10,
            "status": OrderStatus.NEW,
            "filled_quantity": D(0),
        }
    )
    floor.guard.only_reduce(order.group_id)

    may_leave = not floor.guard.refusal_of(order, floor.clock.now_ns(), market=floor.instrument)

    reduces = role is not OrderRole.ENTRY and side is Direction.SELL and order.quantity <= 2
    assert may_leave == reduces
