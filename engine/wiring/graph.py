"""The wiring as a graph of handlers: event -> worker.method -> the events that this method may publish."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.wiring.flow import HandlerContract, Roster, canonical
from engine.wiring.wiring_map import WiringMap

HandlerKey = tuple[str, str]
"""Worker (under its canonical name) and method."""


@dataclass(frozen=True, slots=True)
class HandlerGraph:
    """Who hears what and may answer what. Only subscriptions that the roster knows are in it.

    Args:
        heard: Subscribers of each event, in map order, each once.
        handlers: The contract of each handler that hears something.
    """

    heard: Mapping[str, tuple[HandlerKey, ...]]
    handlers: Mapping[HandlerKey, HandlerContract]

    @classmethod
    def of(cls, wiring: WiringMap, roster: Roster) -> "HandlerGraph":
        """Return the graph of a map; entries that name nobody of the roster are left out."""
        heard: dict[str, dict[HandlerKey, None]] = {}
        handlers: dict[HandlerKey, HandlerContract] = {}
        for entry in wiring.event_wirings:
            for subscriber in entry.subscribers:
                worker = canonical(subscriber.worker, roster)
                contract = roster.get(worker, {}).get(subscriber.method)
                if contract is None:
                    continue
                heard.setdefault(entry.event, {})[worker, subscriber.method] = None
                handlers[worker, subscriber.method] = contract
        return cls({event: tuple(keys) for event, keys in heard.items()}, handlers)

    def said_after(self, event: str) -> tuple[str, ...]:
        """Return the events that the subscribers of an event may publish in the same flow."""
        said = (name for key in self.heard.get(event, ()) for name in self.handlers[key].publishes)
        return tuple(dict.fromkeys(said))

    def echoed_after(self, event: str) -> tuple[str, ...]:
        """Return the events of `said_after`, and those that come back from outside because of the subscribers."""
        echoes = (name for key in self.heard.get(event, ()) for name in self.handlers[key].echoes)
        return tuple(dict.fromkeys((*self.said_after(event), *echoes)))

    def publishers_of(self, event: str) -> tuple[HandlerKey, ...]:
        """Return the handlers that hear something and may publish this event."""
        return tuple(key for key, contract in self.handlers.items() if event in contract.publishes)

    def events(self) -> tuple[str, ...]:
        """Return every event that is heard or may be published."""
        said = (name for contract in self.handlers.values() for name in contract.publishes)
        return tuple(dict.fromkeys((*self.heard, *said)))


def reached_from(roots: Iterable[str], after: Callable[[str], Sequence[str]]) -> set[str]:
    """Return the roots and everything that follows from them."""
    seen = set(roots)
    ahead = deque(seen)
    while ahead:
        for following in after(ahead.popleft()):
            if following not in seen:
                seen.add(following)
                ahead.append(following)
    return seen


def shortest_path(start: str, goal: str, after: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
    """Return a shortest way of at least one step from `start` to `goal`, both ends included; empty if there is none."""
    came_from: dict[str, str] = {}
    ahead = deque([start])
    while ahead:
        here = ahead.popleft()
        for following in after(here):
            if following in came_from:
                continue
            came_from[following] = here
            if following == goal:
                return _walk_back(start, goal, came_from)
            ahead.append(following)
    return ()


def _walk_back(start: str, goal: str, came_from: Mapping[str, str]) -> tuple[str, ...]:
    path = [goal, came_from[goal]]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))


def loops(events: Iterable[str], after: Callable[[str], Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return one shortest loop for each group of events that lead to one another, first event first and last.

    Every event of a group is reached from every other; so one loop is shown for each group, not one for each way round.
    """
    found: list[tuple[str, ...]] = []
    told: set[str] = set()
    ahead = {event: reached_from(after(event), after) for event in events}
    for event, reached in ahead.items():
        if event in reached and event not in told:
            told.update(other for other in reached if event in ahead.get(other, ()))
            found.append(shortest_path(event, event, after))
    return tuple(found)
