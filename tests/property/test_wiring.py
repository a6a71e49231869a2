"""Whatever the wiring: joins wait for everybody, order does not matter, and nothing overtakes."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import ClassVar, Final, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.base import Contract
from engine.contracts.disposition import Envelopes
from engine.contracts.events import FLOW_STOP
from engine.primitives.event_type import EventType
from engine.wiring.bus import FlowBus
from engine.wiring.findings import Rule, WiringFinding
from engine.wiring.flow import HandlerContract
from engine.wiring.structure import structure_findings
from engine.wiring.wiring_map import WiringMap
from tests.support.wiring import Scripted, a_bus, a_handler, a_map, a_roster, bound, codes, run, says

pytestmark = pytest.mark.property


class Token(Contract):
    """A note that knows all it comes from."""

    name: str


class Bundle(Contract):
    """Everything that was gathered."""

    remembers: ClassVar[tuple[type, ...]] = ()

    tokens: tuple[Token, ...]

    @classmethod
    def collect(cls, payloads: Sequence[object], *, remembered: Sequence[object], now_ns: int) -> Self | None:
        return cls(tokens=tuple(one for one in payloads if isinstance(one, Token)))


EVENT: Final = [EventType(f"E{number}", Token, "", external=number == 0) for number in range(6)]
ALL: Final = {event.name: event for event in EVENT} | {FLOW_STOP.name: FLOW_STOP}


@dataclass(frozen=True)
class Member:
    """One worker: the events it hears, those it may say, and those it does say."""

    name: str
    hears: tuple[int, ...]
    is_join: bool
    may_say: tuple[int, ...]
    does_say: tuple[int, ...]

    @property
    def contract(self) -> HandlerContract:
        takes = Bundle if self.is_join else Token
        return a_handler(f"{self.name}.on_it", takes, *(f"E{event}" for event in self.may_say), events=ALL)


@st.composite
def houses(draw: st.DrawFn) -> list[Member]:
    """Workers that hear what somebody before them may say, and say only later events: no circle, and much to do."""
    members: list[Member] = []
    sayable = {0}
    for number in range(draw(st.integers(3, 8))):
        is_join = draw(st.booleans())
        heard = sorted(sayable - {len(EVENT) - 1})
        hears = draw(st.lists(st.sampled_from(heard), min_size=1, max_size=3 if is_join else 1, unique=True))
        later = range(max(hears) + 1, len(EVENT))
        may_say = draw(st.lists(st.sampled_from(later), min_size=1, max_size=2, unique=True))
        does_say = draw(st.lists(st.sampled_from(may_say), max_size=2))
        sayable.update(may_say)
        members.append(Member(f"w{number}", tuple(hears), is_join, tuple(may_say), tuple(does_say)))
    return members


Call = tuple[str, tuple[str, ...]]
"""Who was called with which tokens, in order."""


class Walk:
    """One flow through a house: every call, and every token in the order of publication."""

    def __init__(self, members: Sequence[Member], *, file_order: Sequence[Member] | None = None) -> None:
        self.members = members
        self.calls: list[Call] = []
        self.bus = self._bus(file_order or members)
        record = run(self.bus, EVENT[0], Token(name="birth"))
        nodes = record.nodes if record is not None else ()
        self.published = [(node.event, node.payload.name) for node in nodes if isinstance(node.payload, Token)]
        if record is None:
            self.published = [("E0", "birth")]

    def _bus(self, file_order: Sequence[Member]) -> FlowBus:
        bindings = [bound(Scripted(on_it=self._act(one)), one.contract) for one in self.members]
        return a_bus(wiring_of(file_order), *bindings, events=ALL)

    def _act(self, one: Member) -> Callable[[Token | Bundle], Envelopes]:
        def act(note: Token | Bundle) -> Envelopes:
            given = [token.name for token in note.tokens] if isinstance(note, Bundle) else [note.name]
            self.calls.append((one.name, tuple(given)))
            # The same whatever the order in which things were gathered: such workers are independent of it.
            origin = f"{one.name}<{','.join(sorted(given))}"
            return tuple(
                says(EVENT[event], Token(name=sha256(f"{origin}>{place}".encode()).hexdigest()))
                for place, event in enumerate(one.does_say)
            )

        return act

    def on(self, *events: int) -> list[str]:
        """Return the tokens of some events in the order of publication."""
        return [token for event, token in self.published if int(event[1:]) in events]

    def of(self, *, joins: bool) -> list[Call]:
        """Return the calls of joins, or of all others."""
        kind = {one.name for one in self.members if one.is_join is joins}
        return [call for call in self.calls if call[0] in kind]


def wiring_of(members: Sequence[Member]) -> WiringMap:
    return a_map(
        {
            event.name: [f"{one.name}.on_it" for one in members if number in one.hears]
            for number, event in enumerate(EVENT)
        }
    )


@given(houses())
def test_a_join_runs_exactly_once_with_everything_that_was_ever_said_for_it(members: list[Member]) -> None:
    walk = Walk(members)

    expected = {one.name: tuple(walk.on(*one.hears)) for one in members if one.is_join and walk.on(*one.hears)}
    assert len(walk.of(joins=True)) == len(expected)
    assert dict(walk.of(joins=True)) == expected


@given(houses())
def test_every_other_handler_hears_every_token_of_its_event_once_in_order(members: list[Member]) -> None:
    walk = Walk(members)

    for one in members:
        if not one.is_join:
            heard = [tokens[0] for name, tokens in walk.calls if name == one.name]
            assert heard == walk.on(*one.hears)


@given(houses())
def test_no_event_is_delivered_before_all_have_heard_the_one_before_it(members: list[Member]) -> None:
    walk = Walk(members)

    # Each token is heard in one stretch by all who hear its event, and the stretches follow the order of publication.
    stretches = [
        (token, [name for name, _ in calls])
        for token, calls in groupby(walk.of(joins=False), key=lambda call: call[1][0])
    ]
    direct = {number: [one.name for one in members if not one.is_join and number in one.hears] for number in range(6)}
    expected = [(token, direct[int(event[1:])]) for event, token in walk.published if direct[int(event[1:])]]
    assert stretches == expected


@given(houses(), st.randoms(use_true_random=False))
def test_results_do_not_depend_on_the_order_of_subscribers(members: list[Member], order: object) -> None:
    shuffled = list(members)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random, which we may not import

    one, other = Walk(members), Walk(members, file_order=shuffled)

    assert Counter(one.published) == Counter(other.published)
    assert Counter((name, frozenset(tokens)) for name, tokens in one.calls) == Counter(
        (name, frozenset(tokens)) for name, tokens in other.calls
    )


@given(houses())
def test_a_second_flow_is_like_the_first(members: list[Member]) -> None:
    walk = Walk(members)
    first = list(walk.calls)
    walk.calls.clear()

    run(walk.bus, EVENT[0], Token(name="birth"))

    assert walk.calls == first


@given(houses(), st.data())
def test_a_wire_back_is_seen_as_a_circle_exactly_when_it_closes_one(members: list[Member], data: st.DataObject) -> None:
    assert Rule.CYCLE not in codes(judged(members))

    back_to, said_at = sorted(data.draw(st.lists(st.integers(0, 5), min_size=2, max_size=2, unique=True)))
    closing = Member("back", (said_at,), is_join=False, may_say=(back_to,), does_say=())

    assert (Rule.CYCLE in codes(judged([*members, closing]))) is leads(members, back_to, said_at)


def judged(members: Sequence[Member]) -> tuple[WiringFinding, ...]:
    return structure_findings(wiring_of(members), a_roster(*(one.contract for one in members)), events=ALL)


def leads(members: Sequence[Member], start: int, goal: int) -> bool:
    """Whether one event may lead to another, looked up step by step and not by the engine's own graph."""
    reached = {start}
    for _ in EVENT:
        reached |= {event for one in members if reached & set(one.hears) for event in one.may_say}
    return goal in reached
