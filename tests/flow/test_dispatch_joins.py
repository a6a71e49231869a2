"""When a join is asked: once, after everybody who could still contribute, however far away they are."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final, Self

import pytest

from engine.contracts.base import Contract
from engine.contracts.disposition import NOTHING
from engine.contracts.events import FLOW_STOP
from engine.primitives.errors import WiringError
from engine.primitives.event_type import EventType
from engine.wiring.bus import FlowBus
from tests.support.wiring import NOW_NS, Scripted, a_bus, a_handler, a_map, bound, run, says

pytestmark = pytest.mark.flow


class Token(Contract):
    name: str


class Mood(Contract):
    name: str


class Bundle(Contract):
    """Gathers tokens; remembers the last mood."""

    remembers: ClassVar[tuple[type, ...]] = (Mood,)

    names: tuple[str, ...]
    remembered: tuple[str, ...] = ()
    now_ns: int = 0

    @classmethod
    def collect(cls, payloads: Sequence[object], *, remembered: Sequence[object], now_ns: int) -> Self | None:
        names = tuple(one.name for one in payloads if isinstance(one, Token | Mood))
        before = tuple(one.name for one in remembered if isinstance(one, Mood))
        return None if "silence" in names else cls(names=names, remembered=before, now_ns=now_ns)


E: Final = [EventType(f"E{number}", Token, "", external=number == 0) for number in range(6)]
MOOD: Final = EventType("MOOD", Mood, "")
ALL: Final[dict[str, EventType[Any]]] = {event.name: event for event in (*E, MOOD, FLOW_STOP)}


def a_house(wires: dict[str, list[str]], **workers: tuple[type, tuple[str, ...], Any]) -> FlowBus:
    """Wire workers given as ``name=(takes, may say, answer)``; each has the one method ``m``."""
    bindings = [
        bound(Scripted(m=answer), a_handler(f"{name}.m", takes, *may_say, events=ALL))
        for name, (takes, may_say, answer) in workers.items()
    ]
    return a_bus(a_map(wires), *bindings, events=ALL)


class Asked:
    """A join's method that keeps what it was asked with."""

    def __init__(self, answer: Any = NOTHING) -> None:
        self.bundles: list[Bundle] = []
        self.answer = answer

    def __call__(self, note: object) -> Any:
        assert isinstance(note, Bundle)
        self.bundles.append(note)
        return self.answer

    @property
    def names(self) -> list[tuple[str, ...]]:
        return [bundle.names for bundle in self.bundles]


def say(event: int, name: str) -> Any:
    return says(E[event], Token(name=name))


def test_a_join_waits_for_a_contributor_three_steps_away() -> None:
    join = Asked()
    bus = a_house(
        {"E0": ["a.m"], "E1": ["j.m"], "E2": ["b.m"], "E3": ["c.m"], "E4": ["j.m"]},
        a=(Token, ("E1", "E2"), (say(1, "near"), say(2, "on"))),
        b=(Token, ("E3",), say(3, "on")),
        c=(Token, ("E4",), say(4, "far")),
        j=(Bundle, (), join),
    )

    run(bus, E[0], Token(name="birth"))

    assert join.names == [("near", "far")]


def test_a_join_does_not_wait_for_those_who_cannot_contribute() -> None:
    order: list[str] = []

    def aside(note: object) -> Any:
        order.append("aside")
        return NOTHING

    def joined(note: object) -> Any:
        order.append("join")
        return NOTHING

    bus = a_house(
        {"E0": ["a.m"], "E1": ["j.m"], "E2": ["aside.m"]},
        a=(Token, ("E1", "E2"), (say(1, "near"), say(2, "on"))),
        aside=(Token, (), aside),
        j=(Bundle, (), joined),
    )

    run(bus, E[0], Token(name="birth"))

    assert order == ["join", "aside"]


def test_a_contributor_that_has_nothing_to_say_holds_nobody_up() -> None:
    join = Asked()
    bus = a_house(
        {"E0": ["a.m", "b.m"], "E1": ["j.m"], "E2": ["j.m"]},
        a=(Token, ("E1",), say(1, "one")),
        b=(Token, ("E2",), NOTHING),
        j=(Bundle, (), join),
    )

    run(bus, E[0], Token(name="birth"))

    assert join.names == [("one",)]


def test_a_join_waits_for_a_join_that_feeds_it() -> None:
    first, second = Asked(say(2, "from the first")), Asked()
    bus = a_house(
        {"E0": ["a.m"], "E1": ["second.m", "first.m"], "E2": ["second.m"]},
        a=(Token, ("E1",), say(1, "one")),
        second=(Bundle, (), second),
        first=(Bundle, ("E2",), first),
    )

    run(bus, E[0], Token(name="birth"))

    assert first.names == [("one",)]
    assert second.names == [("one", "from the first")]


def test_a_join_that_declines_to_be_asked_still_lets_the_next_one_run() -> None:
    declining, second = Asked(), Asked()
    bus = a_house(
        {"E0": ["a.m"], "E1": ["declining.m"], "E2": ["second.m"], "E3": ["second.m"]},
        a=(Token, ("E1", "E2"), (say(1, "silence"), say(2, "two"))),
        declining=(Bundle, ("E3",), declining),
        second=(Bundle, (), second),
    )

    run(bus, E[0], Token(name="birth"))

    assert declining.names == []
    assert second.names == [("two",)]


def test_a_join_nobody_contributed_to_is_not_asked() -> None:
    join = Asked()
    bus = a_house({"E0": ["a.m"], "E1": ["j.m"]}, a=(Token, ("E1",), NOTHING), j=(Bundle, (), join))

    assert run(bus, E[0], Token(name="birth")) is None
    assert join.names == []


def test_a_join_may_hear_the_birth_itself() -> None:
    join = Asked()
    bus = a_house({"E0": ["j.m", "a.m"], "E1": ["j.m"]}, a=(Token, ("E1",), say(1, "one")), j=(Bundle, (), join))

    run(bus, E[0], Token(name="birth"))

    assert join.names == [("birth", "one")]


def test_what_a_join_remembers_comes_from_an_earlier_flow_and_is_no_reason_to_ask_it() -> None:
    join = Asked()
    answers: list[Any] = [says(MOOD, Mood(name="calm")), say(1, "one")]
    bus = a_house(
        {"E0": ["a.m"], "E1": ["j.m"], "MOOD": ["j.m"]},
        a=(Token, ("E1", "MOOD"), lambda note: answers.pop(0)),
        j=(Bundle, (), join),
    )

    run(bus, E[0], Token(name="birth"))
    assert join.bundles == []
    run(bus, E[0], Token(name="birth"))

    assert join.bundles == [Bundle(names=("one",), remembered=("calm",), now_ns=NOW_NS)]


def test_a_note_that_passes_by_is_remembered_without_anybody_being_called() -> None:
    join = Asked()
    bus = a_house(
        {"E0": ["a.m"], "E1": ["j.m"], "MOOD": ["j.m"]}, a=(Token, ("E1",), say(1, "one")), j=(Bundle, (), join)
    )

    bus.pass_by(MOOD, Mood(name="calm"))
    assert join.bundles == []
    run(bus, E[0], Token(name="birth"))

    assert join.bundles == [Bundle(names=("one",), remembered=("calm",), now_ns=NOW_NS)]


def test_background_of_the_same_flow_is_gathered_with_the_rest() -> None:
    join = Asked()
    bus = a_house(
        {"E0": ["a.m"], "E1": ["j.m"], "MOOD": ["j.m"]},
        a=(Token, ("E1", "MOOD"), (says(MOOD, Mood(name="calm")), say(1, "one"))),
        j=(Bundle, (), join),
    )

    run(bus, E[0], Token(name="birth"))

    assert join.names == [("calm", "one")]


def test_many_joins_keep_their_counts_apart() -> None:
    joins = {f"j{number}": Asked() for number in range(12)}
    many = tuple(say(1, f"n{number}") for number in range(40))
    bus = a_house(
        {"E0": ["a.m"], "E1": ["b.m"], "E2": [f"{name}.m" for name in joins]},
        a=(Token, ("E1",), many),
        b=(Token, ("E2",), lambda note: say(2, note.name)),
        **{name: (Bundle, (), join) for name, join in joins.items()},
    )

    run(bus, E[0], Token(name="birth"))

    assert all(join.names == [tuple(f"n{number}" for number in range(40))] for join in joins.values())


def test_a_circle_is_refused_before_anything_runs() -> None:
    with pytest.raises(WiringError, match=r"run in a circle: E1 > a\.m > E2 > j\.m > E1"):
        a_house(
            {"E1": ["a.m"], "E2": ["j.m"]},
            a=(Token, ("E2",), NOTHING),
            j=(Bundle, ("E1",), NOTHING),
        )
