"""What a worker keeps counts with the flow in which it was saved."""

from collections.abc import Callable

import pytest

from engine.contracts.context import TradingContext
from engine.contracts.disposition import NOTHING, Disposition, DispositionEnvelope
from engine.contracts.events import OPPORTUNITY_DETECTED, TICK_RECEIVED
from engine.contracts.flows import FlowOutcome, FlowRecord, OutcomeKind
from engine.wiring.bus import FlowBus
from engine.wiring.state_book import StateBook
from tests.support.notes import an_opportunity
from tests.support.wiring import NOW_NS, Scripted, T, a_bus, a_context, a_handler, a_map, bound, run, says

pytestmark = pytest.mark.flow

COUNTER = a_handler("counter.m", TradingContext, "OPPORTUNITY_DETECTED", kind=T.OPPORTUNITY_WORKER)
OTHER = a_handler("other.m", TradingContext, kind=T.CONTEXT_WORKER)
REJECTED = DispositionEnvelope(
    Disposition.STOP, outcome=FlowOutcome(kind=OutcomeKind.REJECTED, stage="detection", rule="no", reason="no")
)


class House:
    """A worker that counts its flows in its state, beside another one."""

    def __init__(self, *answers: object, other: Callable[[object], object] = lambda _: NOTHING) -> None:
        book = StateBook("demo", now_ns=lambda: NOW_NS)
        self.page = book.page("counter", plugin="Counter", version=1)
        book.open()
        self._answers = list(answers)
        self._bus: FlowBus = a_bus(
            a_map({"TICK_RECEIVED": ["counter.m", "other.m"]}),
            bound(Scripted(m=self._count), COUNTER),
            bound(Scripted(m=other), OTHER),
            states=book,
        )

    def _count(self, _: object) -> object:
        kept = self.page.load()
        self.page.save({"flows": 1 if kept is None else int(str(kept["flows"])) + 1})
        return self._answers.pop(0)

    def tick(self) -> FlowRecord:
        record = run(self._bus, TICK_RECEIVED, a_context())
        assert record is not None
        return record


def bodies(record: FlowRecord) -> list[str]:
    return [state.body for state in record.states]


def test_a_flow_in_which_something_was_kept_is_written_down_even_if_nobody_spoke() -> None:
    house = House(NOTHING, NOTHING)
    first, second = house.tick(), house.tick()

    assert first.outcome.kind is OutcomeKind.NO_OPPORTUNITY
    assert (bodies(first), bodies(second)) == (['{"flows":1}'], ['{"flows":2}'])
    (state,) = second.states
    assert (state.strategy_id, state.worker_id, state.plugin, state.version) == ("demo", "counter", "Counter", 1)
    assert state.at_ns == NOW_NS


def test_what_was_kept_in_a_flow_that_a_rule_ended_counts() -> None:
    house = House(REJECTED)

    assert bodies(house.tick()) == ['{"flows":1}']


def test_what_was_kept_in_a_failed_flow_does_not_count() -> None:
    house = House(NOTHING, ValueError("broken"), NOTHING)
    house.tick()
    failed = house.tick()
    assert failed.outcome.kind is OutcomeKind.FAILED
    assert failed.states == ()

    assert bodies(house.tick()) == ['{"flows":2}']


def test_another_workers_failure_takes_it_back_as_well() -> None:
    def break_once(_: object) -> object:
        if not failures:
            failures.append(1)
            raise ValueError("broken")
        return NOTHING

    failures: list[int] = []
    house = House(says(OPPORTUNITY_DETECTED, an_opportunity()), NOTHING, other=break_once)

    assert house.tick().states == ()
    assert bodies(house.tick()) == ['{"flows":1}']


def test_what_cannot_be_kept_fails_the_flow_and_says_why() -> None:
    house: House = House(NOTHING, other=lambda _: house.page.save({"x": "x" * 70_000}))
    record = house.tick()

    assert record.outcome.kind is OutcomeKind.FAILED
    assert "other.m: A worker keeps too much" in record.outcome.reason
    assert house.page.load() is None
