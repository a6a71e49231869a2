"""A click leads to the flow that it came from, or to none."""

import pytest

from engine.contracts.base import Contract
from engine.contracts.flows import FlowNode, FlowOutcome, FlowRecord, OutcomeKind
from engine.contracts.orders import Order
from gui.bridge.focus import Chosen
from gui.models.flow_finding import FlowFinder
from tests.support.notes import a_group, a_translation, an_id, an_order

pytestmark = pytest.mark.unit

MADE, STOP = an_order(order_id=an_id("ORD", 1)), an_order(order_id=an_id("ORD", 2))
GROUP = an_id("EXG", 1)


def a_flow(number: int, born_ns: int, kind: OutcomeKind, *notes: Contract, strategy: str = "demo") -> FlowRecord:
    nodes = tuple(FlowNode(1, "SAID", "somebody", "said", an_id("EXE", number), note) for note in notes)
    return FlowRecord(an_id("TCK", number), strategy, born_ns, "TICK_RECEIVED", FlowOutcome(kind=kind), nodes)


TRADED = a_flow(1, 160, OutcomeKind.EXECUTED, a_translation(group=a_group(group_id=GROUP)))
REFUSED = a_flow(2, 160, OutcomeKind.REJECTED)
LATER = a_flow(3, 220, OutcomeKind.REJECTED)
OTHER = a_flow(4, 220, OutcomeKind.EXECUTED, strategy="other")


def found(chosen: Chosen) -> FlowRecord | None:
    def orders_of(group_id: str) -> list[Order]:
        return [MADE, STOP] if group_id == GROUP else []

    finder = FlowFinder(orders_of)
    records = {flow.flow_id: flow for flow in (TRADED, REFUSED, LATER, OTHER)}
    for flow in records.values():
        finder.learn(flow)
    return finder.flow_of(chosen, records)


def test_an_order_leads_to_the_flow_that_made_its_group() -> None:
    assert found(Chosen(order_id=STOP.order_id)) is TRADED


def test_a_trade_leads_to_the_flow_that_opened_it() -> None:
    assert found(Chosen(trade_id=MADE.trade_id)) is TRADED


def test_a_bar_leads_to_the_flow_born_at_its_close_and_not_to_that_of_the_bar_before() -> None:
    assert found(Chosen(strategy_id="demo", from_ns=160, to_ns=220)) is LATER


def test_of_two_flows_of_a_bar_the_one_that_traded_is_meant() -> None:
    assert found(Chosen(strategy_id="demo", from_ns=100, to_ns=160)) is TRADED


def test_a_mark_leads_to_its_own_flow_whatever_else_its_bar_had() -> None:
    assert found(Chosen("demo", "BTC/USDT", 100, 160, flow_id=REFUSED.flow_id)) is REFUSED


def test_an_order_of_an_earlier_session_leads_nowhere_and_not_to_the_flow_of_its_bar() -> None:
    assert found(Chosen("demo", "BTC/USDT", 100, 160, order_id=an_id("ORD", 9))) is None


def test_a_quiet_bar_leads_nowhere() -> None:
    assert found(Chosen(strategy_id="demo", from_ns=220, to_ns=280)) is None
