"""An event's name and the type of its payload, as one thing."""

from dataclasses import dataclass
from typing import Generic, TypeVar

P = TypeVar("P")


@dataclass(frozen=True)  # no slots: with Generic they break construction before Python 3.13
class EventType(Generic[P]):
    """A kind of event.

    Args:
        name: UPPER_SNAKE; a leading underscore is for the platform alone.
        payload_type: What every event of this kind carries.
        meaning: One sentence for people.
        flow_boundary: It starts a flow of its own, so a loop through it is feedback, not an error.
        external: It comes from outside the wiring, so it needs no publisher in it.
        terminal: It needs no subscriber.
    """

    name: str
    payload_type: type[P]
    meaning: str
    flow_boundary: bool = False
    external: bool = False
    terminal: bool = False
