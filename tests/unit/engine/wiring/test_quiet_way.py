"""The straight way of the bus: worked out beforehand, left at the first word, and never a different answer."""

from typing import Any

import pytest

from engine.contracts.context import AssessedContext, TradingContext
from engine.contracts.disposition import NOTHING
from engine.contracts.events import CONTEXT_ASSESSMENT_READY, CONTEXT_READY, OPPORTUNITY_DETECTED, TICK_RECEIVED
from engine.contracts.swot import SWOTInputs
from engine.primitives.errors import DataError
from engine.wiring.bus import FlowBus
from engine.wiring.compiled import CompiledWiring, compile_wiring, quiet_way
from tests.support.notes import an_opportunity
from tests.support.wiring import (
    Scripted,
    T,
    a_bus,
    a_context,
    a_handler,
    a_map,
    an_assessed_context,
    bound,
    run,
    says,
)

pytestmark = pytest.mark.unit

CHAIN = a_handler("chain.on_tick", TradingContext, "CONTEXT_READY", relays=True)
ASSESSOR = a_handler("assessor.on_context", TradingContext, "CONTEXT_ASSESSMENT_READY", relays=True)
SCOUT = a_handler("scout.on_assessed", AssessedContext, "OPPORTUNITY_DETECTED", kind=T.OPPORTUNITY_WORKER)
PLANNER = a_handler("planner.confront", SWOTInputs, "STRATEGY_DIRECTIVE_ISSUED", kind=T.STRATEGY_PLANNER)
ASSESSED = an_assessed_context()
CHANCE = says(OPPORTUNITY_DETECTED, an_opportunity())
HOUSE = a_map(
    {
        "TICK_RECEIVED": ["chain.on_tick"],
        "CONTEXT_READY": ["assessor.on_context"],
        "CONTEXT_ASSESSMENT_READY": ["scout.on_assessed", "planner.confront"],
        "OPPORTUNITY_DETECTED": ["planner.confront"],
    }
)


def workers(*, chain: Any = lambda context: context, scout: Any = NOTHING, planner: Any = NOTHING) -> tuple[Any, ...]:
    return (
        bound(Scripted(on_tick=chain), CHAIN),
        bound(Scripted(on_context=lambda _: ASSESSED), ASSESSOR),
        bound(Scripted(on_assessed=scout), SCOUT),
        bound(Scripted(confront=planner), PLANNER),
    )


def way_of(compiled: CompiledWiring, event: str = TICK_RECEIVED.name) -> list[tuple[list[str], str]]:
    """Return who hears each note of the way, and who of them hands something on."""
    return [
        ([adapter.contract.worker for adapter in adapters], "" if relay is None else relay.contract.worker)
        for adapters, _, relay in quiet_way(compiled.channels[event], compiled.channels)
    ]


def test_the_way_leads_from_relay_to_relay_to_those_who_may_speak() -> None:
    assert way_of(compile_wiring(HOUSE, workers())) == [
        (["chain"], "chain"),
        (["assessor"], "assessor"),
        (["scout"], ""),
    ]


def test_an_event_that_nobody_hands_on_is_a_way_of_one_step() -> None:
    compiled = compile_wiring(HOUSE, workers())

    assert way_of(compiled, CONTEXT_ASSESSMENT_READY.name) == [(["scout"], "")]


def test_there_is_no_straight_way_to_where_a_join_must_be_asked() -> None:
    compiled = compile_wiring(HOUSE, workers())

    assert way_of(compiled, OPPORTUNITY_DETECTED.name) == []


def test_there_is_no_straight_way_where_two_hand_something_on() -> None:
    second = a_handler("second.on_tick", TradingContext, "CONTEXT_READY", relays=True)
    house = a_map({"TICK_RECEIVED": ["chain.on_tick", "second.on_tick"], "CONTEXT_READY": ["assessor.on_context"]})
    bindings = [*workers()[:2], bound(Scripted(on_tick=NOTHING), second)]

    assert way_of(compile_wiring(house, bindings)) == []


def both(**answers: Any) -> tuple[FlowBus, FlowBus]:
    """Return two buses of one house, the second with nothing but the ordinary way."""
    straight, ordinary = a_bus(HOUSE, *workers(**answers)), a_bus(HOUSE, *workers(**answers))
    assert straight._ways[TICK_RECEIVED.name]
    ordinary._ways = dict.fromkeys(ordinary._ways, ())
    return straight, ordinary


def in_turns(*answers: Any) -> Any:
    """Answer every call with the next of these."""
    left = list(answers)
    return lambda _: left.pop(0)


def fault(_: object) -> Any:
    return DataError("no bar to look at")


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"scout": CHANCE},
        {"chain": NOTHING},
        {"chain": fault},
        {"scout": fault},
        {"scout": CHANCE, "planner": fault},
    ],
    ids=["silence", "a word", "a chain that breaks off", "a fault on the way", "a fault at its end", "a fault later"],
)
def test_both_ways_end_in_the_same_record(answers: dict[str, Any]) -> None:
    straight, ordinary = (
        [run(bus, TICK_RECEIVED, a_context(), number) for number in range(2)] for bus in both(**answers)
    )

    assert _without_lines(straight) == _without_lines(ordinary)


def test_a_quiet_flow_after_a_loud_one_leaves_nothing_of_it_behind() -> None:
    for bus in both(scout=in_turns(*(CHANCE, NOTHING, CHANCE) * 2)):
        first, second, third = (run(bus, TICK_RECEIVED, a_context(), number) for number in range(3))

        assert second is None
        assert first is not None
        assert third is not None
        assert [node.event for node in first.nodes] == [node.event for node in third.nodes]


def test_a_remark_leaves_the_straight_way_and_stands_in_the_record() -> None:
    bus, _ = both()
    bus.remember("scout", "state", "kept")

    record = run(bus, TICK_RECEIVED, a_context())

    assert record is not None
    assert [remark.text for remark in record.remarks] == ["kept"]
    assert run(bus, TICK_RECEIVED, a_context(), 1) is None


def test_a_join_of_a_later_flow_remembers_what_came_the_straight_way() -> None:
    asked: list[list[object]] = [[], []]
    for bus, seen in zip(both(), asked, strict=True):
        run(bus, TICK_RECEIVED, a_context())
        seen += [note for note in bus._memory if note is not None]

    assert asked[0] == asked[1] == [ASSESSED]


def _without_lines(records: list[Any]) -> list[Any]:
    """Leave out where in the bus's own code an error passed by."""
    return [
        None
        if record is None
        else (
            record.flow_id,
            record.outcome.kind,
            record.outcome.reason,
            [(node.event, node.worker, node.payload) for node in record.nodes if node.event != "_flow_stop"],
        )
        for record in records
    ]


def test_the_birth_that_is_heard_by_nobody_is_quiet() -> None:
    bus, _ = both()

    assert run(bus, CONTEXT_READY, a_context()) is None
