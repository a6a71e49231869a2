"""One flow as a chain that a person can read."""

from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication

from engine.contracts.base import Contract
from engine.contracts.context import FactorSide
from engine.contracts.flows import FlowNode, FlowRecord, OutcomeKind
from engine.contracts.updates import LedgerUpdate
from gui.models.decisions import ChainLine, chain_of, groups_made_in, reason_of
from tests.support.gui import ScriptedSession
from tests.support.notes import (
    AT,
    a_batch_translation,
    a_factor,
    a_group,
    a_translation,
    an_account,
    an_assessment,
    an_id,
    an_outcome,
)

pytestmark = pytest.mark.unit


class Listener:
    """Keeps the flows that a session tells."""

    def __init__(self) -> None:
        self.flows: list[FlowRecord] = []

    def on_flow(self, record: FlowRecord) -> None:
        self.flows.append(record)

    def on_tick(self, *_: object) -> None: ...
    def on_status(self, _: object) -> None: ...
    def on_ledger(self, _: object) -> None: ...
    def on_equity(self, _: object) -> None: ...


@pytest.fixture(scope="module")
def told(qapp: QApplication) -> tuple[ScriptedSession, list[FlowRecord]]:
    session, listener = ScriptedSession(bars=30), Listener()
    session.watch(listener)
    for _ in range(26):
        session.step()
    return session, listener.flows


def the(kind: OutcomeKind, flows: list[FlowRecord]) -> FlowRecord:
    return next(flow for flow in flows if flow.outcome.kind is kind)


def lines_of(told: tuple[ScriptedSession, list[FlowRecord]], kind: OutcomeKind) -> dict[str, ChainLine]:
    session, flows = told

    def orders_of(group_id: str) -> list[object]:
        group = session.books.get_group(group_id)
        return [session.books.get_order(order_id) for order_id in group.order_ids]

    return {line.what: line for line in chain_of(the(kind, flows), orders_of)}


def test_an_executed_flow_is_told_from_the_bar_to_the_orders(told: tuple[ScriptedSession, list[FlowRecord]]) -> None:
    names = list(lines_of(told, OutcomeKind.EXECUTED))

    wanted = ["Tick received", "Context", "Opportunity", "Directive", "Entry plan", "Size plan", "Exit plan", "Intent"]
    assert names[: len(wanted)] == wanted
    assert names[len(wanted) :][:3] == ["Execution directive", "Venue's terms", "Order (entry)"]
    assert {"Order (stop loss)", "Order (take profit)", "Planner match"} <= set(names)


def test_the_arithmetic_of_the_assessment_can_be_checked_by_hand(
    told: tuple[ScriptedSession, list[FlowRecord]],
) -> None:
    context = lines_of(told, OutcomeKind.EXECUTED)["Context"]

    assert context.value == "strength 0.72, weakness 0.18"
    below = {line.what: line.value for line in context.below}
    assert below["trend alignment (strength)"].startswith("0.90 \N{MULTIPLICATION SIGN} 0.80 = 0.72   [ema_20 ")
    assert below["Sum of strength"] == "0.72 = 0.72"
    assert below["Missing"] == "order_book_pressure"


@pytest.mark.parametrize(
    ("contributions", "written", "text"),
    [
        (("0.4", "0.32"), "0.72", "0.4 + 0.32 = 0.72"),
        (("0.4", "0.3200004"), "0.72", "0.4 + 0.3200004 = 0.7200004, written as 0.72"),
        ((), "0", "0, for no factor of this side was there"),
    ],
)
def test_the_contributions_of_a_side_are_added_up_to_its_score(
    qapp: QApplication, contributions: tuple[str, ...], written: str, text: str
) -> None:
    factors = tuple(a_factor(side=FactorSide.STRENGTH, contribution=Decimal(each)) for each in contributions)
    note = an_assessment(contributing_factors=factors, strength=Decimal(written))

    context = next(line for line in chain_of(a_flow_of(note), lambda _: ()) if line.what == "Context")

    assert next(line.value for line in context.below if line.what == "Sum of strength") == text


def test_values_are_those_of_the_notes(told: tuple[ScriptedSession, list[FlowRecord]]) -> None:
    lines = lines_of(told, OutcomeKind.EXECUTED)

    assert lines["Opportunity"].value == "Fair value gap ▲ Buy, confidence 0.82"
    assert lines["Directive"].value == "New trade, confidence 0.82"
    assert "urgency 0.90" in lines["Intent"].value
    assert "filled: 0.05 at" in lines["Order (entry)"].value


def test_who_said_it_is_told_below_each_note(told: tuple[ScriptedSession, list[FlowRecord]]) -> None:
    opportunity = lines_of(told, OutcomeKind.EXECUTED)["Opportunity"]

    below = {line.what: line.value for line in opportunity.below}
    assert below["Said by"] == "fair_value_gap.run"
    assert below["Id"].startswith("OPP_")


def test_of_a_failed_flow_the_last_line_is_the_reason_and_the_rest_is_below(
    told: tuple[ScriptedSession, list[FlowRecord]],
) -> None:
    error = lines_of(told, OutcomeKind.FAILED)["Error"]

    assert reason_of(the(OutcomeKind.FAILED, told[1])) == error.value == "ZeroDivisionError: division by zero"
    assert len(error.below) == 3


def a_flow_of(*notes: Contract) -> FlowRecord:
    nodes = tuple(
        FlowNode(seq=place, event="SAID", worker="somebody", method="said", node_id=an_id("EXE", place), payload=note)
        for place, note in enumerate(notes)
    )
    return FlowRecord(an_id("LDG"), "demo", 0, "LEDGER_UPDATE", an_outcome(), nodes)


def test_the_groups_of_a_flow_are_those_it_made_alone_or_in_a_batch_and_not_those_it_heard_of() -> None:
    heard = LedgerUpdate(update_id=an_id("LDG"), timestamp=AT, strategy_id="demo", account=an_account())
    alone = a_translation(group=a_group(group_id=an_id("EXG", 1)))
    batch = a_batch_translation()

    made = groups_made_in(a_flow_of(heard, alone, batch))

    assert made == [an_id("EXG", 1), batch.translations[0].group.group_id]
