"""Every note has an id in the record: its own, or that of the flow."""

import pytest

from engine.contracts.base import Contract
from engine.contracts.updates import LedgerUpdate
from engine.primitives.event_type import EventType
from engine.primitives.ids import AnyId
from engine.wiring.compiled import Channel
from engine.wiring.record import nodes_of
from tests.support.notes import (
    AT,
    a_request,
    a_strategy_directive,
    a_translation,
    an_account,
    an_assessment,
    an_execution_directive,
    an_id,
    an_intent,
    an_opportunity,
)

pytestmark = pytest.mark.unit
FLOW = an_id("TCK")


def recorded_id(note: Contract) -> str:
    """Return the id under which a note that the platform published is recorded."""
    channel = Channel(EventType("SAID", type(note), "Somebody said it."), is_note=True)
    (node,) = nodes_of([(channel, None, note)], FLOW)
    return node.node_id


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (an_assessment(), an_id("CTX")),
        (an_opportunity(), an_id("OPP")),
        (a_strategy_directive(), an_id("STR")),
        (an_intent(), an_id("EXI")),
        (an_execution_directive(), an_id("EXE")),
        (LedgerUpdate(update_id=an_id("LDG"), timestamp=AT, strategy_id="demo", account=an_account()), an_id("LDG")),
        (a_request(), FLOW),
        (a_translation(), FLOW),
    ],
)
def test_a_notes_id_is_its_first_field_that_must_hold_one(note: Contract, expected: str) -> None:
    assert recorded_id(note) == expected


def test_a_name_that_is_no_id_is_passed_over() -> None:
    class Odd(Contract):
        strategy_id: str
        odd_id: AnyId

    assert recorded_id(Odd(strategy_id="demo", odd_id=an_id("JRN"))) == an_id("JRN")
